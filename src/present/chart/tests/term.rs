//! Charts as text.

use unicode_width::UnicodeWidthStr as _;

use super::*;

const PLAIN: TermStyle = TermStyle { width: 80, unicode: true, color: false };

/// Every case in every style.
fn texts() -> Vec<(String, TermStyle, String)> {
    let mut texts = Vec::new();
    for case in all_cases() {
        for (width, unicode, color) in [(60, true, false), (80, false, false), (80, true, true), (200, true, false)] {
            let style = TermStyle { width, unicode, color };
            texts.push((format!("{} in {style:?}", case.name), style, (case.text)(&style)));
        }
    }
    texts
}

/// The text without colours.
fn uncolored(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, after)| after))
}

#[test]
fn lines_are_never_wider_than_asked_for() {
    for (name, style, text) in texts() {
        for line in uncolored(&text).lines() {
            assert!(line.width() <= style.width, "{name}: {} cells in {line:?}", line.width());
            assert_eq!(line, line.trim_end(), "{name}");
        }
        assert!(text.ends_with('\n'), "{name}");
    }
}

#[test]
fn plain_terminals_get_ascii_and_no_colour() {
    for (name, style, text) in texts() {
        if !style.unicode {
            assert!(text.is_ascii(), "{name}: {text}");
        }
        assert!(style.color || !text.contains('\u{1b}'), "{name}");
        let is_control = |c: char| c.is_control() && c != '\n';
        assert!(!uncolored(&text).contains(is_control), "{name}: {text:?}");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    for case in all_cases() {
        let colored = (case.text)(&TermStyle { color: true, ..PLAIN });
        assert_eq!(uncolored(&colored), (case.text)(&PLAIN), "{}", case.name);
    }
}

#[test]
fn charts_without_mail_say_so_in_text_too() {
    for case in cases_without_mail() {
        assert!((case.text)(&PLAIN).contains("No mail in this range\n"), "{}", case.name);
    }
    for case in cases_with_mail() {
        assert!(!(case.text)(&PLAIN).contains("No mail in this range\n"), "{}", case.name);
    }
}

#[test]
fn columns_are_as_high_as_their_mails() {
    let mut view = volume_view(4, |n| [n * 100, 0, if n == 3 { 100 } else { 0 }]);
    view.series[1].label = "one".to_owned();
    view.series[2].label = "two".to_owned();
    view.markers.pop();
    let text = View::Volume(view).text(&TermStyle { width: 60, unicode: false, color: false });
    let expected = "\
Mail by class
example.com

# ok  = one  + two
mails per day
400 |            +++
    |            +++
    |            +++
300 |            ###
    |            ###
    |            ###
200 |        ### ###
    |        ### ###
    |        ### ###
100 |    ### ### ###
    |    ### ### ###
  0 |    ### ### ###
";
    assert_eq!(text.get(..expected.len()), Some(expected), "{text}");
}

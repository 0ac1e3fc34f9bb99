//! Every text attacks, and every form stays what it is.

use unicode_width::UnicodeWidthStr as _;

use super::views::{ATTACK, hostile, small};
use super::{PLAIN, en, without_colors};
use crate::present::escape;
use crate::present::summary::{ChartImage, SummaryView, TextStyle, csv, html, json, markdown, slack, teams, text};

/// The attack in one place at a time is no weaker than in all.
fn views() -> [SummaryView; 2] {
    [hostile(), SummaryView { domain: None, ..hostile() }]
}

#[test]
fn a_terminal_gets_lines_of_visible_text() {
    for view in views() {
        let text = text(&view, &en(), &PLAIN);
        assert!(text.lines().all(|line| !line.chars().any(char::is_control)), "{text}");
        assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}']));
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        assert!(
            text.lines().filter(|line| line.starts_with("    ruascope")).all(|command| !command.contains('\'')),
            "{text}"
        );
    }
}

#[test]
fn an_ascii_terminal_gets_ascii() {
    for view in views().into_iter().chain([small()]) {
        let text = text(&view, &en(), &TextStyle { unicode: false, ..PLAIN });
        assert!(text.bytes().all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte)), "{text}");
    }
}

#[test]
fn colours_add_nothing_but_colours() {
    for view in views().into_iter().chain([small()]) {
        let colored = text(&view, &en(), &TextStyle { color: true, ..PLAIN });
        assert_ne!(colored, text(&view, &en(), &PLAIN));
        assert_eq!(without_colors(&colored), text(&view, &en(), &PLAIN));
    }
}

#[test]
fn a_chat_gets_text_without_links_and_marks() {
    for view in views() {
        let (slack, teams) = (slack(&view, &en()), teams(&view, &en()));
        for (message, is_markdown) in [(&slack["blocks"], false), (&teams["attachments"], true)] {
            let texts = texts(message);
            assert!(texts.len() > 2, "{message:#}");
            for text in texts {
                assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{text:?}");
                assert!(!text.contains(['\u{202e}', '\u{2066}', '\u{200b}']), "{text:?}");
                assert!(!text.contains("evil.example"), "a link: {text:?}");
                let bare = text.replace("\\[", "").replace("\\<", "").replace("\\`", "");
                assert!(!is_markdown || !bare.contains(['[', '<', '`']), "{text:?}");
            }
        }
        let fallback = slack["text"].as_str().unwrap();
        assert!(!fallback.contains(['<', '>']) && !fallback.contains("evil.example"), "{fallback:?}");
    }
}

/// Everything that is shown as text.
fn texts(message: &serde_json::Value) -> Vec<&str> {
    use serde_json::Value::{Array, Object, String};
    match message {
        Array(items) => items.iter().flat_map(texts).collect(),
        Object(fields) => fields
            .iter()
            .flat_map(|(name, value)| match value {
                String(text) if name == "text" => vec![text.as_str()],
                other => texts(other),
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[test]
fn html_has_only_our_tags() {
    let harmless = html(&small(), &en(), &[]);
    for view in [SummaryView { domain: None, ..hostile() }, hostile()] {
        let page = html(&view, &en(), &[]);
        assert_eq!(tags(&page), tags(&harmless));
        assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}') && !page.contains('\0'));
    }
}

/// Names of the tags in their order.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|tag| tag.split([' ', '>', '\n']).next()).collect()
}

#[test]
fn html_takes_nothing_from_elsewhere() {
    let charts = [ChartImage { alt: ATTACK.to_owned(), svg: "<svg onload=\"alert(1)\"></svg>".to_owned() }];
    let page = html(&small(), &en(), &charts);
    assert!(page.contains("src=\"data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9"));
    assert!(
        !page.contains("onload=\"")
            && !page.contains("<script")
            && !page.contains("href=")
            && !page.contains("@import")
    );
    assert_eq!(page.matches("src=").count(), page.matches("src=\"data:").count());
    assert!(!page.contains("url("));
}

#[test]
fn markdown_keeps_its_tables_and_has_no_links() {
    for view in views() {
        let told = markdown(&view, &en());
        let small = markdown(&small(), &en());
        for (line, harmless) in told.lines().zip(small.lines()).filter(|(line, _)| line.starts_with('|')) {
            assert_eq!(line.matches('|').count(), harmless.matches('|').count(), "{line}");
        }
        assert_eq!(told.lines().count(), small.lines().count());
        let outside_code: String = told.split('`').step_by(2).collect();
        assert!(!outside_code.contains(['<', '[', '@']) && !outside_code.contains("www."), "{outside_code}");
    }
}

#[test]
fn spreadsheets_see_text() {
    let table = csv(&hostile());
    let row = format!("\"'{}\"", escape::terminal(ATTACK).replace('"', "\"\""));
    assert_eq!(table.matches(&row).count(), 4);
    assert!(!table.contains("\n=") && !table.contains(",="));
}

#[test]
fn json_keeps_what_was_sent() {
    let value: serde_json::Value = serde_json::from_str(&json(&hostile()).to_string()).unwrap();
    assert_eq!(value["domains"][0]["domain"], ATTACK);
    assert_eq!(value["reporters"][0]["reporter"], ATTACK);
}

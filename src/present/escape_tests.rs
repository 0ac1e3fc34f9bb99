//! Hostile text against every escape.

use std::collections::HashMap;

use super::*;

/// Texts that attack one medium or another, with neighbours that an escape might confuse them with.
const HOSTILE: [&str; 30] = [
    "",
    "plain",
    "example.com",
    "日本語の名前",
    "cafe\u{301}",
    "\u{1b}[31mred\u{1b}[0m",
    "\\u{1b}[31mred\\u{1b}[0m",
    "\\u{5c}u{1b}",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "line\r\nbreak",
    "over\rwrite",
    "tab\there",
    "nul\0",
    "del\u{7f}",
    "moc.\u{202e}elpmaxe",
    "\u{2066}isolate\u{2069}",
    "zero\u{200b}width",
    "soft\u{ad}hyphen",
    "tag\u{e0041}",
    "<script>alert(1)</script>",
    "&lt;script&gt;",
    "\" onmouseover='x'",
    "a|b",
    "`code` [link](https://evil.example) ![i](x) www.evil.example a@evil.example",
    "=cmd|'/c calc'!A1",
    "'=cmd|'/c calc'!A1",
    " \t\"=1+1",
    "https://evil.example/a",
    "evil[.]example",
];

/// No two texts look alike after the escape.
#[track_caller]
fn assert_injective(escape: impl Fn(&str) -> String) {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for text in HOSTILE {
        let other = seen.insert(escape(text), text);
        assert_eq!(other, None, "became the same as {text:?}");
    }
}

#[test]
fn every_escape_keeps_texts_apart() {
    assert_injective(|text| terminal(text).into_owned());
    assert_injective(|text| ascii(text).into_owned());
    assert_injective(|text| html(text).into_owned());
    assert_injective(markdown);
    assert_injective(|text| csv_cell(text).into_owned());
    assert_injective(|text| defang(text).into_owned());
}

#[test]
fn a_terminal_escape_can_be_read_back() {
    for text in HOSTILE {
        let mut rest = &*terminal(text);
        let mut read_back = String::new();
        while let Some((before, escaped)) = rest.split_once("\\u{") {
            let (hex, after) = escaped.split_once('}').unwrap();
            read_back.push_str(before);
            read_back.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
            rest = after;
        }
        read_back.push_str(rest);
        assert_eq!(read_back, text);
    }
}

#[test]
fn nothing_that_acts_reaches_a_terminal() {
    for text in HOSTILE {
        let shown = terminal(text);
        assert!(!shown.chars().any(is_hidden), "{shown:?}");
        assert!(ascii(text).bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{text:?}");
    }
}

#[test]
fn a_terminal_shows_what_was_hidden() {
    assert_eq!(terminal("\u{1b}[31mred"), "\\u{1b}[31mred");
    assert_eq!(terminal("moc.\u{202e}elpmaxe"), "moc.\\u{202e}elpmaxe");
    assert_eq!(terminal("a\r\nb\tc"), "a\\u{d}\\u{a}b\\u{9}c");
    assert_eq!(terminal("\\u{1b}"), "\\u{5c}u{1b}");
    assert_eq!(terminal("C:\\users"), "C:\\users");
    assert!(matches!(terminal("日本語 é"), Cow::Borrowed(_)));
    assert_eq!(ascii("é"), "\\u{e9}");
}

#[test]
fn accents_do_not_pile_up() {
    assert_eq!(terminal("e\u{301}\u{302}"), "e\u{301}\u{302}");
    assert_eq!(terminal("e\u{301}\u{302}\u{303}x"), "e\u{301}\u{302}\\u{303}x");
}

#[test]
fn short_text_is_not_shortened_and_long_text_fits() {
    assert!(matches!(shorten("example", 7), Cow::Borrowed("example")));
    assert_eq!(shorten("example", 6), "examp…");
    assert_eq!(shorten("日本語", 5), "日本…");
    assert_eq!(shorten("日本語", 4), "日…");
    assert_eq!(shorten("example", 1), "…");
    assert_eq!(shorten("example", 0), "");
    for text in HOSTILE {
        for cells_max in 0..40 {
            let shown = terminal(text);
            assert!(shorten(&shown, cells_max).width() <= cells_max, "{text:?} in {cells_max}");
        }
    }
}

#[test]
fn html_has_no_syntax_left() {
    assert_eq!(html("<b a='1' c=\"2\">&amp;"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;");
    assert_eq!(html("a\0b"), "a\\u{0}b");
    for text in HOSTILE {
        assert!(!html(text).contains(['<', '>', '"', '\'']), "{text:?}");
    }
}

#[test]
fn markdown_is_one_code_span_in_one_table_cell() {
    assert_eq!(markdown("a|b"), "`a\\u{7c}b`");
    assert_eq!(markdown("``x``"), "`\\u{60}\\u{60}x\\u{60}\\u{60}`");
    assert_eq!(markdown("<b>\n# x"), "`<b>\\u{a}# x`");
    for text in HOSTILE.iter().filter(|text| !text.is_empty()) {
        let span = markdown(text);
        assert!(span.len() > 2 && !span[1..span.len() - 1].contains(['`', '|', '\n', '\r']), "{text:?}");
    }
}

#[test]
fn spreadsheets_run_nothing() {
    for runs in ["=1", "+1", "-1", "@a", " =1", "\"=1", "'=1", "\u{a0}\u{feff}=1", "＝1", "\t \"'-1"] {
        assert_eq!(csv_cell(runs), format!("'{}", terminal(runs)), "{runs:?}");
    }
    assert_eq!(["\tx", "a\u{9b}31m", "a\u{202e}b"].map(csv_cell), ["\\u{9}x", "a\\u{9b}31m", "a\\u{202e}b"]);
    for harmless in ["", "example.com", "a=1", "1-2", "'quoted'", "2001:db8::1"] {
        assert!(matches!(csv_cell(harmless), Cow::Borrowed(_)), "{harmless:?}");
    }
}

#[test]
fn json_means_the_same_and_hides_nothing() {
    let sent = "\u{1b}[31m \u{9b}31m \u{7f} \u{202e} \u{e0041} \u{200d} é 日本 \\u{202e}\n";
    let written = format!("{:#}\n", serde_json::json!({"a": sent, "b": [sent]}));
    let shown = json(&written);
    assert!(!shown.chars().any(|c| is_hidden(c) && c != '\n'), "{shown:?}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON")["b"][0], sent);
    assert!(matches!(json("{\n  \"a\": \"é\"\n}"), Cow::Borrowed(_)));
}

#[test]
fn links_lose_their_teeth() {
    assert_eq!(defang("evil.example"), "evil[.]example");
    assert_eq!(defang("https://evil.example/a@b"), "https[:]//evil[.]example/a[@]b");
    assert_eq!(defang("evil。example"), "evil[。]example");
    assert!(matches!(defang("Outlook"), Cow::Borrowed(_)));
}

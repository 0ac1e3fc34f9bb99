//! The small view and the empty one, in every form, as literal text.

use serde_json::json as object;

use super::views::{nothing, small};
use super::{PLAIN, en};
use crate::present::summary::{TextStyle, csv, html, json, markdown, text};

#[test]
fn text_of_the_small_view() {
    assert_eq!(text(&small(), &en(), &PLAIN), include_str!("small.txt"));
    assert_eq!(text(&small(), &en(), &TextStyle { unicode: false, ..PLAIN }), include_str!("small-ascii.txt"));
}

#[test]
fn markdown_of_the_small_view() {
    assert_eq!(markdown(&small(), &en()), include_str!("small.md"));
}

#[test]
fn html_of_the_small_view() {
    let page = html(&small(), &en(), &[]);
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    assert_eq!(format!("{head}{body}"), include_str!("small.html"));
}

#[test]
fn csv_of_the_small_view() {
    let expected = "domain,policy,reports,mails,dkim_aligned,spf_aligned,dmarc_pass\n\
                    example.com,none,2,1200,1160,1120,1180\n\
                    example.org,,2,41,20,10,30\n";
    assert_eq!(csv(&small()), expected);
    assert_eq!(csv(&nothing()), "domain,policy,reports,mails,dkim_aligned,spf_aligned,dmarc_pass\n");
}

#[test]
fn json_of_the_small_view() {
    let expected: serde_json::Value = serde_json::from_str(include_str!("small.json")).unwrap();
    assert_eq!(json(&small()), expected);
    assert_eq!(format!("{:#}\n", json(&small())), include_str!("small.json"), "the order of fields");
}

#[test]
fn nothing_is_one_sentence_and_what_to_do() {
    let expected = "There are no DMARC reports in the store yet.\n\
                    NEXT\n\
                    take in a file, a folder, an mbox or a Maildir\n    \
                    ruascope ingest PATH\n";
    assert_eq!(text(&nothing(), &en(), &PLAIN), expected);
    let expected = "# DMARC summary\n\n\
                    There are no DMARC reports in the store yet.\n\n\
                    ## Next\n\n\
                    - take in a file, a folder, an mbox or a Maildir: `ruascope ingest PATH`\n";
    assert_eq!(markdown(&nothing(), &en()), expected);
    assert!(html(&nothing(), &en(), &[]).contains("<code>ruascope ingest PATH</code>"));
}

#[test]
fn nothing_known_is_null() {
    let value = json(&nothing());
    for name in ["domain", "since", "until", "newest_age_days", "before"] {
        assert_eq!(value[name], object!(null), "{name}");
    }
    assert_eq!(value["schema"], "ruascope.summary/1");
}

//! Sentences in their rarer forms.

use super::views::{day, nothing, small, sums};
use super::{PLAIN, en};
use crate::present::summary::{DomainView, SummaryView, Sums, TextStyle, html, json, markdown, text};

fn first_line(view: &SummaryView) -> String {
    text(view, &en(), &TextStyle { width: 200, ..PLAIN }).lines().next().unwrap().to_owned()
}

fn with_sums(told: Sums) -> SummaryView {
    let name = "example.com".to_owned();
    let domain =
        DomainView { name, policy: None, decision: None, own: None, reports: 1, sums: told, trend: Vec::new() };
    SummaryView { sums: told, domains: vec![domain], ..small() }
}

#[test]
fn the_first_line_is_the_verdict() {
    assert_eq!(
        first_line(&with_sums(sums(999_999, 0, 0, 1))),
        "! 99.9% of 1,000,000 mails passed DMARC; 1 failed, all as example.com."
    );
    assert_eq!(
        first_line(&with_sums(sums(38, 0, 0, 3))),
        "! 38 of 41 mails passed DMARC; 3 failed, all as example.com."
    );
    assert_eq!(first_line(&with_sums(sums(1384, 0, 0, 0))), "✓ 100.0% of 1,384 mails passed DMARC; none failed.");
    assert_eq!(first_line(&with_sums(Sums::default())), "! There is no mail in 4 reports.");
    let of_one = SummaryView { domain: Some("example.com".to_owned()), ..with_sums(sums(38, 0, 0, 3)) };
    assert_eq!(first_line(&of_one), "! 38 of 41 mails as example.com passed DMARC; 3 failed.");
}

#[test]
fn a_period_before_is_compared_only_where_it_can_be() {
    let comparison = |before| markdown(&SummaryView { before, ..small() }, &en()).lines().nth(6).unwrap().to_owned();
    assert_eq!(comparison(None), "There are no reports from the 3 days before to compare with.");
    assert_eq!(comparison(Some(sums(38, 0, 0, 3))), "In the 3 days before, 38 of 41 mails passed and 3 failed.");
    let same =
        "In the 3 days before, 97.5% of 12,410 mails passed and 310 failed. The share that passes is the same now.";
    assert_eq!(comparison(Some(sums(12_100, 0, 0, 310))), same);
    let higher = "In the 3 days before, 90.0% of 100 mails passed and 10 failed. The share that passes is 7.5 points higher now.";
    assert_eq!(comparison(Some(sums(90, 0, 0, 10))), higher);
}

#[test]
fn an_empty_period_says_how_old_the_newest_report_is() {
    let view = SummaryView { domain: Some("example.com".to_owned()), newest_age_days: Some(400), ..nothing() };
    let sentence = "There are no DMARC reports for example.com in this period. The newest report ended 400 days ago.";
    assert_eq!(text(&view, &en(), &TextStyle { width: 200, ..PLAIN }).lines().next(), Some(sentence));
    assert!(html(&view, &en(), &[]).contains(sentence));
}

#[test]
fn long_lists_say_what_they_leave_out() {
    let mut view = small();
    let domain = view.domains[0].clone();
    let reporter = view.reporters[0].clone();
    view.domains = vec![domain; 25];
    view.reporters = vec![reporter; 10];
    for told in [text(&view, &en(), &PLAIN), markdown(&view, &en()), html(&view, &en(), &[])] {
        assert!(told.contains("and 5 more domains with 6,000 mails"), "{told}");
        assert!(told.contains("and 2 more reporters with 2,280 mails"), "{told}");
    }
}

#[test]
fn numbers_are_conserved() {
    let value = json(&small());
    for name in ["mails", "dkim_aligned", "spf_aligned", "dmarc_pass"] {
        for list in ["domains", "days", "dispositions", "reporters"] {
            let sum: u64 = value[list].as_array().unwrap().iter().map(|entry| entry[name].as_u64().unwrap()).sum();
            assert_eq!(sum, value[name].as_u64().unwrap(), "{name} in {list}");
        }
    }
    let listed: u64 = value["sources"].as_array().unwrap().iter().map(|entry| entry["mails"].as_u64().unwrap()).sum();
    assert_eq!(listed + value["sources_more"]["mails"].as_u64().unwrap(), value["mails"].as_u64().unwrap());
}

#[test]
fn a_command_never_carries_a_strange_name() {
    for name in ["-rf", "a b", "$(id)", "a;b", "例え.jp", ""] {
        let view = SummaryView { domain: Some(name.to_owned()), period: Some((day(1), day(1))), ..nothing() };
        let told = text(&view, &en(), &PLAIN);
        assert!(told.contains("ruascope sources --by ip --since 2026-10-01 --until 2026-10-01"), "{told}");
        assert!(told.contains("ruascope reports --since"), "{told}");
    }
}

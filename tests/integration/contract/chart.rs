//! Charts of every kind, in every form and language.

use unicode_width::UnicodeWidthStr as _;

use crate::harness::{CHARTS, Place, assert_none, fixture, read};

#[test]
fn every_kind_is_drawn_in_every_form_and_language() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let mut problems = Vec::new();
    for kind in CHARTS {
        for lang in ["en", "ja"] {
            let text = place.run(["chart", kind, "--term", "--lang", lang]).env("COLUMNS", "80").text();
            let wide: Vec<&str> = text.lines().filter(|line| line.width() > 80).collect();
            problems.extend(wide.iter().map(|line| format!("{kind} {lang}: wide: {line}")));
            for form in ["svg", "png"] {
                let file = place.path().join(format!("{kind}-{lang}.{form}"));
                place.run(["chart", kind, "--quiet", "--lang", lang, "-o"]).arg(&file).check();
                assert!(file.exists(), "{}", file.display());
            }
            let svg = read(&place.path().join(format!("{kind}-{lang}.svg")));
            let is_japanese = |text: &str| text.chars().any(|letter| ('\u{3041}'..='\u{9fff}').contains(&letter));
            for (form, text) in [("text", &text), ("SVG", &svg)] {
                if text.contains('{') || is_japanese(text) != (lang == "ja") {
                    problems.push(format!("{kind} {lang} {form}: {text}"));
                }
            }
        }
    }
    assert_none(&problems);
    // Names that are ours have words too.
    let sources = place.run(["chart", "sources", "--term", "--lang", "ja", "--domain", "example.com"]).text();
    assert!(sources.contains("example.comのサーバー") && !sources.contains("servers of"), "{sources}");
}

#[test]
fn a_period_without_reports_is_said_to_be_one() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    for kind in ["volume", "alignment", "sources", "coverage", "dispositions"] {
        let text = place.run(["chart", kind, "--term", "--since", "1999-01-01", "--until", "1999-01-31"]).text();
        assert!(text.ends_with("no reports between 1999-01-01 and 1999-01-31\n"), "{kind}: {text}");
    }
}

#[test]
fn notes_of_the_owner_stand_on_the_charts_of_their_domain() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let text = "order mails <b>missing</b>, says a customer of the shop in the north";
    let add = ["note", "add", "example.com", "--quiet", "--kind", "complaint", text];
    place.run(add).now("2026-10-08T09:00:00Z").check();
    for kind in ["volume", "failures", "impact"] {
        let chart = |domain: &str, lang: &str| {
            let file = place.path().join("chart.svg");
            place.run(["chart", kind, "--quiet", "--domain", domain, "--lang", lang, "-o"]).arg(&file).check();
            read(&file)
        };
        let own = chart("example.com", "en");
        let said = "2026-10-08 complaint: order mails &lt;b&gt;missing&lt;/b&gt;, says";
        assert!(own.contains(said) && !own.contains("<b>") && !own.contains("in the north"), "{kind}");
        assert!(chart("example.com", "ja").contains("2026-10-08"), "{kind}");
        assert!(!chart("example.org", "en").contains("2026-10-08"), "{kind}: a note about another domain");
        let term = place.run(["chart", kind, "--term", "--domain", "example.com"]).text();
        assert!(term.contains("complaint: order mails"), "{kind}: {term}");
    }
}

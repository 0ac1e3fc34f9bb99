//! Sources: classes by source and by address, one source in full, and the owner's word.

use serde_json::{Value, json};

use super::take_in;
use crate::harness::{Place, list, number, read};
use crate::report::{DAY_S, MONDAY_S, Report};
use crate::table::total;

/// Ten days: the owner's server, a forwarder, a spoofer.
fn filled() -> Place {
    let place = Place::new();
    let day = |day: i64| {
        Report::new(&day.to_string())
            .period(MONDAY_S + day * DAY_S, DAY_S - 1)
            .record("192.0.2.1", 100, "pass", "pass")
            .record("203.0.113.5", 2, "pass", "fail")
            .record(&format!("198.51.{day}.1"), 3, "fail", "fail")
            .record(&format!("198.52.{day}.1"), 3, "fail", "fail")
    };
    take_in(&place, &(0..10).map(day).collect::<Vec<_>>());
    place
}

fn source<'v>(sources: &'v [Value], key: &str) -> &'v Value {
    sources.iter().find(|source| source["key"] == key).unwrap_or_else(|| panic!("no {key} in {sources:#?}"))
}

#[test]
fn sources_are_classed_and_add_up_to_the_domain() {
    let place = filled();
    let sources = list(&place.run(["sources", "example.com"]).json(), "sources");
    assert_eq!(total(&sources, "mails"), number(&place.stats(), "mails"));
    assert_eq!(total(&sources, "records"), number(&place.stats(), "records"));
    let own = source(&sources, "own:example.com");
    assert_eq!((own["class"].as_str(), own["ips"].clone()), (Some("own"), json!(["192.0.2.1"])));
    let forwarded = source(&sources, "forwarders");
    assert!(list(forwarded, "reasons").contains(&json!("R-DKIM-SURVIVED")), "{forwarded}");
    assert_eq!((&own["fix"], &own["causes"], &forwarded["class"]), (&json!([]), &json!({}), &json!("forwarder")));
    let others: u64 =
        sources.iter().filter(|source| source["class"] != "own").map(|source| number(source, "mails")).sum();
    assert_eq!(others, 80);
}

#[test]
fn an_address_names_the_source_that_it_belongs_to() {
    let place = filled();
    let sources = list(&place.run(["sources", "example.com"]).json(), "sources");
    let addresses = list(&place.run(["sources", "example.com", "--by", "ip"]).json(), "sources");
    assert_eq!(total(&addresses, "mails"), total(&sources, "mails"));
    assert_eq!(addresses.len(), 22);
    for address in &addresses {
        let key = address["key"].as_str().expect("a key");
        let source = source(&sources, key);
        assert_eq!((&address["source"], &address["class"]), (&source["source"], &source["class"]));
        assert_eq!(list(address, "ips").len(), 1);
        assert!(list(source, "ips").contains(&address["ips"][0]));
    }
}

#[test]
fn one_source_is_shown_in_full_by_key_name_or_address() {
    let place = filled();
    for named in ["own:example.com", "Servers of example.com", "192.0.2.1"] {
        let shown = place.run(["sources", "example.com", named]).json();
        assert_eq!(list(&shown, "sources").len(), 1, "{named}");
        assert_eq!(number(&shown["rows"][0], "mails"), 1_000);
        assert_eq!(shown["rows"][0]["kind"]["dkim"][0]["selector"], "s1");
    }
    let text = place.run(["sources", "example.com", "forwarders"]).text();
    assert!(text.contains("R-DKIM-SURVIVED") && text.contains("203.0.113.5"), "{text}");
    let missing = place.run(["sources", "example.com", "nobody"]).exit(65).error();
    assert_eq!(missing["message"], "no source nobody sends in the name of example.com in this period");
}

#[test]
fn every_number_of_a_source_leads_to_the_reports_that_tell_of_it() {
    let place = filled();
    // A month in one report: its mails are spread over days, and a part of them is asked for.
    let month = Report::new("month").org("monthly.example").period(MONDAY_S + 5 * DAY_S, 30 * DAY_S);
    let month = month.record("203.0.113.5", 7, "fail", "fail").record("192.0.2.1", 61, "pass", "fail");
    take_in(&place, &[month]);
    for days in [["--since", "2026-01-05"], ["--since", "2026-01-12"], ["--days", "9"]] {
        let sources = list(&place.run(["sources", "example.com"]).args(days).json(), "sources");
        for source in &sources {
            let key = source["key"].as_str().expect("a key");
            let shown = place.run(["sources", "example.com", key]).args(days).json();
            let reports = list(&shown, "reports");
            assert_eq!(number(&shown, "reports_total"), reports.len() as u64);
            let listed = place.run(["reports", "--domain", "example.com", "--source", key]).args(days).json();
            let listed = list(&listed, "reports");
            for name in ["mails", "records", "dmarc_pass", "dkim_aligned", "spf_aligned"] {
                assert_eq!(total(&reports, name), number(source, name), "{name} of {key} {days:?}");
                let of_source: u64 = listed.iter().map(|report| number(&report["of_source"], name)).sum();
                assert_eq!(of_source, number(source, name), "{name} of {key} {days:?}");
            }
        }
    }
}

#[test]
fn from_a_source_to_its_rows_in_a_report_and_its_bytes() {
    let place = filled();
    let text = place.run(["sources", "example.com", "forwarders"]).text();
    let more = "`ruascope reports --domain example.com --source forwarders`";
    assert!(text.contains("the newest 10 of 10 reports") && text.contains(more), "{text}");
    let shown = place.run(["sources", "example.com", "forwarders", "--limit", "3"]).json();
    let ids: Vec<u64> = list(&shown, "reports").iter().map(|report| number(report, "id")).collect();
    assert_eq!((ids.as_slice(), number(&shown, "reports_total")), ([10, 9, 8].as_slice(), 10));
    let all = ["203.0.113.5", "198.51.9.1", "198.52.9.1"];
    for (source, expected) in [("forwarders", &all[..]), ("203.0.113.5", &all[..1]), ("198.0.0.0/8", &all[1..])] {
        let rows = list(&place.run(["reports", "10", "--source", source]).json(), "records");
        let addresses: Vec<&str> = rows.iter().filter_map(|row| row["source_ip"].as_str()).collect();
        assert_eq!(addresses, expected, "{source}");
    }
    let table = place.run(["reports", "--source", "203.0.113.0/24"]).text();
    assert_eq!((table.lines().count(), table.matches(" 2 ").count() >= 10), (13, true), "{table}");
    assert!(!place.run(["reports", "10", "--xml"]).bytes().is_empty());
    place.run(["reports", "--source", "nobody"]).exit(65).error();
    // One address of a source of many.
    let one = place.run(["sources", "example.com", "198.51.3.1", "--by", "ip"]).json();
    assert_eq!(one["sources"][0]["ips"], json!(["198.51.3.1"]));
    assert_eq!((number(&one, "reports_total"), number(&one["rows"][0], "mails")), (1, 3));
}

#[test]
fn the_owners_word_is_kept_in_the_settings_and_obeyed() {
    let place = filled();
    let before = "# mine\n[[domain]]\nname = \"example.com\" # main\n";
    let file = place.write("ruascope.toml", before);
    let tag = ["sources", "tag", "198.51.0.0/16", "legit", "--critical", "--note", "branch offices"];
    let added = "[[domain.sender]]\nname = \"198.51.0.0/16\"\ncidr = [\"198.51.0.0/16\"]\nclass = \"legit\"\ncritical = true\nnote = \"branch offices\"\n";
    place.run(tag).arg("--dry-run").arg("--quiet").check();
    assert_eq!(read(&file), before);
    place.run(tag).arg("--quiet").check();
    assert_eq!(read(&file), format!("{before}\n{added}"));
    let sources = list(&place.run(["sources", "example.com"]).json(), "sources");
    let tagged = source(&sources, "198.51.0.0/16");
    assert_eq!((tagged["class"].as_str(), &tagged["critical"]), (Some("misconfigured"), &json!(true)));
    assert_eq!(list(tagged, "ips").len(), 10);
    place.run(["sources", "tag", "198.51.0.0/16", "spoof", "--quiet"]).check();
    let text = read(&file);
    assert!(
        text.starts_with(before) && text.contains("class = \"spoof\"") && text.matches("sender").count() == 1,
        "{text}"
    );
    place.run(["sources", "tag", "forwarders", "forwarder", "--quiet"]).check();
    let text = read(&file);
    assert!(text.contains("name = \"other forwarders\"\n") && text.contains("\"203.0.113.5\""), "{text}");
}

#[test]
fn a_word_about_a_stranger_in_the_owners_network_is_none_about_the_owners_servers() {
    let place = Place::new();
    for day in 0..25 {
        let report = Report::new(&day.to_string())
            .period(MONDAY_S + day * DAY_S, DAY_S - 1)
            .record("192.0.2.1", 100, "pass", "pass")
            .record("192.0.2.200", 20, "fail", "fail");
        // Whoever fails signs as himself.
        let results = |domain: &str, result: &str| {
            format!(
                "<dkim><domain>{domain}</domain><selector>s1</selector><result>{result}</result></dkim>\
                 <spf><domain>{domain}</domain><result>{result}</result></spf>"
            )
        };
        let xml = report.xml().replace(&results("example.com", "fail"), &results("crmhub.example", "pass"));
        place.write(&format!("in/{day}.xml"), xml);
    }
    place.run(["ingest", "in", "--quiet"]).check();
    let file = place.write("ruascope.toml", "");
    let sources = || list(&place.run(["sources", "example.com"]).json(), "sources");
    assert_eq!(source(&sources(), "192.0.2.0/24")["ips"], json!(["192.0.2.200"]));
    place.run(["sources", "tag", "192.0.2.0/24", "spoof", "--quiet"]).check();
    assert!(read(&file).contains("cidr = [\"192.0.2.200\"]"), "{}", read(&file));
    assert_eq!(source(&sources(), "own:example.com")["class"], "own");
    assert_eq!(source(&sources(), "192.0.2.0/24")["class"], "spoof");
}

#[test]
fn naming_a_sender_does_not_make_a_folder_of_last_year_late() {
    let place = filled();
    let decision = || place.run(["recommend", "example.com", "--exit-zero"]).now("2027-11-01T00:00:00Z").json();
    let before = decision();
    assert_eq!(before["blind"], false);
    place.run(["sources", "tag", "192.0.2.1", "legit", "--quiet"]).check();
    let after = decision();
    assert_eq!((&after["blind"], &after["asof"]), (&json!(false), &before["asof"]));
    place.run(["dmarc", "set", "example.com", "--p", "none", "--quiet"]).check();
    assert_eq!(decision()["blind"], true, "who means a policy waits for reports");
}

#[test]
fn what_can_not_be_tagged_is_said() {
    let place = filled();
    place.run(["sources", "tag", "192.0.2.1", "good"]).exit(64).error();
    let nobody = place.run(["sources", "tag", "nobody", "legit"]).exit(65).error();
    assert!(nobody["message"].as_str().is_some_and(|message| message.contains("nobody")), "{nobody}");
    take_in(&place, &[Report::new("other").domain("example.net").record("192.0.2.1", 1, "pass", "pass")]);
    let unclear = place.run(["sources", "tag", "192.0.2.1", "legit"]).exit(64).error();
    assert_eq!(unclear["hints"], json!(["say it with --domain DOMAIN"]));
}

#[test]
fn without_a_domain_addresses_are_counted_and_sources_classed_domain_by_domain() {
    let place = filled();
    take_in(&place, &[Report::new("other").domain("example.net").record("192.0.2.1", 7, "pass", "pass")]);
    let addresses = list(&place.run(["sources", "--by", "ip"]).json(), "sources");
    assert!(addresses.iter().all(|address| address["class"].is_null()));
    let sources = list(&place.run(["sources"]).json(), "sources");
    assert_eq!(total(&sources, "mails"), total(&addresses, "mails"));
    let other: Vec<&Value> = sources.iter().filter(|source| source["domain"] == "example.net").collect();
    assert_eq!((other.len(), &other[0]["class"]), (1, &json!("own")));
    let screen = place.run(["sources"]).text();
    assert!(screen.starts_with("DOMAIN ") && screen.contains("\nexample.net  own "), "{screen}");
    let narrow = place.run(["sources"]).env("COLUMNS", "80").text();
    let table = narrow.split("\n\n").next().unwrap_or_default();
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    assert!(place.run(["sources", "example.net"]).text().starts_with("CLASS "), "one domain is no column");
}

//! Numbers for Prometheus, read by Prometheus' own tool.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::harness::{Place, fixture, list, read, root};

/// The day after the newest report of the story.
const NOW: &str = "2026-11-01T06:00:00Z";

fn story() -> Place {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    place
}

/// What `promtool` says of a text: that it is read, and that no rule of good metrics is broken.
#[track_caller]
fn is_good(text: &str) {
    let mut promtool = Command::new("promtool");
    promtool.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = promtool.spawn().expect("promtool has to be installed: tests/all installs prometheus");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("promtool reads");
    let output = child.wait_with_output().expect("promtool ends");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.is_empty(), "{said}\n{text}");
}

/// The names of the metrics in a text.
fn names(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next().map(str::to_owned)).collect()
}

/// All names that the command knows, of which a store without DNS and digests has no number for some.
fn declared() -> BTreeSet<String> {
    used(&read(&root().join("src/cli/command/metrics.rs")))
}

#[test]
fn prometheus_reads_what_is_printed() {
    let place = story();
    let text = place.run(["metrics"]).now(NOW).exact();
    is_good(&text);
    for line in [
        "# TYPE ruascope_mails gauge",
        "ruascope_metrics_timestamp_seconds 1793512800",
        "ruascope_decision_info{domain=\"example.com\",decision=\"",
        "ruascope_reporter_mails{reporter=\"google.com\"} ",
        "ruascope_mails{domain=\"example.com\",class=\"own\"} ",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let empty = Place::new().run(["metrics"]).now(NOW).exact();
    is_good(&empty);
    assert!(empty.contains("\nruascope_reports 0\n") && !empty.contains("newest"), "unknown is not 0:\n{empty}");
}

#[test]
fn numbers_are_those_of_other_commands() {
    let place = story();
    let text = place.run(["metrics"]).now(NOW).exact();
    let object = place.run(["metrics"]).now(NOW).json();
    let families = list(&object, "metrics");
    let lines: usize = families.iter().map(|family| list(family, "samples").len() + 2).sum();
    assert_eq!((object["schema"].as_str(), text.lines().count()), (Some("ruascope.metrics/1"), lines));
    let family = |name: &str| list(families.iter().find(|family| family["name"] == name).expect("a family"), "samples");
    let status = place.run(["status", "--exit-zero"]).now(NOW).json();
    for domain in list(&status, "domains") {
        let is_of = |sample: &&Value| sample["labels"]["domain"] == domain["domain"];
        let decision = family("ruascope_decision_info");
        let decision = decision.iter().find(is_of).expect("a decision");
        assert_eq!(decision["labels"]["decision"], domain["decision"]);
        let own: f64 = family("ruascope_mails")
            .iter()
            .filter(is_of)
            .filter(|sample| {
                ["own", "authorised", "misconfigured"].iter().any(|class| sample["labels"]["class"] == *class)
            })
            .filter_map(|sample| sample["value"].as_f64())
            .sum();
        let recommended = place.run(["recommend", "--exit-zero"]).arg(domain["domain"].as_str().expect("a name"));
        let evidence = recommended.now(NOW).json()["evidence"].clone();
        assert_eq!(Some(own), evidence["mails_legit"].as_f64(), "{domain}");
    }
}

#[test]
fn a_file_is_there_as_a_whole_and_can_be_read_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = story();
    let path = place.write("ruascope.prom", "old");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("a file");
    place.run(["metrics", "-o", "ruascope.prom"]).now(NOW).check();
    let text = read(&path);
    assert_eq!(text, place.run(["metrics"]).now(NOW).exact());
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o644);
    let left = std::fs::read_dir(place.path()).expect("a folder").flatten();
    let left: Vec<String> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
    let said = place.run(["metrics", "-o", "nowhere/x.prom"]).now(NOW).exit(74).error_text();
    assert!(said.starts_with("error: could not write the metrics nowhere/x.prom"), "{said}");
}

#[test]
fn names_over_the_bound_are_added_up() {
    let place = story();
    let samples = |place: &Place, name: &str| {
        let object = place.run(["metrics"]).now(NOW).json();
        let families = list(&object, "metrics");
        list(families.iter().find(|family| family["name"] == name).expect("a family"), "samples")
    };
    let sum = |samples: &[Value]| samples.iter().filter_map(|sample| sample["value"].as_f64()).sum::<f64>();
    let all = samples(&place, "ruascope_reporter_mails");
    place.write("ruascope.toml", "[limits]\nmetrics_reporters_max = 2\nmetrics_domains_max = 1\n");
    let bounded = samples(&place, "ruascope_reporter_mails");
    assert_eq!(bounded.len(), 3, "{bounded:?}");
    assert!(all.len() > 3 && bounded[2]["labels"]["reporter"] == "other");
    assert!((sum(&all) - sum(&bounded)).abs() < 0.5, "nothing is lost: {all:?} {bounded:?}");
    let mails = samples(&place, "ruascope_mails");
    assert!(
        mails.iter().any(|sample| sample["labels"]["domain"] == "other" && sample["labels"]["class"] == "unclassified")
    );
    is_good(&place.run(["metrics"]).now(NOW).exact());
}

#[test]
fn a_reporter_can_not_forge_a_series() {
    let place = Place::new();
    let name = "other&quot;} 1&#10;ruascope_status_level{domain=&quot;example.com&quot;} 0&#10;# \\\u{202e}";
    let report = read(&fixture("quirk/begin-equals-end.xml")).replacen("<org_name>", &format!("<org_name>{name}"), 1);
    place.write("hostile.xml", report);
    place.run(["ingest", "--quiet"]).arg(place.path().join("hostile.xml")).check();
    let text = place.run(["metrics"]).exact();
    is_good(&text);
    assert!(text.contains("\\\\u{a}ruascope_status_level{domain=\\\"") && !text.contains('\u{202e}'), "{text}");
    let forged = text.lines().filter(|line| line.starts_with("ruascope_status_level{"));
    assert!(forged.count() <= 1, "{text}");
}

/// Names of metrics in an expression or a rule.
fn used(text: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_name(c)).filter(|word| word.starts_with("ruascope_")).map(str::to_owned).collect()
}

/// All texts under a name, at any depth.
fn texts(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| texts(value, key, found)),
        Value::Object(object) => {
            for (name, value) in object {
                found.extend(value.as_str().filter(|_| name == key).map(str::to_owned));
                texts(value, key, found);
            }
        }
        _ => {}
    }
}

#[test]
fn dashboard_and_alerts_use_only_what_is_printed() {
    let printed = declared();
    assert!(names(&story().run(["metrics"]).now(NOW).exact()).is_subset(&printed) && printed.len() > 20, "{printed:?}");
    let text = read(&root().join("packaging/grafana/ruascope.json"));
    let dashboard: Value = serde_json::from_str(&text).expect("JSON");
    let mut expressions = Vec::new();
    for key in ["expr", "query", "definition"] {
        texts(&dashboard, key, &mut expressions);
    }
    assert!(expressions.len() > 15, "{expressions:?}");
    let alerts = read(&root().join("packaging/grafana/alerts.yml"));
    for expression in expressions.iter().chain([&alerts]) {
        for name in used(expression) {
            assert!(printed.contains(&name), "{name} of {expression} is not in {printed:?}");
        }
    }
    // Prometheus' own reader takes every expression, with the variable of the dashboard filled in.
    let place = Place::new();
    let mut rules = "groups:\n- name: dashboard\n  rules:\n".to_owned();
    let mut expressions = Vec::new();
    texts(&dashboard, "expr", &mut expressions);
    for (number, expression) in expressions.iter().enumerate() {
        let expression = serde_json::to_string(&expression.replace("$domain", ".*")).expect("JSON");
        rules.push_str(&format!("  - record: panel:n{number}\n    expr: {expression}\n"));
    }
    let rules = place.write("rules.yml", rules);
    for file in [rules, root().join("packaging/grafana/alerts.yml")] {
        let output = Command::new("promtool").args(["check", "rules"]).arg(&file).output().expect("promtool");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let monitoring = read(&root().join("docs/monitoring.md"));
    for name in &printed {
        assert!(
            monitoring.contains(&format!("`{name}`")) || name == "ruascope_build_info",
            "{name} in docs/monitoring.md"
        );
    }
}

//! A report whose every text attacks shows nothing but text, in every form of every command.

use serde_json::Value;

use super::output::{hostile, is_dangerous};
use crate::harness::{CHARTS, Place, Run, assert_none, read};
use crate::table::csv_rows;

const NOW: &str = "2026-01-06T10:00:00Z";

const COMMANDS: [&str; 22] = [
    "alarms example.com --all",
    "check example.com",
    "dkim list example.com",
    "dmarc show example.com",
    "doctor",
    "export days",
    "export records",
    "export reports",
    "export reports --as parsedmarc",
    "metrics",
    "note list",
    "recommend example.com",
    "rejected",
    "reports",
    "reports 1",
    "simulate example.com --p reject",
    "sources",
    "sources example.com",
    "sources --by ip",
    "status",
    "store stats",
    "summary",
];

/// A store with a report, an input that was rejected and a note, all hostile.
fn place() -> Place {
    let place = Place::new();
    place.run(["ingest", "--quiet", "--fail-on-rejected"]).arg(place.write("hostile.xml", hostile())).check();
    let broken = "<feedback><report_metadata><org_name>\u{9b}31m\u{202e}</org_name>";
    place.run(["ingest", "--quiet"]).arg(place.write("b\u{9b}31m\u{202e}\n=1.xml", broken)).check();
    let note = ["note", "add", "example.com", "--kind", "complaint", "--quiet", "=1 \u{9b}31m\u{202e}\nfaked line"];
    place.run(note).now(NOW).check();
    place
}

/// What a command writes, where it knows the form.
fn written(run: &Run) -> Option<String> {
    let output = run.command().output().expect("the program starts");
    let code = output.status.code().expect("an exit code");
    assert!(code < 65, "{run}: {}", String::from_utf8_lossy(&output.stderr));
    (code != 64).then(|| String::from_utf8(output.stdout).expect("UTF-8"))
}

/// What is wrong with a text in a form.
fn faults(format: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let acting: String = text.chars().filter(|c| is_dangerous(*c)).collect();
    faults.extend((!acting.is_empty()).then(|| format!("{acting:?} acts")));
    faults.extend(text.lines().any(|line| line.trim_start().starts_with("faked line")).then(|| "a faked line".into()));
    let outside_code = || text.split('`').step_by(2).any(|part| part.contains("<script>"));
    match format {
        "json" => {
            let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Value>();
            faults.extend((!objects.all(|object| object.is_ok())).then(|| "no JSON".to_owned()));
        }
        "csv" => {
            let runs = |cell: &str| cell.parse::<f64>().is_err() && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let cells = csv_rows(text.as_bytes()).into_iter().flatten();
            faults.extend(cells.filter(|(_, cell)| runs(cell)).map(|(column, cell)| format!("{column} runs: {cell}")));
        }
        "md" => faults.extend(outside_code().then(|| "HTML outside of code".to_owned())),
        "html" => faults.extend(text.contains("<script>").then(|| "a script".to_owned())),
        _ => {}
    }
    faults
}

#[test]
fn every_form_of_every_command_shows_nothing_but_text() {
    let place = place();
    let (mut problems, mut forms) = (Vec::new(), 0);
    for command in COMMANDS {
        for format in ["text", "json", "csv", "md", "html"] {
            let run = place.run(command.split(' ')).args(["--format", format]).now(NOW);
            let Some(text) = written(&run) else { continue };
            forms += 1;
            problems.extend(faults(format, &text).into_iter().map(|fault| format!("{command} {format}: {fault}")));
        }
    }
    assert_none(&problems);
    assert!(forms > 45, "only {forms} forms");
}

#[test]
fn parsedmarc_gets_what_was_sent() {
    let line = place().run(["export", "reports", "--as", "parsedmarc"]).exact();
    let report: Value = serde_json::from_str(&line).expect("one object on one line");
    let name = report["report_metadata"]["org_name"].as_str().expect("a name");
    assert!(
        name.contains("<script>alert(1)</script>") && name.contains('\u{9b}') && name.contains('\u{202e}'),
        "{name:?}"
    );
}

#[test]
fn a_chart_of_a_stranger_is_a_chart() {
    let place = place();
    let mut problems = Vec::new();
    for kind in CHARTS {
        place.run(["chart", kind, "--quiet", "--domain", "example.com", "-o", "chart.svg"]).now(NOW).check();
        let svg = read(&place.path().join("chart.svg"));
        let acts = svg.chars().any(is_dangerous) || svg.contains("<script") || svg.contains("<foreignObject");
        problems.extend(acts.then(|| format!("{kind}: {svg}")));
    }
    assert_none(&problems);
}

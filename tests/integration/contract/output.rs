//! Where output goes, and what may never be in it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use super::{take_in, ten_mails};
use crate::harness::{Place, Run, assert_none, fixture, read, skipped};
use crate::report::Report;
use crate::table::csv_rows;

/// Reads one line of a long output, then goes away: exit code, and what stands on standard error.
fn read_one_line(place: &Place, args: &[&str]) -> (Option<i32>, String) {
    let mut command = place.run(args).command();
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut reader = BufReader::with_capacity(512, child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line of output");
    assert!(!line.is_empty(), "{args:?} has output");
    drop(reader);
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    (child.wait().expect("the program ends").code(), said)
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    // More than a pipe holds, in every form of output.
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let mut problems = Vec::new();
    for args in [
        vec!["export", "records", "--format", "csv"],
        vec!["export", "records", "--format", "json"],
        vec!["export", "reports", "--format", "csv"],
        vec!["reports", "--format", "json"],
        vec!["reports", "--limit", "5000"],
        vec!["sources", "--format", "json"],
        vec!["sources", "--limit", "5000"],
        vec!["store", "stats", "--format", "json"],
        vec!["summary", "--format", "html"],
    ] {
        let found = read_one_line(&place, &args);
        problems.extend((found != (Some(0), String::new())).then(|| format!("{args:?}: {found:?}")));
    }
    assert_none(&problems);
}

#[test]
fn quiet_says_nothing_but_results() {
    let place = Place::new();
    let file = place.write("a.xml", ten_mails("a").xml());
    place.run(["ingest", "--quiet"]).arg(&file).check();
    place
        .run(["ingest"])
        .arg(&file)
        .stdout("1 input: 0 new reports with 0 records about 0 mails, 1 duplicate\n")
        .check();
}

#[test]
fn a_form_of_output_that_is_not_there_is_refused() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    let mut problems = Vec::new();
    for command in [vec!["reports"], vec!["rejected"], vec!["store", "stats"], vec!["sources"], vec!["config", "show"]]
    {
        let output = |format: &str| {
            let run = place.run(&command).args(["--format", format]);
            run.command().output().expect("the program starts")
        };
        let text = output("text").stdout;
        for format in ["csv", "md", "html"] {
            let other = output(format);
            let is_refused = other.status.code() == Some(64) && other.stdout.is_empty();
            let is_text = other.stdout == text;
            problems.extend((!is_refused && is_text).then(|| format!("{command:?} --format {format} gives text")));
        }
    }
    assert_none(&problems);
}

#[test]
fn run_works_without_any_configuration() {
    let place = Place::new();
    let file = place.write("in/a.xml", ten_mails("a").xml());
    let summary = place.run(["run", "--quiet", "--offline"]).arg(file).no_store().text();
    assert!(!summary.is_empty());
    let page = read(&place.path().join("reports/digest.html"));
    assert!(page.contains("example.com"), "the digest");
    for chart in ["volume.svg", "volume.png", "sources.svg", "alignment-dark.svg", "dispositions.png"] {
        let size = std::fs::metadata(place.path().join("reports").join(chart)).expect(chart).len();
        assert!(size > 1_000, "{chart} has {size} bytes");
    }
}

#[test]
fn run_of_nothing_says_so() {
    let place = Place::new();
    let summary = place.run(["run", "--quiet", "--offline"]).now("2026-01-20T10:00:00Z").text();
    assert!(!summary.is_empty());
    assert!(place.path().join("reports/digest.html").exists());
}

/// Bytes that begin a sequence of colour.
const ESCAPE: char = '\u{1b}';

#[test]
fn colour_is_only_where_it_is_wanted() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    let summary = |flags: &[&str]| place.run(["summary"]).args(flags).now("2026-01-06T10:00:00Z");
    for run in [summary(&[]), summary(&["--color", "never"]), summary(&[]).env("NO_COLOR", "1")] {
        assert!(!run.text().contains(ESCAPE), "no terminal, no colour");
    }
    assert!(summary(&["--color", "always"]).text().contains(ESCAPE), "always is always");
    for command in ["reports", "sources"] {
        assert!(!place.run([command]).env("NO_COLOR", "1").text().contains(ESCAPE), "{command}");
    }
}

/// What a run writes to a terminal; none where there is no python3 to make one.
#[cfg(unix)]
fn on_a_terminal(run: &Run, folder: &std::path::Path) -> Option<String> {
    let program = run.command();
    let mut command = Command::new("python3");
    command.args(["-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"]);
    command.arg(program.get_program()).args(program.get_args()).current_dir(folder).stdin(Stdio::null());
    command.env_clear().envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().ok()?;
    assert!(output.status.success(), "{run}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[cfg(unix)]
fn a_terminal_gets_colour_unless_it_is_unwanted() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    let summary = || place.run(["summary"]).env("TERM", "xterm-256color").now("2026-01-06T10:00:00Z");
    for (run, is_coloured) in [
        (summary(), true),
        (summary().env("NO_COLOR", ""), true),
        (summary().env("NO_COLOR", "1"), false),
        (summary().args(["--color", "never"]), false),
    ] {
        let Some(text) = on_a_terminal(&run, place.path()) else {
            return skipped("python3 is not installed");
        };
        assert!(text.contains("example.com"), "{run}: {text}");
        assert_eq!(text.contains(ESCAPE), is_coloured, "{run}: {text:?}");
    }
}

/// A text for every reader that could be fooled: a terminal, a spreadsheet, a browser, a log.
const HOSTILE: &str = "=cmd|' /C calc'!A0 &#27;[31m&#27;]0;owned&#7; &lt;script&gt;alert(1)&lt;/script&gt; \u{202e}evil \u{9b}31m \n\rfaked line";

/// A report whose every text attacks.
pub(super) fn hostile() -> String {
    let report = Report::new("ID").org("ORG").record("192.0.2.1", 5, "pass", "pass");
    report
        .xml()
        .replace(">ORG<", &format!(">{HOSTILE}<"))
        .replace(">ID<", &format!(">{HOSTILE}<"))
        .replace(">s1<", &format!(">{HOSTILE}<"))
        .replace("<header_from>example.com<", &format!("<header_from>{HOSTILE}<"))
        .replace("<source_ip>192.0.2.1<", &format!("<source_ip>{HOSTILE}<"))
        .replace("<disposition>none<", &format!("<disposition>{HOSTILE}<"))
}

/// Characters that a terminal obeys, or that turn a line round.
pub(super) fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn a_terminal_obeys_no_stranger() {
    let place = Place::new();
    let file = place.write("hostile.xml", hostile());
    place.run(["ingest", "--quiet", "--fail-on-rejected"]).arg(file).check();
    for args in [
        vec!["reports"],
        vec!["reports", "1"],
        vec!["sources"],
        vec!["summary"],
        vec!["store", "stats"],
        vec!["summary", "--format", "md"],
    ] {
        let text = place.run(&args).now("2026-01-06T10:00:00Z").text();
        let found: String = text.chars().filter(|c| is_dangerous(*c)).collect();
        assert!(found.is_empty(), "{args:?}: {found:?} in {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("faked line")), "{args:?}: a line was faked");
    }
}

#[test]
fn a_terminal_obeys_no_stranger_whatever_is_asked() {
    let place = Place::new();
    let more: String = (0..40)
        .map(|n| format!("<record>{}</record>", inner(&hostile()).replace(HOSTILE, &format!("{HOSTILE}{n}"))))
        .collect();
    let many = hostile().replacen("<record>", &format!("{more}<record>"), 1);
    place.run(["ingest", "--quiet", "--fail-on-rejected"]).arg(place.write("hostile.xml", many)).check();
    let name = "a\u{1b}[2J\u{202e}\nfaked line.xml";
    place.run(["ingest", "--quiet"]).arg(place.write(name, "<feedback><report_metadata>")).check();
    let note = "\u{1b}]0;owned\u{7}\u{202e}\nfaked line";
    place
        .run(["note", "add", "example.com", "--kind", "complaint", "--quiet", note])
        .now("2026-01-06T09:00:00Z")
        .check();
    for args in [
        "sources example.com",
        "sources --by ip",
        "status",
        "status --nagios",
        "recommend example.com --explain",
        "simulate example.com --p reject",
        "alarms example.com --all",
        "note list",
        "metrics",
        "doctor",
        "check example.com",
        "rejected",
        "rejected 1",
        "chart sources --term",
        "chart volume --term",
        "chart new-sources --term",
        "chart coverage --term",
        "chart selectors --term",
        "spf suggest example.com",
        "dmarc show example.com",
        "watch --since-change",
    ] {
        for lang in ["en", "ja"] {
            let run = place.run(args.split(' ')).args(["--lang", lang]).now("2026-01-06T10:00:00Z");
            let output = run.command().output().expect("the program starts");
            for stream in [&output.stdout, &output.stderr] {
                let text = String::from_utf8(stream.clone()).expect("UTF-8");
                let found: String = text.chars().filter(|c| is_dangerous(*c)).collect();
                assert!(found.is_empty(), "{args}: {found:?} in {text:?}");
                assert!(
                    !text.lines().any(|line| line.trim_start().starts_with("faked line")),
                    "{args}: a line was faked"
                );
            }
            assert!(output.status.code().is_some_and(|code| code < 64), "{args}: {}", output.status);
        }
    }
}

/// What stands in the first record of a report.
fn inner(xml: &str) -> &str {
    let (_, rest) = xml.split_once("<record>").expect("a record");
    rest.split_once("</record>").expect("its end").0
}

#[test]
fn a_spreadsheet_runs_no_stranger() {
    let place = Place::new();
    let file = place.write("hostile.xml", hostile());
    place.run(["ingest", "--quiet"]).arg(file).check();
    for args in
        [vec!["export", "records"], vec!["export", "reports"], vec!["export", "days"], vec!["sources"], vec!["summary"]]
    {
        let csv = place.run(&args).args(["--format", "csv"]).now("2026-01-06T10:00:00Z").bytes();
        for (column, cell) in csv_rows(&csv).into_iter().flatten() {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{args:?}: {column} is {cell:?}");
        }
    }
}

#[test]
fn a_browser_runs_no_stranger() {
    let place = Place::new();
    let file = place.write("hostile.xml", hostile());
    place.run(["run", "--quiet", "--offline"]).arg(file).now("2026-01-06T10:00:00Z").text();
    for name in ["digest.html", "sources.svg", "volume.svg"] {
        let page = read(&place.path().join("reports").join(name));
        assert!(!page.contains("<script>alert"), "{name} runs a stranger's script");
    }
}

#[test]
fn json_keeps_what_was_sent() {
    let place = Place::new();
    let file = place.write("hostile.xml", hostile());
    place.run(["ingest", "--quiet"]).arg(file).check();
    let reports = place.reports();
    let reporter = reports[0]["reporter"].as_str().expect("a reporter");
    assert!(
        reporter.starts_with("=cmd|' /C calc'!A0 ") && reporter.contains("<script>alert(1)</script>"),
        "{reporter:?}"
    );
}

#[test]
fn commands_on_a_screen_look_into_the_store_that_was_typed() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    let named = place.run(["summary", "--store=store.db"]).no_store().text();
    assert!(named.contains("    ruascope --store store.db reports --since "), "{named}");
    // What the environment says holds for the next command by itself, and a document is not about this shell.
    let plain = place.run(["summary"]).text();
    assert_eq!(plain, named.replace(" --store store.db", ""));
    for format in ["json", "md", "html", "csv"] {
        let document = place.run(["summary", "--store", "store.db", "--format", format]).no_store().text();
        assert!(!document.contains("--store"), "{format}");
    }
}

#[test]
fn nobody_is_asked_about_the_domains_of_a_folder() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    for args in [vec!["status"], vec!["recommend"], vec!["recommend", "example.com"]] {
        let offline = place.run(&args).args(["--exit-zero", "--quiet"]).text();
        let told = "DNS is not asked, since the settings name no domain: `ruascope domain add example.com` names yours, `ruascope check example.com` asks once\n";
        assert_eq!(place.run(&args).arg("--exit-zero").online().stderr(told).text(), offline, "{args:?}");
    }
}

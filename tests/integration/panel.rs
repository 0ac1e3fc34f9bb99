//! `docs/panel.md` and `docs/panel.ja.md` show what the program prints, each in its language, and the table of the first names tests that are there.
//!
//! A block that begins with ```` ```console ```` holds commands after `$ `, and under each what it prints. A comment
//! `<!-- zone: LINE -->` before it puts a record into the zone; `<!-- zone: printed -->` puts the record there that was printed
//! last; `<!-- now: TIME -->` moves the clock. `just panel` writes the blocks again.

use std::fs::File;

use crate::harness::{Place, assert_none, files_below, read, root};
use crate::name_server::NameServer;

const START: &str = "example.com NS ns.example.com\nns.example.com A 127.0.0.1\nexample.com MX 10 mail.example.com\nmail.example.com A 192.0.2.1\n";
/// Lines of the settings that every server has its own of.
const HEAD_LINES: usize = 6;
/// Set by `just panel`.
const WRITE: &str = "RUASCOPE_WRITE_PANEL";

/// The world that the walk goes through.
struct Walk {
    place: Place,
    zone: String,
    now: String,
    /// The record that was printed last, as a line of a zone.
    printed: String,
    server: Option<NameServer>,
    language: &'static str,
}

impl Walk {
    fn new(language: &'static str) -> Self {
        let place = Place::new();
        let mut walk = Self {
            place,
            zone: START.to_owned(),
            now: "2026-11-24T06:00:00Z".to_owned(),
            printed: String::new(),
            server: None,
            language,
        };
        walk.place.write("ruascope.toml", "");
        walk.serve();
        walk
    }

    /// A server for the zone of now, and settings that ask it.
    fn serve(&mut self) {
        let server = NameServer::several(&[self.zone.as_str()]).remove(0);
        let settings = read(&self.place.path().join("ruascope.toml"));
        let rest: String = settings.lines().skip(HEAD_LINES).map(|line| format!("{line}\n")).collect();
        let address = server.address();
        let dns = format!("[dns]\nservers = [\"{address}\"]\nzone_port = {}\ntimeout_s = 1\n", address.port());
        self.place.write("ruascope.toml", format!("{dns}[keys]\nfolder = \"keys\"\n{rest}"));
        self.server = Some(server);
    }

    fn obey(&mut self, comment: &str) {
        if let Some(time) = comment.strip_prefix("now: ") {
            time.clone_into(&mut self.now);
        } else if let Some(line) = comment.strip_prefix("zone: ") {
            let line = if line == "printed" { self.printed.clone() } else { line.to_owned() };
            self.zone.push_str(&format!("{line}\n"));
            self.serve();
        }
    }

    /// What a command prints, both streams in their order as on a terminal, and how it ends.
    fn run(&mut self, line: &str) -> String {
        let words = line.strip_prefix("ruascope ").unwrap_or_else(|| panic!("{line} runs another program"));
        let run = self.place.run(words.split(' ')).now(&self.now).online().env("RUASCOPE_LANG", self.language);
        let path = self.place.path().join("printed");
        let file = File::create(&path).expect("a new file");
        let mut command = run.command();
        command.stdout(file.try_clone().expect("the same file")).stderr(file);
        let status = command.status().expect("the program starts");
        let printed = read(&path).replace(&format!("{}/", self.place.path().display()), "");
        if let Some(record) = printed.lines().find(|line| line.contains(" IN TXT ( ")) {
            record.replace(". IN TXT ( ", " TXT ").trim_end_matches(" )").clone_into(&mut self.printed);
        }
        let exit = status.code().filter(|code| *code != 0).map_or_else(String::new, |code| format!("exit {code}\n"));
        format!("{}{exit}", shortened(&printed))
    }
}

/// Keys are new in every run: their first and last letters, which are those of every key of that kind.
fn shortened(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, key)) = rest.split_once("p=MII") {
        let end = key.find(|c: char| !(c.is_ascii_alphanumeric() || "+/=\" ".contains(c))).unwrap_or(key.len());
        let (key, after) = key.split_at(end);
        let is_closed = key.trim_end().ends_with('"');
        let last: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
        let last = last.get(last.len().saturating_sub(6)..).unwrap_or_default();
        out.push_str(&format!("{before}p=MIIBIjANBgkq…{last}{}", if is_closed { "\" " } else { "" }));
        rest = after;
    }
    out + rest
}

/// The document with the blocks that the program prints now.
fn walked(document: &str, language: &'static str) -> String {
    let mut walk = Walk::new(language);
    let mut out = String::new();
    let mut is_block = false;
    for line in document.lines() {
        if is_block && line == "```" {
            is_block = false;
        } else if line == "```console" {
            is_block = true;
        } else if let Some(command) = line.strip_prefix("$ ").filter(|_| is_block) {
            out.push_str(&format!("{line}\n{}", walk.run(command)));
            continue;
        } else if is_block {
            continue;
        } else if let Some(comment) = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->")) {
            walk.obey(comment);
        }
        out.push_str(&format!("{line}\n"));
    }
    out
}

#[test]
fn the_walk_is_what_the_program_prints() {
    for (name, language) in [("docs/panel.md", "en"), ("docs/panel.ja.md", "ja")] {
        let path = root().join(name);
        let document = read(&path);
        let walked = walked(&document, language);
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(&path, &walked).expect("a document");
        }
        assert!(walked == document, "{name} differs; `just panel` writes it again, then look at it:\n{walked}");
    }
}

/// Every row of the manual is there, and what holds it is a test that is there, or a limit that says why.
#[test]
fn every_row_is_held_by_a_test_or_is_a_limit() {
    let mut sources = String::new();
    for folder in ["src", "tests"] {
        for path in
            files_below(&root().join(folder)).iter().filter(|path| path.extension().is_some_and(|end| end == "rs"))
        {
            sources.push_str(&read(path));
        }
    }
    let document = read(&root().join("docs/panel.md"));
    let rows: Vec<Vec<&str>> = document
        .lines()
        .filter(|line| line.starts_with("| S"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let numbers: Vec<String> = rows.iter().flat_map(|row| row[0].split(", ").map(str::to_owned)).collect();
    assert_eq!(numbers, (1..=45).map(|number| format!("S{number}")).collect::<Vec<_>>());
    let mut problems = Vec::new();
    for row in &rows {
        let [number, _, _, held_by] = row.as_slice() else { panic!("{row:?} has other columns") };
        let tests: Vec<&str> = held_by.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && !held_by.starts_with("limit: ") {
            problems.push(format!("{number} is held by nothing: {held_by}"));
        }
        for test in tests {
            let function = test.rsplit("::").next().unwrap_or(test);
            if !sources.contains(&format!("fn {function}()")) {
                problems.push(format!("{number} names {test}, which is no test"));
            }
        }
    }
    assert_none(&problems);
}

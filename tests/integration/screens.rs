//! The screens of three stories, whole, in both languages: all is well, something has to be set right, nothing comes any
//! more.
//!
//! `UPDATE_EXPECTED=1` writes the files again; then they are looked at.

use crate::harness::{Place, assert_none, fixture, root};
use crate::name_server::NameServer;

const KEY: &str = include_str!("../../fixtures/dns/dkim_key/rsa2048.txt");
const ZONE: &str = "example.com MX 10 mx.example.com\nmx.example.com A 192.0.2.1\n";
const SETTINGS: &str = "[[domain]]\nname = \"example.com\"\nprofile = \"people\"\n";

/// A world, and what is asked there.
struct Story {
    name: &'static str,
    zone: &'static str,
    settings: &'static str,
    /// Names of fixtures that are taken in, each with the time.
    inputs: &'static [(&'static str, &'static str)],
    now: &'static str,
    commands: &'static [&'static str],
}

const WELL: Story = Story {
    name: "well",
    zone: "example.com TXT \"v=spf1 mx ip4:198.51.100.0/24 -all\"\n\
        _dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:d@example.com\"\n\
        k1._domainkey.example.com TXT KEY\n",
    settings: "[domain.dmarc]\np = \"none\"\nrua = [\"mailto:d@example.com\"]\n[[domain.dkim]]\nselector = \"k1\"\n",
    inputs: &[("story/2026-09", "2026-09-30T06:00:00Z")],
    now: "2026-09-30T06:00:00Z",
    commands: &[
        "config check",
        "doctor",
        "status",
        "summary --last week",
        "sources example.com --days 7",
        "recommend example.com",
        "simulate example.com --p quarantine --days 30",
        "check example.com",
        "reports --limit 3",
        "reports 1",
        "domain list",
        "dmarc show example.com",
        "dkim list",
        "spf show example.com",
        "spf suggest example.com",
        "store stats",
        "store audit",
        "store prune --keep-days 400 --dry-run",
        "rejected",
        "note list",
        "chart alignment --domain example.com --days 30 --term",
    ],
};

const FIX: Story = Story {
    name: "fix",
    zone: "example.com TXT \"v=spf1 mx include:_spf.example.net include:void.example.net ?all\"\n\
        _dmarc.example.com TXT \"v=DMARC1; p=none; rua=mailto:d@example.jp\"\n",
    settings: "[domain.dmarc]\np = \"quarantine\"\nrua = [\"mailto:d@example.jp\"]\n\
        [[domain.dkim]]\nselector = \"k1\"\nstate = \"draft\"\n\
        [[domain.sender]]\nname = \"shop\"\ncidr = [\"203.0.113.7\"]\n\
        [mailbox.main]\nhost = \"127.0.0.1\"\nport = 9\nuser = \"dmarc\"\npassword_file = \"none\"\n",
    inputs: &[("story", "2026-11-01T06:00:00Z"), ("malformed", "2026-11-01T07:00:00Z")],
    now: "2026-11-01T08:00:00Z",
    commands: &[
        "doctor",
        "status",
        "summary --last day",
        "sources example.com --days 7",
        "sources example.com shop --days 30",
        "recommend example.com --explain",
        "simulate example.com --p reject --days 30",
        "check example.com",
        "reports --limit 3 --domain example.org",
        "doctor mailbox main",
        "fetch",
        "fetch other",
        "ingest none.xml",
        "dmarc show example.com",
        "dmarc set example.com --p reject --dry-run",
        "dmarc rua-auth example.com d@example.com",
        "dkim activate example.com k1",
        "dkim pause example.com k1",
        "dkim show example.com",
        "dkim export example.com k2 --out new.pem",
        "spf show example.com",
        "spf check example.com",
        "spf suggest example.com",
        "store prune",
        "note remove 7",
        "rejected",
        "rejected 1",
        "alarms example.com",
        "chart sources --domain example.com --days 30 --term",
        "config show --config other.toml",
        "config check --config slips.toml",
        "doctor --config slips.toml",
        "status --store /proc/none/store.db",
    ],
};

const BLIND: Story = Story {
    name: "blind",
    zone: "",
    settings: "[[domain.dkim]]\nselector = \"k1\"\n",
    inputs: &[("story", "2026-11-01T06:00:00Z")],
    now: "2026-12-20T06:00:00Z",
    commands: &[
        "doctor --offline",
        "status --offline",
        "summary --offline --last day",
        "sources example.com --offline --days 7",
        "recommend example.com --offline",
        "simulate example.com --p reject --offline",
        "alarms --offline example.com",
        "check --offline example.com",
        "dmarc show example.com --offline",
        "spf show example.com --offline",
        "spf suggest example.com --offline",
        "dkim activate example.com k1 --offline",
        "check --offline --wait 1h",
    ],
};

/// The world of a story, with what was taken in.
fn place(story: &Story, server: &NameServer) -> Place {
    let place = Place::new();
    place.write("ruascope.toml", format!("{}{SETTINGS}{}", server.settings(), story.settings));
    place.write("slips.toml", "[stor]\nurl = 1\n[domain]\nname = 3\n[dns]\ntimeout_s = \"long\"\n");
    for (name, now) in story.inputs {
        place.run(["ingest", "--quiet"]).arg(fixture(name)).now(now).check();
    }
    place
}

fn screens(story: &Story, language: &str) -> String {
    let (start, rest) = KEY.trim().split_at(200);
    let zone = format!("{ZONE}{}", story.zone).replace("KEY", &format!("\"{start}\" \"{rest}\""));
    let server = NameServer::start(&zone);
    let place = place(story, &server);
    let screen = |command: &&str| {
        let run = place.run(command.split(' ')).now(story.now).online().env("RUASCOPE_LANG", language);
        format!("$ ruascope {command}\n{}\n", run.screen())
    };
    let told: String = story.commands.iter().map(screen).collect();
    told.replace(&server.address().to_string(), "[SERVER]").replace(&server.address().port().to_string(), "[PORT]")
}

#[test]
fn the_screens_of_three_stories_in_both_languages() {
    let mut problems = Vec::new();
    for story in [WELL, FIX, BLIND] {
        for language in ["en", "ja"] {
            let told = screens(&story, language);
            let name = format!("{}-{language}.txt", story.name);
            let path = root().join("tests/integration/screens").join(&name);
            if std::env::var_os("UPDATE_EXPECTED").is_some() {
                std::fs::write(&path, &told).expect("a file");
            }
            let expected = std::fs::read_to_string(&path).unwrap_or_default();
            problems.extend((told != expected).then(|| format!("{name} is\n{told}")));
            if language == "ja" {
                problems.extend(told.lines().filter(|line| is_english(line)).map(|line| format!("{name}: {line}")));
            }
        }
    }
    assert_none(&problems);
}

/// Whether three words of English follow each other in a line, outside of records, commands and names in quotes.
fn is_english(line: &str) -> bool {
    let quoted = line.split(['`', '"']).step_by(2);
    let plain = quoted.map(|part| part.split("ruascope ").next().unwrap_or_default());
    plain.into_iter().any(|part| {
        let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let words: Vec<bool> = part.split(' ').map(is_word).collect();
        !line.starts_with("$ ") && words.windows(3).any(|three| three.iter().all(|is_word| *is_word))
    })
}

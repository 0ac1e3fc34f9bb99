//! The screens of three stories, whole, in both languages: all is well, something has to be set right, nothing comes any
//! more.
//!
//! `UPDATE_EXPECTED=1` writes the files again; then they are looked at.

use crate::harness::{Place, assert_none, fixture, read, root};
use crate::name_server::NameServer;

const KEY: &str = include_str!("../../fixtures/dns/dkim_key/rsa2048.txt");
const ZONE: &str = "DOMAIN MX 10 mx.DOMAIN\nmx.DOMAIN A 192.0.2.1\n";
const SETTINGS: &str = "[[domain]]\nname = \"DOMAIN\"\nprofile = \"people\"\n";

/// A world, and what is asked there.
struct Story {
    name: &'static str,
    domain: &'static str,
    zone: &'static str,
    settings: &'static str,
    /// Names of fixtures that are taken in, each with the time.
    inputs: &'static [(&'static str, &'static str)],
    now: &'static str,
    commands: &'static [&'static str],
}

const WELL: Story = Story {
    name: "well",
    domain: "example.net",
    zone: "example.net TXT \"v=spf1 mx ip4:203.0.113.200/30 -all\"\n\
        bounce.example.net TXT \"v=spf1 ip4:203.0.113.200/30 ~all\"\n\
        _dmarc.example.net TXT \"v=DMARC1; p=reject; rua=mailto:d@example.net\"\n\
        sm1._domainkey.example.net TXT KEY\n",
    settings: "[domain.dmarc]\np = \"reject\"\nrua = [\"mailto:d@example.net\"]\n[[domain.dkim]]\nselector = \"sm1\"\n",
    inputs: &[("story/2026-09", "2026-09-30T06:00:00Z")],
    now: "2026-09-30T06:00:00Z",
    commands: &[
        "config check",
        "doctor",
        "status",
        "summary --last week",
        "sources example.net --days 30",
        "recommend example.net",
        "simulate example.net --p reject --adkim s --days 30",
        "check example.net",
        "reports --limit 3",
        "reports 1",
        "domain list",
        "dmarc show example.net",
        "dkim list",
        "spf show example.net",
        "spf suggest example.net",
        "store stats",
        "store audit",
        "store prune --keep-days 400 --dry-run",
        "rejected",
        "note list",
        "chart alignment --domain example.net --days 30 --term",
    ],
};

const FIX: Story = Story {
    name: "fix",
    domain: "example.com",
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
        "status --now yesterday",
        "status --config broken.toml",
        "reports --days 0",
        "reports --limit x",
        "simulate example.com --days 401",
        "store prune --keep-days 0",
        "chart volume --size 1x1 -o x.svg",
        "report",
    ],
};

const BLIND: Story = Story {
    name: "blind",
    domain: "example.com",
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
    let settings = SETTINGS.replace("DOMAIN", story.domain);
    place.write("ruascope.toml", format!("{}{settings}{}", server.settings(), story.settings));
    place.write("slips.toml", "[stor]\nurl = 1\n[domain]\nname = 3\n[dns]\ntimeout_s = \"long\"\n");
    place.write("broken.toml", "[store\n");
    for (name, now) in story.inputs {
        place.run(["ingest", "--quiet"]).arg(fixture(name)).now(now).check();
    }
    place
}

/// The name server of a story.
fn server(story: &Story) -> NameServer {
    let (start, rest) = KEY.trim().split_at(200);
    let zone = format!("{ZONE}{}", story.zone).replace("DOMAIN", story.domain);
    NameServer::start(&zone.replace("KEY", &format!("\"{start}\" \"{rest}\"")))
}

fn screens(story: &Story, language: &str) -> String {
    let server = server(story);
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
            problems.extend((!is_as_expected(&name, &told)).then(|| format!("{name} is\n{told}")));
            if language == "ja" {
                problems.extend(told.lines().filter(|line| is_english(line)).map(|line| format!("{name}: {line}")));
            }
        }
    }
    assert_none(&problems);
}

/// Compares with what was looked at, or writes it again.
fn is_as_expected(name: &str, told: &str) -> bool {
    let path = root().join("tests/integration/screens").join(name);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(&path, told).expect("a file");
    }
    std::fs::read_to_string(&path).unwrap_or_default() == told
}

#[test]
fn the_objects_and_pictures_of_three_stories() {
    let mut problems = Vec::new();
    for story in [WELL, FIX, BLIND] {
        let server = server(&story);
        let place = place(&story, &server);
        let domain = story.domain;
        let mut objects = String::new();
        for command in ["status", "recommend", "check", "sources", "summary"] {
            let about = match command {
                "status" => command.to_owned(),
                "summary" => format!("{command} --last day"),
                "sources" => format!("{command} {domain} --days 7"),
                _ => format!("{command} {domain}"),
            };
            let run = place.run(about.split(' ')).args(["--format", "json"]).now(story.now).online();
            objects += &format!("// ruascope {about}\n{}\n", without_times(&run.screen()));
        }
        let name = format!("{}.json", story.name);
        problems.extend((!is_as_expected(&name, &objects)).then(|| format!("{name} differs")));
        for (kind, language) in
            ["ladder", "alignment", "dispositions"].iter().flat_map(|kind| [(kind, "en"), (kind, "ja")])
        {
            let run = place.run(["chart", kind, "--quiet", "--lang", language, "--domain", domain, "-o", "chart.svg"]);
            run.now(story.now).online().check();
            let name = format!("{}-{language}-{kind}.svg", story.name);
            let svg = read(&place.path().join("chart.svg"));
            problems.extend((!is_as_expected(&name, &svg)).then(|| format!("{name} differs")));
        }
    }
    assert_none(&problems);
}

/// Commands that change something, and pictures, whose text is a person's.
const NO_JSON: [&str; 9] = [
    "fetch",
    "dmarc set",
    "dkim activate",
    "dkim pause",
    "dkim export",
    "store prune",
    "note remove",
    "ingest",
    "chart",
];

#[test]
fn programs_get_the_same_in_every_language() {
    let mut problems = Vec::new();
    let mut compared = 0;
    for story in [WELL, FIX, BLIND] {
        let server = server(&story);
        let place = place(&story, &server);
        for command in story.commands.iter().filter(|command| !NO_JSON.iter().any(|start| command.starts_with(start))) {
            let told = ["en", "ja"].map(|language| {
                let run = place.run(command.split(' ')).args(["--format", "json", "--lang", language]).now(story.now);
                let output = run.online().command().output().expect("the program starts");
                let objects = [output.stdout, output.stderr].map(|text| without_times(&String::from_utf8_lossy(&text)));
                (output.status.code(), objects)
            });
            let [(_, [object, said]), ja] = &told;
            // A person who asked in Japanese hears of it in Japanese; objects are for programs.
            let is_same = told[0].0 == ja.0 && object == &ja.1[0] && (!said.starts_with('{') || said == &ja.1[1]);
            compared += usize::from(object.contains("\"schema\"") || said.contains("\"schema\""));
            problems.extend((!is_same).then(|| format!("{}: {command}: {told:#?}", story.name)));
        }
    }
    assert_none(&problems);
    assert!(compared > 40, "only {compared} answers were objects");
}

/// A text without the numbers that take their own time, or depend on the disk.
fn without_times(text: &str) -> String {
    let is_own = |line: &&str| !["_ms\"", "MiB are free", "duration"].iter().any(|word| line.contains(word));
    text.lines().filter(is_own).collect::<Vec<_>>().join("\n")
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

//! Settings, the store's upkeep, completions and manual.

use std::process::Command;

use serde_json::json;

use super::{take_in, ten_mails};
use crate::harness::{Place, Run, list, number, read, skipped};
use crate::readme::subcommands;
use crate::report::{DAY_S, MONDAY_S};

#[test]
fn settings_are_written_checked_and_shown() {
    let place = Place::new();
    place
        .run(["config", "init"])
        .stdout("wrote ruascope.toml: every key with a comment, all at their defaults\n")
        .check();
    let written = read(&place.path().join("ruascope.toml"));
    assert!(written.lines().filter(|line| line.trim_start().starts_with('#')).count() > 50, "it is commented");
    place.run(["config", "check"]).stdout("OK: ruascope.toml\n").check();
    // What was written says the same as no file at all.
    let elsewhere = Place::new();
    let shown = |place: &Place| place.run(["config", "show"]).no_store().exact();
    assert_eq!(shown(&place), shown(&elsewhere));
    elsewhere.run(["config", "check"]).stdout("OK: no settings file, defaults everywhere\n").check();
}

#[test]
fn settings_that_are_there_are_left_as_they_are() {
    let place = Place::new();
    place.write("ruascope.toml", "# mine\n");
    place
        .run(["config", "init"])
        .exit(73)
        .stderr("error: ruascope.toml exists already\nhint: it was left as it is\n")
        .check();
    assert_eq!(read(&place.path().join("ruascope.toml")), "# mine\n");
}

#[test]
fn shown_settings_are_settings() {
    let place = Place::new();
    let shown = place.run(["config", "show"]).no_store().exact();
    place.write("again.toml", &shown);
    assert_eq!(place.run(["config", "show", "--config", "again.toml"]).no_store().exact(), shown);
}

#[test]
fn flags_go_over_environment_over_file_over_defaults() {
    let place = Place::new();
    place.write("ruascope.toml", "[store]\nurl = \"file.db\"\nretention_days = 30\n");
    let origin = |run: Run, key: &str| {
        let shown = list(&run.json(), "values");
        let found = shown.iter().find(|value| value["key"] == key).unwrap_or_else(|| panic!("{key} is shown"));
        (found["value"].clone(), found["origin"].as_str().expect("an origin").to_owned())
    };
    let show = || place.run(["config", "show", "--origin"]).no_store();
    assert_eq!(origin(show(), "store.url"), (json!("\"file.db\""), "ruascope.toml:2".to_owned()));
    assert_eq!(origin(show(), "store.keep_raw").1, "default");
    let from_environment = origin(show().env("RUASCOPE_STORE_RETENTION_DAYS", "7"), "store.retention_days");
    assert_eq!(from_environment.0, json!("7"));
    assert!(from_environment.1.contains("RUASCOPE_STORE_RETENTION_DAYS"), "{from_environment:?}");
    assert_eq!(origin(show().store("flag.db"), "store.url").0, json!("\"flag.db\""));
}

#[test]
fn settings_are_found_where_the_contract_says() {
    let place = Place::new();
    let file_in_use = |run: Run| run.json()["file"].as_str().map(str::to_owned);
    let check = || place.run(["config", "check"]);
    assert_eq!(file_in_use(check()), None);
    place.write("xdg/ruascope/ruascope.toml", "");
    let config_home = place.path().join("xdg");
    assert!(
        file_in_use(check().env("XDG_CONFIG_HOME", &config_home))
            .is_some_and(|file| file.ends_with("xdg/ruascope/ruascope.toml"))
    );
    place.write("ruascope.toml", "");
    assert_eq!(file_in_use(check().env("XDG_CONFIG_HOME", &config_home)).as_deref(), Some("ruascope.toml"));
    place.write("other.toml", "");
    assert_eq!(file_in_use(check().args(["--config", "other.toml"])).as_deref(), Some("other.toml"));
}

#[test]
fn a_switch_of_the_environment_is_on_in_the_usual_words() {
    let place = Place::new();
    for word in ["1", "yes", "on", "true"] {
        let checked = place.run(["check", "example.com"]).env("RUASCOPE_OFFLINE", word).exit(3).json();
        assert_eq!(checked["domains"][0]["findings"][0]["rule"], "dns-offline", "{word}");
    }
    // Switched off: a server where nobody listens is asked.
    place.write("ruascope.toml", "[dns]\nservers = [\"127.0.0.1:9\"]\ntimeout_s = 1\nattempts = 1\n");
    for word in ["0", "no", "off", "false", ""] {
        let checked = place.run(["check", "example.com"]).env("RUASCOPE_OFFLINE", word).exit(3).json();
        assert_ne!(checked["domains"][0]["findings"][0]["rule"], "dns-offline", "{word:?}");
    }
}

#[test]
fn the_store_is_where_the_contract_says() {
    let place = Place::new();
    let file = place.write("in/a.xml", ten_mails("a").xml());
    let ingest = || place.run(["ingest", "--quiet"]).arg(&file).no_store();
    ingest().env("XDG_DATA_HOME", place.path().join("data")).check();
    assert!(place.path().join("data/ruascope/ruascope.db").exists());
    ingest().check();
    assert!(place.path().join(".local/share/ruascope/ruascope.db").exists());
    ingest().store("sqlite:named.db").check();
    assert!(place.path().join("named.db").exists());
    ingest().env("RUASCOPE_STORE", "variable.db").check();
    assert!(place.path().join("variable.db").exists());
    place.write("ruascope.toml", "[store]\nurl = \"sqlite:settings.db\"\n");
    ingest().check();
    assert!(place.path().join("settings.db").exists());
}

#[test]
#[cfg(unix)]
fn files_that_hold_data_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    place.run(["store", "backup", "copy.db"]).stdout("copied to copy.db\n").check();
    for file in ["store.db", "copy.db"] {
        let mode = std::fs::metadata(place.path().join(file)).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn asking_makes_no_store() {
    let place = Place::new();
    place.run(["summary"]).text();
    place.run(["reports"]).stdout("no reports. Take some in: ruascope ingest PATH\n").check();
    place.stats();
    assert!(!place.store().exists());
}

#[test]
fn a_backup_says_the_same() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a"), ten_mails("b")]);
    place.run(["store", "backup", "copy.db"]).json();
    let exported = |store: &str| place.run(["export", "records", "--format", "csv"]).store(store).exact();
    assert_eq!(exported("copy.db"), exported("store.db"));
    assert_eq!(place.run(["store", "audit"]).store("copy.db").json()["clean"], true);
    place
        .run(["store", "backup", "copy.db"])
        .exit(73)
        .stderr("error: copy.db exists already\nhint: give a new file's name\n")
        .check();
}

#[test]
fn pruning_takes_out_what_is_old_and_nothing_else() {
    let place = Place::new();
    let old = ten_mails("old").period(MONDAY_S - 40 * DAY_S, DAY_S - 1);
    take_in(&place, &[old, ten_mails("new")]);
    let prune = |flags: &[&str]| {
        place.run(["store", "prune", "--keep-days", "30"]).args(flags).now("2026-01-20T10:00:00Z").json()
    };
    assert_eq!(number(&prune(&["--dry-run"]), "reports"), 1);
    assert_eq!(number(&place.stats(), "reports"), 2, "a dry run takes nothing out");
    assert_eq!(number(&prune(&[]), "reports"), 1);
    assert_eq!(place.reports().iter().map(|report| report["report_id"].clone()).collect::<Vec<_>>(), ["new"]);
    let stats = place.stats();
    assert_eq!((number(&stats, "mails"), stats["first_day"].as_str()), (10, Some("2026-01-05")));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let place = Place::new();
    take_in(&place, &[ten_mails("a")]);
    let store = rusqlite::Connection::open(place.store()).expect("a store");
    store.pragma_update(None, "user_version", 999).expect("another version");
    drop(store);
    let error = place.run(["reports"]).exit(65).error();
    assert!(error["message"].as_str().is_some_and(|message| message.contains("later version")), "{error}");
}

#[test]
fn completions_are_for_every_shell_and_name_every_command() {
    let names = subcommands(&[]);
    assert!(names.len() > 8, "{names:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = Run::new(["completions", shell]).exact();
        let missing: Vec<&String> = names.iter().filter(|name| !script.contains(name.as_str())).collect();
        assert!(missing.is_empty(), "{shell} does not know {missing:?}");
        check_syntax(shell, &script);
    }
}

/// Lets the shell itself read the script, where it is installed.
fn check_syntax(shell: &str, script: &str) {
    let place = Place::new();
    let file = place.write("completions", script);
    match Command::new(shell).arg("-n").arg(&file).output() {
        Ok(output) => assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => skipped(&format!("{shell} is not installed")),
    }
}

#[test]
fn completions_and_manual_work_whatever_the_settings_say() {
    let place = Place::new();
    place.write("ruascope.toml", "nonsense = [");
    assert!(place.run(["completions", "bash"]).text().contains("ruascope"));
    let page = place.run(["man"]).text();
    assert!(page.contains(".TH ruascope 1"), "{page}");
    let missing: Vec<String> = subcommands(&[]).into_iter().filter(|name| !page.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "the manual does not know {missing:?}");
}

#[test]
fn the_version_is_said() {
    Run::new(["--version"]).stdout("ruascope [VERSION]\n").check();
}

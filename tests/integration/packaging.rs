//! What is packaged has to fit the program.

use std::process::Command;

use crate::harness::{Run, read, root, temporary};

const UNITS: [&str; 3] = ["ruascope-run.service", "ruascope-run.timer", "ruascope-watch.service"];

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let folder = temporary();
    for unit in UNITS {
        let text = read(&root().join("packaging/systemd").join(unit));
        let text = text.replace("/usr/bin/ruascope", env!("CARGO_BIN_EXE_ruascope"));
        std::fs::write(folder.path().join(unit), text).expect("a unit");
    }
    let mut verify = Command::new("systemd-analyze");
    verify.args(["verify", "--man=no"]).args(UNITS.map(|unit| folder.path().join(unit)));
    let output = verify.output().expect("systemd-analyze has to be installed: tests/all installs it");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn services_may_do_no_more_than_they_have_to() {
    for unit in ["ruascope-run.service", "ruascope-watch.service"] {
        let text = read(&root().join("packaging/systemd").join(unit));
        for line in [
            "User=ruascope",
            "ProtectSystem=strict",
            "ProtectHome=yes",
            "NoNewPrivileges=yes",
            "PrivateTmp=yes",
            "CapabilityBoundingSet=",
            "SystemCallFilter=@system-service",
        ] {
            assert!(text.lines().any(|own| own == line), "{unit} has to have {line}");
        }
    }
}

#[test]
fn packaged_commands_are_commands_with_a_manual() {
    let lines = [
        "packaging/systemd/ruascope-run.service",
        "packaging/systemd/ruascope-watch.service",
        "packaging/cron/ruascope",
    ];
    for file in lines {
        let text = read(&root().join(file));
        let line = text.lines().find(|line| line.contains(" --store ")).expect("a command");
        let (_, args) = line.split_once(" --config ").expect("settings");
        // With --help nothing is done, but all flags have to be known.
        let args: Vec<&str> = args.split_whitespace().collect();
        Run::new(["--config"]).no_store().args(args.clone()).arg("--help").text();
        let command = args.get(3).expect("a command behind the store");
        let page = Run::new(["man", command]).no_store().text();
        assert!(page.contains(&format!(".TH ruascope-{command} 1")), "{page}");
    }
    Run::new(["man", "doctor", "nothing"])
        .no_store()
        .exit(64)
        .stderr("error: there is no command doctor nothing\n")
        .check();
}

//! A generated mailbox: what is in the store has to be its truth.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::server::Server;

#[test]
fn a_generated_mailbox_gives_its_truth() {
    let maker = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bin/gen_corpus.py");
    if !maker.exists() {
        eprintln!("SKIPPED: {} is not there", maker.display());
        return;
    }
    let server = Server::start();
    let corpus = tempfile::tempdir().expect("a folder");
    let mails = corpus.path().join("mails");
    let mut made = Command::new("python3");
    let made = made
        .arg(&maker)
        .arg(&mails)
        .args(["--reports", "500", "--seed", "7", "--profile", "mail", "--noise", "0.3"])
        .output();
    assert!(made.expect("python3 has to run").status.success());
    for (number, entry) in walkdir::WalkDir::new(mails.join("reports")).sort_by_file_name().into_iter().enumerate() {
        let entry = entry.expect("an entry");
        if entry.file_type().is_file() {
            server.deliver("INBOX", &format!("{number:05}"), std::fs::read(entry.path()).expect("a mail"));
        }
    }
    server.usual_settings("after = \"move:Archive\"\nrejected = \"move:Rejected\"");
    let fetched = server.fetch(&[]);
    let truth: Value =
        serde_json::from_slice(&std::fs::read(mails.join("truth.json")).expect("a truth")).expect("JSON");
    assert_eq!(fetched["reports_new"], truth["reports_unique"], "{fetched:#}");
    assert_eq!(server.stored().1, truth["messages"].as_u64().expect("a number"));
    assert_eq!(server.mails("Archive").len() as u64, truth["reports_parsed"].as_u64().expect("a number"));
    assert_eq!(fetched["deliveries"], 500);
}

//! `--after`: what becomes of mails in Maildirs.

use std::collections::BTreeSet;
use std::time::Duration;

use super::ten_mails;
use crate::harness::{Place, files_below, number};
use crate::report::{mbox, ordinary_mail};

/// A Maildir with a new report, one that was looked at, one that can't be used, and an ordinary mail.
fn maildir() -> Place {
    let place = Place::new();
    place.write("Maildir/cur/1.M1.host:2,F", ten_mails("a").mail());
    place.write("Maildir/new/2.M2.host", ten_mails("b").mail());
    place.write("Maildir/new/3.M3.host", ten_mails("c").mail().replace("</feedback>", "").replace("<record>", "<x>"));
    place.write("Maildir/new/4.M4.host", ordinary_mail());
    place.write("Maildir/tmp/5.M5.host", ten_mails("e").mail());
    place.write("other/report.xml", ten_mails("f").xml());
    place
}

/// All files but the store, from the place's folder on.
fn files(place: &Place) -> Vec<String> {
    let below = files_below(place.path()).into_iter();
    let below = below.filter_map(|path| Some(path.strip_prefix(place.path()).ok()?.display().to_string()));
    let mut files: Vec<String> = below.filter(|name| !name.starts_with("store.db")).collect();
    files.sort();
    files
}

#[test]
fn mails_with_reports_are_marked_as_read_and_others_are_not() {
    let place = maildir();
    let tally = place.run(["ingest", ".", "--after", "seen"]).json();
    assert_eq!((number(&tally, "reports_new"), number(&tally, "rejected")), (3, 1));
    let expected = [
        "Maildir/cur/1.M1.host:2,FS",
        "Maildir/cur/2.M2.host:2,S",
        "Maildir/new/3.M3.host",
        "Maildir/new/4.M4.host",
        "Maildir/tmp/5.M5.host",
        "other/report.xml",
    ];
    assert_eq!(files(&place), expected);
    let again = place.run(["ingest", ".", "--after", "seen"]).json();
    assert_eq!((number(&again, "reports_new"), number(&again, "reports_duplicate")), (0, 3));
    assert_eq!(files(&place), expected);
}

#[test]
fn mails_with_reports_are_moved_to_another_maildir() {
    let place = maildir();
    place.run(["run", "Maildir", "--after", "move:Maildir/.done", "--out", "out", "-q"]).text();
    let mut found = files(&place);
    found.retain(|name| name.starts_with("Maildir"));
    let expected = [
        "Maildir/.done/cur/1.M1.host:2,F",
        "Maildir/.done/new/2.M2.host",
        "Maildir/new/3.M3.host",
        "Maildir/new/4.M4.host",
        "Maildir/tmp/5.M5.host",
    ];
    assert_eq!(found, expected);
    assert!(place.path().join("Maildir/.done/tmp").is_dir(), "it has to be a whole Maildir");
    place.run(["ingest", "Maildir/new", "Maildir/.done", "--after", "move:Maildir/.done", "-q"]).check();
    found = files(&place);
    found.retain(|name| name.starts_with("Maildir"));
    assert_eq!(found, expected, "what is there already stays");
}

#[test]
fn a_mail_never_takes_the_place_of_another() {
    let place = maildir();
    let other = place.write("done/new/2.M2.host", "another mail");
    std::fs::create_dir_all(place.path().join("done/cur")).expect("a folder");
    let run = place.run(["ingest", "Maildir", "--after", "move:done", "-q"]).exit(74);
    run.stderr(
        "warning: Maildir/new/2.M2.host is stored, but stays where it is: done/new/2.M2.host is there already\n",
    )
    .check();
    assert_eq!(std::fs::read(other).expect("a file"), b"another mail");
    assert!(
        place.path().join("Maildir/new/2.M2.host").exists() && place.path().join("done/cur/1.M1.host:2,F").exists()
    );
}

#[test]
fn what_is_no_maildir_is_told_before_anything_is_done() {
    let place = maildir();
    place.write("box", mbox(&[ten_mails("g").mail()]));
    let hint = "hint: leave --after out, and everything stays as it is\n";
    let mbox_hint = "hint: an mbox is one file, which mail programs write to at any time: no single mail can be taken out of it safely\n";
    for (path, why, hint) in [
        ("box", "box is a file, and no mail in a Maildir", mbox_hint),
        ("other", "there is no Maildir in other", hint),
        ("-", "standard input is no Maildir", hint),
    ] {
        let text = format!("error: --after is for mails in Maildirs: {why}\n{hint}");
        place.run(["ingest", "Maildir", path, "--after", "seen"]).exit(64).stderr(&text).check();
    }
    let error = place.run(["ingest", "Maildir", "--after", "delete"]).exit(64).error();
    assert!(error["message"].as_str().is_some_and(|text| text.contains("`seen` or `move:FOLDER`")), "{error}");
    assert_eq!(number(&place.stats(), "reports"), 0);
    assert!(place.path().join("Maildir/new/2.M2.host").exists());
}

#[test]
fn killed_at_any_moment_nothing_is_lost_or_moved_before_it_is_stored() {
    let place = Place::new();
    let (mut mails, mut killed) = (0_u64, 0);
    let moved = || -> BTreeSet<String> {
        let name = |file: String| Some(file.strip_prefix("done/new/")?.strip_suffix(".M.host")?.to_owned());
        files(&place).into_iter().filter_map(name).collect()
    };
    let done = place.path().join("done/new");
    let journal = place.path().join("store.db-wal");
    let entries = || std::fs::read_dir(&done).map_or(0, Iterator::count);
    for round in 0_u64..20 {
        for _ in 0..400 {
            place.write(&format!("Maildir/new/{mails}.M.host"), ten_mails(&format!("id{mails}")).mail());
            mails += 1;
        }
        std::fs::create_dir_all(place.path().join("Maildir/cur")).expect("a folder");
        let already = entries();
        let run = place.run(["ingest", "Maildir", "--after", "move:done", "-q"]);
        let mut child = run.command().spawn().expect("the program has to start");
        // Half of them while they store, half while they move.
        let enough = |round: u64| match round % 2 {
            0 => std::fs::metadata(&journal).is_ok_and(|journal| journal.len() > round * 4_096),
            _ => entries() > already + usize::try_from(round).unwrap_or(0) * 15,
        };
        while !enough(round) && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ended = child.kill();
        killed += u32::from(child.wait().expect("a child").code().is_none());
        let stored: BTreeSet<String> =
            place.reports().iter().filter_map(|report| Some(report["report_id"].as_str()?.to_owned())).collect();
        assert!(moved().iter().all(|mail| stored.contains(&format!("id{mail}"))), "moved before it was stored");
    }
    assert!(killed > 5, "only {killed} were killed");
    place.run(["ingest", "Maildir", "--after", "move:done", "-q"]).check();
    assert_eq!(number(&place.stats(), "reports"), mails);
    assert_eq!((moved().len() as u64, files(&place).len() as u64), (mails, mails));
}

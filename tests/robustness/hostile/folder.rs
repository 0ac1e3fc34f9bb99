//! Folders: links that lead nowhere, back or out, things that are no files, and many small files.

use std::os::unix::fs::symlink;

use super::*;

#[test]
fn links_lead_neither_round_nor_into_devices() {
    let world = World::new();
    let folder = world.path("folder");
    std::fs::create_dir_all(folder.join("inner")).expect("a folder");
    std::fs::write(folder.join("a.xml"), report("a", 1)).expect("the disk has room");
    std::fs::write(world.path("outside.xml"), report("outside", 1)).expect("the disk has room");
    for (target, link) in [
        ("..", "inner/up"),
        (".", "self"),
        ("inner", "again"),
        ("a.xml", "b.xml"),
        ("../outside.xml", "outside.xml"),
        ("/dev/zero", "zero.xml"),
        ("c1", "c2"),
        ("c2", "c1"),
        ("nowhere", "nothing.xml"),
    ] {
        symlink(target, folder.join(link)).expect("a link");
    }
    let ran = world.run(&[Path::new("ingest"), &folder]);
    ran.is_orderly();
    let tally: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", ran.stdout, ran.stderr));
    assert_eq!((count(&tally, "reports_new"), count(&tally, "reports_duplicate")), (2, 1), "{tally}");
    // Links to nowhere are told by name; they are no reports lost.
    let unreadable = tally["unreadable"].as_array().expect("a list");
    assert!(
        unreadable.iter().all(|line| ["c1", "c2", "nothing.xml"]
            .iter()
            .any(|name| line.as_str().unwrap_or_default().contains(name))),
        "{tally}"
    );
}

#[test]
fn a_device_without_end_is_read_up_to_the_limit() {
    take_in_path(World::new(), Path::new("/dev/zero"), 0).is_rejected_by(&["input_bytes_max"]);
}

#[test]
fn many_small_plain_files_need_no_more_than_a_few_large_ones() {
    let world = World::new();
    let folder = world.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    for number in 0..2_000 {
        std::fs::write(folder.join(format!("{number}.xml")), report(&format!("small-{number}"), 2))
            .expect("the disk has room");
    }
    take_in_path(world, &folder, 8 << 20).holds(2_000, 4_000);
}

#[test]
fn many_small_files_that_become_large_need_no_more_than_a_few() {
    let world = World::new();
    let folder = world.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let records: String = (0..250).map(|number| record(number, 1)).collect();
    for number in 0..60 {
        let document = Deflated::of(&[
            (head(&format!("grown-{number}")).as_bytes(), 1),
            (records.as_bytes(), 40),
            (END.as_bytes(), 1),
        ]);
        std::fs::write(folder.join(format!("{number}.xml.gz")), document.gzip()).expect("the disk has room");
    }
    take_in_path(world, &folder, 60 << 20).holds(60, 60 * 40 * 250);
}

/// Memory that one large input needed is there for the next, whichever thread opens it.
#[test]
fn many_large_mails_need_no_more_than_one() {
    let world = World::new();
    let folder = world.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let most = usize::try_from(Limits::standard().message_bytes_max).expect("it fits into memory") - 1_024;
    for number in 0..8 {
        file(folder.join(format!("{number}.eml")), |out| {
            put(out, "From: a@o.example\r\nTo: b@example.com\r\nContent-Type: text/xml; charset=iso-8859-1\r\n\r\n");
            repeat(out, b"<a>\xe9\xe9\xe9\r\n", most / 8);
        });
    }
    take_in_path(world, &folder, 0).is_ignored();
}

#[test]
fn a_name_that_attacks_is_told_harmlessly() {
    let world = World::new();
    let folder = world.path("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let name = format!("\u{1b}[2J\n{}<b>'\";DROP TABLE raw;--{CLAIM}", "é".repeat(40));
    std::fs::write(folder.join(&name), "no report").expect("the disk has room");
    let outcome = take_in_path(world, &folder, 1_000);
    outcome.rejected(1, "no report");
    let text = outcome.world.run(&["--format", "text", "rejected"]);
    assert!(text.code() == Some(0) && !text.stdout.contains('\u{1b}'), "{:?}", text.stdout);
}

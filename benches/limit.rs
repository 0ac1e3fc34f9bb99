#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads arguments, clock and files")]
//! The leanest program that could do the job, to know what is possible: read, inflate, scan, packed insert.
//!
//!     cargo bench --bench limit -- CORPUS [STORE]
//!
//! It trusts its input: no bounds but one on inflated bytes, no notes, no damage told, no raw bytes kept, no daily
//! sums. A report is known by the hash of its names and times, a file is opened by its magic bytes.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use foldhash::fast::{FixedState, RandomState};
use quick_xml::Reader;
use quick_xml::events::Event;

#[path = "shared/corpus.rs"]
mod corpus;
#[path = "shared/process.rs"]
mod process;

/// Threads that read, inflate and scan; the main thread writes.
const THREADS: usize = 2;
/// Bytes that one file may become.
const OUTPUT_BYTES_MAX: usize = 1 << 30;
/// Records of a transaction.
const BATCH_RECORDS: u64 = 40_000;
/// Leaves of a record that are kept, in the order of a row; what stands more than once keeps its last.
const LEAVES: [&str; 11] = [
    "source_ip",
    "count",
    "disposition",
    "dkim",
    "spf",
    "header_from",
    "envelope_from",
    "envelope_to",
    "domain",
    "selector",
    "result",
];

/// A scanned report.
struct Report {
    identity: u64,
    head: String,
    words: Vec<String>,
    rows: Vec<u8>,
    records: u64,
}

fn main() -> anyhow::Result<()> {
    let Some((folder, store)) = corpus::arguments("limit") else { return Ok(()) };
    let start = Instant::now();
    let files: Vec<PathBuf> = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    let next = AtomicUsize::new(0);
    let (reports, records) = std::thread::scope(|scope| {
        let (send, receive) = sync_channel(64);
        for _ in 0..THREADS {
            let (send, files, next) = (send.clone(), &files, &next);
            scope.spawn(move || work(files, next, &send));
        }
        drop(send);
        write(&store, &receive)
    })?;
    println!("{}", corpus::line("limit", &folder, start.elapsed().as_secs_f64(), reports, records, &store));
    Ok(())
}

fn work(files: &[PathBuf], next: &AtomicUsize, send: &SyncSender<Report>) {
    let mut inflate = libdeflater::Decompressor::new();
    while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
        let Ok(bytes) = std::fs::read(path) else { continue };
        each_document(&bytes, &mut inflate, &mut |xml| {
            if let Some(report) = scan(xml) {
                // The writer only goes when it failed.
                let _sent = send.send(report);
            }
        });
    }
}

/// Gives the documents in gzip, zip, a mail, or plain.
fn each_document(bytes: &[u8], inflate: &mut libdeflater::Decompressor, visit: &mut dyn FnMut(&[u8])) {
    match bytes {
        [0x1f, 0x8b, ..] => {
            if let Some(xml) = gunzip(bytes, inflate) {
                visit(&xml);
            }
        }
        [b'P', b'K', 3, 4, ..] => {
            let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else { return };
            for at in 0..archive.len() {
                let Ok(mut member) = archive.by_index(at) else { return };
                let mut xml = Vec::new();
                if std::io::Read::read_to_end(&mut member, &mut xml).is_ok() {
                    visit(&xml);
                }
            }
        }
        _ if bytes.trim_ascii_start().starts_with(b"<") => visit(bytes),
        _ => {
            let Some(mail) = mail_parser::MessageParser::default().parse(bytes) else { return };
            for part in mail.attachments() {
                match part.contents() {
                    contents @ ([0x1f, 0x8b, ..] | [b'P', b'K', 3, 4, ..]) => each_document(contents, inflate, visit),
                    contents if contents.trim_ascii_start().starts_with(b"<") => visit(contents),
                    _ => {}
                }
            }
        }
    }
}

fn gunzip(bytes: &[u8], inflate: &mut libdeflater::Decompressor) -> Option<Vec<u8>> {
    let tail = bytes.last_chunk::<4>()?;
    let told = usize::try_from(u32::from_le_bytes(*tail)).ok()?;
    let mut xml = vec![0; told.min(OUTPUT_BYTES_MAX)];
    let length = inflate.gzip_decompress(bytes, &mut xml).ok()?;
    xml.truncate(length);
    Some(xml)
}

/// Reads markup and keeps the text of leaves; `None` where it is no whole report.
fn scan(xml: &[u8]) -> Option<Report> {
    let mut reader = Reader::from_str(std::str::from_utf8(xml).ok()?);
    reader.config_mut().check_end_names = false;
    let mut places: HashMap<String, u32, RandomState> = HashMap::default();
    let mut report = Report { identity: 0, head: String::new(), words: Vec::new(), rows: Vec::new(), records: 0 };
    let mut hash = FixedState::default().build_hasher();
    let mut row = [0_u32; LEAVES.len()];
    let (mut in_record, mut text) = (false, String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                text.clear();
                in_record |= start.local_name().as_ref() == "record";
            }
            Event::Text(part) => text.push_str(&part),
            Event::End(end) => {
                let name = end.local_name();
                match name.as_ref() {
                    "record" => {
                        for place in row {
                            put(&mut report.rows, place);
                        }
                        report.records += 1;
                        row = [0; LEAVES.len()];
                        in_record = false;
                    }
                    "feedback" => break,
                    leaf if in_record => {
                        if let Some(field) =
                            LEAVES.iter().position(|known| *known == leaf).and_then(|at| row.get_mut(at))
                        {
                            *field = place(&mut places, &mut report.words, text.trim_ascii());
                        }
                    }
                    "org_name" | "report_id" | "domain" | "begin" | "end" => {
                        hash.write(text.trim_ascii().as_bytes());
                        report.head.push_str(&text);
                        report.head.push('\n');
                    }
                    _ => {}
                }
                text.clear();
            }
            Event::Eof => return None,
            _ => {}
        }
    }
    report.identity = hash.finish();
    Some(report)
}

/// One more than the place of a text among the report's words.
fn place(places: &mut HashMap<String, u32, RandomState>, words: &mut Vec<String>, text: &str) -> u32 {
    if let Some(place) = places.get(text) {
        return *place;
    }
    words.push(text.to_owned());
    let place = u32::try_from(words.len()).unwrap_or(0);
    places.insert(text.to_owned(), place);
    place
}

fn put(out: &mut Vec<u8>, mut number: u32) {
    while let Some(low) = u8::try_from(number & 0x7f).ok().filter(|_| number > 0x7f) {
        out.push(low | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or(0));
}

/// Stores reports; gives how many, and their records.
fn write(path: &Path, reports: &Receiver<Report>) -> anyhow::Result<(u64, u64)> {
    let connection = rusqlite::Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
         CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
         CREATE TABLE report (id INTEGER PRIMARY KEY, identity INTEGER NOT NULL, head TEXT NOT NULL, packed BLOB NOT NULL);
         BEGIN",
    )?;
    let mut known = HashSet::new();
    let mut ids: HashMap<String, u32, RandomState> = HashMap::default();
    let (mut stored, mut records, mut in_batch) = (0, 0, 0);
    let mut add_word = connection.prepare("INSERT INTO word (text) VALUES (?)")?;
    let mut add_report = connection.prepare("INSERT INTO report (identity, head, packed) VALUES (?, ?, ?)")?;
    for report in reports {
        if !known.insert(report.identity) {
            continue;
        }
        let mut packed = Vec::with_capacity(report.rows.len() + report.words.len() * 3);
        put(&mut packed, u32::try_from(report.words.len())?);
        for word in report.words {
            let id = match ids.get(&word) {
                Some(id) => *id,
                None => {
                    let id = u32::try_from(add_word.insert([&word])?)?;
                    ids.insert(word, id);
                    id
                }
            };
            put(&mut packed, id);
        }
        packed.extend_from_slice(&report.rows);
        add_report.execute(rusqlite::params![report.identity.cast_signed(), report.head, packed])?;
        stored += 1;
        records += report.records;
        in_batch += report.records;
        if in_batch >= BATCH_RECORDS {
            connection.execute_batch("COMMIT; BEGIN")?;
            in_batch = 0;
        }
    }
    connection.execute_batch("COMMIT")?;
    Ok((stored, records))
}

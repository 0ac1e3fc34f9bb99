//! What must hold for any bytes: shared by the fuzz targets (`tests/fuzz`) and by `replay`.

use std::io::BufReader;
use std::mem::discriminant;

use ruascope::decode::{self, Content, sniff};
use ruascope::dns::{self, Finding};
use ruascope::ingest::{self, Item, Options, prepare, prepare_again};
use ruascope::intake::{Delivery, Received};
use ruascope::keys::{self, Opened, Passphrase};
use ruascope::limits::Limits;
use ruascope::mail;
use ruascope::model::{AggregateReport, Note, NoteKind, Record};
use ruascope::parse::{self, ParseError, ParseFailure, Parsed};
use ruascope::store::{Delivered, Store, pack};

#[path = "spf_zone.rs"]
mod spf_zone;

use spf_zone::{SpfZone, evaluate};

/// Bytes that a streamed document is read and converted in, at once.
const CHUNK_BYTES: usize = 64 << 10;

/// A document gives the same report, whole and as a stream, wherever the stream's chunks end in it.
pub(crate) fn aggregate(bytes: &[u8]) {
    agree(bytes);
    // Not every input may start with white space; these do, so that a chunk ends in their middle.
    let cut = bytes.len() / 2;
    let is_ascii_first =
        bytes.first().is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'<') && bytes.get(1) != Some(&0);
    if is_ascii_first {
        let mut padded = vec![b' '; CHUNK_BYTES - cut.min(CHUNK_BYTES)];
        padded.extend_from_slice(bytes);
        agree(&padded);
    }
}

fn agree(bytes: &[u8]) {
    let limits = Limits::standard();
    let whole = parse::aggregate(Content::Whole(bytes), &limits);
    let streamed = parse::aggregate(Content::Stream(Box::new(BufReader::with_capacity(7, bytes))), &limits);
    match (whole, streamed) {
        (Ok(whole), Ok(streamed)) => {
            assert_eq!(whole.value, streamed.value);
            assert_eq!(kinds(&whole.notes), kinds(&streamed.notes));
            let records = whole.value.records.len();
            packs(whole, records);
        }
        (Err(whole), Err(streamed)) => {
            assert!(same_failure(&whole, &streamed), "whole: {whole}; as a stream: {streamed}");
        }
        (whole, streamed) => panic!("whole: {:?}; as a stream: {:?}", whole.map(drop), streamed.map(drop)),
    }
}

fn same_failure(one: &ParseError, other: &ParseError) -> bool {
    let limits = match (&one.failure, &other.failure) {
        (ParseFailure::Limit(one), ParseFailure::Limit(other)) => one == other,
        _ => true,
    };
    limits
        && discriminant(&one.failure) == discriminant(&other.failure)
        && (one.salvage.records, one.salvage.mails) == (other.salvage.records, other.salvage.mails)
        && one.salvage.report_id == other.salvage.report_id
}

/// Notes without their places, which count converted bytes, in any order.
fn kinds(notes: &[Note]) -> Vec<String> {
    let mut kinds: Vec<String> = notes.iter().map(|note| format!("{:?} {}", note.kind, note.times)).collect();
    kinds.sort_unstable();
    kinds
}

/// Packing takes any report, twice alike.
fn packs(parsed: Parsed<AggregateReport>, records: usize) {
    let mut again = Parsed { value: parsed.value.clone(), notes: parsed.notes.clone(), bytes: parsed.bytes };
    let mut parsed = parsed;
    let (one, other) = (pack("a.xml", &mut parsed, Some("o.example")), pack("a.xml", &mut again, Some("o.example")));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
    assert_eq!(parsed.value.records.len(), records);
    assert!(parsed.notes.iter().filter(|note| note.kind == NoteKind::RangeTooLong).count() <= 1);
}

/// Unpacking ends, gives no archive, and gives no more than it may.
pub(crate) fn archive(bytes: &[u8]) {
    let limits = Limits {
        output_bytes_max: 1 << 20,
        input_bytes_max: 1 << 20,
        members_max: 20,
        depth_max: 3,
        ..Limits::standard()
    };
    let (mut given, mut members) = (0, 0);
    decode::members(bytes, 0, &limits, &mut |member| {
        members += 1;
        assert!(!matches!(member.kind, sniff::Kind::Gzip | sniff::Kind::Zip) || member.damage.is_some(), "{member:?}");
        given += match member.content {
            Content::Whole(bytes) => bytes.len(),
            Content::Stream(mut stream) => {
                let mut bytes = Vec::new();
                // Damage on the way is an answer too.
                let _read = stream.read_to_end(&mut bytes);
                bytes.len()
            }
        };
    });
    assert!(given <= (1 << 20) + bytes.len(), "{given} bytes");
    // One more for each level says that there were too many.
    assert!(members <= 20 * 20 + 4, "{members} members");
}

/// A message gives parts out of its own bytes, and no more of them than it may.
pub(crate) fn mail(bytes: &[u8]) {
    let limits = Limits { parts_max: 50, header_lines_max: 500, ..Limits::standard() };
    let outcome = mail::open(bytes, &limits, |opened| {
        for part in &opened.parts {
            // Text may have been decoded from two-byte letters to three bytes each, or from one byte to three.
            assert!(part.bytes.len() <= 3 * bytes.len() + 16, "{} bytes in a part", part.bytes.len());
        }
        assert!(opened.parts.len() <= 50 * 20 * 7, "{} parts", opened.parts.len());
        let short = |text: &Option<String>| text.as_ref().is_none_or(|text| text.chars().count() <= 500);
        assert!(short(&opened.envelope.from) && short(&opened.envelope.subject) && short(&opened.envelope.message_id));
    });
    let signatures = mail::signatures(bytes, &limits);
    assert!(signatures.open.len() as u64 + signatures.broken <= limits.signatures_max, "{signatures:?}");
    if let Err(hit) = outcome {
        assert!(Limits::NAMES.contains(&hit.name), "{hit}");
    }
}

/// Any input opens, alike every time; with `stored`, a store takes what is in it, once, and adds up.
pub(crate) fn open(bytes: &[u8], stored: bool) {
    let limits = Limits { output_bytes_max: 8 << 20, ..Limits::standard() };
    for name in ["", "o.example!example.com!1790000000!1790086399.zip"] {
        let (one, other) = (ingest::open(bytes, name, &limits), ingest::open(bytes, name, &limits));
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
        for part in &one.parts {
            assert!(!part.items.is_empty(), "a part with nothing in it");
            for item in &part.items {
                if let Item::Rejected(rejection) = item {
                    assert!(!rejection.reason.is_empty() && !rejection.stage.is_empty(), "{rejection:?}");
                }
            }
        }
        if name.is_empty() {
            continue;
        }
        let is_claimed_by_name = !matches!(sniff::kind(bytes), sniff::Kind::Mail | sniff::Kind::Mbox);
        assert!(!is_claimed_by_name || !one.parts.is_empty(), "a claim that came to nothing in silence");
    }
    if stored {
        store(bytes, &limits);
    }
}

/// Stores an input twice: the second time changes nothing, and everything adds up before and after a rebuild.
fn store(bytes: &[u8], limits: &Limits) {
    let delivery = Delivery {
        origin: "fuzz".to_owned(),
        name: "o.example!example.com!1790000000!1790086399.zip".to_owned(),
        size_bytes: 1,
        content: Received::Bytes(bytes.to_vec()),
        receipt: None,
        envelope: None,
    };
    let options = Options { limits: *limits, keep_raw: true, now_s: 1_790_000_000 };
    let expected: (u64, u64) = totals(&ingest::open(bytes, &delivery.name, limits));
    let dir = tempfile::TempDir::new().expect("a temp dir");
    let mut store = Store::open(&dir.path().join("store.db")).expect("a new store");
    let first = insert(&mut store, &prepare(delivery.clone(), &options));
    assert!(first.records <= expected.0 && first.mails <= expected.1, "{first:?} out of {expected:?}");
    let second = insert(&mut store, &prepare(delivery.clone(), &options));
    assert_eq!(
        (second.reports_new, second.reports_conflicting, second.records),
        (0, 0, 0),
        "{second:?} after {first:?}"
    );
    let clean = |store: &Store| store.audit(&mut |raw| prepare_again(raw, limits)).expect("it can be read");
    let before = clean(&store);
    assert_eq!(
        (&before.differences[..], before.sums.records, before.sums.mails()),
        (&[][..], first.records, first.mails)
    );
    store.rebuild(&mut |raw| prepare_again(raw, limits)).expect("it can be rebuilt");
    assert_eq!(clean(&store), before);
}

fn insert(store: &mut Store, entry: &ruascope::store::Entry) -> Delivered {
    store.insert(std::slice::from_ref(entry)).expect("it can be written").remove(0)
}

/// Records and mails of everything usable.
fn totals(opened: &ingest::Opened<'_>) -> (u64, u64) {
    let reports = opened.parts.iter().flat_map(|part| &part.items).filter_map(|item| match item {
        Item::Aggregate { parsed, .. } => Some(&parsed.value),
        _ => None,
    });
    let of = |report: &AggregateReport| {
        (u64::try_from(report.records.len()).expect("a count"), report.records.iter().map(Record::mails).sum::<u64>())
    };
    reports.map(of).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// A policy record that was read is written, and then read as the same; findings stand in the text.
pub(crate) fn dmarc(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(read) = dns::dmarc::read(&text) else { return };
    stand_in(&read.findings, &text);
    let again = dns::dmarc::read(&read.record.to_string()).expect("what is written is a record");
    assert_eq!(again.record, read.record);
}

/// The same for an SPF record.
pub(crate) fn spf(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(read) = dns::spf::read(&text) else { return };
    stand_in(&read.findings, &text);
    let again = dns::spf::read(&read.record.to_string()).expect("what is written is a record");
    assert!(again.record.terms.iter().map(|term| &term.kind).eq(read.record.terms.iter().map(|term| &term.kind)));
}

/// What a record laid flat says of an address is what its terms come to one by one; of a zone in the form of `SpfZone`.
pub(crate) fn spf_tree(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let zone = SpfZone::read(&text);
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    let limits = Limits { spf_networks_max: 500, ..Limits::standard() };
    let tree = ruascope::resolve::spf_tree(&zone, &first, &limits);
    assert!(tree.lookups() <= tree.walk().len() && tree.void_lookups() <= tree.lookups());
    let Some(cover) = tree.cover(500) else { return };
    assert!(cover.networks.len() <= 500);
    if !cover.is_complete {
        return;
    }
    let edges = tree.walk().into_iter().flat_map(|(_, step)| step.networks.clone());
    let edges = edges.flat_map(|network| [network.network(), network.broadcast()]);
    for address in edges.chain(["192.0.2.77".parse().expect("an address"), "2001:db8::77".parse().expect("an address")])
    {
        let expected = evaluate(&tree, address).unwrap_or(None);
        assert_eq!(cover.find(address).map(|network| network.qualifier), expected, "{address} in {text}");
    }
}

/// A usable DKIM key has a key and no error.
pub(crate) fn dkim_key(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let read = dns::dkim_key::read(&text);
    stand_in(&read.findings, &text);
    assert!(!read.is_usable || read.record.key.is_usable());
}

/// A file of a key gives a key or words, and never words out of the file; a key is written and read as the same.
pub(crate) fn pem(bytes: &[u8]) {
    // Files may ask for much work; the limits are tested elsewhere.
    let limits = Limits { key_rounds_max: 2_048, key_memory_bytes_max: 1 << 20, ..Limits::standard() };
    let passphrase = Passphrase::new("correct-horse".to_owned()).expect("not empty");
    let read = |bytes: &[u8]| match keys::open(bytes, &limits)? {
        Opened::Key(key) => Ok(key),
        Opened::Locked(locked) => locked.unlock(&passphrase),
    };
    match read(bytes) {
        Err(error) => assert!(error.to_string().len() < 160, "{error}"),
        Ok(key) => {
            let record = key.record().expect("a key has a record");
            assert!(dns::dkim_key::read(&record).is_usable, "{record}");
            let pem = key.to_pem().expect("a key is written");
            assert_eq!(read(pem.as_bytes()).expect("what is written is a key").record().expect("a record"), record);
        }
    }
}

fn stand_in(findings: &[Finding], text: &str) {
    for finding in findings {
        assert!(text.get(finding.at.clone()).is_some(), "{finding:?} in {text:?}");
    }
}

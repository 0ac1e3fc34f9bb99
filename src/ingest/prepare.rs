//! A delivery made ready to be stored: opened, packed, fingerprinted. Pure, and so done by several threads.

use std::borrow::Cow;
use std::cell::RefCell;

use flate2::{Compress, Compression, FlushCompress, Status};
use sha2::{Digest as _, Sha256};

use super::open::{Item, Opened, Part, Rejection, open};
use crate::decode::{Kind, sniff};
use crate::intake::{Delivery, Received};
use crate::limits::Limits;
use crate::mail::Envelope;
use crate::parse::aggregate::as_partial;
use crate::store::{Entry, PackedItem, RawInput, RawPart, pack};

/// How deliveries are made ready.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Bounds on one input.
    pub limits: Limits,
    /// Keep the bytes of what is stored.
    pub keep_raw: bool,
    /// The time of receipt, in seconds since 1970 UTC.
    pub now_s: i64,
}

/// Makes a delivery ready.
#[must_use]
pub fn prepare(delivery: Delivery, options: &Options) -> Entry {
    let entry = Entry {
        origin: delivery.origin,
        size_bytes: delivery.size_bytes,
        received_s: options.now_s,
        mail: delivery.envelope,
        parts: Vec::new(),
        refused: None,
    };
    match delivery.content {
        Received::TooLarge(hit) => Entry { refused: Some(hit.to_string()), ..entry },
        Received::Bytes(bytes) => {
            let Opened { parts: found, envelope } = open(&bytes, &delivery.name, &options.limits);
            // A file that is one part as it is, is kept without a copy.
            let is_itself = matches!(found.as_slice(), [Part { bytes: Cow::Borrowed(_), .. }]);
            let keep_copies = options.keep_raw && !(is_itself && is_compressed(&bytes));
            let mut parts = parts(found, envelope.as_ref(), false, keep_copies);
            if let ([part], true, false) = (parts.as_mut_slice(), options.keep_raw, keep_copies) {
                part.bytes = Some(bytes);
            }
            Entry { mail: envelope, parts, ..entry }
        }
    }
}

/// Makes a raw input of the store ready again.
#[must_use]
pub fn prepare_again(raw: RawInput, limits: &Limits) -> Entry {
    let name = raw.name.clone().unwrap_or_else(|| raw.origin.clone());
    let Opened { parts: found, envelope } = open(&raw.bytes, &name, limits);
    let mail = envelope.unwrap_or(raw.mail);
    let mut parts = parts(found, Some(&mail), raw.accepted, true);
    for part in &mut parts {
        part.name = part.name.take().or_else(|| raw.name.clone());
    }
    let size_bytes = u64::try_from(raw.bytes.len()).unwrap_or(u64::MAX);
    Entry { origin: raw.origin, size_bytes, received_s: raw.received_s, mail: Some(mail), parts, refused: None }
}

fn parts(found: Vec<Part<'_>>, envelope: Option<&Envelope>, accepted: bool, keep_raw: bool) -> Vec<RawPart> {
    let sender_domain = envelope.and_then(|mail| mail.from.as_deref()).and_then(|from| from.rsplit_once('@'));
    let sender_domain = sender_domain.map(|(_, domain)| domain);
    let ready = |part: Part<'_>| {
        let sha256: [u8; 32] = Sha256::digest(&part.bytes).into();
        let size_bytes = u64::try_from(part.bytes.len()).unwrap_or(u64::MAX);
        let is_packed = !is_compressed(&part.bytes);
        let items = part.items.into_iter().map(|item| packed_item(item, sender_domain, accepted)).collect();
        let bytes = match (keep_raw, is_packed) {
            (false, _) => None,
            (true, true) => Some(deflate(&part.bytes)),
            (true, false) => Some(part.bytes.into_owned()),
        };
        RawPart { name: part.name, sha256, bytes, is_packed, size_bytes, accepted, items }
    };
    found.into_iter().map(ready).collect()
}

fn packed_item(item: Item, sender_domain: Option<&str>, accepted: bool) -> PackedItem {
    match item {
        Item::Aggregate { path, mut parsed } => PackedItem::Report(Box::new(pack(&path, &mut parsed, sender_domain))),
        Item::Other { kind, path } => PackedItem::Other { kind: kind.as_str(), path },
        Item::Rejected(Rejection { path, stage, reason, salvage }) => {
            let readable = salvage.as_ref().map(ToString::to_string);
            match salvage.and_then(|salvage| salvage.partial).filter(|_| accepted) {
                Some(partial) => PackedItem::Report(Box::new(pack(&path, &mut as_partial(*partial), sender_domain))),
                None => PackedItem::Rejected { path, stage, reason, readable },
            }
        }
    }
}

/// Nothing is gained by compressing it again.
fn is_compressed(bytes: &[u8]) -> bool {
    matches!(sniff::kind(bytes), Kind::Gzip | Kind::Zip)
}

thread_local! {
    /// One compressor a thread: each has a quarter of a megabyte of tables.
    static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Compression::fast(), true));
}

/// Compresses what came uncompressed, fast rather than small.
fn deflate(bytes: &[u8]) -> Vec<u8> {
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        let mut out = Vec::with_capacity(bytes.len() / 4 + 64);
        loop {
            let from = usize::try_from(compressor.total_in()).unwrap_or(usize::MAX);
            let rest = bytes.get(from..).unwrap_or_default();
            match compressor.compress_vec(rest, &mut out, FlushCompress::Finish) {
                Ok(Status::Ok | Status::BufError) => out.reserve(bytes.len() / 4 + 64),
                Ok(Status::StreamEnd) => break,
                // Half of the bytes must not stand for all: nothing kept is told, a part is not.
                Err(_) => return Vec::new(),
            }
        }
        out.shrink_to_fit();
        out
    })
}

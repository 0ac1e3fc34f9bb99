//! DKIM signatures of a message (RFC 6376), as far as they can be judged without asking anybody: the hash of the body is
//! compared, and what the signature was made over is hashed. With the public key the rest takes no message.

use std::collections::HashMap;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest as _, Sha256};

use crate::limits::Limits;

/// Fields that one signature may name: real ones name under 30.
const FIELDS_MAX: usize = 200;
/// Longest signature, in bytes: that of an RSA key of 8192 bits.
const SIGNATURE_BYTES_MAX: usize = 1_024;
/// Longest name in DNS.
const NAME_BYTES_MAX: usize = 253;

/// As verifiers read it: with or without `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The kind of key that a signature says it was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    /// `a=rsa-sha256`.
    RsaSha256,
    /// `a=ed25519-sha256` (RFC 8463).
    Ed25519Sha256,
}

/// A signature whose body hash is right: whether it was made with the domain's key is still to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// `d`, in lower case.
    pub domain: String,
    /// `s`, in lower case.
    pub selector: String,
    /// `a`.
    pub kind: SignatureKind,
    /// SHA-256 of the signed header fields.
    pub hash: [u8; 32],
    /// `b`.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// Where the key is published.
    #[must_use]
    pub fn key_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

/// The signatures of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signatures {
    /// Those that the body fits to.
    pub open: Vec<Signature>,
    /// How many there are that can't be right: the body is another, or only a part of it is signed, or the sender is not.
    pub broken: u64,
}

/// Looks at the signatures of a message, at most `limits.signatures_max`, from the top.
#[must_use]
pub fn signatures(bytes: &[u8], limits: &Limits) -> Signatures {
    let bytes = super::without_from_line(bytes);
    let (fields, body) = split(bytes);
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, field) in fields.iter().enumerate() {
        places.entry(field.name.clone()).or_default().push(place);
    }
    let mut found = Signatures::default();
    let most = usize::try_from(limits.signatures_max).unwrap_or(usize::MAX);
    for place in places.get("dkim-signature").into_iter().flatten().take(most) {
        let Some(own) = fields.get(*place) else { continue };
        match read(own, &fields, &places, body) {
            Some(signature) => found.open.push(signature),
            None => found.broken += 1,
        }
    }
    found
}

/// A header field.
struct Field<'m> {
    /// In lower case.
    name: String,
    /// As it stands, name included, without the end of its last line.
    raw: &'m [u8],
    /// Where in `raw` the value begins.
    value_at: usize,
}

impl Field<'_> {
    fn value(&self) -> &[u8] {
        self.raw.get(self.value_at..).unwrap_or_default()
    }
}

/// Header fields and body. Lines may end with or without CR.
fn split(bytes: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let mut at = 0;
    // Where the field at hand begins.
    let mut start = 0;
    let mut close = |from: usize, to: usize| {
        let raw = bytes.get(from..to).unwrap_or_default();
        let raw = without_end(raw);
        if let Some(colon) = memchr::memchr(b':', raw) {
            let name = String::from_utf8_lossy(raw.get(..colon).unwrap_or_default()).trim().to_ascii_lowercase();
            fields.push(Field { name, raw, value_at: colon + 1 });
        }
    };
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).map_or(bytes.len(), |end| at + end + 1);
        let line = bytes.get(at..end).unwrap_or_default();
        let is_empty = without_end(line).is_empty();
        if at > start && (is_empty || !line.starts_with(b" ") && !line.starts_with(b"\t")) {
            close(start, at);
            start = at;
        }
        at = end;
        if is_empty {
            return (fields, bytes.get(at..).unwrap_or_default());
        }
    }
    close(start, at);
    (fields, &[])
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// How something is brought to a form that survives the way (RFC 6376 3.4).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Simple,
    Relaxed,
}

/// One signature; none where it can't be right.
fn read(own: &Field<'_>, fields: &[Field<'_>], places: &HashMap<String, Vec<usize>>, body: &[u8]) -> Option<Signature> {
    let value = String::from_utf8_lossy(own.value());
    let mut tags: HashMap<&str, &str> = HashMap::new();
    for tag in value.split(';') {
        let Some((name, text)) = tag.split_once('=') else { continue };
        if tags.insert(name.trim(), text.trim()).is_some() {
            return None;
        }
    }
    let tag = |name: &str| tags.get(name).copied();
    let kind = match tag("a")?.to_ascii_lowercase().as_str() {
        "rsa-sha256" => SignatureKind::RsaSha256,
        "ed25519-sha256" => SignatureKind::Ed25519Sha256,
        _ => return None,
    };
    // A part of a body proves nothing of what was put behind it.
    if tag("v")? != "1" || tag("l").is_some() {
        return None;
    }
    let (header_form, body_form) = forms(tag("c"))?;
    let (domain, selector) = (name(tag("d")?)?, name(tag("s")?)?);
    let signed: Vec<String> = tag("h")?.split(':').map(|name| name.trim().to_ascii_lowercase()).collect();
    if signed.len() > FIELDS_MAX || !signed.iter().any(|name| name == "from") {
        return None;
    }
    let bytes = base64(tag("b")?).filter(|bytes| !bytes.is_empty() && bytes.len() <= SIGNATURE_BYTES_MAX)?;
    if base64(tag("bh")?)? != body_hash(body, body_form) {
        return None;
    }
    let mut hash = Sha256::new();
    // The last of several of a name is signed first (5.4.2); one that is not there counts for nothing.
    let mut left: HashMap<&str, usize> = HashMap::new();
    for name in &signed {
        let Some(all) = places.get(name.as_str()) else { continue };
        let left = left.entry(name).or_insert(all.len());
        let Some(next) = left.checked_sub(1) else { continue };
        *left = next;
        if let Some(field) = all.get(next).and_then(|place| fields.get(*place)) {
            hash.update(canonical(field, field.raw, header_form));
            hash.update(b"\r\n");
        }
    }
    hash.update(canonical(own, &without_b(own), header_form));
    Some(Signature { domain, selector, kind, hash: hash.finalize().into(), bytes })
}

/// `c`: of the header, and of the body.
fn forms(tag: Option<&str>) -> Option<(Form, Form)> {
    let form = |word: &str| match word.trim().to_ascii_lowercase().as_str() {
        "simple" => Some(Form::Simple),
        "relaxed" => Some(Form::Relaxed),
        _ => None,
    };
    let (header, body) = tag.map_or(("simple", "simple"), |tag| tag.split_once('/').unwrap_or((tag, "simple")));
    Some((form(header)?, form(body)?))
}

/// A name that DNS can be asked for, in lower case.
fn name(text: &str) -> Option<String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    (text.len() <= NAME_BYTES_MAX && text.split('.').all(is_label)).then(|| text.to_ascii_lowercase())
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let joined: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64.decode(joined).ok()
}

/// The signature's own field, with nothing behind `b=` (RFC 6376 3.7).
fn without_b(own: &Field<'_>) -> Vec<u8> {
    let mut kept = own.raw.get(..own.value_at).unwrap_or_default().to_vec();
    for (number, tag) in own.value().split(|byte| *byte == b';').enumerate() {
        if number > 0 {
            kept.push(b';');
        }
        let equals = memchr::memchr(b'=', tag);
        let name = equals.and_then(|equals| tag.get(..equals)).unwrap_or_default().trim_ascii();
        kept.extend_from_slice(match equals {
            Some(equals) if name == b"b" => tag.get(..=equals).unwrap_or_default(),
            _ => tag,
        });
    }
    kept
}

/// A field in the form in which it is signed, without the end of its last line.
fn canonical(field: &Field<'_>, raw: &[u8], form: Form) -> Vec<u8> {
    if form == Form::Simple {
        return with_crlf(raw);
    }
    let mut out = field.name.as_bytes().to_vec();
    out.push(b':');
    let start = out.len();
    let value = raw.get(field.value_at..).unwrap_or_default();
    let mut is_gap = false;
    for byte in value {
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            is_gap = out.len() > start;
        } else {
            if is_gap {
                out.push(b' ');
            }
            is_gap = false;
            out.push(*byte);
        }
    }
    out
}

fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len() + 8);
    for (number, line) in raw.split(|byte| *byte == b'\n').enumerate() {
        if number > 0 {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
    }
    out
}

/// SHA-256 of the body, line by line: nothing is copied.
fn body_hash(body: &[u8], form: Form) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut empty_lines: usize = 0;
    let mut is_empty = true;
    let mut line_at = 0;
    while line_at < body.len() {
        let rest = body.get(line_at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        line_at += end;
        let line = without_end(rest.get(..end).unwrap_or_default());
        let line = if form == Form::Relaxed { without_blanks(line) } else { line };
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            hash.update(b"\r\n");
        }
        is_empty = false;
        match form {
            Form::Simple => hash.update(line),
            Form::Relaxed => update_relaxed(&mut hash, line),
        }
        hash.update(b"\r\n");
    }
    // Simple canonicalisation makes a line out of nothing (3.4.3), relaxed leaves it (3.4.4).
    if is_empty && form == Form::Simple {
        hash.update(b"\r\n");
    }
    hash.finalize().to_vec()
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn without_blanks(line: &[u8]) -> &[u8] {
    let end = line.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last + 1);
    line.get(..end).unwrap_or_default()
}

/// A line with every run of blanks as one.
fn update_relaxed(hash: &mut Sha256, line: &[u8]) {
    for (number, piece) in line.split(|byte| is_blank(*byte)).filter(|piece| !piece.is_empty()).enumerate() {
        if number > 0 || line.first().is_some_and(|first| is_blank(*first)) {
            hash.update(b" ");
        }
        hash.update(piece);
    }
}

#[cfg(test)]
mod tests;

//! A message to the parts that can hold a report.
//!
//! *Takes* one message (RFC 5322). *Gives* its envelope and every leaf part, decoded, also where the structure is
//! broken: no closing boundary, a stray line among the header fields, damaged base64; and its DKIM signatures, as far as
//! they can be judged without a key. *Bounds*: header lines, parts, signatures.
//! *Never* trusts a media type or a name, and never descends into a bounce.

mod envelope;
pub mod mbox;
mod signature;
mod structure;
mod transfer;

use std::borrow::Cow;

use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

pub use self::envelope::Envelope;
pub use self::signature::{Signature, SignatureKind, Signatures, signatures};
use crate::limits::{LimitHit, Limits};

/// What kind of message it is, as far as that decides whether to look for reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// Any message: its parts are looked at.
    Ordinary,
    /// An ARF failure report (RFC 5965, RFC 9991), with its Feedback-Type.
    FailureReport(String),
    /// A delivery status or disposition notification: what it returns is mail of the owner's, not a report to him.
    Bounce,
}

/// A leaf part of a message.
#[derive(Debug)]
pub struct Part<'a> {
    /// The file name that the sender gives, decoded. A stranger's text.
    pub name: Option<String>,
    /// Content, transfer encoding removed.
    pub bytes: Cow<'a, [u8]>,
    /// What was unusual about the part.
    pub oddity: Option<&'static str>,
}

/// An opened message.
#[derive(Debug)]
pub struct Opened<'a> {
    /// Who, when, about what.
    pub envelope: Envelope,
    /// What kind of message it is.
    pub kind: MessageKind,
    /// Leaf parts in order; nested messages are opened too.
    pub parts: Vec<Part<'a>>,
}

/// Opens a message and gives its parts to `look`; `None` of a result when the bytes are no message.
///
/// # Errors
/// When the message goes over a limit.
pub fn open<T>(bytes: &[u8], limits: &Limits, look: impl FnOnce(Opened<'_>) -> T) -> Result<Option<T>, LimitHit> {
    structure::check(bytes, limits)?;
    let bytes = without_from_line(bytes);
    let Some(message) = MessageParser::default().parse(bytes) else { return Ok(None) };
    let mut parts = Vec::new();
    collect(&message, 0, limits.depth_max, &mut parts);
    let opened = Opened { envelope: Envelope::of(&message), kind: kind_of(&message), parts };
    Ok(Some(look(opened)))
}

/// Some tools leave the mbox line at the top of a saved message.
fn without_from_line(bytes: &[u8]) -> &[u8] {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    if !text.starts_with(b"From ") {
        return text;
    }
    memchr::memchr(b'\n', text).and_then(|end| text.get(end + 1..)).unwrap_or_default()
}

fn kind_of(message: &Message<'_>) -> MessageKind {
    let mut kind = MessageKind::Ordinary;
    for part in &message.parts {
        let Some(media) = part.content_type() else { continue };
        match (
            media.ctype().to_ascii_lowercase().as_str(),
            media.subtype().unwrap_or_default().to_ascii_lowercase().as_str(),
        ) {
            ("message", "feedback-report") => {
                let text = String::from_utf8_lossy(part.contents()).into_owned();
                return MessageKind::FailureReport(feedback_type(&text));
            }
            ("message", "delivery-status" | "disposition-notification" | "global-delivery-status") => {
                kind = MessageKind::Bounce;
            }
            _ => {}
        }
    }
    kind
}

/// The value of `Feedback-Type:`.
fn feedback_type(text: &str) -> String {
    let field = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("feedback-type").then(|| value.trim().to_ascii_lowercase())
    });
    field.unwrap_or_else(|| "unknown".to_owned())
}

fn collect<'a>(message: &'a Message<'_>, depth: u64, depth_max: u64, parts: &mut Vec<Part<'a>>) {
    for part in &message.parts {
        match &part.body {
            PartType::Message(nested) if depth < depth_max => collect(nested, depth + 1, depth_max, parts),
            PartType::Multipart(_) | PartType::Message(_) => {}
            _ => parts.push(leaf(message, part)),
        }
    }
}

/// One leaf: from the raw message, so that 8-bit text keeps its bytes and damaged base64 gives what it can.
fn leaf<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Part<'a> {
    let name = part.attachment_name().map(str::to_owned);
    let raw = raw_body(message, part);
    let is_text = matches!(part.body, PartType::Text(_) | PartType::Html(_));
    if part.encoding == Encoding::Base64 && !part.is_encoding_problem {
        // What is called text was already read as some text; its bytes are wanted.
        let decoded = if is_text { transfer::base64(raw) } else { None };
        let bytes = decoded.map_or_else(|| Cow::Borrowed(part.contents()), Cow::Owned);
        return Part { name, bytes, oddity: None };
    }
    if part.encoding == Encoding::QuotedPrintable && !part.is_encoding_problem {
        let decoded = mail_parser::decoders::quoted_printable::quoted_printable_decode(raw);
        if let Some(bytes) = decoded {
            return Part { name, bytes: Cow::Owned(bytes), oddity: None };
        }
    }
    let (bytes, oddity) = transfer::decode_leniently(raw);
    Part { name, bytes, oddity }
}

fn raw_body<'a>(message: &'a Message<'_>, part: &MessagePart<'_>) -> &'a [u8] {
    let at = |offset: u32| usize::try_from(offset).unwrap_or(usize::MAX);
    message.raw_message.get(at(part.offset_body)..at(part.offset_end)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

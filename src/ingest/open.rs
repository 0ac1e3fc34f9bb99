//! Received bytes to items. Pure, and total: every input ends as reports, as something else that is known, as a
//! rejection with its reason, or as "no report here".

use std::borrow::Cow;

use crate::decode::{self, Content, DecodeError, Kind, Member};
use crate::limits::Limits;
use crate::mail::{self, Envelope, MessageKind, mbox};
use crate::model::{AggregateReport, Note, NoteKind};
use crate::parse::{self, ParseError, ParseFailure, Parsed, Salvage};

/// Something that was found in an input.
#[derive(Debug)]
pub enum Item {
    /// A usable report.
    Aggregate {
        /// Where in its container it lies; empty for the container itself.
        path: String,
        /// The report and its oddities.
        parsed: Box<Parsed<AggregateReport>>,
    },
    /// A report of another kind: kept, not read yet.
    Other {
        /// What it is.
        kind: OtherKind,
        /// Where in its container it lies.
        path: String,
    },
    /// Something that claims to be a report and can't be used.
    Rejected(Rejection),
}

impl Item {
    /// The report that it holds in memory, whole or partial.
    fn held(&self) -> Option<&Parsed<AggregateReport>> {
        match self {
            Self::Aggregate { parsed, .. } => Some(parsed),
            Self::Rejected(rejection) => rejection.salvage.as_deref()?.partial.as_deref(),
            Self::Other { .. } => None,
        }
    }
}

/// The limits on a report of an input in which others were found already: all together are bounded like one.
fn left_by<'i>(items: impl Iterator<Item = &'i Item>, limits: &Limits) -> Limits {
    let mut left = *limits;
    for held in items.filter_map(Item::held) {
        let records = u64::try_from(held.value.records.len()).unwrap_or(u64::MAX);
        left.records_max = left.records_max.saturating_sub(records);
        left.report_bytes_max = left.report_bytes_max.saturating_sub(held.bytes);
    }
    left
}

/// Reports and notices that are recognised but not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherKind {
    /// SMTP TLS report (RFC 8460).
    TlsReport,
    /// Failure report (RFC 9991) or another ARF message.
    FailureReport,
    /// A returned message.
    Bounce,
}

impl OtherKind {
    /// The word for it in the store and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TlsReport => "tls_report",
            Self::FailureReport => "failure_report",
            Self::Bounce => "bounce",
        }
    }
}

/// Why something that claims to be a report can't be used.
#[derive(Debug)]
pub struct Rejection {
    /// Where in its container it lies.
    pub path: String,
    /// The stage that gave up: `mail`, `decode` or `parse`.
    pub stage: &'static str,
    /// What is wrong, for people.
    pub reason: String,
    /// What could be read of it.
    pub salvage: Option<Box<Salvage>>,
}

/// One attachment, or one whole file: the unit in which raw bytes are kept, with what was found in it.
#[derive(Debug)]
pub struct Part<'a> {
    /// The sender's name for it. A stranger's text.
    pub name: Option<String>,
    /// As received, transfer encoding removed.
    pub bytes: Cow<'a, [u8]>,
    /// What is in it, in order; never empty.
    pub items: Vec<Item>,
}

/// An opened input.
#[derive(Debug, Default)]
pub struct Opened<'a> {
    /// The message's envelope, where the input is a message.
    pub envelope: Option<Envelope>,
    /// Parts with something in them; none when there is no report here.
    pub parts: Vec<Part<'a>>,
}

/// Opens an input. Never fails and never panics.
///
/// `name` only decides whether an input without any report in it had claimed to hold one.
#[must_use]
pub fn open<'a>(bytes: &'a [u8], name: &str, limits: &Limits) -> Opened<'a> {
    let kind = decode::sniff::kind(bytes);
    let claimed = name_claims_report(name);
    match kind {
        Kind::Mail => open_message(bytes, name, limits),
        Kind::Mbox if !is_mbox_of_several(bytes, limits) => open_message(bytes, name, limits),
        _ => {
            let mut items = Vec::new();
            let is_archive = matches!(kind, Kind::Gzip | Kind::Zip);
            find(bytes, 0, claimed || is_archive, limits, &mut items);
            if items.is_empty() && claimed {
                items.push(Item::Rejected(nothing_in(bytes, limits)));
            }
            let part = Part { name: None, bytes: Cow::Borrowed(bytes), items };
            Opened { envelope: None, parts: Vec::from_iter(Some(part).filter(|part| !part.items.is_empty())) }
        }
    }
}

/// Files of one message often begin with a From_ line; an mbox has several.
fn is_mbox_of_several(bytes: &[u8], limits: &Limits) -> bool {
    let mut messages = mbox::Reader::new(bytes, limits.message_bytes_max);
    let mut next = || messages.next_message().ok().flatten().is_some();
    next() && next()
}

/// Opens one message.
fn open_message<'a>(bytes: &'a [u8], name: &str, limits: &Limits) -> Opened<'a> {
    let rejected = |reason: String| {
        let rejection = Rejection { path: String::new(), stage: "mail", reason, salvage: None };
        let items = vec![Item::Rejected(rejection)];
        Opened { envelope: None, parts: vec![Part { name: None, bytes: Cow::Borrowed(bytes), items }] }
    };
    let opened = mail::open(bytes, limits, |message| look_into(message, bytes, name, limits));
    match opened {
        Ok(Some(mut opened)) => {
            if let Some(envelope) = opened.envelope.as_mut().filter(|_| !opened.parts.is_empty()) {
                envelope.signatures = Some(mail::signatures(bytes, limits));
            }
            opened
        }
        Ok(None) => Opened::default(),
        Err(hit) => rejected(hit.to_string()),
    }
}

/// Looks into the parts of a message.
fn look_into<'a>(message: mail::Opened<'_>, bytes: &'a [u8], name: &str, limits: &Limits) -> Opened<'a> {
    let other = match &message.kind {
        MessageKind::Ordinary => None,
        MessageKind::FailureReport(_) => Some(OtherKind::FailureReport),
        MessageKind::Bounce => Some(OtherKind::Bounce),
    };
    if let Some(kind) = other {
        let items = vec![Item::Other { kind, path: String::new() }];
        let part = Part { name: None, bytes: Cow::Borrowed(bytes), items };
        return Opened { envelope: Some(message.envelope), parts: vec![part] };
    }
    let claims = message.envelope.claims_report() || name_claims_report(name);
    let mut parts: Vec<Part<'_>> = Vec::new();
    for part in message.parts {
        let limits = &left_by(parts.iter().flat_map(|part| &part.items), limits);
        let mut items = Vec::new();
        let claimed = claims || part.name.as_deref().is_some_and(name_claims_report);
        find(&part.bytes, 1, claimed, limits, &mut items);
        if let Some(oddity) = part.oddity {
            add_note(&mut items, oddity);
        }
        if !items.is_empty() {
            parts.push(Part { name: part.name, bytes: Cow::Owned(part.bytes.into_owned()), items });
        }
    }
    Opened { envelope: Some(message.envelope), parts }
}

/// Finds what is in `bytes`, through archives and messages in them.
fn find(bytes: &[u8], depth: u64, claimed: bool, limits: &Limits, items: &mut Vec<Item>) {
    decode::members(bytes, depth, limits, &mut |member| look_at(member, claimed, limits, items));
}

fn look_at(member: Member<'_>, claimed: bool, limits: &Limits, items: &mut Vec<Item>) {
    let path = member.path.to_owned();
    match (member.kind, member.content) {
        (Kind::Xml, content) => look_at_xml(path, content, member.damage, member.oddities, limits, items),
        (Kind::Json, Content::Whole(bytes)) if is_tls_report(bytes) => {
            items.push(Item::Other { kind: OtherKind::TlsReport, path });
        }
        (Kind::Mail, Content::Whole(bytes)) if member.depth < limits.depth_max => {
            nested_message(bytes, member.depth, claimed, limits, items);
        }
        (Kind::Mbox, Content::Whole(bytes)) if member.depth < limits.depth_max => {
            let mut messages = mbox::Reader::new(bytes, limits.message_bytes_max);
            while let Ok(Some(message)) = messages.next_message() {
                if let mbox::Message::Whole(message) = message {
                    nested_message(&message, member.depth, claimed, limits, items);
                }
            }
        }
        _ => {
            if let Some(damage) = member.damage.filter(|_| claimed) {
                items.push(damaged(path, &damage, None));
            }
        }
    }
}

/// A message inside an archive, or inside an attachment.
fn nested_message(bytes: &[u8], depth: u64, claimed: bool, limits: &Limits, items: &mut Vec<Item>) {
    // A message that goes over a limit in here is one more stranger's part without a report.
    let _outcome = mail::open(bytes, limits, |message| {
        if message.kind == MessageKind::Ordinary {
            for part in &message.parts {
                find(&part.bytes, depth + 1, claimed, limits, items);
            }
        }
    });
}

fn look_at_xml(
    path: String,
    content: Content<'_>,
    damage: Option<DecodeError>,
    oddities: &[&'static str],
    limits: &Limits,
    items: &mut Vec<Item>,
) {
    let limits = &left_by(items.iter(), limits);
    match (parse::aggregate(content, limits), damage) {
        (Ok(parsed), None) => {
            let mut parsed = Box::new(parsed);
            for oddity in oddities {
                parsed.notes.push(Note { offset: 0, kind: NoteKind::Wrapping(oddity), times: 1 });
            }
            items.push(Item::Aggregate { path, parsed });
        }
        (Ok(parsed), Some(damage)) => {
            let salvage = salvage_of(parsed);
            items.push(damaged(path, &damage, Some(Box::new(salvage))));
        }
        (Err(error), damage) => match error.failure {
            ParseFailure::NotAReport | ParseFailure::Empty => {}
            _ => items.push(rejected(path, *error, damage)),
        },
    }
}

/// What a whole report out of damaged bytes is worth.
fn salvage_of(parsed: Parsed<AggregateReport>) -> Salvage {
    let report = &parsed.value;
    Salvage {
        org_name: report.metadata.org_name.as_deref().map(str::to_owned),
        report_id: Some(report.metadata.report_id.to_string()),
        domain: Some(report.policy_published.domain.to_string()),
        records: u64::try_from(report.records.len()).unwrap_or(u64::MAX),
        mails: report.records.iter().map(crate::model::Record::mails).fold(0, u64::saturating_add),
        partial: Some(Box::new(parsed)),
    }
}

fn rejected(path: String, error: ParseError, damage: Option<DecodeError>) -> Item {
    let (stage, reason) = match (damage, &error.failure) {
        (Some(damage), _) => ("decode", damage.to_string()),
        (None, ParseFailure::Read { detail }) => ("decode", detail.clone()),
        (None, ParseFailure::Limit(hit)) => ("parse", hit.to_string()),
        (None, _) if error.offset == 0 => ("parse", error.failure.to_string()),
        (None, _) => ("parse", error.to_string()),
    };
    Item::Rejected(Rejection { path, stage, reason, salvage: Some(Box::new(error.salvage)) })
}

fn damaged(path: String, damage: &DecodeError, salvage: Option<Box<Salvage>>) -> Item {
    Item::Rejected(Rejection { path, stage: "decode", reason: damage.to_string(), salvage })
}

/// An input whose name claims a report, and that holds none.
fn nothing_in(bytes: &[u8], limits: &Limits) -> Rejection {
    let mut found = "nothing";
    decode::members(bytes, 0, limits, &mut |member| {
        found = match member.kind {
            Kind::Empty => "an empty file",
            Kind::Xml => "some other markup",
            Kind::Json => "some other JSON",
            Kind::Mail | Kind::Mbox => "mail without a report",
            Kind::Gzip | Kind::Zip | Kind::Unknown => "something that is no report",
        };
    });
    let reason = format!("the name says it is a report, but it holds {found}");
    Rejection { path: String::new(), stage: "decode", reason, salvage: None }
}

/// A file name in the form of RFC 7489 7.2.1.1: `receiver!domain!begin!end…`.
fn name_claims_report(name: &str) -> bool {
    let mut fields = name.rsplit('/').next().unwrap_or(name).split('!').skip(1);
    let has_domain = fields.next().is_some_and(|domain| domain.contains('.'));
    let is_time =
        |field: Option<&str>| field.is_some_and(|field| field.trim_start().starts_with(|c: char| c.is_ascii_digit()));
    has_domain && is_time(fields.next()) && is_time(fields.next())
}

/// A JSON object with the `policies` of RFC 8460; nothing of it is kept.
fn is_tls_report(bytes: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct TlsReport {
        #[serde(rename = "policies")]
        _policies: serde::de::IgnoredAny,
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice::<TlsReport>(text).is_ok()
}

fn add_note(items: &mut [Item], oddity: &'static str) {
    for item in items {
        if let Item::Aggregate { parsed, .. } = item {
            parsed.notes.push(Note { offset: 0, kind: NoteKind::Wrapping(oddity), times: 1 });
        }
    }
}

//! Why a mail failed: one cause for each failing row.

use super::super::class::Class;
use super::context::Context;
use super::facts::{Facts, Names, Spf};
use super::inputs::Inputs;
use crate::dns::PublishedKey;
use crate::model::AlignmentMode;

/// Why a mail failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// It would pass with relaxed alignment.
    StrictOnly,
    /// By what the reporter measured it aligns, and the reporter says that it does not.
    ReporterDisagrees,
    /// The reporter does not say whether it passed.
    NotJudged,
    /// It is signed with a selector that neither DNS nor the settings nor any other mail knows.
    SelectorUnknown,
    /// Its key was not in DNS on that day, or revoked.
    KeyMissing,
    /// The signature was there and is broken, or could not be checked.
    BrokenInTransit,
    /// The envelope sender is the domain's, and its SPF record refuses the address.
    NotInSpf,
    /// The envelope sender is somebody else's, and no signature is the domain's.
    ReturnPathNotAligned,
    /// No signature of the domain, and no envelope sender to go by.
    NoSignature,
    /// Passed on by a forwarder or a filter.
    Forwarder,
    /// Passed on by a mailing list.
    List,
    /// Not the owner's.
    Spoof,
}

impl Cause {
    /// The word for JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StrictOnly => "strict-only",
            Self::ReporterDisagrees => "reporter-disagrees",
            Self::NotJudged => "not-judged",
            Self::SelectorUnknown => "selector-unknown",
            Self::KeyMissing => "key-missing",
            Self::BrokenInTransit => "broken-in-transit",
            Self::NotInSpf => "not-in-spf",
            Self::ReturnPathNotAligned => "return-path-not-aligned",
            Self::NoSignature => "no-signature",
            Self::Forwarder => "forwarder",
            Self::List => "list",
            Self::Spoof => "spoof",
        }
    }
}

/// The cause of a failing row of a sender of this class.
pub(super) fn cause(
    facts: &Facts,
    class: Class,
    day: i64,
    context: &Context,
    inputs: &Inputs<'_>,
    names: &Names,
) -> Cause {
    match class {
        Class::Forwarder | Class::Gateway => return Cause::Forwarder,
        Class::List => return Cause::List,
        Class::Spoof => return Cause::Spoof,
        Class::Own | Class::Authorised | Class::Misconfigured | Class::Unknown => {}
    }
    if !facts.is_judged {
        return Cause::NotJudged;
    }
    if facts.alignment.passes(AlignmentMode::Relaxed, AlignmentMode::Relaxed)
        && !facts.alignment.passes(facts.modes.0, facts.modes.1)
    {
        return Cause::StrictOnly;
    }
    if facts.alignment.passes(facts.modes.0, facts.modes.1) {
        return Cause::ReporterDisagrees;
    }
    if let Some(selector) = facts.own_broken.first() {
        let name = names.name(*selector);
        let known = context.known_selectors.contains(selector) || name.is_empty();
        let last = context.selector_days.get(selector).map(|(_, last)| *last);
        return match known {
            false => Cause::SelectorUnknown,
            true if key_is_missing(name, day, inputs) || last.is_some_and(|last| day > last) => Cause::KeyMissing,
            true => Cause::BrokenInTransit,
        };
    }
    match (facts.is_envelope_ours, facts.spf_result) {
        (true, Spf::Refused | Spf::Neutral | Spf::Open) => Cause::NotInSpf,
        (false, _) if facts.envelope.is_some() => Cause::ReturnPathNotAligned,
        _ => Cause::NoSignature,
    }
}

/// Whether a snapshot taken by the end of a day says that a selector's key is gone or revoked.
fn key_is_missing(selector: &str, day: i64, inputs: &Inputs<'_>) -> bool {
    let is_gone =
        |key: &PublishedKey| key.answer.is_missing() || key.answer.records().iter().any(|text| is_revoked(text));
    let published = inputs.published_on(day).filter(|published| published.seen_s < (day + 1) * 86_400);
    published.is_some_and(|seen| seen.dkim.iter().any(|key| key.selector == selector && is_gone(key)))
}

/// An empty `p=` (RFC 6376 3.6.1).
fn is_revoked(text: &str) -> bool {
    text.split(';')
        .any(|tag| tag.split_once('=').is_some_and(|(name, value)| name.trim() == "p" && value.trim().is_empty()))
}

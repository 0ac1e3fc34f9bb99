//! What may stand where in a report: the schema of RFC 7489 and RFC 9990 as one table.

use crate::model::Field;

/// A place in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// Outside `<feedback>`.
    Outside,
    Feedback,
    Metadata,
    DateRange,
    Policy,
    Record,
    Row,
    Evaluated,
    Reason,
    Identifiers,
    AuthResults,
    Dkim,
    Spf,
    /// An element that holds a value.
    Value(Field),
    /// Markup inside a value: its text belongs to the value.
    Inside(Field),
    /// An element that is not read, and everything in it.
    Skipped,
}

impl Place {
    /// The place that an element called `name` opens here; `None` where none is expected.
    ///
    /// Namespaces are ignored: reporters misspell and misplace them.
    pub(super) fn child(self, name: &[u8]) -> Option<Self> {
        let place = match self {
            Self::Outside => match name {
                b"feedback" => Self::Feedback,
                _ => return None,
            },
            Self::Feedback => match name {
                b"record" => Self::Record,
                b"report_metadata" => Self::Metadata,
                b"policy_published" => Self::Policy,
                b"version" => Self::Value(Field::Version),
                // The extension point of RFC 9990, and its draft-era plural.
                b"extension" | b"extensions" => Self::Skipped,
                _ => return None,
            },
            Self::Metadata => return metadata_child(name),
            Self::DateRange => match name {
                b"begin" => Self::Value(Field::Begin),
                b"end" => Self::Value(Field::End),
                _ => return None,
            },
            Self::Policy => return policy_child(name),
            Self::Record => match name {
                b"row" => Self::Row,
                // `identities` is a common slip.
                b"identifiers" | b"identities" => Self::Identifiers,
                b"auth_results" => Self::AuthResults,
                b"extension" | b"extensions" => Self::Skipped,
                _ => return None,
            },
            Self::Row => match name {
                b"source_ip" => Self::Value(Field::SourceIp),
                b"count" => Self::Value(Field::Count),
                b"policy_evaluated" => Self::Evaluated,
                _ => return None,
            },
            Self::Evaluated => match name {
                b"disposition" => Self::Value(Field::Disposition),
                b"dkim" => Self::Value(Field::EvaluatedDkim),
                b"spf" => Self::Value(Field::EvaluatedSpf),
                b"reason" => Self::Reason,
                _ => return None,
            },
            Self::Reason => match name {
                b"type" => Self::Value(Field::ReasonType),
                b"comment" => Self::Value(Field::ReasonComment),
                _ => return None,
            },
            Self::Identifiers => match name {
                b"header_from" => Self::Value(Field::HeaderFrom),
                b"envelope_from" => Self::Value(Field::EnvelopeFrom),
                b"envelope_to" => Self::Value(Field::EnvelopeTo),
                _ => return None,
            },
            Self::AuthResults => match name {
                b"dkim" => Self::Dkim,
                b"spf" => Self::Spf,
                _ => return None,
            },
            Self::Dkim => return dkim_child(name),
            Self::Spf => return spf_child(name),
            Self::Value(_) | Self::Inside(_) | Self::Skipped => return None,
        };
        Some(place)
    }

    /// A part of a record that comes again and again.
    pub(super) fn is_part(self) -> bool {
        matches!(self, Self::Evaluated | Self::Identifiers | Self::AuthResults)
    }

    /// Text here belongs to a value.
    pub(super) fn holds_text(self) -> bool {
        matches!(self, Self::Value(_) | Self::Inside(_) | Self::Reason)
    }
}

/// What may stand in `<report_metadata>`.
fn metadata_child(name: &[u8]) -> Option<Place> {
    Some(match name {
        b"org_name" => Place::Value(Field::OrgName),
        b"email" => Place::Value(Field::Email),
        b"extra_contact_info" => Place::Value(Field::ExtraContactInfo),
        b"report_id" => Place::Value(Field::ReportId),
        b"date_range" => Place::DateRange,
        b"error" => Place::Value(Field::Error),
        b"generator" => Place::Value(Field::Generator),
        _ => return None,
    })
}

/// What may stand in `<policy_published>`.
fn policy_child(name: &[u8]) -> Option<Place> {
    Some(match name {
        b"domain" => Place::Value(Field::PolicyDomain),
        b"discovery_method" => Place::Value(Field::DiscoveryMethod),
        b"adkim" => Place::Value(Field::Adkim),
        b"aspf" => Place::Value(Field::Aspf),
        b"p" => Place::Value(Field::P),
        b"sp" => Place::Value(Field::Sp),
        b"np" => Place::Value(Field::Np),
        b"pct" => Place::Value(Field::Pct),
        b"fo" => Place::Value(Field::Fo),
        // Mail::DMARC writes the tag's name.
        b"testing" | b"t" => Place::Value(Field::Testing),
        _ => return None,
    })
}

/// What may stand in `<dkim>` of `<auth_results>`.
fn dkim_child(name: &[u8]) -> Option<Place> {
    Some(match name {
        b"domain" => Place::Value(Field::DkimDomain),
        b"selector" => Place::Value(Field::DkimSelector),
        b"result" => Place::Value(Field::DkimResult),
        b"human_result" => Place::Value(Field::DkimHumanResult),
        _ => return None,
    })
}

/// What may stand in `<spf>` of `<auth_results>`.
fn spf_child(name: &[u8]) -> Option<Place> {
    Some(match name {
        b"domain" => Place::Value(Field::SpfDomain),
        b"scope" => Place::Value(Field::SpfScope),
        b"result" => Place::Value(Field::SpfResult),
        b"human_result" => Place::Value(Field::SpfHumanResult),
        _ => return None,
    })
}

//! DMARC policy records (RFC 9989 4.7, and RFC 7489 6.3 for what old receivers read).

mod lint;
mod uri;
mod write;

#[cfg(test)]
mod tests;

pub use uri::{ReportUri, Reportees};

use super::finding::{Finding, Findings, quote};
use super::tag_list::{self, Rules, Tag, TagList};
use crate::model::{AlignmentMode, Policy, TestMode, Word};
use crate::words::{Said, said};

/// What a record says about a name being a public suffix (`psd`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Psd {
    /// It is one.
    Yes,
    /// It is not, and is an organizational domain.
    No,
    /// Nothing is said.
    Unknown,
}

impl Psd {
    /// The letter in the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "y",
            Self::No => "n",
            Self::Unknown => "u",
        }
    }
}

/// A policy record. What was not said, or is not valid, is `None` or empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DmarcRecord {
    /// Policy of the domain.
    pub p: Option<Policy>,
    /// Policy of subdomains.
    pub sp: Option<Policy>,
    /// Policy of subdomains that do not exist.
    pub np: Option<Policy>,
    /// Alignment of DKIM.
    pub adkim: Option<AlignmentMode>,
    /// Alignment of SPF.
    pub aspf: Option<AlignmentMode>,
    /// Where aggregate reports go.
    pub rua: Vec<ReportUri>,
    /// Where failure reports go.
    pub ruf: Vec<ReportUri>,
    /// When failure reports are wanted: letters out of `01ds`.
    pub fo: Vec<char>,
    /// Whether the name is a public suffix.
    pub psd: Option<Psd>,
    /// Whether the policy is only tested.
    pub t: Option<TestMode>,
    /// Share of mails, in percent, that receivers before RFC 9989 apply the policy to.
    pub pct: Option<u8>,
}

/// What a record comes to for receivers (RFC 9989 4.7, 4.8 and 4.10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its policy counts.
    InForce,
    /// A policy in it is missing or not valid: it counts as `p=none`.
    OnlyReports,
    /// It counts for nothing.
    Void,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What it says.
    pub record: DmarcRecord,
    /// What it comes to.
    pub standing: Standing,
    /// What is wrong with it, in the order of the text as far as it has one.
    pub findings: Vec<Finding>,
}

impl Read {
    /// The policy that receivers apply to the domain itself; `None` when the record counts for nothing.
    #[must_use]
    pub fn policy(&self) -> Option<Policy> {
        match self.standing {
            Standing::InForce => self.record.p,
            Standing::OnlyReports => Some(Policy::None),
            Standing::Void => None,
        }
    }
}

const RULES: Rules = Rules {
    empty: "dmarc-empty-tag",
    malformed: "dmarc-malformed-tag",
    case: "dmarc-tag-case",
    repeated: "dmarc-tag-repeated",
};

/// Whether a TXT record is a DMARC record at all: `v=DMARC1` first, and then nothing or `;`. Others do not count.
#[must_use]
pub fn is_record(text: &str) -> bool {
    let blank = [' ', '\t'];
    let after_name = text.strip_prefix(['v', 'V']).map(|rest| rest.trim_start_matches(blank));
    let value = after_name.and_then(|rest| rest.strip_prefix('=')).map(|rest| rest.trim_start_matches(blank));
    let rest = value.and_then(|rest| rest.strip_prefix("DMARC1")).map(|rest| rest.trim_start_matches(blank));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(';'))
}

/// Reads a record; `None` when the text is none (see [`is_record`]).
#[must_use]
pub fn read(text: &str) -> Option<Read> {
    if !is_record(text) {
        return None;
    }
    let mut findings = Findings::default();
    let tags = tag_list::read(text, &RULES, &mut findings);
    let mut broken = false;
    let mut record = DmarcRecord::default();
    for tag in &tags.tags {
        broken |= !take(&mut record, tag, &mut findings);
    }
    let standing = standing(&record, &tags, broken);
    lint::lint(&record, &tags, standing, &mut findings);
    Some(Read { record, standing, findings: findings.0 })
}

/// A policy that is there and not valid degrades the whole record, also beside a good `p` (RFC 9989 4.7).
fn standing(record: &DmarcRecord, tags: &TagList<'_>, broken: bool) -> Standing {
    if tags.is_repeated {
        return Standing::Void;
    }
    match (record.p, broken) {
        (Some(_), false) => Standing::InForce,
        _ if record.rua.is_empty() => Standing::Void,
        _ => Standing::OnlyReports,
    }
}

/// Takes one tag into the record; `false` when it is a policy that nobody can apply.
fn take(record: &mut DmarcRecord, tag: &Tag<'_>, findings: &mut Findings) -> bool {
    match tag.name.as_str() {
        "p" => return policy(&mut record.p, tag, findings),
        "sp" => return policy(&mut record.sp, tag, findings),
        "np" => return policy(&mut record.np, tag, findings),
        "adkim" => record.adkim = letter(tag, AlignmentMode::ALL, findings),
        "aspf" => record.aspf = letter(tag, AlignmentMode::ALL, findings),
        "t" => record.t = letter(tag, TestMode::ALL, findings),
        "rua" => record.rua = uri::list(tag, findings),
        "ruf" => record.ruf = uri::list(tag, findings),
        "fo" => record.fo = options(tag, findings),
        "psd" => {
            record.psd = match tag.value.to_ascii_lowercase().as_str() {
                "y" => Some(Psd::Yes),
                "n" => Some(Psd::No),
                "u" => Some(Psd::Unknown),
                _ => wrong(tag, &said!("record-dmarc-value-psd"), findings),
            }
        }
        "pct" => {
            let digits = tag.value.bytes().all(|byte| byte.is_ascii_digit());
            let number = tag.value.parse().ok().filter(|share| digits && *share <= 100);
            record.pct = number.or_else(|| wrong(tag, &said!("record-dmarc-value-number"), findings));
        }
        "v" | "rf" | "ri" => {}
        _ => {
            let text = said!("record-dmarc-tag-unknown", tag = quote(tag.name_sent));
            findings.warning("dmarc-tag-unknown", tag.at(), text, said!("record-dmarc-tag-unknown-fix"));
        }
    }
    true
}

fn policy(place: &mut Option<Policy>, tag: &Tag<'_>, findings: &mut Findings) -> bool {
    *place = Policy::from_exact(&tag.value.to_ascii_lowercase());
    if place.is_none() {
        let text = said!("record-dmarc-policy-invalid", name = tag.name, value = quote(tag.value));
        findings.error("dmarc-policy-invalid", tag.value_at.clone(), text, said!("record-dmarc-policy-invalid-fix"));
    }
    place.is_some()
}

fn letter<T: Word>(tag: &Tag<'_>, all: &[T], findings: &mut Findings) -> Option<T> {
    let value = tag.value.to_ascii_lowercase();
    let found = all.iter().copied().find(|word| word.as_str() == value);
    let expected: Vec<&str> = all.iter().map(|word| word.as_str()).collect();
    found.or_else(|| wrong(tag, &expected.join(" or ").into(), findings))
}

fn options(tag: &Tag<'_>, findings: &mut Findings) -> Vec<char> {
    let parts = tag.value.split(':').map(|part| part.trim_matches([' ', '\t']).to_ascii_lowercase());
    let letters: Option<Vec<char>> = parts
        .map(|part| match part.as_str() {
            "0" => Some('0'),
            "1" => Some('1'),
            "d" => Some('d'),
            "s" => Some('s'),
            _ => None,
        })
        .collect();
    letters.or_else(|| wrong(tag, &said!("record-dmarc-value-fo"), findings)).unwrap_or_default()
}

fn wrong<T>(tag: &Tag<'_>, expected: &Said, findings: &mut Findings) -> Option<T> {
    let text = said!("record-dmarc-value-invalid", name = tag.name, value = quote(tag.value), expected = expected);
    findings.warning("dmarc-value-invalid", tag.value_at.clone(), text, said!("record-dmarc-value-invalid-fix"));
    None
}

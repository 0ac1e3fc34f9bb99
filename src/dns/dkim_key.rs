//! Public keys of DKIM in DNS (RFC 6376 3.6.1, RFC 8301, RFC 8463).

mod public;
#[cfg(test)]
mod tests;

pub use public::PublicKey;

use super::finding::{Finding, Findings, quote};
use super::tag_list::{self, Rules, TagList};
use crate::words::said;

/// The kind of a key (`k`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA with SHA-256.
    Rsa,
    /// Ed25519 with SHA-256.
    Ed25519,
}

impl Algorithm {
    /// The word in the record.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }
}

/// What stands at a selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKeyRecord {
    /// The kind of key; `None` when the record names one that nobody knows.
    pub algorithm: Option<Algorithm>,
    /// The key.
    pub key: PublicKey,
    /// `t=y`: the owner is testing, and failures count as unsigned.
    pub is_testing: bool,
    /// `t=s`: only the domain itself signs with it, no subdomain.
    pub is_strict: bool,
    /// Hashes that it may be used with (`h`); any when empty.
    pub hashes: Vec<String>,
    /// Services that it may be used for (`s`); any when empty.
    pub services: Vec<String>,
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// What it says.
    pub record: DkimKeyRecord,
    /// Mail can be verified with it.
    pub is_usable: bool,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

const RULES: Rules = Rules {
    empty: "dkim-empty-tag",
    malformed: "dkim-malformed-tag",
    case: "dkim-tag-case",
    repeated: "dkim-tag-repeated",
};

/// Fewest bits of an RSA key that verifiers accept (RFC 8301 3.2).
pub const RSA_BITS_MIN: usize = 1024;
/// Fewest bits that signers should use (RFC 8301 3.2).
pub const RSA_BITS_GOOD: usize = 2048;
/// Most bits that verifiers have to accept (RFC 8301 3.2).
pub const RSA_BITS_MAX: usize = 4096;

/// The text of a record for a public key in base64.
#[must_use]
pub fn write(algorithm: Algorithm, key_base64: &str) -> String {
    format!("v=DKIM1; k={}; p={key_base64}", algorithm.as_str())
}

/// The text of a record that withdraws a key: an empty `p` (RFC 6376 3.6.1).
#[must_use]
pub fn write_revoked(algorithm: Algorithm) -> String {
    write(algorithm, "")
}

/// Reads what stands at a selector. Anything can stand there, so this never fails.
#[must_use]
pub fn read(text: &str) -> Read {
    let mut findings = Findings::default();
    let tags = tag_list::read(text, &RULES, &mut findings);
    let version_good = version(&tags, text, &mut findings);
    let algorithm = algorithm(&tags, &mut findings);
    let key = public::read(&tags, text, algorithm, &mut findings);
    let flags = words(&tags, "t");
    let record = DkimKeyRecord {
        algorithm,
        key,
        is_testing: flags.iter().any(|flag| flag == "y"),
        is_strict: flags.iter().any(|flag| flag == "s"),
        hashes: words(&tags, "h"),
        services: words(&tags, "s"),
    };
    let purpose_good = purpose(&record, &tags, &mut findings);
    let is_usable = version_good && purpose_good && !tags.is_repeated && record.key.is_usable();
    Read { record, is_usable, findings: findings.0 }
}

fn version(tags: &TagList<'_>, text: &str, findings: &mut Findings) -> bool {
    let Some(tag) = tags.get("v") else {
        if !text.is_empty() {
            findings.info("dkim-v-missing", 0..0, said!("record-dkim-v-missing"), said!("record-dkim-v-missing-fix"));
        }
        return true;
    };
    if tag.value != "DKIM1" {
        let text = said!("record-dkim-v-invalid", value = quote(tag.value));
        findings.error("dkim-v-invalid", tag.value_at.clone(), text, said!("record-dkim-v-invalid-fix"));
        return false;
    }
    if tags.tags.first() != Some(tag) {
        let text = said!("record-dkim-v-not-first");
        findings.error("dkim-v-not-first", tag.at(), text, said!("record-dkim-v-not-first-fix"));
        return false;
    }
    true
}

fn algorithm(tags: &TagList<'_>, findings: &mut Findings) -> Option<Algorithm> {
    let Some(tag) = tags.get("k") else { return Some(Algorithm::Rsa) };
    match tag.value.to_ascii_lowercase().as_str() {
        "rsa" => Some(Algorithm::Rsa),
        "ed25519" => Some(Algorithm::Ed25519),
        _ => {
            let text = said!("record-dkim-k-unknown", value = quote(tag.value));
            findings.error("dkim-k-unknown", tag.value_at.clone(), text, said!("record-dkim-k-unknown-fix"));
            None
        }
    }
}

/// The words of a tag between `:`, in lower case.
fn words(tags: &TagList<'_>, name: &str) -> Vec<String> {
    let Some(tag) = tags.get(name) else { return Vec::new() };
    let words = tag.value.split(':').map(|word| word.trim().to_ascii_lowercase());
    words.filter(|word| !word.is_empty()).collect()
}

/// What the key may be used for; `false` when mail signed today is not among it.
fn purpose(record: &DkimKeyRecord, tags: &TagList<'_>, findings: &mut Findings) -> bool {
    let at = |name: &str| tags.get(name).map_or(0..0, tag_list::Tag::at);
    let mut is_good = true;
    if !record.hashes.is_empty() && !record.hashes.iter().any(|hash| hash == "sha256") {
        let text = said!("record-dkim-h");
        findings.error("dkim-h-without-sha256", at("h"), text, said!("record-dkim-h-fix"));
        is_good = false;
    }
    if !record.services.is_empty() && !record.services.iter().any(|service| service == "*" || service == "email") {
        let text = said!("record-dkim-s");
        findings.error("dkim-s-without-email", at("s"), text, said!("record-dkim-s-fix"));
        is_good = false;
    }
    if record.is_testing {
        let text = said!("record-dkim-t");
        findings.warning("dkim-t-testing", at("t"), text, said!("record-dkim-t-fix"));
    }
    if tags.get("g").is_some() {
        let text = said!("record-dkim-g");
        findings.info("dkim-g-historic", at("g"), text, said!("record-remove"));
    }
    is_good
}

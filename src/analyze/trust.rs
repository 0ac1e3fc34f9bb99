//! Whether a report that came by mail was sent by whom it names: the mail's DKIM signature against the reporter's domain.
//!
//! Anybody can send a report in anybody's name. A signature that verifies, of the domain that the report names as its
//! sender, is the only proof there is; its absence proves nothing, as some reporters sign nothing.

use ed25519_dalek::{Verifier as _, VerifyingKey};
use rsa::BoxedUint;
use rsa::sha2::Sha256;

use crate::dns::Answer;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::public_suffix::organizational_domain;
use crate::mail::{Signature, SignatureKind, Signatures};

/// What the mail of a report proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// A signature of the reporter's own domain verifies.
    Proven,
    /// A signature verifies, but of another domain than the report names.
    Other,
    /// There are signatures, and none verifies: the mail was changed, or never signed by whom it says.
    Failed,
    /// The key of the signature is not published, or no longer.
    NoKey,
    /// There is no signature.
    Unsigned,
    /// Not known yet: nobody was asked, or DNS did not answer.
    Unknown,
}

impl Trust {
    /// All, the best first.
    pub const ALL: [Self; 6] = [Self::Proven, Self::Other, Self::Failed, Self::NoKey, Self::Unsigned, Self::Unknown];

    /// The word for it in the store, in JSON and in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Other => "other",
            Self::Failed => "failed",
            Self::NoKey => "no_key",
            Self::Unsigned => "unsigned",
            Self::Unknown => "unknown",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trust| trust.as_str() == word)
    }
}

/// Whom a report names as its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// `org_name` as sent.
    pub org_name: Option<String>,
    /// `email` as sent.
    pub email: Option<String>,
}

/// A verdict, and whose signature it rests on.
pub type Judged = (Trust, Option<String>);

/// What can be said before a key was asked for: nothing where a signature may be good.
#[must_use]
pub fn at_first(signatures: &Signatures) -> Trust {
    match (signatures.open.is_empty(), signatures.broken) {
        (false, _) => Trust::Unknown,
        (true, 0) => Trust::Unsigned,
        (true, _) => Trust::Failed,
    }
}

/// Judges the mail of `reports` by what stands where its signatures' keys are published; `key` answers for a name.
#[must_use]
pub fn judge<'k>(
    signatures: &[Signature],
    reports: &[Named],
    key: impl Fn(&str) -> Option<&'k Answer<String>>,
) -> Judged {
    let (mut other, mut is_known, mut has_key) = (None, true, false);
    for signature in signatures {
        match key(&signature.key_name()) {
            None | Some(Answer::Failed(_)) => is_known = false,
            Some(Answer::NoData | Answer::NxDomain) => {}
            Some(Answer::Found(records)) => {
                has_key = true;
                if !records.iter().any(|record| verifies(signature, &dkim_key::read(record))) {
                    continue;
                }
                if reports.iter().all(|named| named.is_at(&signature.domain)) {
                    return (Trust::Proven, Some(signature.domain.clone()));
                }
                other.get_or_insert_with(|| signature.domain.clone());
            }
        }
    }
    match other {
        _ if !is_known => (Trust::Unknown, None),
        Some(domain) => (Trust::Other, Some(domain)),
        None if has_key => (Trust::Failed, None),
        None => (Trust::NoKey, None),
    }
}

impl Named {
    /// Whether a domain is the named sender's. A name that is a domain has to fit by itself: whoever writes `google.com`
    /// must sign as Google, whatever address stands beside it.
    #[must_use]
    pub fn is_at(&self, domain: &str) -> bool {
        let org_name =
            self.org_name.as_deref().map(str::trim).filter(|name| is_domain(name)).map(str::to_ascii_lowercase);
        let email = self.email.as_deref().and_then(|email| email.rsplit_once('@'));
        let email = email.map(|(_, domain)| domain.trim_end_matches('>').trim().to_ascii_lowercase());
        let Some(own) = org_name.or(email) else { return false };
        let domain = domain.to_ascii_lowercase();
        organizational_domain(&own).is_some_and(|own| organizational_domain(&domain) == Some(own))
    }
}

/// The organisational domain of an address; empty where there is none.
#[must_use]
pub fn sender_domain(address: Option<&str>) -> String {
    let domain = address.and_then(|address| address.rsplit_once('@')).map(|(_, domain)| domain.to_ascii_lowercase());
    domain.and_then(|domain| organizational_domain(&domain).map(str::to_owned)).unwrap_or_default()
}

fn is_domain(name: &str) -> bool {
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    name.contains('.') && name.split('.').all(is_label)
}

/// Whether a signature was made with the private half of a key.
#[must_use]
pub fn verifies(signature: &Signature, key: &dkim_key::Read) -> bool {
    if !key.is_usable {
        return false;
    }
    match (&key.record.key, signature.kind) {
        (PublicKey::Rsa { modulus, exponent, .. }, SignatureKind::RsaSha256) => {
            let numbers = number(modulus).zip(number(exponent));
            let public = numbers.and_then(|(modulus, exponent)| rsa::PublicKey::new(modulus, exponent).ok());
            let is_made =
                |public: rsa::PublicKey| public.pkcs1v15_verify_prehash::<Sha256>(&signature.hash, &signature.bytes);
            public.is_some_and(|public| is_made(public).is_ok())
        }
        (PublicKey::Ed25519(public), SignatureKind::Ed25519Sha256) => {
            let made = ed25519_dalek::Signature::from_slice(&signature.bytes).ok();
            let public = VerifyingKey::from_bytes(public).ok();
            public.zip(made).is_some_and(|(public, made)| public.verify(&signature.hash, &made).is_ok())
        }
        _ => false,
    }
}

fn number(bytes: &[u8]) -> Option<BoxedUint> {
    BoxedUint::from_be_slice(bytes, u32::try_from(bytes.len()).ok()?.checked_mul(8)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Failure;

    fn named(org_name: &str, email: &str) -> Named {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Named { org_name: some(org_name), email: some(email) }
    }

    #[test]
    fn a_reporter_is_at_its_own_domain_alone() {
        assert!(named("google.com", "noreply@google.com").is_at("google.com"));
        assert!(named("mail.example.co.jp", "").is_at("dmarc.EXAMPLE.co.jp"));
        assert!(named("Yahoo! Inc.", "reports@dmarc.yahoo.com").is_at("yahoo.com"));
        assert!(!named("google.com", "a@forger.example").is_at("forger.example"), "a name that is a domain has to fit");
        assert!(!named("example.co.jp", "").is_at("other.co.jp"), "co.jp is nobody's");
        assert!(!named("Somebody", "").is_at("example.com") && !named("", "").is_at("example.com"));
        assert!(!named("com", "a@com").is_at("com"), "a public suffix is nobody's domain");
    }

    #[test]
    fn an_answer_that_did_not_come_is_no_verdict() {
        let signature = Signature {
            domain: "example.com".to_owned(),
            selector: "s".to_owned(),
            kind: SignatureKind::RsaSha256,
            hash: [0; 32],
            bytes: vec![0; 256],
        };
        let reports = [named("example.com", "")];
        let judged =
            |answer: Option<Answer<String>>| judge(std::slice::from_ref(&signature), &reports, |_| answer.as_ref()).0;
        assert_eq!(judged(None), Trust::Unknown);
        assert_eq!(judged(Some(Answer::Failed(Failure::TimedOut))), Trust::Unknown);
        assert_eq!(judged(Some(Answer::NxDomain)), Trust::NoKey);
        assert_eq!(judged(Some(Answer::NoData)), Trust::NoKey);
        assert_eq!(judged(Some(Answer::Found(vec!["v=DKIM1; p=".to_owned()]))), Trust::Failed);
        let at_first = |open: usize, broken| at_first(&Signatures { open: vec![signature.clone(); open], broken });
        assert_eq!([at_first(0, 0), at_first(0, 1), at_first(1, 1)], [Trust::Unsigned, Trust::Failed, Trust::Unknown]);
    }
}

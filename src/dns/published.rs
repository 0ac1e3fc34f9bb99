//! What DNS publishes for one domain, as it was seen at one time.

use super::answer::{Answer, Failure};
use super::cover::SpfCover;

/// What one domain publishes. Texts are as published; `dmarc`, `spf` and `dkim_key` read them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The domain, lower case, A-labels, no final dot.
    pub domain: String,
    /// When it was seen, seconds since 1970 UTC.
    pub seen_s: i64,
    /// DMARC records (`v=DMARC1…`) at `_dmarc.` of the domain itself; other TXT records are left out, so `NoData`
    /// also stands for "only others".
    pub dmarc: Answer<String>,
    /// The record that applies to the domain, its own or one above it, by the tree walk of RFC 9989 4.10; `None` when
    /// there is none or it is not known.
    pub dmarc_applies: Option<DmarcFound>,
    /// The organisational domain by the tree walk (RFC 9989 4.10.2); `None` when not known.
    pub organizational_domain: Option<String>,
    /// SPF records (`v=spf1…`) at the domain.
    pub spf: Answer<String>,
    /// Networks of the SPF record; `None` when there is no single valid record.
    pub spf_cover: Option<SpfCover>,
    /// DKIM keys, by selector.
    pub dkim: Vec<PublishedKey>,
    /// Mail servers with their preference, as `10 mx.example.net`; a null MX is `0 .`.
    pub mx: Answer<String>,
}

impl Published {
    /// Why something of the records themselves is not known.
    #[must_use]
    pub fn unanswered(&self) -> Option<Failure> {
        self.dmarc.failure().or_else(|| self.spf.failure()).or_else(|| self.mx.failure())
    }
}

/// The DMARC record that applies to a domain, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmarcFound {
    /// Domain whose `_dmarc.` name has the record.
    pub domain: String,
    /// The record.
    pub text: String,
}

/// A DKIM key in DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedKey {
    /// Selector.
    pub selector: String,
    /// TXT records at `SELECTOR._domainkey.DOMAIN`.
    pub answer: Answer<String>,
    /// Names that aliases led through.
    pub aliases: Vec<String>,
}

//! Everything that is known about a domain when it is checked. Whoever asks DNS and the store fills it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use super::meant::Meant;
use crate::config::KeyState;
use crate::dns::dkim_key::PublicKey;
use crate::dns::{Answer, DmarcFound, Lookup, Published, SpfTree};

/// What is known about a domain.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What it publishes.
    pub published: Published,
    /// What its owner means.
    pub meant: Meant,
    /// All TXT records at `_dmarc.`.
    pub dmarc_txt: Lookup<String>,
    /// All TXT records at the domain itself.
    pub domain_txt: Lookup<String>,
    /// All TXT records at `_dmarc.DOMAIN.DOMAIN`, where a record lands whose name was completed twice.
    pub doubled_txt: Answer<String>,
    /// The policy record that stood there before the one of today, and when that one was first seen, seconds since 1970.
    pub dmarc_before: Option<(String, i64)>,
    /// What receivers before RFC 9989 find by the list of public suffixes; `None` when not known.
    pub by_suffix: Option<BySuffix>,
    /// Records of the type SPF (99) at the domain.
    pub spf_type: Answer<String>,
    /// Name and TXT records of the explanation that the SPF record names (`exp=`); `None` where it names none, or one
    /// that depends on the mail.
    pub explanation: Option<(String, Answer<String>)>,
    /// Names where a TXT record and an alias (CNAME) stand side by side, with the alias.
    pub beside_alias: Vec<(String, String)>,
    /// What its SPF record leads to; `None` without one single record.
    pub spf: Option<SpfTree>,
    /// Where reports go: by the record that applies, and by the settings.
    pub destinations: Vec<Destination>,
    /// Keys by the settings, by reports, and well known ones.
    pub keys: Vec<KeyFacts>,
    /// TXT records at `_domainkey.`: `NxDomain` says that there is no key at all.
    pub keys_below: Answer<String>,
    /// Everything that is not SPF, DKIM or DMARC.
    pub more: MoreFacts,
    /// What reports say.
    pub reports: ReportFacts,
    /// What each server says by itself: those of the zone and the resolvers; empty when they were not asked.
    pub servers: Vec<ServerSaid>,
}

/// What one server says, asked by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSaid {
    /// Its name with its address.
    pub server: String,
    /// It is a name server of the zone; otherwise a resolver that remembers.
    pub is_of_zone: bool,
    /// Its TXT records by name.
    pub answers: BTreeMap<String, Lookup<String>>,
}

/// What the method of RFC 7489 finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BySuffix {
    /// The organisational domain.
    pub organizational_domain: String,
    /// The record that applies; `None` when there is none.
    pub applies: Option<DmarcFound>,
}

/// One address that reports go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// The tag that names it: `rua` or `ruf`.
    pub tag: &'static str,
    /// The mail address.
    pub address: String,
    /// Its domain.
    pub host: String,
    /// It stands in the record that applies; otherwise only in the settings.
    pub is_published: bool,
    /// Name and TXT records of the authorisation of RFC 9990 4; `None` where none is needed.
    pub authorisation: Option<(String, Answer<String>)>,
    /// Whether mail to the host can be delivered.
    pub mail: MailTo,
}

/// Whether mail to a host can be delivered, as far as DNS tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTo {
    /// It has a mail server with an address.
    Servers,
    /// It has no MX, but an address (RFC 5321 5.1).
    AddressOnly,
    /// It says that it takes no mail (RFC 7505).
    Refused,
    /// It has neither.
    Nowhere,
    /// None of its mail servers has an address.
    ServersWithoutAddress,
    /// DNS did not answer.
    Unknown(crate::dns::Failure),
}

/// A selector, and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    /// Domain that signs (`d=`): the domain itself or one below it.
    pub domain: String,
    /// Selector.
    pub selector: String,
    /// What the settings say; `None` when they do not name it.
    pub plan: Option<KeyState>,
    /// The public half of the owner's private key, and the text of its record; `None` when the key lives elsewhere.
    pub own: Option<(PublicKey, String)>,
    /// What reports say; `None` when they never named it.
    pub seen: Option<SeenSelector>,
    /// TXT records at its name.
    pub answer: Lookup<String>,
}

impl KeyFacts {
    /// Its name in DNS.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

/// A selector in reports. Only mails from addresses count from where it verified at least once: anybody can write a
/// selector on a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSelector {
    /// Domain that signs (`d=`).
    pub domain: String,
    /// Selector.
    pub selector: String,
    /// Mails that carried it.
    pub mails: u64,
    /// Mails of those on which it verified.
    pub mails_verified: u64,
    /// Last day on which a mail carried it, days since 1970.
    pub last_day: i64,
    /// Most days that passed between two days on which mails carried it; 0 when it was one day.
    pub gap_days_max: i64,
}

/// What reports say about a domain.
#[derive(Clone, Debug, Default)]
pub struct ReportFacts {
    /// Newest day with mail, days since 1970; `None` without reports.
    pub newest_day: Option<i64>,
    /// Addresses whose mail passed SPF, aligned.
    pub spf_addresses: BTreeSet<IpAddr>,
    /// Mails of the last days by whether their reporter saw the policy that DNS has now; `None` when not known.
    pub policy_seen: Option<PolicySeen>,
}

/// Which policy reporters saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicySeen {
    /// Reporters that saw the policy that DNS has now, in their newest report.
    pub reporters_same: usize,
    /// All reporters of the last days.
    pub reporters: usize,
    /// Mails of the last days that were judged by another policy. Where it is known since when the record stands there,
    /// only those count that came after every cache had forgotten what stood there before.
    pub mails_other: u64,
    /// All mails of those days.
    pub mails: u64,
    /// It is known since when the record stands there.
    pub is_settled: bool,
}

/// Records that belong to neither SPF, DKIM nor DMARC.
#[derive(Clone, Debug)]
pub struct MoreFacts {
    /// TXT records at `_mta-sts.`.
    pub mta_sts: Answer<String>,
    /// Addresses of `mta-sts.`, where the policy has to be.
    pub mta_sts_host: Answer<IpAddr>,
    /// TXT records at `_smtp._tls.`.
    pub tls_rpt: Answer<String>,
    /// TXT records at `default._bimi.`.
    pub bimi: Answer<String>,
    /// TXT records at `_adsp._domainkey.` (RFC 5617, historic).
    pub adsp: Answer<String>,
    /// Whether the zone is signed: its parent has a DS record; `None` when not known.
    pub is_signed: Option<bool>,
    /// Mail servers without an address.
    pub mx_without_address: Vec<String>,
}

//! Everything around a domain's records that a check looks at.

use std::net::IpAddr;
use std::num::NonZeroUsize;

use super::Resolver;
use super::gather::{Gathered, policy_by_suffix};
use super::many::{at_once, each};
use super::odd::{beside_alias, explanation};
use crate::analyze::check::{
    BySuffix, Destination, Facts, KeyFacts, MailTo, Meant, MoreFacts, ReportFacts, SeenSelector,
};
use crate::dns::dkim_key::PublicKey;
use crate::dns::{Answer, Failure, Published, dmarc};
use crate::limits::Limits;

/// Selectors that services and panels are known to use.
pub const WELL_KNOWN_SELECTORS: [&str; 46] = [
    "default",
    "dkim",
    "dkim1",
    "dkim2",
    "mail",
    "email",
    "smtp",
    "mx",
    "key1",
    "key2",
    "k1",
    "k2",
    "k3",
    "s1",
    "s2",
    "sel1",
    "sel2",
    "sig1",
    "m1",
    "selector1",
    "selector2",
    "google",
    "20161025",
    "20210112",
    "20230601",
    "mandrill",
    "mailjet",
    "sendgrid",
    "smtpapi",
    "pm",
    "cm",
    "hs1",
    "hs2",
    "brevo1",
    "brevo2",
    "zoho",
    "zmail",
    "fm1",
    "fm2",
    "fm3",
    "protonmail",
    "protonmail2",
    "protonmail3",
    "mxvault",
    "everlytickey1",
    "ctct1",
];
/// Mail servers of a domain whose addresses are asked for.
const MAIL_SERVERS_MAX: usize = 10;

/// What is known before anybody is asked.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// What the settings say.
    pub meant: Meant,
    /// Public halves of the owner's private keys, by selector, with the text of the record.
    pub own: Vec<(String, PublicKey, String)>,
    /// Selectors in reports.
    pub seen: Vec<SeenSelector>,
    /// The policy record before the one of today, and when that one was first seen, seconds since 1970.
    pub dmarc_before: Option<(String, i64)>,
    /// Ask for well known selectors too.
    pub all_selectors: bool,
}

/// Asks for everything that a check looks at besides what was gathered.
pub fn survey(
    resolver: &dyn Resolver,
    gathered: Gathered,
    wanted: Wanted,
    reports: ReportFacts,
    limits: &Limits,
) -> Facts {
    let at_once = at_once(limits);
    let Gathered { published, spf, .. } = gathered;
    let domain = published.domain.clone();
    let by_suffix = policy_by_suffix(resolver, &domain)
        .map(|found| BySuffix { organizational_domain: found.organizational_domain, applies: found.applies });
    let keys_below = resolver.txt(&format!("_domainkey.{domain}")).answer;
    let keys = keys(resolver, &domain, &wanted, &keys_below, at_once);
    let names = ["_mta-sts", "_smtp._tls", "default._bimi", "_adsp._domainkey"].map(|host| format!("{host}.{domain}"));
    // They are remembered, so that asking for each below costs nothing.
    each(&names, at_once, |name| resolver.txt(name));
    let [mta_sts, tls_rpt, bimi, adsp] = names.map(|name| resolver.txt(&name).answer);
    let mta_sts_host =
        if mta_sts.is_missing() { Answer::NoData } else { addresses(resolver, &format!("mta-sts.{domain}")) };
    let spf_type = resolver.spf_type(&domain).answer;
    let explanation = explanation(resolver, &published.spf);
    let mut own_names = vec![format!("_dmarc.{domain}"), domain.clone()];
    own_names.extend(keys.iter().filter(|key| key.domain == domain).map(KeyFacts::name));
    let organization = published.organizational_domain.clone();
    let signed = [Some(domain.clone()), organization].into_iter().flatten().map(|zone| resolver.is_signed(&zone));
    let more = MoreFacts {
        mta_sts,
        mta_sts_host,
        tls_rpt,
        bimi,
        adsp,
        is_signed: signed.reduce(|own, above| if own == Some(true) { own } else { above }).flatten(),
        mx_without_address: without_address(resolver, &domain, at_once),
    };
    Facts {
        dmarc_txt: resolver.txt(&format!("_dmarc.{domain}")),
        domain_txt: resolver.txt(&domain),
        doubled_txt: resolver.txt(&format!("_dmarc.{domain}.{domain}")).answer,
        dmarc_before: wanted.dmarc_before,
        by_suffix,
        spf: spf.text().is_some().then_some(spf),
        destinations: destinations(resolver, &published, &wanted.meant, at_once),
        keys,
        keys_below,
        more,
        spf_type,
        explanation,
        beside_alias: beside_alias(resolver, &own_names, at_once),
        reports,
        servers: Vec::new(),
        meant: wanted.meant,
        published,
    }
}

/// IPv4 and IPv6 addresses of a name.
fn addresses(resolver: &dyn Resolver, name: &str) -> Answer<IpAddr> {
    let (four, six) = (resolver.a(name).answer, resolver.aaaa(name).answer);
    let found: Vec<IpAddr> =
        four.records().iter().map(|ip| IpAddr::V4(*ip)).chain(six.records().iter().map(|ip| IpAddr::V6(*ip))).collect();
    match (four, six) {
        _ if !found.is_empty() => Answer::Found(found),
        (Answer::Failed(failure), _) | (_, Answer::Failed(failure)) => Answer::Failed(failure),
        (Answer::NxDomain, Answer::NxDomain) => Answer::NxDomain,
        _ => Answer::NoData,
    }
}

/// The keys to look at: of the settings, of reports, and well known ones where they are asked for, or where nothing else
/// is known and there is something to find. Of well known ones only those that are there.
fn keys(
    resolver: &dyn Resolver,
    domain: &str,
    wanted: &Wanted,
    below: &Answer<String>,
    at_once: NonZeroUsize,
) -> Vec<KeyFacts> {
    let mut asked: Vec<(String, String)> = Vec::new();
    let of_settings = wanted.meant.keys.iter().map(|(selector, _)| (domain.to_owned(), selector.clone()));
    let of_reports = wanted.seen.iter().map(|seen| (seen.domain.clone(), seen.selector.clone()));
    for key in of_settings.chain(of_reports) {
        if !asked.contains(&key) {
            asked.push(key);
        }
    }
    let known = asked.len();
    let may_be_there = *below != Answer::NxDomain && !below.is_unknown();
    if wanted.all_selectors || (known == 0 && may_be_there && !wanted.meant.is_parked) {
        let well_known = WELL_KNOWN_SELECTORS.iter().map(|selector| (domain.to_owned(), (*selector).to_owned()));
        asked.extend(well_known.filter(|key| !asked.contains(key)).collect::<Vec<_>>());
    }
    let answers = each(&asked, at_once, |(signer, selector)| resolver.txt(&format!("{selector}._domainkey.{signer}")));
    let all = asked.into_iter().zip(answers).enumerate();
    let kept = all.filter(|(number, (_, lookup))| *number < known || !lookup.answer.records().is_empty());
    let key = |(_, ((signer, selector), answer)): (usize, ((String, String), _))| {
        let is_ours = signer == domain;
        let plan = wanted.meant.keys.iter().find(|(named, _)| is_ours && *named == selector).map(|(_, state)| *state);
        let own = wanted.own.iter().find(|(named, ..)| is_ours && *named == selector);
        let own = own.map(|(_, key, text)| (key.clone(), text.clone()));
        let seen = wanted.seen.iter().find(|seen| seen.domain == signer && seen.selector == selector).cloned();
        KeyFacts { domain: signer, selector, plan, own, seen, answer }
    };
    kept.map(key).collect()
}

/// Where reports go by the record that applies, and by the settings.
fn destinations(
    resolver: &dyn Resolver,
    published: &Published,
    meant: &Meant,
    at_once: NonZeroUsize,
) -> Vec<Destination> {
    let found_at = published.dmarc_applies.as_ref().map_or(published.domain.as_str(), |found| found.domain.as_str());
    let record = published.dmarc_applies.as_ref().and_then(|found| dmarc::read(&found.text)).map(|read| read.record);
    let of = |uris: &[dmarc::ReportUri]| uris.iter().filter_map(dmarc::ReportUri::address).collect::<Vec<String>>();
    let mut wanted: Vec<(&'static str, String, bool)> = Vec::new();
    if let Some(record) = &record {
        wanted.extend(of(&record.rua).into_iter().map(|address| ("rua", address, true)));
        wanted.extend(of(&record.ruf).into_iter().map(|address| ("ruf", address, true)));
    }
    for address in meant.dmarc.iter().flat_map(|record| of(&record.rua)) {
        if !wanted.iter().any(|(tag, known, _)| *tag == "rua" && *known == address) {
            wanted.push(("rua", address, false));
        }
    }
    each(&wanted, at_once, |(tag, address, is_published)| {
        let host = address.rsplit_once('@').map(|(_, host)| host.to_owned())?;
        let organization = published.organizational_domain.as_deref().unwrap_or(&published.domain);
        let is_external = !is_below(&host, organization) && !is_below(&host, found_at);
        let authorisation = is_external.then(|| {
            let name = format!("{found_at}._report._dmarc.{host}");
            let answer = resolver.txt(&name).answer;
            (name, answer)
        });
        let mail = mail_to(resolver, &host);
        let (tag, address, is_published) = (*tag, address.clone(), *is_published);
        Some(Destination { tag, address, host, is_published, authorisation, mail })
    })
    .into_iter()
    .flatten()
    .collect()
}

fn is_below(name: &str, above: &str) -> bool {
    name == above || name.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
}

fn mail_to(resolver: &dyn Resolver, host: &str) -> MailTo {
    let servers = match resolver.mx(host).answer {
        Answer::Failed(failure) => return MailTo::Unknown(failure),
        Answer::NxDomain => return MailTo::Nowhere,
        Answer::NoData => {
            return match addresses(resolver, host) {
                Answer::Found(_) => MailTo::AddressOnly,
                Answer::Failed(failure) => MailTo::Unknown(failure),
                Answer::NoData | Answer::NxDomain => MailTo::Nowhere,
            };
        }
        Answer::Found(servers) => servers,
    };
    let names: Vec<&String> = servers.iter().map(|(_, name)| name).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return MailTo::Refused;
    }
    let mut unknown: Option<Failure> = None;
    for name in names.into_iter().take(MAIL_SERVERS_MAX) {
        match addresses(resolver, name) {
            Answer::Found(_) => return MailTo::Servers,
            Answer::Failed(failure) => unknown = Some(failure),
            Answer::NoData | Answer::NxDomain => {}
        }
    }
    unknown.map_or(MailTo::ServersWithoutAddress, MailTo::Unknown)
}

/// Mail servers of a domain that are known to have no address.
fn without_address(resolver: &dyn Resolver, domain: &str, at_once: NonZeroUsize) -> Vec<String> {
    let Answer::Found(servers) = resolver.mx(domain).answer else { return Vec::new() };
    let names: Vec<String> = servers.into_iter().map(|(_, name)| name).filter(|name| !name.is_empty()).collect();
    let names: Vec<String> = names.into_iter().take(MAIL_SERVERS_MAX).collect();
    let missing = each(&names, at_once, |name| addresses(resolver, name).is_missing());
    names.into_iter().zip(missing).filter(|(_, missing)| *missing).map(|(name, _)| name).collect()
}

//! Everything that is not SPF, DKIM or DMARC: presence, and whether it hangs together. Nothing here is worse than a
//! warning, and what DNS did not answer is not mentioned.

use super::facts::Facts;
use super::finding::{CheckFinding, Level, Notes, Topic};
use crate::dns::spf::{self, Kind, Mechanism, Qualifier};
use crate::dns::{Answer, dmarc};
use crate::model::{Policy, TestMode};
use crate::words::{Said, said};

pub(super) fn check(facts: &Facts, notes: &mut Notes) {
    mail_servers(facts, notes);
    if !facts.meant.is_parked && !refuses_mail(facts) && !facts.published.mx.is_missing() {
        mta_sts(facts, notes);
        tls_rpt(facts, notes);
        bimi(facts, notes);
    }
    let domain = &facts.published.domain;
    match facts.more.is_signed {
        Some(true) => notes.good(Topic::More, "DNSSEC"),
        Some(false) => {
            let text = said!("check-dnssec-missing", domain = domain);
            notes.push(info("dnssec-missing", domain, text).advice(said!("check-dnssec-missing-fix")));
        }
        None => {}
    }
    if let Answer::Found(records) = &facts.more.adsp {
        let name = format!("_adsp._domainkey.{domain}");
        let text = said!("check-adsp-historic", name = name);
        notes.push(
            info("adsp-historic", &name, text).advice(said!("check-adsp-historic-fix")).evidence(records.clone()),
        );
    }
}

fn info(rule: &'static str, subject: &str, text: Said) -> CheckFinding {
    CheckFinding::new(Topic::More, Level::Info, rule, subject, text)
}

fn warning(rule: &'static str, subject: &str, text: Said) -> CheckFinding {
    CheckFinding::new(Topic::More, Level::Warning, rule, subject, text)
}

/// A null MX (RFC 7505), as `0 .`.
fn is_null(mx: &str) -> bool {
    mx.rsplit(' ').next().is_some_and(|host| matches!(host, "." | ""))
}

fn refuses_mail(facts: &Facts) -> bool {
    let mx = facts.published.mx.records();
    !mx.is_empty() && mx.iter().all(|mx| is_null(mx))
}

fn mail_servers(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let mx = facts.published.mx.records();
    if mx.len() > 1 && mx.iter().any(|mx| is_null(mx)) {
        let text = said!("check-mx-null-beside", domain = domain);
        let finding = warning("mx-null-beside-others", domain, text);
        notes.push(finding.advice(said!("check-mx-null-beside-fix")).evidence(mx.iter().cloned()));
    }
    for host in &facts.more.mx_without_address {
        let text = said!("check-mx-without-address", domain = domain, host = host);
        notes.push(warning("mx-without-address", host, text).advice(said!("check-mx-without-address-fix")));
    }
    let sends_nothing = facts.published.spf.records().first().and_then(|text| spf::read(text)).is_some_and(|read| {
        let only = Kind::Directive(Qualifier::Fail, Mechanism::All);
        read.record.terms.first().is_some_and(|term| term.kind == only)
    });
    if refuses_mail(facts) && !sends_nothing && !facts.published.spf.is_unknown() {
        let text = said!("check-mx-null-and-sends", domain = domain);
        notes.push(info("mx-null-and-sends", domain, text).advice(said!("check-mx-null-and-sends-fix")));
    }
    if facts.meant.is_parked && facts.published.mx.is_missing() {
        let text = said!("check-mx-parked", domain = domain);
        notes.push(info("mx-parked", domain, text).advice(said!("check-mx-parked-fix")));
    }
}

/// RFC 8461 3.1: one record, and a host for the policy, which is not fetched.
fn mta_sts(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let name = format!("_mta-sts.{domain}");
    let records: Vec<&String> = facts.more.mta_sts.records().iter().filter(|text| starts(text, "v=STSv1")).collect();
    match records.as_slice() {
        [] if facts.more.mta_sts.is_unknown() => {}
        [] => {
            let text = said!("check-mta-sts-missing", domain = domain);
            notes.push(info("mta-sts-missing", &name, text).advice(said!("check-mta-sts-missing-fix")));
        }
        [record] => {
            let id = tag(record, "id")
                .filter(|id| (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric()));
            if id.is_none() {
                let text = said!("check-mta-sts-id", name = name);
                let finding = warning("mta-sts-id", &name, text).advice(said!("check-mta-sts-id-fix"));
                notes.push(finding.evidence(Some((*record).clone())));
            } else if facts.more.mta_sts_host.is_missing() {
                let text = said!("check-mta-sts-no-host", name = name, domain = domain);
                notes.push(warning("mta-sts-no-host", &name, text).advice(said!("check-mta-sts-no-host-fix")));
            } else {
                notes.good(Topic::More, "MTA-STS record (its policy file is not fetched)");
            }
        }
        several => {
            let text = said!("check-mta-sts-several", name = name, count = several.len());
            notes.push(warning("mta-sts-several", &name, text).advice(said!("check-leave-one")));
        }
    }
}

/// RFC 8460 3.
fn tls_rpt(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let name = format!("_smtp._tls.{domain}");
    let records: Vec<&String> = facts.more.tls_rpt.records().iter().filter(|text| starts(text, "v=TLSRPTv1")).collect();
    match records.as_slice() {
        [] if facts.more.tls_rpt.is_unknown() => {}
        [] => {
            let text = said!("check-tls-rpt-missing", domain = domain);
            let advice = format!("{name} TXT \"v=TLSRPTv1; rua=mailto:tls@{domain}\"");
            notes.push(info("tls-rpt-missing", &name, text).advice(advice));
        }
        [record] => {
            let targets: Vec<&str> =
                tag(record, "rua").into_iter().flat_map(|rua| rua.split(',')).map(str::trim).collect();
            let is_target = |uri: &&str| uri.starts_with("mailto:") || uri.starts_with("https:");
            if targets.is_empty() || !targets.iter().all(is_target) {
                let text = said!("check-tls-rpt-rua", name = name);
                let finding = warning("tls-rpt-rua", &name, text).advice(said!("check-tls-rpt-rua-fix"));
                notes.push(finding.evidence(Some((*record).clone())));
            } else {
                notes.good(Topic::More, "TLS-RPT");
            }
        }
        several => {
            let text = said!("check-tls-rpt-several", name = name, count = several.len());
            notes.push(warning("tls-rpt-several", &name, text).advice(said!("check-leave-one")));
        }
    }
}

/// The draft on BIMI: a record, and a policy that is enforced on all mail.
fn bimi(facts: &Facts, notes: &mut Notes) {
    let domain = &facts.published.domain;
    let name = format!("default._bimi.{domain}");
    let records: Vec<&String> = facts.more.bimi.records().iter().filter(|text| starts(text, "v=BIMI1")).collect();
    let Some(record) = records.first() else {
        if facts.more.bimi.is_missing() {
            let text = said!("check-bimi-missing", domain = domain);
            notes.push(info("bimi-missing", &name, text).advice(said!("check-bimi-missing-fix")));
        }
        return;
    };
    let evidence = Some((*record).clone());
    let location = tag(record, "l");
    if location.is_none_or(|uri| !uri.is_empty() && !uri.starts_with("https://")) {
        let text = said!("check-bimi-location", name = name);
        notes.push(
            warning("bimi-location", &name, text).advice(said!("check-bimi-location-fix")).evidence(evidence.clone()),
        );
    } else if location == Some("") {
        notes.good(Topic::More, said!("check-bimi-declined"));
        return;
    }
    let applies = facts.published.dmarc_applies.as_ref().and_then(|found| dmarc::read(&found.text));
    let is_enforced = applies.is_some_and(|read| {
        let record = &read.record;
        record.p.is_some_and(|p| p != Policy::None)
            && record.sp != Some(Policy::None)
            && record.t != Some(TestMode::Yes)
            && record.pct.is_none_or(|share| share == 100)
    });
    if !is_enforced && !facts.published.dmarc.is_unknown() {
        let text = said!("check-bimi-not-enforced", name = name);
        notes.push(
            warning("bimi-not-enforced", &name, text).advice(said!("check-bimi-not-enforced-fix")).evidence(evidence),
        );
    } else {
        notes.good(Topic::More, "BIMI");
    }
}

fn starts(text: &str, version: &str) -> bool {
    text.strip_prefix(version).is_some_and(|rest| rest.trim_start().is_empty() || rest.trim_start().starts_with(';'))
}

/// The value of a tag.
fn tag<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(';').find_map(|part| {
        let (found, value) = part.split_once('=')?;
        (found.trim() == name).then(|| value.trim())
    })
}

//! The policy record.

use super::differ;
use super::facts::Facts;
use super::finding::{Badge, CheckFinding, Level, Notes, Publish, Topic};
use crate::dns::dmarc::{self, DmarcRecord, Standing};
use crate::dns::{Answer, DmarcFound};
use crate::model::{Policy, Word as _};
use crate::words::{Said, said};

/// Longest time to live, in seconds, with which a policy can be taken back within a day.
const TTL_S_GOOD: u32 = 86_400;
/// Percent of mail that may be judged by another policy: some reporters are late.
const OTHER_PERCENT_MAX: u64 = 20;

pub(super) fn check(facts: &Facts, notes: &mut Notes) -> Badge {
    let name = name(facts);
    let badge = match &facts.published.dmarc {
        Answer::Failed(failure) => {
            notes.unanswered(Topic::Dmarc, "dmarc-unanswered", &name, *failure);
            return Badge::Unknown;
        }
        Answer::Found(records) => match records.as_slice() {
            [record] => one(facts, record, notes),
            records => several(&name, records, notes),
        },
        Answer::NoData | Answer::NxDomain => none(facts, notes),
    };
    neighbours(facts, notes);
    methods(facts, notes);
    badge
}

fn name(facts: &Facts) -> String {
    format!("_dmarc.{}", facts.published.domain)
}

/// The record that the owner means, to publish.
pub(super) fn meant_record(facts: &Facts) -> Option<Publish> {
    let meant = facts.meant.dmarc.as_ref()?;
    let (host, domain) = ("_dmarc".to_owned(), facts.published.domain.clone());
    Some(Publish { host, domain, ttl_s: facts.meant.ttl_s, text: meant.to_string() })
}

fn one(facts: &Facts, text: &str, notes: &mut Notes) -> Badge {
    let name = name(facts);
    let Some(read) = dmarc::read(text) else { return Badge::Broken };
    let may_still_report = !read.record.rua.is_empty();
    for finding in read.findings {
        // One bad address beside a good one loses no report.
        let is_softened = finding.rule.starts_with("dmarc-uri") && may_still_report;
        let mut finding = CheckFinding::of_record(Topic::Dmarc, &name, text, finding);
        if is_softened {
            finding.level = finding.level.min(Level::Warning);
        }
        notes.push(finding);
    }
    let policy = read.record.p.map_or_else(|| said!("check-dmarc-no-p"), |policy| policy.as_str().into());
    if read.standing == Standing::InForce {
        let seen = facts.reports.policy_seen.filter(|seen| seen.reporters > 0);
        let seen = seen.map_or_else(Said::default, |seen| {
            said!("check-dmarc-seen", same = seen.reporters_same, reporters = seen.reporters)
        });
        notes.good(Topic::Dmarc, said!("check-dmarc-good", policy = &policy, seen = seen));
    }
    unseen(facts, &policy, notes);
    enforcement(facts, &read.record, text, notes);
    differ::check(facts, &read.record, text, notes);
    if let Some(ttl_s) = facts.dmarc_txt.ttl_s.filter(|ttl_s| *ttl_s > TTL_S_GOOD) {
        let text = said!("check-dmarc-ttl-long", name = name, ttl_s = ttl_s);
        let finding = CheckFinding::new(Topic::Dmarc, Level::Info, "dmarc-ttl-long", &name, text);
        notes.push(finding.advice(said!("check-dmarc-ttl-long-fix")));
    }
    if read.standing == Standing::InForce { Badge::Set } else { Badge::Broken }
}

/// A policy that DNS has, and that much of the mail is not judged by.
fn unseen(facts: &Facts, policy: &Said, notes: &mut Notes) {
    let Some(seen) = facts.reports.policy_seen.filter(|seen| seen.mails > 0) else { return };
    if seen.mails_other * 100 <= seen.mails * OTHER_PERCENT_MAX {
        return;
    }
    let name = name(facts);
    let share = seen.mails_other * 100 / seen.mails;
    let (other, mails) = (seen.mails_other, seen.mails);
    let text = said!("check-dmarc-unseen", name = name, share = share, policy = policy, other = other, mails = mails);
    let (level, advice) = if seen.is_settled {
        (Level::Warning, said!("check-dmarc-unseen-fix"))
    } else {
        (Level::Info, said!("check-dmarc-unseen-wait"))
    };
    notes.push(CheckFinding::new(Topic::Dmarc, level, "dmarc-policy-unseen", &name, text).advice(advice));
}

/// What the policy asks of receivers.
fn enforcement(facts: &Facts, record: &DmarcRecord, text: &str, notes: &mut Notes) {
    let (name, domain) = (name(facts), &facts.published.domain);
    let evidence = || Some(text.to_owned());
    let say = |rule, what: Said, advice: Said| {
        CheckFinding::new(Topic::Dmarc, Level::Info, rule, &name, what).advice(advice).evidence(evidence())
    };
    let is_organizational = facts.published.organizational_domain.as_ref().is_none_or(|above| above == domain);
    if facts.meant.is_parked {
        let weak = [("p", record.p), ("sp", record.sp.or(record.p)), ("np", record.np.or(record.sp).or(record.p))];
        let weak = weak.into_iter().filter(|(_, policy)| *policy != Some(Policy::Reject));
        let weak: Vec<&str> = weak.map(|(tag, _)| tag).collect();
        if !weak.is_empty() {
            let what = said!("check-dmarc-parked", domain = domain, tags = weak.join(", "));
            notes.push(say("dmarc-parked", what, said!("check-dmarc-parked-fix")));
        }
        return;
    }
    if record.p == Some(Policy::None) {
        let what = said!("check-dmarc-p-none", domain = domain);
        notes.push(say("dmarc-p-none", what, said!("check-dmarc-p-none-fix")));
    } else if record.sp == Some(Policy::None) && is_organizational {
        let what = said!("check-dmarc-sp-none", domain = domain);
        notes.push(say("dmarc-sp-none", what, said!("check-dmarc-sp-none-fix")));
    }
    if !is_organizational && (record.sp.is_some() || record.np.is_some()) {
        let above = facts.published.organizational_domain.as_deref().unwrap_or_default();
        let what = said!("check-dmarc-sp-ignored", domain = domain, above = above);
        notes.push(say("dmarc-sp-not-organizational", what, said!("check-dmarc-sp-ignored-fix")));
    }
}

fn several(name: &str, records: &[String], notes: &mut Notes) -> Badge {
    let text = said!("check-dmarc-multiple", name = name, count = records.len());
    let finding = CheckFinding::new(Topic::Dmarc, Level::Critical, "dmarc-multiple", name, text);
    notes.push(finding.advice(said!("check-dmarc-multiple-fix")).evidence(records.iter().cloned()));
    Badge::Broken
}

fn none(facts: &Facts, notes: &mut Notes) -> Badge {
    let (name, domain) = (name(facts), &facts.published.domain);
    if let Some(badge) = almost(facts, notes) {
        return badge;
    }
    if let Some(DmarcFound { domain: above, text }) = &facts.published.dmarc_applies {
        let record = dmarc::read(text).map(|read| read.record).unwrap_or_default();
        let policy = record.sp.or(record.p).map_or("none", Policy::as_str);
        notes.good(Topic::Dmarc, said!("check-dmarc-inherited", above = above, policy = policy));
        if facts.meant.dmarc.is_some() {
            absent(facts, &said!("check-dmarc-of-above", above = above), notes);
        }
        return Badge::Set;
    }
    if let Some(alias) = facts.dmarc_txt.aliases.last() {
        let text = said!("check-dmarc-alias-nowhere", name = name, alias = alias);
        let finding = CheckFinding::new(Topic::Dmarc, Level::Critical, "dmarc-alias-nowhere", &name, text);
        notes.push(finding.advice(said!("check-dmarc-alias-nowhere-fix")));
        return Badge::Missing;
    }
    absent(facts, &said!("check-dmarc-no-policy", domain = domain), notes);
    Badge::Missing
}

/// There is no record, and what that means.
fn absent(facts: &Facts, meaning: &Said, notes: &mut Notes) {
    let name = name(facts);
    let meant = meant_record(facts);
    let level = if meant.is_some() { Level::Critical } else { Level::Warning };
    let what =
        if facts.dmarc_txt.answer == Answer::NxDomain { said!("check-no-name") } else { said!("check-dmarc-no-txt") };
    let text = said!("check-dmarc-missing", name = name, what = what, meaning = meaning);
    let finding = CheckFinding::new(Topic::Dmarc, level, "dmarc-missing", &name, text);
    notes.push(match meant {
        Some(record) => finding.advice(said!("check-dmarc-missing-fix")).publish(record),
        None => {
            let text = format!("v=DMARC1; p=none; rua=mailto:dmarc@{}", facts.published.domain);
            let (host, domain) = ("_dmarc".to_owned(), facts.published.domain.clone());
            finding.advice(said!("check-dmarc-begin")).publish(Publish { host, domain, ttl_s: None, text })
        }
    });
}

/// A text at the right name that is nearly a record.
fn almost(facts: &Facts, notes: &mut Notes) -> Option<Badge> {
    let name = name(facts);
    let found = facts.dmarc_txt.answer.records().iter().find_map(|text| Some((text, fault(text)?)));
    let (text, fault) = found?;
    let what = said!("check-dmarc-almost", name = name, fault = fault);
    let finding = CheckFinding::new(Topic::Dmarc, Level::Critical, "dmarc-not-a-record", &name, what);
    let advice = said!("check-dmarc-almost-fix");
    let finding = finding.advice(advice).evidence(Some(text.clone()));
    notes.push(match meant_record(facts) {
        Some(record) => finding.publish(record),
        None => finding,
    });
    Some(Badge::Broken)
}

/// Why a text that its author took for a DMARC record is none.
fn fault(text: &str) -> Option<Said> {
    let bare =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '“' | '”' | '\\' | '\u{feff}'));
    if !bare
        .get(..8)
        .is_some_and(|start| start.eq_ignore_ascii_case("v=dmarc1") || start.eq_ignore_ascii_case("v=dmarc;"))
    {
        let has_policy = text.split(';').any(|tag| tag.trim_start().starts_with("p=")) && !text.contains("DKIM");
        let named = text.to_ascii_lowercase().contains("dmarc");
        return (has_policy || named).then(|| said!("check-dmarc-fault-v"));
    }
    if text.starts_with(char::is_whitespace) {
        return Some(said!("check-dmarc-fault-blank"));
    }
    if text.starts_with(['"', '\'', '“', '\\']) {
        return Some(said!("check-dmarc-fault-quotes"));
    }
    Some(said!("check-dmarc-fault-case"))
}

/// Texts beside the record, and records at wrong names.
fn neighbours(facts: &Facts, notes: &mut Notes) {
    let (name, domain) = (name(facts), &facts.published.domain);
    let others =
        facts.dmarc_txt.answer.records().iter().filter(|text| !dmarc::is_record(text) && fault(text).is_none());
    let others: Vec<String> = others.cloned().collect();
    if !others.is_empty() {
        let is_spf = others.iter().any(|text| crate::dns::spf::is_record(text));
        let kind = if is_spf { said!("check-dmarc-an-spf") } else { said!("check-dmarc-a-txt") };
        let text = said!("check-dmarc-unrelated", name = name, kind = kind);
        let finding = CheckFinding::new(Topic::Dmarc, Level::Warning, "dmarc-unrelated", &name, text);
        let advice = said!("check-dmarc-unrelated-fix");
        notes.push(finding.advice(advice).evidence(others));
    }
    let misplaced = |txt: &Answer<String>| txt.records().iter().find(|text| dmarc::is_record(text)).cloned();
    let doubled = format!("{name}.{domain}");
    let places = [(domain.as_str(), &facts.domain_txt.answer), (doubled.as_str(), &facts.doubled_txt)];
    for (place, text) in places.into_iter().filter_map(|(place, txt)| Some((place, misplaced(txt)?))) {
        let what = said!("check-dmarc-misplaced", place = place, name = name);
        let finding = CheckFinding::new(Topic::Dmarc, Level::Warning, "dmarc-misplaced", place, what);
        notes.push(finding.advice(said!("check-dmarc-misplaced-fix", name = name)).evidence(Some(text)));
    }
}

/// Where receivers of today (tree walk) and of yesterday (list of public suffixes) come to different ends.
fn methods(facts: &Facts, notes: &mut Notes) {
    let (name, domain) = (name(facts), &facts.published.domain);
    let Some(by_suffix) = &facts.by_suffix else { return };
    let Some(by_walk) = &facts.published.organizational_domain else { return };
    let at = |found: &Option<DmarcFound>| found.as_ref().map(|found| found.domain.clone());
    let (walk_at, suffix_at) = (at(&facts.published.dmarc_applies), at(&by_suffix.applies));
    if walk_at != suffix_at {
        let say = |at: &Option<String>| {
            at.as_ref().map_or_else(|| said!("check-dmarc-none"), |at| said!("check-dmarc-that-of", at = at))
        };
        let text =
            said!("check-dmarc-walk-differs", domain = domain, by_walk = say(&walk_at), by_suffix = say(&suffix_at));
        let finding = CheckFinding::new(Topic::Dmarc, Level::Warning, "dmarc-walk-differs", &name, text);
        notes.push(finding.advice(said!("check-dmarc-walk-differs-fix", domain = domain)));
    }
    // Without any record there is nothing that alignment could be asked for.
    if *by_walk != by_suffix.organizational_domain && facts.published.dmarc_applies.is_some() {
        let above = &by_suffix.organizational_domain;
        let text = said!("check-dmarc-organization", domain = domain, by_walk = by_walk, above = above);
        let finding = CheckFinding::new(Topic::Dmarc, Level::Warning, "dmarc-organization-differs", &name, text);
        let advice = if by_walk.len() > above.len() {
            said!("check-dmarc-organization-both", above = above)
        } else {
            said!("check-dmarc-organization-psd", above = above)
        };
        notes.push(finding.advice(advice));
    }
}

//! The record that DNS has beside the one that the owner means, and the one that was there before.

use std::collections::BTreeSet;

use super::dmarc::meant_record;
use super::facts::Facts;
use super::finding::{CheckFinding, Level, Notes, Topic};
use crate::dns::dmarc::{self, DmarcRecord, ReportUri};
use crate::model::{AlignmentMode, Policy, TestMode, Word};
use crate::words::{Said, said};

/// A change is news for a week, in seconds.
const NEWS_S: i64 = 7 * 86_400;

/// Compares what receivers make of both: a tag that only says the default is no difference.
pub(super) fn check(facts: &Facts, published: &DmarcRecord, text: &str, notes: &mut Notes) {
    let Some(meant) = &facts.meant.dmarc else { return weakened(facts, published, text, notes) };
    let name = format!("_dmarc.{}", facts.published.domain);
    let differences = differences(meant, published);
    if differences.is_empty() {
        return;
    }
    let is_weaker = protection(published) < protection(meant);
    let level = if is_weaker { Level::Critical } else { Level::Warning };
    let less = if is_weaker { said!("check-dmarc-less") } else { Said::default() };
    let what = said!("check-dmarc-differs", name = name, less = less, differences = Said::parts(differences));
    let finding = CheckFinding::new(Topic::Dmarc, level, "dmarc-differs", &name, what).evidence(Some(text.to_owned()));
    let advice = said!("check-dmarc-differs-fix");
    notes.push(match meant_record(facts) {
        Some(record) => finding.advice(advice).publish(record),
        None => finding.advice(advice),
    });
}

/// A policy that was weakened lately, where the settings do not say what is meant.
fn weakened(facts: &Facts, published: &DmarcRecord, text: &str, notes: &mut Notes) {
    let name = format!("_dmarc.{}", facts.published.domain);
    let Some((before, since_s)) = &facts.dmarc_before else { return };
    let Some(was) = dmarc::read(before).map(|read| read.record) else { return };
    if facts.published.seen_s - since_s > NEWS_S || protection(published) >= protection(&was) {
        return;
    }
    let day = super::date(since_s.div_euclid(86_400));
    let what = said!("check-dmarc-weakened", name = name, day = day);
    let finding = CheckFinding::new(Topic::Dmarc, Level::Critical, "dmarc-weakened", &name, what);
    let advice = said!("check-dmarc-weakened-fix");
    notes.push(finding.advice(advice).evidence([format!("before: {before}"), format!("now: {text}")]));
}

/// What differs, each as `tag: DNS says …, the settings mean …`. Tags that settings can't hold are not compared.
#[must_use]
pub fn differences(meant: &DmarcRecord, published: &DmarcRecord) -> Vec<Said> {
    let mut found = Vec::new();
    let mut compare = |tag: &str, published: Option<String>, meant: Option<String>| {
        if published != meant {
            let word = |word: Option<String>| word.map_or_else(|| said!("check-dmarc-nothing"), Said::from);
            let (published, meant) = (word(published), word(meant));
            found.push(said!("check-dmarc-difference", tag = tag, published = published, meant = meant));
        }
    };
    compare("p", word(published.p), word(meant.p));
    // What only follows from another tag is not said again.
    if published.sp.is_some() || meant.sp.is_some() {
        compare("sp", word(published.sp.or(published.p)), word(meant.sp.or(meant.p)));
    }
    if published.np.is_some() || meant.np.is_some() {
        let of_missing = |record: &DmarcRecord| word(record.np.or(record.sp).or(record.p));
        compare("np", of_missing(published), of_missing(meant));
    }
    let mode = |mode: Option<AlignmentMode>| word(Some(mode.unwrap_or(AlignmentMode::Relaxed)));
    compare("adkim", mode(published.adkim), mode(meant.adkim));
    compare("aspf", mode(published.aspf), mode(meant.aspf));
    let testing = |t: Option<TestMode>| word(Some(t.unwrap_or(TestMode::No)));
    compare("t", testing(published.t), testing(meant.t));
    compare("rua", addresses(&published.rua), addresses(&meant.rua));
    found
}

fn word<T: Word>(word: Option<T>) -> Option<String> {
    word.map(|word| word.as_str().to_owned())
}

fn addresses(uris: &[ReportUri]) -> Option<String> {
    let addresses: BTreeSet<String> = uris.iter().map(|uri| uri.address().unwrap_or_else(|| uri.uri.clone())).collect();
    (!addresses.is_empty()).then(|| addresses.into_iter().collect::<Vec<_>>().join(", "))
}

/// How much a record protects: the policy of the domain, then of its subdomains; a test is one step less.
fn protection(record: &DmarcRecord) -> [u8; 3] {
    let step = |policy: Option<Policy>| match policy {
        None | Some(Policy::None) => 0_u8,
        Some(Policy::Quarantine) => 1,
        Some(Policy::Reject) => 2,
    };
    let tested = u8::from(record.t == Some(TestMode::Yes));
    let policies = [record.p, record.sp.or(record.p), record.np.or(record.sp).or(record.p)];
    policies.map(|policy| step(policy).saturating_sub(tested))
}

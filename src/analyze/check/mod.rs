//! Does what DNS publishes work, and is it what the owner means?
//!
//! [`check`] takes everything that is known about a domain as values, and gives badges and findings. What DNS did not
//! answer is unknown, never missing.

mod destination;
mod differ;
mod dkim;
mod dmarc;
mod facts;
mod finding;
mod history;
mod meant;
mod more;
mod odd;
mod seen;
mod servers;
mod spf;
#[cfg(test)]
mod tests;

pub use differ::differences;
pub use facts::{
    BySuffix, Destination, Facts, KeyFacts, MailTo, MoreFacts, PolicySeen, ReportFacts, SeenSelector, ServerSaid,
};
pub use finding::{Badge, Badges, CheckFinding, Checked, Level, Publish, Topic};
pub use history::{Change, changes};
pub use meant::{Meant, record as meant_record, report_uri};
pub use seen::{SeenPolicy, observed, policies, selectors};

use chrono::{DateTime, NaiveDate};

use self::finding::Notes;
use crate::dns::{Answer, Failure};
use crate::words::said;

/// Checks a domain.
#[must_use]
pub fn check(facts: &Facts) -> Checked {
    let domain = facts.published.domain.clone();
    if facts.published.dmarc == Answer::Failed(Failure::Offline) {
        return offline(domain);
    }
    let mut notes = Notes::default();
    let dmarc = dmarc::check(facts, &mut notes);
    destination::check(facts, &mut notes);
    let spf = spf::check(facts, &mut notes);
    let dkim = dkim::check(facts, &mut notes);
    odd::check(facts, &mut notes);
    more::check(facts, &mut notes);
    let badges = servers::check(facts, &mut notes, Badges { spf, dkim, dmarc });
    let Notes { mut findings, mut good, unanswered } = notes;
    findings.sort_by_key(|finding| (finding.topic, std::cmp::Reverse(finding.level)));
    good.sort_by_key(|(topic, _)| *topic);
    Checked { domain, badges, findings, good, is_answered: !unanswered }
}

/// Nobody was asked, so nothing is known.
fn offline(domain: String) -> Checked {
    let text = said!("check-offline", domain = domain);
    let finding = CheckFinding::new(Topic::Dmarc, Level::Warning, "dns-offline", &domain, text);
    let badges = Badges { spf: Badge::Unknown, dkim: Badge::Unknown, dmarc: Badge::Unknown };
    let findings = vec![finding.advice(said!("check-run-online"))];
    Checked { domain, badges, findings, good: Vec::new(), is_answered: false }
}

/// A day, days since 1970, as `2026-10-31`.
fn date(day: i64) -> String {
    let time = day.checked_mul(86_400).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    time.map_or_else(String::new, |time| time.date_naive().to_string())
}

/// The day that a name ends in, as `rs20240118` does, days since 1970.
fn day_in(selector: &str) -> Option<i64> {
    let digits = selector.get(selector.len().checked_sub(8)?..)?;
    let is_date = digits.starts_with("20") && digits.bytes().all(|byte| byte.is_ascii_digit());
    let before = selector.strip_suffix(digits)?;
    if !is_date || before.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let day = NaiveDate::parse_from_str(digits, "%Y%m%d").ok()?;
    Some(day.signed_duration_since(DateTime::UNIX_EPOCH.date_naive()).num_days())
}

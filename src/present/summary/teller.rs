//! The sentences of a summary, shared by all forms that people read.
//!
//! A stranger's name enters a sentence through `name`, which escapes it for the medium; all other words are ours.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::number::{is_enough, per_cent, share_of_mails, tenths, thousands};
use super::view::{DOMAINS_JUDGED, DayView, DomainView, SummaryView, TaskView};
use crate::analyze::title;
use crate::digest::SenderFacts;
use crate::present::{alarms, escape};
use crate::words::{Said, Words, say};

/// Alarms that are listed.
const ALARMS_LISTED: usize = 8;

/// Something to do, and the command that does it.
#[derive(Debug)]
pub(super) struct Hint {
    pub(super) what: String,
    pub(super) command: String,
}

/// Tells a view in a language, for a medium.
pub(super) struct Teller<'a> {
    pub(super) view: &'a SummaryView,
    pub(super) words: &'a Words,
    /// How the medium shows a stranger's name.
    pub(super) name: &'a dyn Fn(&str) -> String,
    /// How it shows a sentence that strangers' names are in.
    pub(super) sentence: &'a dyn Fn(&str) -> String,
}

impl Teller<'_> {
    /// A message without values.
    pub(super) fn say(&self, id: &str) -> String {
        self.words.say(id)
    }

    /// A stranger's name.
    pub(super) fn named(&self, name: &str) -> String {
        (self.name)(name)
    }

    /// The sender that is to be set right.
    pub(super) fn of_task(&self, task: &TaskView) -> String {
        self.named(&task.sender.in_words(self.words))
    }

    /// What people call a sender in their language.
    pub(super) fn title(&self, sender: &SenderFacts) -> String {
        title(&sender.key, &sender.name).in_words(self.words)
    }

    /// A sentence that was said elsewhere.
    pub(super) fn told(&self, said: &Said) -> String {
        (self.sentence)(&said.in_words(self.words))
    }

    pub(super) fn mails(&self, mails: u64) -> String {
        say!(self.words, "n-mails", n = mails)
    }

    pub(super) fn days_long(&self, days: u64) -> String {
        say!(self.words, "n-days", n = days)
    }

    /// The sentences to read: how much passed, who has most of what did not, and whether somebody has to do something.
    pub(super) fn verdict(&self) -> String {
        let (call, own) = (self.call().unwrap_or_default(), self.own().unwrap_or_default());
        self.words.join(&[call, self.not_judged(), own, self.passed()])
    }

    /// Of many domains only some are judged, and a verdict is about these.
    fn not_judged(&self) -> String {
        let all = self.view.domains.len().saturating_sub(self.view.digest.foreign.len());
        match self.view.domains.iter().filter(|domain| domain.decision.is_some()).count() {
            judged if judged >= DOMAINS_JUDGED && judged < all => {
                say!(self.words, "verdict-not-judged", n = judged, all = all)
            }
            _ => String::new(),
        }
    }

    fn passed(&self) -> String {
        let (view, words) = (self.view, self.words);
        let sums = &view.sums;
        if sums.mails == 0 {
            return say!(words, "verdict-no-mail", reports = say!(words, "n-reports", n = view.reports));
        }
        let all = share_of_mails(words, sums.dmarc_pass(), sums.mails);
        let share = match &view.domain {
            Some(domain) => say!(words, "share-as-domain", share = all, domain = self.named(domain)),
            None => all,
        };
        let failed = sums.neither;
        match worst_domain(view).filter(|_| view.domain.is_none()) {
            _ if failed == 0 => say!(words, "verdict-none-failed", share = share),
            None => say!(words, "verdict-failed", share = share, failed = failed),
            Some(worst) => {
                let (domain, part) = (self.named(&worst.name), worst.sums.neither);
                match part {
                    _ if part >= failed => {
                        say!(words, "verdict-failed-all-as", share = share, failed = failed, domain = domain)
                    }
                    _ if part > failed / 2 => {
                        say!(
                            words,
                            "verdict-failed-most-as",
                            share = share,
                            failed = failed,
                            domain = domain,
                            part = part
                        )
                    }
                    _ => say!(
                        words,
                        "verdict-failed-more-as",
                        share = share,
                        failed = failed,
                        domain = domain,
                        part = part
                    ),
                }
            }
        }
    }

    /// What it is about: all domains, or one.
    pub(super) fn scope(&self) -> String {
        match &self.view.domain {
            None => self.say("scope-all"),
            Some(domain) => say!(self.words, "scope-domain", domain = self.named(domain)),
        }
    }

    /// `2026-10-01 to 2026-10-31 (UTC)`
    pub(super) fn period(&self) -> String {
        match self.view.period {
            None => String::new(),
            Some((first, last)) if first == last => say!(self.words, "period-day", day = first.to_string()),
            Some((first, last)) => {
                say!(self.words, "period-days", first = first.to_string(), last = last.to_string())
            }
        }
    }

    /// `41 reports from 5 reporters`
    pub(super) fn coverage(&self) -> String {
        let reporters = u64::try_from(self.view.reporters.len()).unwrap_or(u64::MAX);
        let (reports, reporters) =
            (say!(self.words, "n-reports", n = self.view.reports), say!(self.words, "n-reporters", n = reporters));
        say!(self.words, "coverage", reports = reports, reporters = reporters)
    }

    /// How old the newest report is.
    pub(super) fn age(&self) -> String {
        match self.view.newest_age_days {
            None => self.say("age-none"),
            Some(days) if days <= 0 => self.say("age-fresh"),
            Some(days) => say!(self.words, "age-days", n = days.unsigned_abs()),
        }
    }

    /// Scope, period, coverage and age in one.
    pub(super) fn about(&self) -> String {
        let (period, coverage, age) = (self.period(), self.coverage(), self.age());
        say!(self.words, "about", scope = self.scope(), period = period, coverage = coverage, age = age)
    }

    /// Period, coverage and age, where the scope stands above.
    pub(super) fn about_period(&self) -> String {
        let (period, coverage, age) = (self.period(), self.coverage(), self.age());
        say!(self.words, "about-period", period = period, coverage = coverage, age = age)
    }

    /// How the period before compares.
    pub(super) fn comparison(&self) -> Option<String> {
        let (view, words) = (self.view, self.words);
        let length = view.period.map(|(first, last)| length_days(first, last))?;
        let before_words = match view.before_period {
            Some((first, last)) => say!(words, "before-dates", first = first.to_string(), last = last.to_string()),
            None if length == 1 => self.say("before-day"),
            None => say!(words, "before-days", days = self.days_long(length)),
        };
        let Some(before) = &view.before else {
            return Some(say!(words, "comparison-none", before = before_words));
        };
        let then = share_of_mails(words, before.dmarc_pass(), before.mails);
        let past = say!(words, "comparison-past", before = before_words, share = then, failed = before.neither);
        if !is_enough(before.mails) || !is_enough(view.sums.mails) {
            return Some(past);
        }
        let share_now = tenths(view.sums.dmarc_pass(), view.sums.mails);
        let share_then = tenths(before.dmarc_pass(), before.mails);
        let points = per_cent(share_now.abs_diff(share_then)).trim_end_matches('%').to_owned();
        let change = match share_now.cmp(&share_then) {
            std::cmp::Ordering::Equal => self.say("comparison-same"),
            std::cmp::Ordering::Greater => say!(words, "comparison-higher", points = points),
            std::cmp::Ordering::Less => say!(words, "comparison-lower", points = points),
        };
        Some(words.join(&[past, change]))
    }

    /// How many days have reports, and which of them stand out.
    pub(super) fn days(&self) -> Option<String> {
        let (view, words) = (self.view, self.words);
        let length = view.period.map(|(first, last)| length_days(first, last))?;
        if length == 1 {
            return None;
        }
        let with_reports = u64::try_from(view.days.len()).unwrap_or(u64::MAX);
        let mut sentences = vec![say!(words, "days-with-reports", n = with_reports, days = self.days_long(length))];
        if let Some(DayView { day, sums, .. }) = peak(&view.days, |day| day.sums.neither) {
            let day = day.to_string();
            sentences.push(say!(words, "days-most-failed", day = day, failed = sums.neither, mails = sums.mails));
        }
        if let Some(DayView { day, sums, .. }) = peak(&view.days, |day| day.sums.mails) {
            sentences.push(say!(words, "days-most-mails", day = day.to_string(), mails = sums.mails));
        }
        Some(words.join(&sentences))
    }

    /// `and 34 more sources with 1,204 mails`; nothing where nothing is left out.
    pub(super) fn more(&self, kind: More, (left_out, mails): (u64, u64)) -> Option<String> {
        let mails = self.mails(mails);
        let told = match kind {
            More::Domains => say!(self.words, "more-domains", n = left_out, mails = mails),
            More::Sources => say!(self.words, "more-sources", n = left_out, mails = mails),
            More::Reporters => say!(self.words, "more-reporters", n = left_out, mails = mails),
        };
        (left_out > 0).then_some(told)
    }

    /// A reporter's name, or that it gave none; what somebody could take for a link has lost its teeth.
    pub(super) fn reporter(&self, name: Option<&str>) -> String {
        let Some(name) = name.filter(|name| !name.trim().is_empty()) else { return self.say("no-name") };
        let is_like_link = name.contains(['/', '@', ':']) || name.contains("www.");
        self.named(&if is_like_link { escape::defang(name) } else { Cow::Borrowed(name) })
    }

    /// What a receiver did: the word as sent and, where it is one of the standard's, its meaning.
    pub(super) fn disposition(&self, word: Option<&str>) -> String {
        let Some(word) = word else { return self.say("disposition-not-said") };
        let shown = self.named(word);
        match word {
            "none" | "pass" => say!(self.words, "disposition-delivered", word = shown),
            "quarantine" => say!(self.words, "disposition-spam", word = shown),
            "reject" => say!(self.words, "disposition-refused", word = shown),
            _ => say!(self.words, "disposition-other", word = shown),
        }
    }

    /// What is in the store and not in the numbers, with the command that shows it.
    pub(super) fn left_aside(&self) -> Vec<Hint> {
        let (view, words) = (self.view, self.words);
        let reports = |n: u64| say!(words, "n-reports", n = n);
        let rejected = say!(words, "left-rejected", n = view.rejected);
        let conflicting = say!(words, "left-conflicting", reports = reports(view.conflicting));
        let other = say!(words, "left-other", reports = reports(view.other));
        let hint =
            |number: u64, what: String, command: &str| (number > 0).then(|| Hint { what, command: command.to_owned() });
        let hints = [
            hint(view.rejected, rejected, "ruascope rejected"),
            hint(view.conflicting, conflicting, "ruascope reports --conflicting"),
            hint(view.other, other, "ruascope store stats"),
        ];
        hints.into_iter().flatten().collect()
    }

    /// Commands that show more of the same period.
    pub(super) fn next(&self) -> Vec<Hint> {
        let view = self.view;
        let Some((first, last)) = view.period else { return Vec::new() };
        let period = format!("--since {first} --until {last}");
        let asked = view
            .domain
            .as_deref()
            .filter(|domain| is_plain(domain))
            .map(|domain| format!(" --domain {domain}"))
            .unwrap_or_default();
        let is_own = |domain: &&DomainView| !view.digest.foreign.contains(&domain.name);
        let worst = worst_domain(view).filter(is_own).or_else(|| view.domains.iter().find(is_own));
        let worst = worst.or_else(|| view.domains.first()).map(|domain| domain.name.as_str());
        let about = view.domain.as_deref().or(worst).filter(|domain| is_plain(domain));
        let domain = about.map(|domain| format!(" {domain}")).unwrap_or_default();
        let hint = |id: &str, command: String| Hint { what: self.say(id), command };
        vec![
            hint("next-sources", format!("ruascope sources{domain} --by ip {period}")),
            hint("next-chart", format!("ruascope chart volume{asked} {period} -o volume.svg")),
            hint("next-reports", format!("ruascope reports{asked} {period}")),
        ]
    }

    /// What to say and to do when the period has no report.
    pub(super) fn no_data(&self) -> (String, Hint) {
        let sentence = match (self.view.newest_age_days, &self.view.domain) {
            (None, _) => self.say("no-data-store"),
            (Some(_), None) => say!(self.words, "no-data-period", age = self.age()),
            (Some(_), Some(domain)) => {
                say!(self.words, "no-data-domain", domain = self.named(domain), age = self.age())
            }
        };
        (sentence, Hint { what: self.say("no-data-hint"), command: "ruascope ingest PATH".to_owned() })
    }

    /// The day of a domain on which most mails failed, for the line of bars.
    pub(super) fn trend(&self, domain: &DomainView) -> Option<String> {
        let (first, _) = self.view.period?;
        let (day, failed, mails) = worst_day(domain, first)?;
        Some(say!(self.words, "trend-label", day = day.to_string(), failed = failed, mails = mails))
    }

    /// The same, shorter.
    pub(super) fn trend_short(&self, domain: &DomainView) -> Option<String> {
        let (first, _) = self.view.period?;
        let (day, failed, mails) = worst_day(domain, first).filter(|_| domain.trend.len() > 1)?;
        Some(say!(self.words, "trend-worst", day = day.to_string(), failed = failed, mails = mails))
    }

    /// Open alarms, the loudest first.
    pub(super) fn alarms(&self) -> Vec<String> {
        let told = |(domain, alarm): &(String, crate::analyze::alarms::Alarm)| {
            let name = |text: &str| self.named(&escape::defang(text));
            let sentence = alarms::sentence(alarm, self.words, &name);
            let days = alarms::days(alarm, self.words);
            say!(self.words, "alarm-line", domain = self.named(domain), sentence = sentence, days = days)
        };
        self.view.digest.alarms.iter().take(ALARMS_LISTED).map(told).collect()
    }

    /// The highest of a row of bars.
    pub(super) fn highest(&self, most: u64) -> String {
        say!(self.words, "bars-highest", n = thousands(most))
    }
}

/// Lists that may leave something out.
#[derive(Clone, Copy, Debug)]
pub(super) enum More {
    Domains,
    Sources,
    Reporters,
}

/// The domain with most mails that failed, where any did.
pub(super) fn worst_domain(view: &SummaryView) -> Option<&DomainView> {
    let failing = view.domains.iter().filter(|domain| domain.sums.neither > 0);
    failing.reduce(|worst, domain| if domain.sums.neither > worst.sums.neither { domain } else { worst })
}

/// The first day with the largest number, if there is one above zero.
fn peak(days: &[DayView], number: impl Fn(&DayView) -> u64) -> Option<&DayView> {
    days.iter().filter(|day| number(day) > 0).reduce(|most, day| if number(day) > number(most) { day } else { most })
}

/// The day of a domain on which most mails failed, with these and all its mails.
fn worst_day(domain: &DomainView, first: NaiveDate) -> Option<(NaiveDate, u64, u64)> {
    let told = |(day, offset): (&Option<(u64, u64)>, u64)| {
        day.map(|(passed, mails)| (offset, mails.saturating_sub(passed), mails))
    };
    let failing = domain.trend.iter().zip(0_u64..).filter_map(told).filter(|(_, failed, _)| *failed > 0);
    let (offset, failed, mails) = failing.reduce(|worst, day| if day.1 > worst.1 { day } else { worst })?;
    Some((first.checked_add_days(Days::new(offset))?, failed, mails))
}

/// Whether a name may stand in a command that people copy into a shell.
fn is_plain(name: &str) -> bool {
    let is_plain_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('-') && name.len() <= 253 && name.bytes().all(is_plain_byte)
}

fn length_days(first: NaiveDate, last: NaiveDate) -> u64 {
    last.signed_duration_since(first).num_days().unsigned_abs() + 1
}

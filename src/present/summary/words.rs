//! The sentences of a summary, shared by all forms that people read.
//!
//! A stranger's name enters a sentence through `name`, which escapes it for the medium; all other words are ours.

use std::borrow::Cow;

use chrono::{Days, NaiveDate};

use super::number::{count, is_enough, per_cent, share_of_mails, tenths, thousands};
use super::view::{DayView, DomainView, SummaryView};
use crate::present::escape;

/// How a medium shows a stranger's name.
pub(super) type Name<'a> = &'a dyn Fn(&str) -> String;

/// Something to do, and the command that does it.
#[derive(Debug)]
pub(super) struct Hint {
    pub(super) what: String,
    pub(super) command: String,
}

/// What to know when reading which mails failed.
pub(super) const FAILED_MEANS: &str = "Failed mail may be your own and unsigned, forwarded by others, or sent by somebody \
    who pretends to be you: this version does not tell them apart.";

/// What the columns of the table of sources mean.
pub(super) const SOURCE_COLUMNS: &str =
    "Failed is aligned in neither DKIM nor SPF, both is aligned in both; by is how many reporters saw it.";

/// What stands for the name of a reporter that gave none.
pub(super) const NO_NAME: &str = "(no name given)";

/// What the bars under a domain show.
pub(super) const BARS_MEAN: &str = "Bars: the share that passed, day by day; a dot stands for days without mail.";

/// The one sentence to read: how much passed, and who has most of what did not.
pub(super) fn verdict(view: &SummaryView, name: Name) -> String {
    let sums = &view.sums;
    if sums.mails == 0 {
        return format!("There is no mail in {}.", count(view.reports, "report"));
    }
    let whose = view.domain.as_ref().map(|domain| format!(" as {}", name(domain))).unwrap_or_default();
    let passed = format!("{}{whose} passed DMARC", share_of_mails(sums.dmarc_pass(), sums.mails));
    match worst_domain(view) {
        _ if sums.neither == 0 => format!("{passed}; none failed."),
        Some(worst) if view.domain.is_none() => {
            format!("{passed}; {} failed, {}.", thousands(sums.neither), most_of_them(sums.neither, worst, name))
        }
        _ => format!("{passed}; {} failed.", thousands(sums.neither)),
    }
}

fn most_of_them(failed: u64, worst: &DomainView, name: Name) -> String {
    let part = worst.sums.neither;
    let domain = name(&worst.name);
    match part {
        _ if part >= failed => format!("all as {domain}"),
        _ if part > failed / 2 => format!("most of them as {domain} ({})", thousands(part)),
        _ => format!("more as {domain} ({}) than as any other domain", thousands(part)),
    }
}

/// The domain with most mails that failed, where any did.
pub(super) fn worst_domain(view: &SummaryView) -> Option<&DomainView> {
    let failing = view.domains.iter().filter(|domain| domain.sums.neither > 0);
    failing.reduce(|worst, domain| if domain.sums.neither > worst.sums.neither { domain } else { worst })
}

/// What it is about: `All domains`, or one.
pub(super) fn scope(view: &SummaryView, name: Name) -> String {
    view.domain.as_ref().map_or_else(|| "All domains".to_owned(), |domain| name(domain))
}

/// `2026-10-01 to 2026-10-31 (UTC)`
pub(super) fn period(days: (NaiveDate, NaiveDate)) -> String {
    if days.0 == days.1 { format!("{} (UTC)", days.0) } else { format!("{} to {} (UTC)", days.0, days.1) }
}

/// `41 reports from 5 reporters`
pub(super) fn coverage(view: &SummaryView) -> String {
    let reporters = u64::try_from(view.reporters.len()).unwrap_or(u64::MAX);
    format!("{} from {}", count(view.reports, "report"), count(reporters, "reporter"))
}

/// How old the newest report is.
pub(super) fn age(newest_age_days: Option<i64>) -> String {
    match newest_age_days {
        None => "There is no report yet.".to_owned(),
        Some(days) if days <= 0 => "The newest report ended less than a day ago.".to_owned(),
        Some(days) => format!("The newest report ended {} ago.", count(days.unsigned_abs(), "day")),
    }
}

/// How the period before compares.
pub(super) fn comparison(view: &SummaryView) -> Option<String> {
    let length = view.period.map(|(first, last)| length_days(first, last))?;
    let before_words =
        if length == 1 { "the day before".to_owned() } else { format!("the {} before", count(length, "day")) };
    let Some(before) = &view.before else {
        return Some(format!("There are no reports from {before_words} to compare with."));
    };
    let then = share_of_mails(before.dmarc_pass(), before.mails);
    let past = format!("In {before_words}, {then} passed and {} failed.", thousands(before.neither));
    if !is_enough(before.mails) || !is_enough(view.sums.mails) {
        return Some(past);
    }
    let share_now = tenths(view.sums.dmarc_pass(), view.sums.mails);
    let share_then = tenths(before.dmarc_pass(), before.mails);
    let change = match share_now.abs_diff(share_then) {
        0 => "The share that passes is the same now.".to_owned(),
        points => {
            let direction = if share_now > share_then { "higher" } else { "lower" };
            format!("The share that passes is {} points {direction} now.", per_cent(points).trim_end_matches('%'))
        }
    };
    Some(format!("{past} {change}"))
}

/// How many days have reports, and which of them stand out.
pub(super) fn days(view: &SummaryView) -> Option<String> {
    let length = view.period.map(|(first, last)| length_days(first, last))?;
    let with_reports = u64::try_from(view.days.len()).unwrap_or(u64::MAX);
    let mut sentences = vec![format!("{} of {} have reports.", thousands(with_reports), count(length, "day"))];
    if let Some(day) = peak(&view.days, |day| day.sums.neither) {
        sentences.push(format!(
            "Most mails failed on {}: {} of {}.",
            day.day,
            thousands(day.sums.neither),
            thousands(day.sums.mails)
        ));
    }
    if let Some(day) = peak(&view.days, |day| day.sums.mails) {
        sentences.push(format!("Most mails came on {}: {}.", day.day, thousands(day.sums.mails)));
    }
    Some(sentences.join(" "))
}

/// The first day with the largest number, if there is one above zero.
pub(super) fn peak(days: &[DayView], number: impl Fn(&DayView) -> u64) -> Option<&DayView> {
    days.iter().filter(|day| number(day) > 0).reduce(|most, day| if number(day) > number(most) { day } else { most })
}

/// The day of a domain on which most mails failed, with these and all its mails.
pub(super) fn worst_day(domain: &DomainView, first: NaiveDate) -> Option<(NaiveDate, u64, u64)> {
    let told = |(day, offset): (&Option<(u64, u64)>, u64)| {
        day.map(|(passed, mails)| (offset, mails.saturating_sub(passed), mails))
    };
    let failing = domain.trend.iter().zip(0_u64..).filter_map(told).filter(|(_, failed, _)| *failed > 0);
    let (offset, failed, mails) = failing.reduce(|worst, day| if day.1 > worst.1 { day } else { worst })?;
    Some((first.checked_add_days(Days::new(offset))?, failed, mails))
}

/// `and 34 more sources with 1,204 mails`; nothing where nothing is left out.
pub(super) fn more(left_out: u64, noun: &str, mails: u64) -> Option<String> {
    (left_out > 0).then(|| format!("and {} with {}", count(left_out, &format!("more {noun}")), count(mails, "mail")))
}

/// A reporter's name, where it gave one; what somebody could take for a link has lost its teeth.
pub(super) fn reporter(name: Option<&str>) -> Option<Cow<'_, str>> {
    let name = name.filter(|name| !name.trim().is_empty())?;
    let is_like_link = name.contains(['/', '@', ':']) || name.contains("www.");
    Some(if is_like_link { escape::defang(name) } else { Cow::Borrowed(name) })
}

/// What a receiver did: the word as sent and, where it is one of the standard's, its meaning.
pub(super) fn disposition(word: Option<&str>, name: Name) -> String {
    let Some(word) = word else { return "(not said)".to_owned() };
    let meaning = match word {
        "none" | "pass" => ": delivered",
        "quarantine" => ": to spam",
        "reject" => ": refused",
        _ => "",
    };
    name(word) + meaning
}

/// What is in the store and not in the numbers, with the command that shows it.
pub(super) fn left_aside(view: &SummaryView) -> Vec<Hint> {
    let hint = |number: u64, noun: &str, what: &str, command: &str| {
        (number > 0).then(|| Hint { what: format!("{} {what}", count(number, noun)), command: command.to_owned() })
    };
    let conflicting = "not counted: another with the same identity came first";
    let other = "of another kind (TLS, failure or bounce)";
    let hints = [
        hint(view.rejected, "input", "that could not be used", "ruascope rejected"),
        hint(view.conflicting, "report", conflicting, "ruascope reports --conflicting"),
        hint(view.other, "report", other, "ruascope store stats"),
    ];
    hints.into_iter().flatten().collect()
}

/// Commands that show more of the same period.
pub(super) fn next(view: &SummaryView) -> Vec<Hint> {
    let Some((first, last)) = view.period else { return Vec::new() };
    let period = format!("--since {first} --until {last}");
    let asked = view
        .domain
        .as_deref()
        .filter(|domain| is_plain(domain))
        .map(|domain| format!(" --domain {domain}"))
        .unwrap_or_default();
    let worst = worst_domain(view).or_else(|| view.domains.first()).map(|domain| domain.name.as_str());
    let about = view.domain.as_deref().or(worst).filter(|domain| is_plain(domain));
    let domain = about.map(|domain| format!(" {domain}")).unwrap_or_default();
    let hint = |what: &str, command: String| Hint { what: what.to_owned(), command };
    vec![
        hint("who sends, address by address", format!("ruascope sources{domain} --by ip {period}")),
        hint("mails a day as a picture", format!("ruascope chart volume{asked} {period} -o volume.svg")),
        hint("the reports behind these numbers", format!("ruascope reports{asked} {period}")),
    ]
}

/// What to say and to do when the period has no report.
pub(super) fn no_data(view: &SummaryView, name: Name) -> (String, Hint) {
    let whose = view.domain.as_ref().map(|domain| format!(" for {}", name(domain))).unwrap_or_default();
    let sentence = match view.newest_age_days {
        None => "There are no DMARC reports in the store yet.".to_owned(),
        Some(_) => format!("There are no DMARC reports{whose} in this period. {}", age(view.newest_age_days)),
    };
    let what = "take in a file, a folder, an mbox or a Maildir";
    (sentence, Hint { what: what.to_owned(), command: "ruascope ingest PATH".to_owned() })
}

/// Whether a name may stand in a command that people copy into a shell.
fn is_plain(name: &str) -> bool {
    let is_plain_byte = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    !name.is_empty() && !name.starts_with('-') && name.len() <= 253 && name.bytes().all(is_plain_byte)
}

fn length_days(first: NaiveDate, last: NaiveDate) -> u64 {
    last.signed_duration_since(first).num_days().unsigned_abs() + 1
}

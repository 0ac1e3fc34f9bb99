//! Sources that were not there before.

use crate::analyze::{Observation, Sender};

/// Reports of so many days tell who is usual; whoever shows up in them is not new.
const FIRST_DAYS: i64 = 7;

/// A source that was seen for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomer {
    /// Place of the sender.
    pub sender: usize,
    /// Its first day, days since 1970-01-01.
    pub first_day: i64,
    /// Its mails since then.
    pub mails: u64,
}

/// The senders whose first mail came later than a week after the first of all, by day.
///
/// `observations` are all there are of the domain: whoever was seen before a period is not new in it.
#[must_use]
pub fn newcomers(observations: &[Observation], senders: &[Sender]) -> Vec<Newcomer> {
    let with_mail = |seen: &&Observation| seen.mails > 0;
    let Some(start) = observations.iter().filter(with_mail).map(|seen| seen.day).min() else { return Vec::new() };
    let newcomer = |(place, sender): (usize, &Sender)| {
        let seen = || sender.observations.iter().filter_map(|at| observations.get(*at)).filter(with_mail);
        let first_day = seen().map(|seen| seen.day).min()?;
        let mails = seen().fold(0_u64, |sum, seen| sum.saturating_add(seen.mails));
        (first_day >= start + FIRST_DAYS).then_some(Newcomer { sender: place, first_day, mails })
    };
    let mut found: Vec<Newcomer> = senders.iter().enumerate().filter_map(newcomer).collect();
    found.sort_by_key(|newcomer| (newcomer.first_day, newcomer.sender));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::Class;
    use crate::analyze::readiness::tests::{Domain, Fate};

    #[test]
    fn whoever_was_there_in_the_first_week_is_not_new() {
        let mut domain = Domain::new();
        let usual = domain.sender("usual", Class::Own);
        let early = domain.sender("early", Class::Unknown);
        let new = domain.sender("new", Class::Spoof);
        domain.mails(usual, 100..160, 40, Fate::Both);
        domain.mails(early, 106..=106, 40, Fate::Fails);
        domain.mails(new, 107..=108, 40, Fate::Fails);
        let found = newcomers(&domain.observations, &domain.senders);
        assert_eq!(found, [Newcomer { sender: new, first_day: 107, mails: 80 }]);
        assert_eq!(newcomers(&[], &domain.senders), []);
    }
}

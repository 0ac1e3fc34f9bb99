//! Mails of each day by what they are to the owner.

use crate::analyze::Class;
use crate::analyze::readiness::{Days, Sums, Tally};

/// Mails of one day; the parts are disjoint and add up to all mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClassDay {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// The owner's, aligned in DKIM and SPF.
    pub own_both: u64,
    /// The owner's, aligned in one of them.
    pub own_one: u64,
    /// Passed on: forwarders, lists and gateways.
    pub indirect: u64,
    /// The owner's, and fails.
    pub own_failing: u64,
    /// Nobody knows.
    pub unknown: u64,
    /// Suspected to be spoofed.
    pub spoof: u64,
}

/// Failing mails of one day that a policy would act on, and that the owner would miss, or might.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HarmDay {
    /// UTC day, days since 1970-01-01.
    pub day: i64,
    /// The owner's.
    pub own: u64,
    /// Passed on, by way of reporters that do not override most such failures.
    pub indirect: u64,
    /// Nobody knows.
    pub unknown: u64,
}

/// Every day from `first` to `last`, also those without mail.
#[must_use]
pub fn class_days(tally: &Tally, (first, last): (i64, i64)) -> Vec<ClassDay> {
    let of_day = |day: i64| {
        let own = on(&tally.legitimate, day);
        // Aligned in DKIM, plus aligned in SPF, counts those aligned in both twice.
        let own_both = own.dkim.saturating_add(own.spf).saturating_sub(own.passed());
        let class = |class: Class| on(tally.class(class), day).mails;
        ClassDay {
            day,
            own_both,
            own_one: own.passed().saturating_sub(own_both),
            indirect: Class::ALL.into_iter().filter(|class| class.is_indirect()).map(class).sum(),
            own_failing: own.failed,
            unknown: class(Class::Unknown),
            spoof: class(Class::Spoof),
        }
    };
    (first..=last).map(of_day).collect()
}

/// Every day from `first` to `last`, also those without harm.
#[must_use]
pub fn harm_days(tally: &Tally, (first, last): (i64, i64)) -> Vec<HarmDay> {
    let of_day = |day: i64| HarmDay {
        day,
        own: on(&tally.legitimate, day).failed,
        indirect: on(&tally.at_risk, day).failed,
        unknown: on(tally.class(Class::Unknown), day).failed,
    };
    (first..=last).map(of_day).collect()
}

fn on(days: &Days, day: i64) -> Sums {
    days.0.get(&day).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn days(sums: Sums) -> Days {
        Days(BTreeMap::from([(7, sums)]))
    }

    #[test]
    fn parts_add_up_and_those_that_pass_twice_count_once() {
        let own = Sums { mails: 100, failed: 10, dkim: 80, spf: 60, ..Sums::default() };
        let mut tally = Tally { legitimate: days(own), ..Tally::default() };
        for (place, class) in Class::ALL.into_iter().enumerate().filter(|(_, class)| !class.is_legitimate()) {
            let mails = 1 << place;
            tally.classes[class as usize] = days(Sums { mails, failed: mails / 2, ..Sums::default() });
        }
        let expected = ClassDay {
            day: 7,
            own_both: 50,
            own_one: 40,
            own_failing: 10,
            indirect: 8 + 16 + 32,
            spoof: 64,
            unknown: 128,
        };
        assert_eq!(class_days(&tally, (6, 7)), [ClassDay { day: 6, ..ClassDay::default() }, expected]);
        let harm = HarmDay { day: 7, own: 10, indirect: 0, unknown: 64 };
        assert_eq!(harm_days(&tally, (7, 7)), [harm]);
    }
}

//! Which sources come first: what decides it, little enough to be kept of millions.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use foldhash::fast::RandomState;

use super::sources::SourceOrder;

/// Where something about a source lies in a list by id: ids are dense.
pub(super) fn place(id: i64) -> usize {
    usize::try_from(id).unwrap_or(0)
}

/// Up to so many sources are found by hashing: what one domain has in a season. A list by id is faster for more, and costs
/// a look at every id that the store has.
const FEW_SOURCES: usize = 65_536;

/// What decides the order of sources: little enough for millions of them.
pub(super) struct Ranks {
    order: SourceOrder,
    /// By id, as long as there are few.
    few: HashMap<i64, Rank, RandomState>,
    /// By id, when there are many; empty before: all mails and one more, 0 where the source is not there.
    mails_and_one: Numbers,
    /// Mails of the kind that comes first, where these are not all.
    first: Numbers,
}

/// What decides the place of one source.
#[derive(Clone, Copy, Default)]
struct Rank {
    /// Mails of the kind that comes first.
    first: u64,
    mails: u64,
}

/// Numbers by id, which are dense, half as large as they may become: what fits into the processor's memory is found soonest.
#[derive(Default)]
struct Numbers {
    small: Vec<u32>,
    /// What is more than the small ones hold, by place.
    large: HashMap<usize, u64, RandomState>,
}

impl Numbers {
    #[inline]
    fn add(&mut self, at: usize, number: u64) {
        if at >= self.small.len() {
            self.small.resize(at + 1, 0);
        }
        let Some(small) = self.small.get_mut(at) else { return };
        match u32::try_from(number).ok().and_then(|number| small.checked_add(number)) {
            Some(sum) => *small = sum,
            None => {
                let large = self.large.entry(at).or_default();
                *large = large.saturating_add(number).saturating_add(u64::from(std::mem::take(small)));
            }
        }
    }

    #[inline]
    fn get(&self, at: usize) -> u64 {
        let large = if self.large.is_empty() { None } else { self.large.get(&at) };
        large.copied().unwrap_or(0).saturating_add(self.small.get(at).map_or(0, |small| u64::from(*small)))
    }
}

/// Sources that were not chosen.
#[derive(Default)]
pub(super) struct Left {
    pub(super) sources: u64,
    pub(super) mails: u64,
}

impl Ranks {
    pub(super) fn by(order: SourceOrder) -> Self {
        Self { order, few: HashMap::default(), mails_and_one: Numbers::default(), first: Numbers::default() }
    }

    #[inline]
    pub(super) fn add(&mut self, id: i64, mails: u64, failed: u64) {
        let first = if self.order == SourceOrder::Failing { failed } else { mails };
        let rank = Rank { first, mails };
        if !self.mails_and_one.small.is_empty() {
            return self.add_to_many(id, rank);
        }
        let known = self.few.entry(id).or_default();
        known.first = known.first.saturating_add(rank.first);
        known.mails = known.mails.saturating_add(rank.mails);
        if self.few.len() > FEW_SOURCES {
            for (id, rank) in std::mem::take(&mut self.few) {
                self.add_to_many(id, rank);
            }
        }
    }

    #[inline]
    fn add_to_many(&mut self, id: i64, rank: Rank) {
        let at = place(id);
        let is_new = self.mails_and_one.get(at) == 0;
        self.mails_and_one.add(at, rank.mails.saturating_add(u64::from(is_new)));
        if self.order == SourceOrder::Failing {
            self.first.add(at, rank.first);
        }
    }

    /// The ids of the `most` first sources in their order, and what is left.
    pub(super) fn best(self, most: usize) -> (Vec<i64>, Left) {
        let (mut best, mut left) = (BinaryHeap::new(), Left::default());
        let many = (0_i64..).zip(0..self.mails_and_one.small.len()).filter_map(|(id, at)| {
            let mails = self.mails_and_one.get(at).checked_sub(1)?;
            let first = if self.order == SourceOrder::Failing { self.first.get(at) } else { mails };
            Some((id, Rank { first, mails }))
        });
        for (id, Rank { first, mails }) in self.few.into_iter().chain(many) {
            let one = (Reverse(first), Reverse(mails), id);
            let is_full = best.len() >= most;
            if is_full && best.peek().is_none_or(|last| one > *last) {
                left.add(mails);
                continue;
            }
            best.push(one);
            if is_full && let Some((_, Reverse(mails), _)) = best.pop() {
                left.add(mails);
            }
        }
        (best.into_sorted_vec().into_iter().map(|(.., id)| id).collect(), left)
    }
}

impl Left {
    fn add(&mut self, mails: u64) {
        self.sources += 1;
        self.mails = self.mails.saturating_add(mails);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_may_be_as_large_as_they_like() {
        let mut numbers = Numbers::default();
        let parts = [7, u64::from(u32::MAX), 1 << 40, 3, u64::from(u32::MAX) - 2, 9];
        for part in parts {
            numbers.add(5, part);
        }
        assert_eq!(numbers.get(5), parts.iter().sum::<u64>());
        numbers.add(5, u64::MAX);
        assert_eq!((numbers.get(5), numbers.get(4), numbers.get(6)), (u64::MAX, 0, 0));
    }

    proptest! {
        #[test]
        fn many_are_ranked_like_few(
            added in proptest::collection::vec((1_i64..60, 0_u64..5, 0_u64..5), 0..200),
            most in 0_usize..70,
            is_failing: bool,
        ) {
            let order = if is_failing { SourceOrder::Failing } else { SourceOrder::Mails };
            let (mut few, mut many) = (Ranks::by(order), Ranks::by(order));
            let mut sums = std::collections::BTreeMap::<i64, (u64, u64)>::new();
            for (id, mails, failed) in added {
                few.add(id, mails + failed, failed);
                let first = if is_failing { failed } else { mails + failed };
                many.add_to_many(id, Rank { first, mails: mails + failed });
                let sum = sums.entry(id).or_default();
                *sum = (sum.0 + mails + failed, sum.1 + failed);
            }
            let mut expected: Vec<_> = sums.into_iter().collect();
            expected.sort_by_key(|(id, (mails, failed))| (Reverse(if is_failing { *failed } else { *mails }), Reverse(*mails), *id));
            let rest = expected.split_off(most.min(expected.len()));
            let left = (rest.len() as u64, rest.iter().map(|(_, (mails, _))| mails).sum::<u64>());
            let expected: Vec<i64> = expected.into_iter().map(|(id, _)| id).collect();
            for ranks in [few, many] {
                let (best, rest) = ranks.best(most);
                prop_assert_eq!(&best, &expected);
                prop_assert_eq!((rest.sources, rest.mails), left);
            }
        }
    }
}

//! A map that mostly has very few entries: one of a sender's address. A tree for each of a hundred thousand addresses
//! costs more than everything else that is counted.

use std::collections::BTreeMap;

/// From so many entries on it is a tree: strangers choose how many names they use, and putting one into a long list is dear.
const FEW_MAX: usize = 16;

/// A map in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FewMap<K, V> {
    /// Sorted; empty once there are many.
    few: Vec<(K, V)>,
    many: BTreeMap<K, V>,
}

impl<K, V> Default for FewMap<K, V> {
    fn default() -> Self {
        Self { few: Vec::new(), many: BTreeMap::new() }
    }
}

impl<K: Copy + Ord, V> FewMap<K, V> {
    /// The value of a key; `first` where there is none yet.
    pub(super) fn value_or(&mut self, key: K, first: V) -> &mut V {
        if self.few.len() >= FEW_MAX {
            self.many = std::mem::take(&mut self.few).into_iter().collect();
        }
        if !self.many.is_empty() {
            return self.many.entry(key).or_insert(first);
        }
        let at = self.few.partition_point(|(known, _)| *known < key);
        if self.few.get(at).is_none_or(|(known, _)| *known != key) {
            // One is the rule, and a list that grows by itself begins with four.
            if self.few.is_empty() {
                self.few.reserve_exact(1);
            }
            self.few.insert(at, (key, first));
        }
        #[expect(clippy::indexing_slicing, reason = "it was there or has just been put there")]
        &mut self.few[at].1
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.few.iter().find(|(known, _)| known == key).map(|(_, value)| value).or_else(|| self.many.get(key))
    }

    pub(super) fn len(&self) -> usize {
        self.few.len() + self.many.len()
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.few.iter().map(|(key, value)| (key, value)).chain(&self.many)
    }

    pub(super) fn keys(&self) -> impl DoubleEndedIterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_holds_what_a_tree_holds(keys in proptest::collection::vec(0_u32..60, 0..200)) {
            let (mut map, mut tree) = (FewMap::default(), BTreeMap::new());
            for key in keys {
                *map.value_or(key, 0_u64) += 1;
                *tree.entry(key).or_insert(0_u64) += 1;
            }
            prop_assert_eq!(map.len(), tree.len());
            prop_assert_eq!(map.iter().collect::<Vec<_>>(), tree.iter().collect::<Vec<_>>());
            for key in 0..60 {
                prop_assert_eq!(map.get(&key), tree.get(&key));
            }
        }
    }
}

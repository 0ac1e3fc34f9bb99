//! A map that mostly has very few entries: one of a sender's address. A tree for each of a hundred thousand addresses
//! costs more than everything else that is counted, and so does a list on the heap for one entry.

use std::collections::BTreeMap;

/// From so many entries on it is a tree, unless each new key comes behind all others, as days do: strangers choose how many
/// names they use, and putting one into the middle of a long list is dear.
const FEW_MAX: usize = 16;

/// A map in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FewMap<K, V> {
    One(Option<(K, V)>),
    /// Sorted.
    Few(Vec<(K, V)>),
    #[expect(clippy::box_collection, reason = "there are many maps and few trees, so a map is to be small")]
    Many(Box<BTreeMap<K, V>>),
}

impl<K, V> Default for FewMap<K, V> {
    fn default() -> Self {
        Self::One(None)
    }
}

impl<K: Copy + Ord, V: Copy> FewMap<K, V> {
    /// A map of entries, which are sorted on the way; `add` adds up those of one key.
    pub(super) fn of(entries: &mut Vec<(K, V)>, add: impl Fn(&mut V, V)) -> Self {
        if !entries.is_sorted_by_key(|(key, _)| *key) {
            entries.sort_by_key(|(key, _)| *key);
        }
        entries.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                add(&mut kept.1, next.1);
            }
            is_same
        });
        match entries.as_slice() {
            [] => Self::One(None),
            [one] => Self::One(Some(*one)),
            few => Self::Few(few.to_vec()),
        }
    }
}

impl<K: Copy + Ord, V> FewMap<K, V> {
    /// The value of a key; `first` where there is none yet.
    pub(super) fn value_or(&mut self, key: K, first: V) -> &mut V {
        self.make_room(key);
        match self {
            Self::One(one) => &mut one.get_or_insert((key, first)).1,
            Self::Few(few) => {
                let is_last = few.last().is_some_and(|(last, _)| *last == key);
                let at = if is_last { few.len() - 1 } else { few.partition_point(|(known, _)| *known < key) };
                if few.get(at).is_none_or(|(known, _)| *known != key) {
                    few.insert(at, (key, first));
                }
                #[expect(clippy::indexing_slicing, reason = "it was there or has just been put there")]
                &mut few[at].1
            }
            Self::Many(many) => many.entry(key).or_insert(first),
        }
    }

    /// Becomes a form in which a key has a place.
    fn make_room(&mut self, key: K) {
        match self {
            Self::One(one) if one.as_ref().is_some_and(|(known, _)| *known != key) => {
                *self = Self::Few(one.take().into_iter().collect());
            }
            Self::Few(few) if few.len() >= FEW_MAX && few.last().is_some_and(|(last, _)| key < *last) => {
                *self = Self::Many(Box::new(std::mem::take(few).into_iter().collect()));
            }
            Self::One(_) | Self::Few(_) | Self::Many(_) => {}
        }
    }

    /// The entries, as far as they are no tree.
    fn few(&self) -> &[(K, V)] {
        match self {
            Self::One(one) => one.as_slice(),
            Self::Few(few) => few,
            Self::Many(_) => &[],
        }
    }

    fn many(&self) -> Option<&BTreeMap<K, V>> {
        match self {
            Self::Many(many) => Some(many),
            Self::One(_) | Self::Few(_) => None,
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        let few = self.few();
        let at = few.partition_point(|(known, _)| known < key);
        let found = few.get(at).filter(|(known, _)| known == key).map(|(_, value)| value);
        found.or_else(|| self.many()?.get(key))
    }

    pub(super) fn len(&self) -> usize {
        self.few().len() + self.many().map_or(0, BTreeMap::len)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.few().iter().map(|(key, value)| (key, value)).chain(self.many().into_iter().flatten())
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

    fn listed(tree: &BTreeMap<u32, u64>) -> FewMap<u32, u64> {
        let list: Vec<(u32, u64)> = tree.iter().map(|(key, value)| (*key, *value)).collect();
        match list.as_slice() {
            [] => FewMap::One(None),
            [one] => FewMap::One(Some(*one)),
            _ => FewMap::Few(list),
        }
    }

    proptest! {
        #[test]
        fn it_holds_what_a_tree_holds(keys in proptest::collection::vec(0_u32..60, 0..200)) {
            let (mut map, mut tree, entries) = (FewMap::default(), BTreeMap::new(), keys.clone());
            for key in keys {
                *map.value_or(key, 0_u64) += 1;
                *tree.entry(key).or_insert(0_u64) += 1;
            }
            let mut entries: Vec<(u32, u64)> = entries.into_iter().map(|key| (key, 1)).collect();
            prop_assert_eq!(&FewMap::of(&mut entries, |sum, more| *sum += more), &listed(&tree));
            prop_assert_eq!(map.len(), tree.len());
            prop_assert_eq!(map.iter().collect::<Vec<_>>(), tree.iter().collect::<Vec<_>>());
            for key in 0..60 {
                prop_assert_eq!(map.get(&key), tree.get(&key));
            }
        }
    }
}

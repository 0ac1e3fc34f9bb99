//! Equal parts of a report, kept once.

use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use foldhash::fast::RandomState;

/// Values of which equal ones are kept once.
pub(super) struct Shared<T: ?Sized>(HashSet<Arc<T>, RandomState>);

impl<T: ?Sized> Default for Shared<T> {
    fn default() -> Self {
        Self(HashSet::default())
    }
}

impl<T: ?Sized + Eq + Hash> Shared<T> {
    /// Values that are kept.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The one kept value that equals `value`.
    pub(super) fn get<V>(&mut self, value: &V) -> Arc<T>
    where
        V: ToOwned + Borrow<T> + ?Sized,
        V::Owned: Into<Arc<T>>,
    {
        if let Some(kept) = self.0.get(value.borrow()) {
            return Arc::clone(kept);
        }
        let kept: Arc<T> = value.to_owned().into();
        self.0.insert(Arc::clone(&kept));
        kept
    }

    /// Adds a value that is kept elsewhere too; `false` when an equal one is there.
    pub(super) fn add(&mut self, value: &Arc<T>) -> bool {
        !self.0.contains(&**value) && self.0.insert(Arc::clone(value))
    }
}

impl<T: Eq + Hash> Shared<T> {
    /// The one kept value that equals `value`.
    pub(super) fn keep(&mut self, value: T) -> Arc<T> {
        if let Some(kept) = self.0.get(&value) {
            return Arc::clone(kept);
        }
        let kept = Arc::new(value);
        self.0.insert(Arc::clone(&kept));
        kept
    }
}

//! Many questions at once, within bounds.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::limits::Limits;

/// Most questions under way at once, as the limits say, at least one.
#[must_use]
pub fn at_once(limits: &Limits) -> NonZeroUsize {
    let most = usize::try_from(limits.dns_questions_at_once_max).unwrap_or(usize::MAX);
    NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN)
}

/// Answers of `ask` to every item, in the order of the items, with at most `at_once` questions under way.
pub fn each<T: Sync, R: Send>(items: &[T], at_once: NonZeroUsize, ask: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = at_once.get().min(items.len());
    if threads <= 1 {
        return items.iter().map(ask).collect();
    }
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(number) else { break };
                    let answer = ask(item);
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((number, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(number, _)| *number);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_order_of_the_questions_and_no_more_are_under_way_than_allowed() {
        let under_way = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        let items: Vec<usize> = (0..500).collect();
        let answers = each(&items, NonZeroUsize::new(4).unwrap(), |item| {
            most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::yield_now();
            under_way.fetch_sub(1, Ordering::SeqCst);
            item * 2
        });
        assert_eq!(answers, items.iter().map(|item| item * 2).collect::<Vec<_>>());
        assert!(most.into_inner() <= 4);
    }

    #[test]
    fn nothing_asked_is_nothing_answered() {
        assert!(each(&[], NonZeroUsize::MIN, |item: &u8| *item).is_empty());
    }
}

//! Numbers in words: thousands, counts and shares.

pub use crate::words::thousands;
use crate::words::{Words, say};

/// A share of fewer mails than this is told in counts, because a percentage would pretend to know more.
const SHARE_MAILS_MIN: u64 = 100;

/// Tenths of a per cent. Rounded, but never to all or nothing: one failure in a million leaves 99.9 %.
pub(super) fn tenths(part: u64, whole: u64) -> u64 {
    if part == 0 {
        return 0;
    }
    if part >= whole {
        return 1000;
    }
    let rounded = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    u64::try_from(rounded).unwrap_or(999).clamp(1, 999)
}

/// `96.4%`
pub(super) fn per_cent(tenths: u64) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Whether there are enough mails for a percentage to mean something.
pub(super) fn is_enough(mails: u64) -> bool {
    mails >= SHARE_MAILS_MIN
}

/// For a table in which the whole stands nearby: `96.4%`, `3 of 41`, or `-` where there is nothing to share.
pub(super) fn share(words: &Words, part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        _ if is_enough(whole) => per_cent(tenths(part, whole)),
        _ => say!(words, "few-of-many", part = part, whole = whole),
    }
}

/// For a sentence: `96.4% of 12,345 mails`, `3 of 41 mails`.
pub(super) fn share_of_mails(words: &Words, part: u64, whole: u64) -> String {
    if is_enough(whole) {
        let (share, mails) = (per_cent(tenths(part, whole)), say!(words, "n-mails", n = whole));
        say!(words, "share-of-mails", share = share, mails = mails)
    } else {
        let share = say!(words, "count-of-share", n = part);
        say!(words, "share-of-mails", share = share, mails = say!(words, "n-mails", n = whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    fn en() -> Words {
        Words::new(Language::En)
    }

    #[test]
    fn thousands_are_separated() {
        let told = [0, 999, 1000, 1_234_567].map(thousands);
        assert_eq!(told, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn shares_do_not_round_to_all_or_nothing() {
        assert_eq!(share(&en(), 999_999, 1_000_000), "99.9%");
        assert_eq!(share(&en(), 1, 1_000_000), "0.1%");
        assert_eq!(share(&en(), 1_000_000, 1_000_000), "100.0%");
        assert_eq!(share(&en(), 0, 100), "0.0%");
        assert_eq!(share(&en(), u64::MAX - 1, u64::MAX), "99.9%");
    }

    #[test]
    fn few_mails_are_counted() {
        assert_eq!(share(&en(), 3, 41), "3 of 41");
        assert_eq!(share(&en(), 99, 99), "99 of 99");
        assert_eq!(share(&en(), 0, 0), "-");
        assert_eq!(share_of_mails(&en(), 1, 1), "1 of 1 mail");
        assert_eq!(share_of_mails(&en(), 50, 2000), "2.5% of 2,000 mails");
    }
}

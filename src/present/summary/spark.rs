//! A row of days as a line of small bars.

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const DIGITS: [char; 8] = ['0', '1', '2', '3', '4', '5', '6', '7'];
const NO_DATA: char = '·';
const NO_DATA_ASCII: char = '.';

/// One character a day, or for several days where there are more of them than `cells_max`. A day is a part of a whole.
///
/// Only a day without any part stands at the bottom, and only a whole day at the top.
pub(super) fn spark(days: &[Option<(u64, u64)>], cells_max: usize, unicode: bool) -> String {
    bins(days, cells_max).into_iter().map(|(part, whole)| cell(part, whole, unicode)).collect()
}

/// Parts and wholes of equal numbers of consecutive days, at most `bins_max` of them. What no day told has no whole.
pub(super) fn bins(days: &[Option<(u64, u64)>], bins_max: usize) -> Vec<(u64, u64)> {
    let days_a_bin = days.len().div_ceil(bins_max.max(1)).max(1);
    let sum =
        |days: &[Option<(u64, u64)>]| days.iter().flatten().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
    days.chunks(days_a_bin).map(sum).collect()
}

fn cell(part: u64, whole: u64, unicode: bool) -> char {
    if whole == 0 {
        return if unicode { NO_DATA } else { NO_DATA_ASCII };
    }
    let level = match part {
        0 => 0,
        _ if part >= whole => 7,
        _ => (u128::from(part) * 7 / u128::from(whole)).clamp(1, 6),
    };
    let levels = if unicode { BARS } else { DIGITS };
    usize::try_from(level).ok().and_then(|level| levels.get(level)).copied().unwrap_or(NO_DATA_ASCII)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_days_stand_at_the_top() {
        let days =
            [Some((0, 9)), Some((1, 1000)), Some((500, 1000)), Some((999, 1000)), Some((9, 9)), None, Some((0, 0))];
        assert_eq!(spark(&days, 7, true), "▁▂▄▇█··");
        assert_eq!(spark(&days, 7, false), "01367..");
    }

    #[test]
    fn many_days_share_a_cell() {
        let days = vec![Some((1, 1)); 365];
        assert_eq!(spark(&days, 48, true), "█".repeat(46));
        assert_eq!(spark(&[], 48, true), "");
        assert_eq!(spark(&days, 0, true), "█");
    }
}

//! Numbers: proportions in whole pixels, and counts and shares as people read them.

/// Totals below this are shown as "3 of 41": a percentage of so few mails says more than it knows.
const SHARE_TOTAL_MIN: u128 = 100;

/// Pixels that `part` of `whole` takes of `length_px`, rounded half up; nothing of nothing is 0.
pub(super) fn proportion_px(part: u128, whole: u128, length_px: i32) -> i32 {
    let length = u128::try_from(length_px).unwrap_or(0);
    let part = part.min(whole);
    // Counts are sums of 64-bit numbers and lengths at most 4096, so the product cannot overflow.
    let rounded = part.saturating_mul(length).saturating_add(whole / 2).checked_div(whole).unwrap_or(0);
    i32::try_from(rounded).unwrap_or(length_px).min(length_px)
}

/// Offsets in pixels after each value of a stack whose full length stands for `whole`.
///
/// Each offset is rounded from the running total, so the last is exactly the rounded total and
/// rounding errors do not add up along a bar.
pub(super) fn stack_offsets_px(values: &[u64], whole: u128, length_px: i32) -> Vec<i32> {
    values
        .iter()
        .scan(0_u128, |running, &value| {
            *running += u128::from(value);
            Some(proportion_px(*running, whole, length_px))
        })
        .collect()
}

/// Sum that cannot overflow, in the unit of its parts.
pub(super) fn total(values: &[u64]) -> u128 {
    values.iter().copied().map(u128::from).sum()
}

/// Decimal digits in groups of three: `1,234,567`.
pub(super) fn thousands(value: u128) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A part with its share, `7,712 (62.3 %)`; below 100 in total the `few_pattern` of the view,
/// for example `{part} of {total}`. Of nothing, there is no share.
pub(super) fn part_with_share(part: u64, total: u128, few_pattern: &str) -> String {
    let count = thousands(u128::from(part));
    if total == 0 {
        return count;
    }
    if total < SHARE_TOTAL_MIN {
        return few_pattern.replace("{part}", &count).replace("{total}", &thousands(total));
    }
    format!("{count} ({})", share(u128::from(part), total))
}

/// Per cent with one decimal. Only nothing is 0 % and only everything is 100 %.
fn share(part: u128, total: u128) -> String {
    let per_mille = part.saturating_mul(1000).saturating_add(total / 2).checked_div(total).unwrap_or(0);
    match per_mille {
        0 if part > 0 => "<0.1 %".to_owned(),
        1000.. if part < total => ">99.9 %".to_owned(),
        _ => format!("{}.{} %", per_mille / 10, per_mille % 10),
    }
}

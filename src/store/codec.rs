//! Packed forms: records of a report, and sources of a day. All numbers are LEB128 varints.
//!
//! Records: `form=1, words n, word id…, sources n, source id…`, then for each record
//! `source+1, count+1, evaluation, header_from+1, envelope_from+1, envelope_to+1, auth_results`, where every field
//! but the count is an index into the words or sources of this report and 0 stands for "absent".
//!
//! Sources of a day: for each source, in order of its id,
//! `id delta, flags, records, value for each flag…, reporters n, reporter id delta…`.

use super::sums::{DISPOSITION_FIELDS, SOURCE_FIELDS, SourceSums};

/// Form of packed records.
pub(super) const RECORDS_FORM: u64 = 1;

/// Appends a number.
pub(super) fn put(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap_or(0);
        number >>= 7;
        if number == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

/// Takes the next number off the front of `bytes`; `None` at a cut or overlong one.
#[inline]
pub(super) fn take(bytes: &mut &[u8]) -> Option<u64> {
    // Most numbers are small.
    if let [byte @ ..0x80, rest @ ..] = *bytes {
        *bytes = rest;
        return Some(u64::from(*byte));
    }
    take_long(bytes)
}

fn take_long(bytes: &mut &[u8]) -> Option<u64> {
    let (mut number, mut shift) = (0_u64, 0_u32);
    loop {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
        shift += 7;
    }
}

/// A record as it is packed: indices into the report's own words and sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PackedRecord {
    pub(super) source: Option<usize>,
    pub(super) count: Option<u64>,
    pub(super) evaluation: usize,
    pub(super) header_from: Option<usize>,
    pub(super) envelope_from: Option<usize>,
    pub(super) envelope_to: Option<usize>,
    pub(super) auth_results: usize,
}

impl PackedRecord {
    /// Appends the record.
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let index = |index: usize| u64::try_from(index).unwrap_or(u64::MAX);
        let optional = |value: Option<usize>| value.map_or(0, |value| index(value) + 1);
        put(out, optional(self.source));
        put(out, self.count.map_or(0, |count| count + 1));
        put(out, index(self.evaluation));
        put(out, optional(self.header_from));
        put(out, optional(self.envelope_from));
        put(out, optional(self.envelope_to));
        put(out, index(self.auth_results));
    }

    /// Takes a record off the front of `bytes`.
    pub(super) fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut index = || take(bytes).and_then(|number| usize::try_from(number).ok());
        let optional = |number: usize| number.checked_sub(1);
        let source = optional(index()?);
        let count = optional(index()?).and_then(|count| u64::try_from(count).ok());
        Some(Self {
            source,
            count,
            evaluation: index()?,
            header_from: optional(index()?),
            envelope_from: optional(index()?),
            envelope_to: optional(index()?),
            auth_results: index()?,
        })
    }
}

/// Appends the ids of a report's words or sources.
pub(super) fn put_ids(out: &mut Vec<u8>, ids: &[i64]) {
    put(out, u64::try_from(ids.len()).unwrap_or(u64::MAX));
    for id in ids {
        put(out, u64::try_from(*id).unwrap_or(0));
    }
}

/// Takes ids off the front of `bytes`.
pub(super) fn take_ids(bytes: &mut &[u8]) -> Option<Vec<i64>> {
    let n = take(bytes)?;
    (0..n).map(|_| take(bytes).and_then(|id| i64::try_from(id).ok())).collect()
}

/// Appends one source of a day; `previous_id` is the id of the one before it, or 0.
pub(super) fn put_source(out: &mut Vec<u8>, previous_id: i64, id: i64, sums: &SourceSums, reporters: &[i64]) {
    put(out, u64::try_from(id - previous_id).unwrap_or(0));
    let flags =
        sums.fields.iter().enumerate().fold(0_u64, |flags, (bit, value)| flags | (u64::from(*value > 0) << bit));
    put(out, flags);
    put(out, sums.records);
    for value in sums.fields.iter().filter(|value| **value > 0) {
        put(out, *value);
    }
    put(out, u64::try_from(reporters.len()).unwrap_or(0));
    let mut before = 0;
    for reporter in reporters {
        put(out, u64::try_from(reporter - before).unwrap_or(0));
        before = *reporter;
    }
}

/// Takes all sources of a day and gives each to `visit`; `false` when the bytes are damaged.
pub(super) fn each_source(bytes: &[u8], visit: impl FnMut(i64, &SourceSums, &[i64])) -> bool {
    each_chosen_source(bytes, i64::MAX, |_| true, visit)
}

/// Takes those sources of a day that are chosen, none of them greater than `last_id`.
pub(super) fn each_chosen_source(
    mut bytes: &[u8],
    last_id: i64,
    is_chosen: impl Fn(i64) -> bool,
    mut visit: impl FnMut(i64, &SourceSums, &[i64]),
) -> bool {
    let mut id = 0_i64;
    let mut reporters = Vec::new();
    while !bytes.is_empty() {
        if take_id(&mut bytes, &mut id).is_none() {
            return false;
        }
        if id > last_id {
            break;
        }
        if is_chosen(id) {
            let Some(sums) = take_source(&mut bytes, &mut reporters) else { return false };
            visit(id, &sums, &reporters);
        } else if take_mails(&mut bytes).is_none() {
            return false;
        }
    }
    true
}

/// Gives all sources of a day with all their mails and those that failed: what decides about their order, and nothing else.
pub(super) fn each_source_mails(mut bytes: &[u8], mut visit: impl FnMut(i64, u64, u64)) -> bool {
    let mut id = 0_i64;
    while !bytes.is_empty() {
        let source = take_id(&mut bytes, &mut id).and_then(|()| take_mails(&mut bytes));
        let Some((mails, failed)) = source else { return false };
        visit(id, mails, failed);
    }
    true
}

/// Gives all sources of a day with a bit for each field that is not 0, the first of them the lowest.
pub(super) fn each_source_flags(mut bytes: &[u8], mut visit: impl FnMut(i64, u64)) -> bool {
    let mut id = 0_i64;
    while !bytes.is_empty() {
        let mut flags = None;
        if take_id(&mut bytes, &mut id).is_some() {
            flags = take(&mut { bytes });
        }
        let Some(flags) = flags.filter(|_| take_mails(&mut bytes).is_some()) else { return false };
        visit(id, flags);
    }
    true
}

#[inline]
fn take_id(bytes: &mut &[u8], id: &mut i64) -> Option<()> {
    *id = id.checked_add(i64::try_from(take(bytes)?).ok()?)?;
    Some(())
}

/// Steps over numbers.
#[inline]
fn skip(bytes: &mut &[u8], numbers: u64) -> Option<()> {
    for _ in 0..numbers {
        let end = bytes.iter().position(|byte| *byte < 0x80)?;
        *bytes = bytes.get(end + 1..)?;
    }
    Some(())
}

/// Mails of a source behind its id, and those that failed; steps over everything else.
#[inline]
fn take_mails(bytes: &mut &[u8]) -> Option<(u64, u64)> {
    let flags = take(bytes)?;
    skip(bytes, 1)?;
    let (mut mails, mut failed) = (0_u64, 0);
    for bit in 0..DISPOSITION_FIELDS {
        failed = if flags & (1 << bit) == 0 { 0 } else { take(bytes)? };
        mails = mails.saturating_add(failed);
    }
    skip(bytes, u64::from((flags >> DISPOSITION_FIELDS & 0xf).count_ones()))?;
    let reporters = take(bytes)?;
    skip(bytes, reporters)?;
    // The last of the four parts is what failed.
    Some((mails, failed))
}

#[inline]
fn take_source(bytes: &mut &[u8], reporters: &mut Vec<i64>) -> Option<SourceSums> {
    let flags = take(bytes)?;
    let mut sums = SourceSums { records: take(bytes)?, fields: [0; SOURCE_FIELDS] };
    for (bit, field) in sums.fields.iter_mut().enumerate() {
        if flags & (1 << bit) != 0 {
            *field = take(bytes)?;
        }
    }
    reporters.clear();
    let mut reporter = 0;
    for _ in 0..take(bytes)? {
        reporter = i64::checked_add(reporter, i64::try_from(take(bytes)?).ok()?)?;
        reporters.push(reporter);
    }
    Some(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(number: u64) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert_eq!(take(&mut bytes.as_slice()), Some(number));
        }

        #[test]
        fn damaged_bytes_are_never_followed_for_ever(bytes: Vec<u8>) {
            let mut left = bytes.as_slice();
            while PackedRecord::take(&mut left).is_some() {}
            let _complete = each_source(&bytes, |_, _, _| {});
            let _complete = each_source_mails(&bytes, |_, _, _| {});
        }

        #[test]
        fn sources_come_back(entries in proptest::collection::btree_map(1_i64..1 << 40, (1_u64..99, proptest::array::uniform8(0_u64..1 << 50)), 0..40)) {
            let mut bytes = Vec::new();
            let mut before = 0;
            for (id, (records, fields)) in &entries {
                put_source(&mut bytes, before, *id, &SourceSums { records: *records, fields: *fields }, &[1, 5, 900]);
                before = *id;
            }
            let mut back = std::collections::BTreeMap::new();
            let is_whole = each_source(&bytes, |id, sums, reporters| {
                assert_eq!(reporters, [1, 5, 900]);
                back.insert(id, (sums.records, sums.fields));
            });
            prop_assert!(is_whole);
            prop_assert_eq!(&back, &entries);
            let mut mails = Vec::new();
            prop_assert!(each_source_mails(&bytes, |id, mails_all, failed| mails.push((id, mails_all, failed))));
            let all = |fields: &[u64; SOURCE_FIELDS]| fields.iter().take(DISPOSITION_FIELDS).sum::<u64>();
            let expected: Vec<_> = entries.iter().map(|(id, (_, fields))| (*id, all(fields), fields[3])).collect();
            prop_assert_eq!(mails, expected);
            let mut flags = Vec::new();
            prop_assert!(each_source_flags(&bytes, |id, flag| flags.push((id, flag))));
            let bits = |fields: &[u64; SOURCE_FIELDS]| fields.iter().rev().fold(0, |bits, field| bits << 1 | u64::from(*field > 0));
            let expected: Vec<_> = entries.iter().map(|(id, (_, fields))| (*id, bits(fields))).collect();
            prop_assert_eq!(flags, expected);
            let last = entries.keys().nth(entries.len() / 2).copied().unwrap_or(0);
            let mut chosen = Vec::new();
            prop_assert!(each_chosen_source(&bytes, last, |id| id % 2 == 0, |id, sums, _| chosen.push((id, (sums.records, sums.fields)))));
            let expected: Vec<_> = entries.into_iter().filter(|(id, _)| *id <= last && id % 2 == 0).collect();
            prop_assert_eq!(chosen, expected);
        }
    }

    #[test]
    fn records_come_back() {
        let record = PackedRecord {
            source: Some(0),
            count: None,
            evaluation: 3,
            header_from: Some(700),
            envelope_from: None,
            envelope_to: Some(2),
            auth_results: 1,
        };
        let mut bytes = Vec::new();
        record.put(&mut bytes);
        assert_eq!(PackedRecord::take(&mut bytes.as_slice()), Some(record));
        assert_eq!(PackedRecord::take(&mut &bytes[..bytes.len() - 1]), None);
    }
}

//! Records of a domain, day by day, as analysis looks at them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Row, params};

use super::super::codec::{self, PackedRecord};
use super::super::days::{RANGE_DAYS_MAX, Spread};
use super::super::error::{StoreError, While as _};
use super::super::file::{Store, holding_little};
use super::super::insert::uint;
use super::super::words;
use super::Filter;
use super::addresses::Addresses;
use super::shapes::{ShapeIds, Shapes};
use super::trust::Unwanted;
use crate::analyze::Observation;
use crate::limits::Limits;
use crate::model::DateRange;

/// The records of one domain, on the days on which they count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// By day, reporter and source; equal ones are one.
    pub observations: Vec<Observation>,
    /// Mails of records without a readable address, which nothing can be said about.
    pub mails_without_address: u64,
}

impl Store {
    /// All records of the filter's domain on its days. Their mails add up to those of [`Store::totals`]: a report that
    /// is spread over days counts here as there.
    ///
    /// # Errors
    /// When the store can't be read, or holds more than `limits.observations_max`.
    pub fn observations(&self, filter: &Filter, limits: &Limits) -> Result<Observed, StoreError> {
        self.observations_without(filter, limits, &Unwanted::default())
    }

    /// As [`Self::observations`], without the records of reports that are not wanted.
    ///
    /// # Errors
    /// As [`Self::observations`].
    pub fn observations_without(
        &self,
        filter: &Filter,
        limits: &Limits,
        unwanted: &Unwanted,
    ) -> Result<Observed, StoreError> {
        // Each page is read once, and there are many.
        holding_little(&self.connection, || self.read_observations(filter, limits, unwanted))
    }

    fn read_observations(&self, filter: &Filter, limits: &Limits, unwanted: &Unwanted) -> Result<Observed, StoreError> {
        let domain = filter.domain.as_deref().unwrap_or_default();
        let Some(domain_id) = words::find_word(&self.connection, domain)? else { return Ok(Observed::default()) };
        let most = usize::try_from(limits.observations_max).unwrap_or(usize::MAX);
        // One look at the store for all that is asked: else each small question would lock it anew.
        let _look = self.look()?;
        let too_many = || StoreError::TooMany { domain: domain.to_owned(), limit: limits.observations_max };
        let mut reading = Reading::default();
        let mut merged = 0;
        let start_s = |day: i64| day.saturating_mul(86_400);
        // What began before counts here only when it is spread up to here.
        let since_s = filter.since_day.map_or(i64::MIN, start_s);
        let spread_since_s = filter.since_day.map_or(i64::MIN, |day| start_s(day.saturating_sub(RANGE_DAYS_MAX)));
        let until_s = filter.until_day.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(86_400));
        let mut find = self
            .connection
            .prepare_cached(&format!("{SELECT}{} ORDER BY begin_s, report.id", unwanted.to_sql()))
            .during("read records")?;
        let mut rows = find.query(params![domain_id, spread_since_s, until_s, since_s]).during("read records")?;
        while let Some(row) = rows.next().during("read records")? {
            reading.add(row, filter)?;
            // Merged from time to time, and only when it has grown by much: the cost stays linear.
            if reading.days.len > most.saturating_add(merged / 2) {
                reading.days.merge();
                merged = reading.days.len;
            }
            if merged > most {
                return Err(too_many());
            }
        }
        reading.observed(self, most)?.ok_or_else(too_many)
    }
}

const SELECT: &str = "SELECT report.id, reporter_id, begin_s, end_s, records, head, packed
    FROM report JOIN report_records ON report_records.report_id = report.id
    WHERE standing < 2 AND domain_id = ?1 AND begin_s >= ?2 AND begin_s < ?3 AND (begin_s >= ?4 OR end_s > ?4)";

/// An observation of a day as ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    /// 0: none.
    source: u32,
    /// Place of the shape.
    shape: u32,
    mails: u64,
}

/// Makes one of those that differ in their mails only.
fn merge(seen: &mut Vec<Seen>) {
    seen.sort_unstable();
    seen.dedup_by(|next, kept| {
        let is_equal = (next.source, next.shape) == (kept.source, kept.shape);
        if is_equal {
            kept.mails = kept.mails.saturating_add(next.mails);
        }
        is_equal
    });
}

/// Records that were read so far.
#[derive(Default)]
struct Reading {
    shapes: Shapes,
    days: Days,
}

/// What was seen by day.
#[derive(Default)]
struct Days {
    places: BTreeMap<i64, usize>,
    lists: Vec<Vec<Seen>>,
    /// The day of the last record, and its place: reports come in the order of days.
    last: Option<(i64, usize)>,
    /// Of all days.
    len: usize,
}

impl Days {
    fn push(&mut self, day: i64, seen: Seen) {
        let place = match self.last.filter(|(last, _)| *last == day) {
            Some((_, place)) => place,
            None => {
                let next = self.lists.len();
                let place = *self.places.entry(day).or_insert(next);
                if place == next {
                    self.lists.push(Vec::new());
                }
                self.last = Some((day, place));
                place
            }
        };
        if let Some(list) = self.lists.get_mut(place) {
            list.push(seen);
            self.len += 1;
        }
    }

    /// Makes one of those of a day that differ in their mails only.
    fn merge(&mut self) {
        self.lists.iter_mut().for_each(merge);
        self.len = self.lists.iter().map(Vec::len).sum();
    }

    /// Days with their lists, ascending.
    fn into_sorted(mut self) -> impl Iterator<Item = (i64, Vec<Seen>)> {
        let places = self.places.into_iter();
        places.filter_map(move |(day, place)| Some((day, std::mem::take(self.lists.get_mut(place)?))))
    }
}

impl Reading {
    /// Adds the records of a report.
    fn add(&mut self, row: &Row<'_>, filter: &Filter) -> Result<(), StoreError> {
        let (id, reporter, begin_s, end_s): (i64, i64, i64, i64) =
            (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))().during("read records")?;
        let damaged = || StoreError::Damaged { what: format!("the records of report {id}") };
        let policy = self.shapes.policy(row.get_ref(5).during("read records")?.as_str().unwrap_or_default());
        let mut packed = row.get_ref(6).during("read records")?.as_blob().unwrap_or_default();
        if codec::take(&mut packed) != Some(codec::RECORDS_FORM) {
            return Err(damaged());
        }
        let words = codec::take_ids(&mut packed).ok_or_else(damaged)?;
        let sources = codec::take_ids(&mut packed).ok_or_else(damaged)?;
        let word = |place: usize| words.get(place).copied().unwrap_or(0);
        let name = |place: Option<usize>| place.map_or(0, word);
        let mut spread = Spread::of(DateRange { begin_s, end_s }, uint(row.get(4).during("read records")?));
        while !packed.is_empty() {
            let record = PackedRecord::take(&mut packed).ok_or_else(damaged)?;
            let source = record.source.and_then(|place| sources.get(place)).and_then(|id| u32::try_from(*id).ok());
            let mut shape = None;
            // Every record passes by, whether its days are asked for or not: what a day is owed depends on those before.
            spread.each_day(record.count.unwrap_or(0), |day, mails, _| {
                let is_wanted = filter.since_day.is_none_or(|since| day >= since)
                    && filter.until_day.is_none_or(|until| day <= until);
                if !is_wanted {
                    return;
                }
                let shape = *shape.get_or_insert_with(|| {
                    self.shapes.place(ShapeIds {
                        reporter,
                        evaluation: word(record.evaluation),
                        auth_results: word(record.auth_results),
                        header_from: name(record.header_from),
                        envelope_from: name(record.envelope_from),
                        envelope_to: name(record.envelope_to),
                        policy,
                    })
                });
                self.days.push(day, Seen { source: source.unwrap_or(0), shape, mails });
            });
        }
        Ok(())
    }

    /// Exchanges ids for what they stand for. `None` when there are more than `most`.
    fn observed(self, store: &Store, most: usize) -> Result<Option<Observed>, StoreError> {
        let mut addresses = Addresses::new(&store.connection)?;
        self.days.lists.iter().flatten().for_each(|seen| addresses.mark(seen.source));
        addresses.read(&store.connection)?;
        let shapes = self.shapes.in_words(&store.connection)?;
        let mut observed = Observed::default();
        observed.observations.reserve_exact(self.days.len);
        let (mut sorted, mut different) = (Vec::new(), 0_usize);
        for (day, seen) in self.days.into_sorted() {
            // One number for reporter, source and shape, in this order, compares faster than three.
            sorted.extend(seen.into_iter().map(|seen| {
                let rank = shapes.rank(seen.shape);
                let key = u128::from(rank.reporter) << 64 | u128::from(seen.source) << 32 | u128::from(rank.shape);
                (key, seen)
            }));
            sorted.sort_unstable_by_key(|(key, _)| *key);
            for equal in sorted.chunk_by(|one, next| one.0 == next.0) {
                different += 1;
                let Some((_, first)) = equal.first() else { continue };
                let mails = equal.iter().fold(0_u64, |sum, (_, seen)| sum.saturating_add(seen.mails));
                match addresses.get(first.source).zip(shapes.shape(shapes.rank(first.shape).shape)) {
                    Some((source_ip, shape)) => {
                        observed.observations.push(Observation { day, source_ip, mails, shape: Arc::clone(shape) });
                    }
                    None => {
                        observed.mails_without_address = observed.mails_without_address.saturating_add(mails);
                    }
                }
            }
            sorted.clear();
            if different > most {
                return Ok(None);
            }
        }
        Ok(Some(observed))
    }
}

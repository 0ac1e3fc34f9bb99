//! Records of a domain, day by day, as analysis looks at them.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rusqlite::{Row, params};
use serde_json::Value;

use super::super::days::{RANGE_DAYS_MAX, Spread};
use super::super::error::{StoreError, While as _};
use super::super::file::Store;
use super::super::insert::uint;
use super::super::replay::StoredRecords;
use super::super::words::{self, Kind};
use super::Filter;
use super::texts::Texts;
use super::trust::Unwanted;
use crate::analyze::Observation;
use crate::limits::Limits;
use crate::model::{
    AlignmentMode, AuthResults, DateRange, DkimResult, Identifiers, PolicyEvaluated, PolicyOverride, PolicyPublished,
    Sent, SpfResult, Text, Word,
};

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
        let domain = filter.domain.as_deref().unwrap_or_default();
        let Some(domain_id) = words::find_word(&self.connection, domain)? else { return Ok(Observed::default()) };
        let most = usize::try_from(limits.observations_max).unwrap_or(usize::MAX);
        // One look at the store for all that is asked: else each small question would lock it anew.
        let _look = self.look()?;
        let mut shared = Shared::new(self);
        let mut seen = Vec::new();
        let mut merged = 0;
        let since_s =
            filter.since_day.map_or(i64::MIN, |day| day.saturating_sub(RANGE_DAYS_MAX).saturating_mul(86_400));
        let until_s = filter.until_day.map_or(i64::MAX, |day| day.saturating_add(1).saturating_mul(86_400));
        let mut find = self
            .connection
            .prepare_cached(&format!("{SELECT}{} ORDER BY report.id", unwanted.to_sql()))
            .during("read records")?;
        let mut rows = find.query(params![domain_id, since_s, until_s]).during("read records")?;
        while let Some(row) = rows.next().during("read records")? {
            shared.add(row, filter, &mut seen)?;
            // Merged from time to time, and only when it has grown by much: the cost stays linear.
            if seen.len() > most.saturating_add(merged / 2) {
                merge(&mut seen);
                merged = seen.len();
            }
            if merged > most {
                return Err(StoreError::TooMany { domain: domain.to_owned(), limit: limits.observations_max });
            }
        }
        merge(&mut seen);
        if seen.len() > most {
            return Err(StoreError::TooMany { domain: domain.to_owned(), limit: limits.observations_max });
        }
        shared.observed(&seen)
    }
}

const SELECT: &str = "SELECT report.id, reporter_id, begin_s, end_s, records, head, packed
    FROM report JOIN report_records ON report_records.report_id = report.id
    WHERE standing < 2 AND domain_id = ? AND begin_s >= ? AND begin_s < ?";

/// An observation as ids, in the order in which observations are given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    day: i64,
    reporter_id: i64,
    source_id: i64,
    evaluation_id: i64,
    auth_results_id: i64,
    names: usize,
    policy: usize,
    mails: u64,
}

/// Puts in order, and makes one of those that differ in their mails only.
fn merge(seen: &mut Vec<Seen>) {
    seen.sort_unstable();
    seen.dedup_by(|next, kept| {
        let is_equal = Seen { mails: 0, ..*next } == Seen { mails: 0, ..*kept };
        if is_equal {
            kept.mails = kept.mails.saturating_add(next.mails);
        }
        is_equal
    });
}

/// Parts that observations share.
struct Shared<'s> {
    store: &'s Store,
    texts: Texts<'s>,
    names: List<(i64, i64, i64)>,
    policies: List<Value>,
}

/// Different values with their places.
struct List<T> {
    places: HashMap<T, usize, RandomState>,
    list: Vec<T>,
}

impl<T: Clone + Eq + std::hash::Hash> List<T> {
    fn place(&mut self, value: T) -> usize {
        let next = self.list.len();
        *self.places.entry(value).or_insert_with_key(|value| {
            self.list.push(value.clone());
            next
        })
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { places: HashMap::default(), list: Vec::new() }
    }
}

impl<'s> Shared<'s> {
    fn new(store: &'s Store) -> Self {
        Self { store, texts: Texts::new(&store.connection), names: List::default(), policies: List::default() }
    }

    /// Adds the records of a report.
    fn add(&mut self, row: &Row<'_>, filter: &Filter, seen: &mut Vec<Seen>) -> Result<(), StoreError> {
        let (id, reporter_id, begin_s, end_s): (i64, i64, i64, i64) =
            (|| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))().during("read records")?;
        let head: Value = serde_json::from_str(row.get_ref(5).during("read records")?.as_str().unwrap_or_default())
            .unwrap_or_default();
        let policy = self.policies.place(head.get("policy").cloned().unwrap_or_default());
        let packed = row.get_ref(6).during("read records")?.as_blob().unwrap_or_default();
        let stored = StoredRecords::unpack(packed)
            .ok_or_else(|| StoreError::Damaged { what: format!("the records of report {id}") })?;
        let mut spread = Spread::of(DateRange { begin_s, end_s }, uint(row.get(4).during("read records")?));
        for record in &stored.records {
            let name = |place: Option<usize>| stored.word_id(place);
            let names =
                self.names.place((name(record.header_from), name(record.envelope_from), name(record.envelope_to)));
            // Every record passes by, whether its days are asked for or not: what a day is owed depends on those before.
            spread.each_day(record.count.unwrap_or(0), |day, mails, _| {
                let is_wanted = filter.since_day.is_none_or(|since| day >= since)
                    && filter.until_day.is_none_or(|until| day <= until);
                if is_wanted {
                    seen.push(Seen {
                        day,
                        reporter_id,
                        source_id: stored.source_id(record.source).unwrap_or(0),
                        evaluation_id: stored.word_id(Some(record.evaluation)),
                        auth_results_id: stored.word_id(Some(record.auth_results)),
                        names,
                        policy,
                        mails,
                    });
                }
            });
        }
        Ok(())
    }

    /// Exchanges ids for what they stand for.
    fn observed(&mut self, seen: &[Seen]) -> Result<Observed, StoreError> {
        let names = self.names.list.clone();
        let names = names.iter().map(|ids| self.identifiers(*ids)).collect::<Result<Vec<_>, _>>()?;
        let policies: Vec<Arc<PolicyPublished>> = self.policies.list.iter().map(policy).map(Arc::new).collect();
        let mut reporters: HashMap<i64, Text, RandomState> = HashMap::default();
        let sources = self.addresses(seen)?;
        let mut evaluations: HashMap<i64, Arc<PolicyEvaluated>, RandomState> = HashMap::default();
        let mut results: HashMap<i64, Arc<AuthResults>, RandomState> = HashMap::default();
        let mut observed = Observed::default();
        observed.observations.reserve_exact(seen.len());
        for one in seen {
            let source = sources.get(&one.source_id).copied();
            let (Some(source_ip), Some(identifiers), Some(policy)) =
                (source, names.get(one.names), policies.get(one.policy))
            else {
                observed.mails_without_address = observed.mails_without_address.saturating_add(one.mails);
                continue;
            };
            observed.observations.push(Observation {
                day: one.day,
                reporter: remembered(&mut reporters, one.reporter_id, |id| {
                    Ok(Text::from(self.texts.get(id)?.unwrap_or_default()))
                })?,
                source_ip,
                mails: one.mails,
                evaluated: remembered(&mut evaluations, one.evaluation_id, |id| {
                    Ok(Arc::new(evaluated(&self.json(id)?)))
                })?,
                identifiers: Arc::clone(identifiers),
                auth_results: remembered(&mut results, one.auth_results_id, |id| {
                    Ok(Arc::new(auth_results(&self.json(id)?)))
                })?,
                policy: Arc::clone(policy),
            });
        }
        Ok(observed)
    }

    /// The readable addresses of sources, looked up in the order in which they lie in the store.
    fn addresses(&self, seen: &[Seen]) -> Result<HashMap<i64, IpAddr, RandomState>, StoreError> {
        let mut ids: Vec<i64> = seen.iter().map(|one| one.source_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut addresses = HashMap::with_capacity_and_hasher(ids.len(), RandomState::default());
        for id in ids {
            let text = words::text(&self.store.connection, Kind::Source, id)?;
            if let Some(address) = text.and_then(|text| text.parse().ok()) {
                addresses.insert(id, address);
            }
        }
        Ok(addresses)
    }

    fn identifiers(
        &mut self,
        (header_from, envelope_from, envelope_to): (i64, i64, i64),
    ) -> Result<Arc<Identifiers>, StoreError> {
        let mut name = |id: i64| -> Result<Option<Text>, StoreError> { Ok(self.texts.get(id)?.map(Text::from)) };
        Ok(Arc::new(Identifiers {
            header_from: name(header_from)?,
            envelope_from: name(envelope_from)?,
            envelope_to: name(envelope_to)?,
        }))
    }

    /// The JSON of a word. Not kept: each is asked for once.
    fn json(&self, id: i64) -> Result<Value, StoreError> {
        let text = words::text(&self.store.connection, Kind::Word, id)?.unwrap_or_default();
        serde_json::from_str(&text).map_err(|_| StoreError::Damaged { what: format!("word {id}") })
    }
}

/// What an id stands for, looked up once.
fn remembered<T: Clone>(
    known: &mut HashMap<i64, T, RandomState>,
    id: i64,
    find: impl FnOnce(i64) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Some(value) = known.get(&id) {
        return Ok(value.clone());
    }
    let value = find(id)?;
    known.insert(id, value.clone());
    Ok(value)
}

/// A text as sent.
fn text(value: &Value, key: &str) -> Option<Text> {
    value.get(key).and_then(Value::as_str).map(Text::from)
}

/// A word as sent: one that is known, or the odd text.
fn sent<T: Word>(value: &Value, key: &str) -> Option<Sent<T>> {
    let word = value.get(key)?.as_str()?;
    Some(T::from_exact(word).map_or_else(|| Sent::Odd(Text::from(word)), Sent::Read))
}

fn list<T>(value: &Value, key: &str, each: impl Fn(&Value) -> T) -> Vec<T> {
    value.get(key).and_then(Value::as_array).map(|entries| entries.iter().map(each).collect()).unwrap_or_default()
}

fn evaluated(value: &Value) -> PolicyEvaluated {
    let reason = |reason: &Value| PolicyOverride { kind: sent(reason, "type"), comment: text(reason, "comment") };
    PolicyEvaluated {
        disposition: sent(value, "disposition"),
        dkim: sent(value, "dkim"),
        spf: sent(value, "spf"),
        reasons: list(value, "reasons", reason),
    }
}

fn auth_results(value: &Value) -> AuthResults {
    let dkim = |dkim: &Value| DkimResult {
        domain: text(dkim, "domain"),
        selector: text(dkim, "selector"),
        result: sent(dkim, "result"),
        human_result: text(dkim, "human_result"),
    };
    let spf = |spf: &Value| SpfResult {
        domain: text(spf, "domain"),
        scope: sent(spf, "scope"),
        result: sent(spf, "result"),
        human_result: text(spf, "human_result"),
    };
    AuthResults { dkim: list(value, "dkim", dkim), spf: list(value, "spf", spf) }
}

fn policy(value: &Value) -> PolicyPublished {
    let mode = |key| sent::<AlignmentMode>(value, key);
    let pct = match value.get("pct") {
        Some(Value::Number(number)) => number.as_u64().and_then(|pct| u8::try_from(pct).ok()).map(Sent::Read),
        Some(Value::String(odd)) => Some(Sent::Odd(Text::from(odd.as_str()))),
        _ => None,
    };
    PolicyPublished {
        domain: text(value, "domain").unwrap_or_else(|| Text::from("")),
        discovery_method: sent(value, "discovery_method"),
        adkim: mode("adkim"),
        aspf: mode("aspf"),
        p: sent(value, "p"),
        sp: sent(value, "sp"),
        np: sent(value, "np"),
        pct,
        fo: text(value, "fo"),
        testing: sent(value, "testing"),
    }
}

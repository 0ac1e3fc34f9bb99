//! What many records have in common: found by ids while records are read, and put into words once at the end.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use rusqlite::Connection;
use serde_json::Value;

use super::super::error::StoreError;
use super::super::words::{self, Kind};
use super::texts::Texts;
use crate::analyze::Shape;
use crate::model::{
    AlignmentMode, AuthResults, DkimResult, Identifiers, PolicyEvaluated, PolicyOverride, PolicyPublished, Sent,
    SpfResult, Text, Word,
};

/// A shape as ids, in the order in which observations of one source are given.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ShapeIds {
    pub(super) reporter: i64,
    pub(super) evaluation: i64,
    pub(super) auth_results: i64,
    pub(super) header_from: i64,
    pub(super) envelope_from: i64,
    pub(super) envelope_to: i64,
    /// Place of the policy.
    pub(super) policy: usize,
}

/// Heads of reports that are remembered: reporters send the same one day by day, forgers a new one each time.
const HEADS_MAX: usize = 1_024;

/// Shapes that were met, each once.
#[derive(Default)]
pub(super) struct Shapes {
    places: HashMap<ShapeIds, u32, RandomState>,
    list: Vec<ShapeIds>,
    policies: HashMap<Value, usize, RandomState>,
    heads: HashMap<String, usize, RandomState>,
}

impl Shapes {
    /// The place of a shape.
    pub(super) fn place(&mut self, ids: ShapeIds) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        *self.places.entry(ids).or_insert_with(|| {
            self.list.push(ids);
            next
        })
    }

    /// The place of the policy in the head of a report.
    pub(super) fn policy(&mut self, head: &str) -> usize {
        if let Some(place) = self.heads.get(head) {
            return *place;
        }
        let mut read: Value = serde_json::from_str(head).unwrap_or_default();
        let policy = read.get_mut("policy").map(Value::take).unwrap_or_default();
        let next = self.policies.len();
        let place = *self.policies.entry(policy).or_insert(next);
        if self.heads.len() >= HEADS_MAX {
            self.heads.clear();
        }
        self.heads.insert(head.to_owned(), place);
        place
    }

    /// All shapes in words, in the order of their ids.
    pub(super) fn in_words(&self, connection: &Connection) -> Result<Ordered, StoreError> {
        let mut order: Vec<(ShapeIds, u32)> = self.list.iter().copied().zip(0..).collect();
        order.sort_unstable();
        let mut parts = Parts::of(self, connection);
        let mut ordered =
            Ordered { ranks: vec![Rank::default(); order.len()], shapes: Vec::with_capacity(order.len()) };
        let (mut reporter, mut last) = (0, None);
        for ((ids, place), shape) in order.into_iter().zip(0..) {
            reporter += u32::from(last.is_some_and(|last| last != ids.reporter));
            last = Some(ids.reporter);
            if let Some(rank) = usize::try_from(place).ok().and_then(|place| ordered.ranks.get_mut(place)) {
                *rank = Rank { reporter, shape };
            }
            ordered.shapes.push(Arc::new(parts.shape(ids)?));
        }
        Ok(ordered)
    }
}

/// Where a shape and its reporter stand among all.
#[derive(Clone, Copy, Default)]
pub(super) struct Rank {
    pub(super) reporter: u32,
    pub(super) shape: u32,
}

/// Shapes in the order of their ids.
pub(super) struct Ordered {
    /// By place.
    ranks: Vec<Rank>,
    /// By rank.
    shapes: Vec<Arc<Shape>>,
}

impl Ordered {
    /// The rank of the shape at a place.
    pub(super) fn rank(&self, place: u32) -> Rank {
        usize::try_from(place).ok().and_then(|place| self.ranks.get(place)).copied().unwrap_or_default()
    }

    /// The shape of a rank.
    pub(super) fn shape(&self, rank: u32) -> Option<&Arc<Shape>> {
        self.shapes.get(usize::try_from(rank).ok()?)
    }
}

/// Parts that shapes share.
struct Parts<'c> {
    connection: &'c Connection,
    texts: Texts<'c>,
    reporters: HashMap<i64, Text, RandomState>,
    evaluations: HashMap<i64, Arc<PolicyEvaluated>, RandomState>,
    names: HashMap<[i64; 3], Arc<Identifiers>, RandomState>,
    results: HashMap<i64, Arc<AuthResults>, RandomState>,
    policies: Vec<Arc<PolicyPublished>>,
}

impl<'c> Parts<'c> {
    fn of(shapes: &Shapes, connection: &'c Connection) -> Self {
        let mut policies: Vec<(&Value, usize)> = shapes.policies.iter().map(|(value, place)| (value, *place)).collect();
        policies.sort_unstable_by_key(|(_, place)| *place);
        Self {
            connection,
            texts: Texts::new(connection),
            reporters: HashMap::default(),
            evaluations: HashMap::default(),
            names: HashMap::default(),
            results: HashMap::default(),
            policies: policies.into_iter().map(|(value, _)| Arc::new(policy(value))).collect(),
        }
    }

    fn shape(&mut self, ids: ShapeIds) -> Result<Shape, StoreError> {
        let connection = self.connection;
        let texts = &mut self.texts;
        let mut name = |id: i64| -> Result<Option<Text>, StoreError> { Ok(texts.get(id)?.map(Text::from)) };
        let reporter =
            remembered(&mut self.reporters, ids.reporter, || Ok(name(ids.reporter)?.unwrap_or_else(|| "".into())))?;
        let identifiers = remembered(&mut self.names, [ids.header_from, ids.envelope_from, ids.envelope_to], || {
            Ok(Arc::new(Identifiers {
                header_from: name(ids.header_from)?,
                envelope_from: name(ids.envelope_from)?,
                envelope_to: name(ids.envelope_to)?,
            }))
        })?;
        Ok(Shape {
            reporter,
            evaluated: remembered(&mut self.evaluations, ids.evaluation, || {
                Ok(Arc::new(evaluated(&json(connection, ids.evaluation)?)))
            })?,
            identifiers,
            auth_results: remembered(&mut self.results, ids.auth_results, || {
                Ok(Arc::new(auth_results(&json(connection, ids.auth_results)?)))
            })?,
            policy: self.policies.get(ids.policy).cloned().unwrap_or_else(|| Arc::new(policy(&Value::Null))),
        })
    }
}

/// The JSON of a word. Not kept: each is asked for once.
fn json(connection: &Connection, id: i64) -> Result<Value, StoreError> {
    let text = words::text(connection, Kind::Word, id)?.unwrap_or_default();
    serde_json::from_str(&text).map_err(|_| StoreError::Damaged { what: format!("word {id}") })
}

/// What an id stands for, looked up once.
fn remembered<K: Copy + Eq + std::hash::Hash, T: Clone>(
    known: &mut HashMap<K, T, RandomState>,
    id: K,
    find: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Some(value) = known.get(&id) {
        return Ok(value.clone());
    }
    let value = find()?;
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

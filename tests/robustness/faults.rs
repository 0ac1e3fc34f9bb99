//! Every single step of a transaction fails once: SQLite calls a handler before each step of its virtual machine, and
//! the handler of attempt n interrupts at the n-th. After every failure the store holds what it held before.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruascope::ingest::{Options, prepare, prepare_again};
use ruascope::intake::{Delivery, Received};
use ruascope::limits::Limits;
use ruascope::store::{Entry, Store, StoreError};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::forge::{gzip, report};
use crate::world::World;

/// No batch of these tests takes so many steps.
const STEPS_MAX: u64 = 200_000;

/// Interrupts a store at a step; counts steps all the same.
#[derive(Clone, Default)]
struct Fault {
    steps: Arc<AtomicU64>,
    at: Arc<AtomicU64>,
}

impl Fault {
    /// Watches every step of a store.
    fn watch(&self, store: &mut Store) {
        let (steps, at) = (Arc::clone(&self.steps), Arc::clone(&self.at));
        let handler = move || steps.fetch_add(1, Ordering::Relaxed) + 1 == at.load(Ordering::Relaxed);
        store.connection_mut().progress_handler(1, Some(handler)).expect("a handler");
    }

    /// The next attempt fails at step `n`; 0 for none.
    fn arm(&self, n: u64) {
        self.steps.store(0, Ordering::Relaxed);
        self.at.store(n, Ordering::Relaxed);
    }
}

/// Rows of all tables, by a connection of its own.
fn contents(store: &Path) -> Vec<(String, Vec<Vec<Value>>)> {
    let connection = Connection::open(store).expect("the store");
    let mut find =
        connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("a schema");
    let tables: Vec<String> =
        find.query_map([], |row| row.get(0)).expect("tables").map(|name| name.expect("a name")).collect();
    tables
        .into_iter()
        .map(|table| {
            let rows = rows(&connection, &table);
            (table, rows)
        })
        .collect()
}

fn rows(connection: &Connection, table: &str) -> Vec<Vec<Value>> {
    let mut all = connection.prepare(&format!("SELECT * FROM {table}")).expect("a table");
    let columns = all.column_count();
    let rows = all.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()).expect("rows");
    let mut rows: Vec<Vec<Value>> = rows.map(|row| row.expect("a row")).collect();
    rows.sort_by_key(|row| format!("{row:?}"));
    rows
}

/// An input ready to be stored.
fn entry(origin: &str, bytes: Vec<u8>) -> Entry {
    let size_bytes = u64::try_from(bytes.len()).expect("a size");
    let name = "o.example!example.com!1790000000!1790086399.xml.gz".to_owned();
    let content = Received::Bytes(bytes);
    let delivery = Delivery { origin: origin.to_owned(), name, size_bytes, content, receipt: None, envelope: None };
    prepare(delivery, &Options { limits: Limits::standard(), keep_raw: true, now_s: 1_790_000_000 })
}

/// A batch of everything: new, the same again, conflicting, another kind, unusable.
fn batch() -> Vec<Entry> {
    vec![
        entry("new", gzip(report("new", 2).as_bytes())),
        entry("same", gzip(report("first", 2).as_bytes())),
        entry("conflicting", gzip(report("first", 3).as_bytes())),
        entry("other", b"{\"policies\": []}".to_vec()),
        entry("unusable", b"<feedback><record/>".to_vec()),
    ]
}

/// A store with two reports, one of them the first of the batch's conflict, and a rejection.
fn prepared(world: &World) -> Store {
    let mut store = Store::open(&world.store).expect("a new store");
    let entries = [entry("first", gzip(report("first", 2).as_bytes())), entry("cut", b"<feedback>".to_vec())];
    store.insert(&entries).expect("a batch");
    store
}

/// Failed by the handler, and by nothing that an earlier failure left behind.
fn is_interruption(error: &StoreError) -> bool {
    matches!(error, StoreError::Sql { source, .. } if source.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted))
}

#[track_caller]
fn is_clean(store: &Store) {
    let audit = store.audit(&mut |raw| prepare_again(raw, &Limits::standard())).expect("it can be read");
    assert_eq!(audit.differences, Vec::<String>::new());
}

/// Runs `act` on one store, failing at step 1, 2, … until it succeeds. What a failure leaves is what was there before,
/// and the end is as if nothing had ever failed. Gives the number of steps.
///
/// The last steps of COMMIT come when it has taken effect: a failure there is told though everything is stored.
#[track_caller]
fn fails_at_every_step(mut act: impl FnMut(&mut Store) -> Result<(), StoreError>) -> u64 {
    let after = {
        let world = World::new();
        act(&mut prepared(&world)).expect("no fault, no failure");
        contents(&world.store)
    };
    let world = World::new();
    let mut store = prepared(&world);
    let before = contents(&world.store);
    assert_ne!(before, after);
    let fault = Fault::default();
    fault.watch(&mut store);
    let steps = (1..STEPS_MAX).find(|n| {
        fault.arm(*n);
        let outcome = act(&mut store);
        fault.arm(0);
        let Err(error) = outcome else { return true };
        assert!(is_interruption(&error), "step {n}: {error:?}");
        let now = contents(&world.store);
        let is_committed = now == after && error.to_string().contains("commit");
        assert!(now == before || is_committed, "after a failure at step {n}, {error}: {now:?}");
        is_committed
    });
    assert_eq!(contents(&world.store), after, "as if nothing had ever failed");
    is_clean(&store);
    let steps = steps.expect("it succeeds once no step is left to fail");
    println!("{}: {steps} steps", std::thread::current().name().unwrap_or_default());
    assert!(steps > 50, "only {steps} steps: the handler is not called");
    steps
}

#[test]
fn an_insert_that_fails_at_any_step_changes_nothing_and_succeeds_afterwards() {
    let batch = batch();
    fails_at_every_step(|store| store.insert(&batch).map(drop));
}

/// Each failure is followed by a success on the same store, whose ids it must not have confused.
#[test]
fn an_insert_succeeds_right_after_a_failure_at_any_step() {
    let batch = batch();
    let steps = fails_at_every_step(|store| store.insert(&batch).map(drop));
    let expected = {
        let world = World::new();
        prepared(&world).insert(&batch).expect("a batch");
        contents(&world.store)
    };
    let template = World::new();
    drop(prepared(&template));
    // A new store for each costs too much to try every step; a prime stride meets every kind of statement.
    for n in (1..=steps).step_by(17) {
        let world = World::new();
        std::fs::copy(&template.store, &world.store).expect("the disk has room");
        let mut store = Store::open(&world.store).expect("the store");
        let fault = Fault::default();
        fault.watch(&mut store);
        fault.arm(n);
        let failed = store.insert(&batch).is_err();
        fault.arm(0);
        if failed && contents(&world.store) != expected {
            store.insert(&batch).unwrap_or_else(|error| panic!("after a failure at step {n}: {error:?}"));
        }
        assert_eq!(contents(&world.store), expected, "after a failure at step {n}");
        is_clean(&store);
    }
}

#[test]
fn a_rebuild_that_fails_at_any_step_changes_nothing() {
    fails_at_every_step(|store| store.rebuild(&mut |raw| prepare_again(raw, &Limits::standard())).map(drop));
}

#[test]
fn a_retry_that_fails_at_any_step_changes_nothing() {
    fails_at_every_step(|store| store.retry(1, &mut |raw| prepare_again(raw, &Limits::standard())).map(drop));
}

/// `prune` gives space back in a second step, after its commit: there the failure is told, and the reports are gone.
#[test]
fn a_prune_that_fails_at_any_step_took_out_all_or_nothing() {
    let world = World::new();
    let fault = Fault::default();
    let mut store = prepared(&world);
    fault.watch(&mut store);
    let before = contents(&world.store);
    let after = {
        let undisturbed = World::new();
        prepared(&undisturbed).prune(1_800_000_000, false).expect("no fault, no failure");
        contents(&undisturbed.store)
    };
    let mut pruned = 0;
    let steps = (1..STEPS_MAX).find(|n| {
        fault.arm(*n);
        let outcome = store.prune(1_800_000_000, false);
        fault.arm(0);
        let now = contents(&world.store);
        pruned += u64::from(now == after);
        if let Err(error) = &outcome {
            assert!(is_interruption(error), "step {n}: {error:?}");
        }
        assert!(now == before && outcome.is_err() || now == after, "after a failure at step {n}: {outcome:?}");
        outcome.is_ok()
    });
    assert!(steps.is_some() && pruned > 0, "{steps:?} {pruned}");
    is_clean(&store);
}

#[test]
fn a_question_that_fails_is_told() {
    let world = World::new();
    let mut store = prepared(&world);
    let fault = Fault::default();
    fault.watch(&mut store);
    fault.arm(5);
    assert!(store.audit(&mut |raw| prepare_again(raw, &Limits::standard())).is_err());
    fault.arm(0);
    is_clean(&store);
}

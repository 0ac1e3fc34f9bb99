//! Records day by day, as analysis looks at them: they add up to the sums of the same days.

use std::collections::BTreeMap;

use proptest::prelude::*;
use ruascope::limits::Limits;
use ruascope::model::{AuthResult, Sent};
use ruascope::store::{By, Filter, Observed, Store, StoreError};

use crate::harness::{Place, fixture};
use crate::report::{DAY_S, MONDAY_S, Report};

/// 2026-01-05 in days since 1970.
const MONDAY: i64 = MONDAY_S / DAY_S;

fn opened(place: &Place) -> Store {
    Store::open(&place.store()).expect("a store")
}

/// Mails, and of these passed, of observations.
fn sums(observed: &Observed) -> (u64, u64) {
    let pass = observed.observations.iter().filter(|one| one.passes()).map(|one| one.mails).sum();
    (observed.observations.iter().map(|one| one.mails).sum::<u64>() + observed.mails_without_address, pass)
}

#[track_caller]
fn agree(store: &Store, filter: &Filter) -> u64 {
    let observed = store.observations(filter, &Limits::standard()).expect("observations");
    let totals = store.totals(filter).expect("sums");
    assert_eq!(sums(&observed), (totals.sums.mails(), totals.sums.dmarc_pass()), "{filter:?}");
    totals.sums.mails()
}

#[test]
fn observations_of_every_domain_and_day_add_up_to_its_sums() {
    let place = Place::new();
    place.run(["ingest"]).arg(fixture("story")).json();
    let store = opened(&place);
    let domains = store.groups(By::Domain, &Filter::default()).expect("domains");
    assert!(domains.len() > 1);
    for domain in domains {
        let filter = Filter { domain: domain.name, ..Filter::default() };
        let (first, last) = store.day_range(filter.domain.as_deref()).expect("days").expect("some days");
        let all = agree(&store, &filter);
        let by_day = (first..=last)
            .map(|day| agree(&store, &Filter { since_day: Some(day), until_day: Some(day), ..filter.clone() }));
        assert_eq!(by_day.sum::<u64>(), all);
    }
}

#[test]
fn spread_reports_count_on_the_same_days_as_in_the_sums() {
    let place = Place::new();
    let many = (0..7).fold(Report::new("long").period(MONDAY_S, 4 * DAY_S), |report, record| {
        report.record(&format!("192.0.2.{record}"), record, "pass", "fail").record("192.0.2.1", 1, "fail", "fail")
    });
    place.run(["ingest"]).arg(place.write("long.xml", many.xml())).json();
    let store = opened(&place);
    for day in MONDAY..MONDAY + 4 {
        let filter = Filter { domain: Some("example.com".into()), since_day: Some(day), until_day: Some(day) };
        assert!(agree(&store, &filter) > 0);
    }
}

#[test]
fn equal_observations_are_one_and_the_limit_holds_at_the_limit_and_one_past_it() {
    let place = Place::new();
    let report = Report::new("a").record("192.0.2.1", 3, "pass", "pass").record("192.0.2.1", 4, "pass", "pass");
    let report = report.record("192.0.2.2", 1, "oddly", "fail").record("nowhere", 9, "fail", "fail");
    place.run(["ingest"]).arg(place.write("a.xml", report.xml())).json();
    let store = opened(&place);
    let filter = Filter { domain: Some("example.com".into()), ..Filter::default() };
    let limits = |observations_max| Limits { observations_max, ..Limits::standard() };
    let observed = store.observations(&filter, &limits(3)).expect("as many as the limit");
    let mails: Vec<u64> = observed.observations.iter().map(|one| one.mails).collect();
    assert_eq!((mails, observed.mails_without_address), (vec![7, 1], 9));
    let odd = observed.observations.last().expect("two").evaluated.dkim.clone();
    assert_eq!(odd.as_ref().map(ruascope::model::Sent::as_str), Some("oddly"), "odd words stay odd");
    let refused = store.observations(&filter, &limits(2)).expect_err("one more than the limit");
    assert!(matches!(refused, StoreError::TooMany { limit: 2, .. }), "{refused}");
}

#[test]
fn a_store_from_before_there_were_pages_of_addresses_gets_them_when_it_is_opened() {
    let place = Place::new();
    place.run(["ingest"]).arg(fixture("story")).json();
    let domains: Vec<String> = opened(&place)
        .groups(By::Domain, &Filter::default())
        .expect("domains")
        .into_iter()
        .filter_map(|group| group.name)
        .collect();
    let read = |store: &Store| domains.iter().map(|domain| observed(store, domain)).collect::<Vec<_>>();
    let before = read(&opened(&place));
    opened(&place)
        .connection_mut()
        .execute_batch("DROP TABLE source_page; PRAGMA user_version = 7")
        .expect("the form before");
    assert_eq!(read(&opened(&place)), before);
    assert!(before.iter().any(|records| records.len() > 1));
    assert_eq!(place.run(["store", "audit"]).json()["clean"], true);
}

/// What a record says, as far as it is compared; mails by that.
type ByRecord = BTreeMap<(i64, String, String, bool, bool), u64>;

/// The records of one-day reports, read one by one.
fn records(store: &Store, domain: &str) -> ByRecord {
    let mut all = ByRecord::new();
    let filter = Filter { domain: Some(domain.to_owned()), ..Filter::default() };
    for report in store.reports(&filter, 10_000, false).expect("reports") {
        for record in store.report(report.id).expect("a report").1 {
            let passed = |name: &str| record.evaluated[name] == "pass";
            let key = (
                report.begin_s.div_euclid(DAY_S),
                report.reporter.clone().unwrap_or_default(),
                record.source_ip.unwrap_or_default(),
                passed("dkim"),
                passed("spf"),
            );
            *all.entry(key).or_default() += record.count.unwrap_or(0);
        }
    }
    all
}

/// The same out of observations.
fn observed(store: &Store, domain: &str) -> ByRecord {
    let filter = Filter { domain: Some(domain.to_owned()), ..Filter::default() };
    let observed = store.observations(&filter, &Limits::standard()).expect("observations");
    assert!(observed.observations.is_sorted_by_key(|one| one.day), "day by day");
    let mut all = ByRecord::new();
    for one in &observed.observations {
        let (dkim, spf) = (one.evaluated.dkim_aligned(), one.evaluated.spf_aligned());
        let key = (one.day, one.reporter.to_string(), one.source_ip.to_string(), dkim, spf);
        *all.entry(key).or_default() += one.mails;
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn observations_are_what_the_records_say(
        rows in proptest::collection::vec((0_i64..5, 0_u8..3, 0_u16..400, 1_u64..9, any::<bool>(), any::<bool>()), 1..200),
        cut in 0_usize..200,
    ) {
        let word = |is: bool| if is { "pass" } else { "fail" };
        let mut reports: BTreeMap<(i64, u8), Report> = BTreeMap::new();
        let place = Place::new();
        let cut = cut.min(rows.len());
        for (batch, rows) in [&rows[..cut], &rows[cut..]].into_iter().enumerate() {
            reports.clear();
            for (day, reporter, host, count, dkim, spf) in rows.iter().copied() {
                let report = reports.remove(&(day, reporter)).unwrap_or_else(|| {
                    let id = format!("{batch}-{day}-{reporter}");
                    Report::new(&id).org(&format!("r{reporter}.example")).period(MONDAY_S + day * DAY_S, DAY_S - 1)
                });
                let ip = if host % 2 == 0 { format!("10.1.{}.{}", host / 200, host % 200) } else { format!("2001:db8::{host:x}") };
                reports.insert((day, reporter), report.record(&ip, count, word(dkim), word(spf)));
            }
            let paths: Vec<_> = reports.values().enumerate().map(|(number, report)| place.write(&format!("{batch}-{number}.xml"), report.xml())).collect();
            if !paths.is_empty() {
                place.run(["ingest"]).args(paths).json();
            }
        }
        let store = opened(&place);
        prop_assert_eq!(observed(&store, "example.com"), records(&store, "example.com"));
        let filter = Filter { domain: Some("example.com".into()), ..Filter::default() };
        for one in store.observations(&filter, &Limits::standard()).expect("observations").observations {
            // The made reports say the same in both places.
            let passed = one.auth_results.dkim.iter().any(|dkim| dkim.result == Some(Sent::Read(AuthResult::Pass)));
            prop_assert_eq!(passed, one.evaluated.dkim_aligned());
        }
    }
}

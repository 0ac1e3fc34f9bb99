//! Records day by day, as analysis looks at them: they add up to the sums of the same days.

use ruascope::limits::Limits;
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

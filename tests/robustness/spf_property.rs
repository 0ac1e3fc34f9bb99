//! SPF trees out of chance: what a record laid flat says is what its terms come to one by one.

use proptest::prelude::*;

use crate::check;

/// Networks that hold, overlap and border on each other.
const NETWORKS: [&str; 8] = [
    "ip4:192.0.2.0/24",
    "ip4:192.0.2.0/25",
    "ip4:192.0.2.128/25",
    "ip4:192.0.2.77",
    "ip4:192.0.0.0/16",
    "ip6:2001:db8::/32",
    "ip6:2001:db8::77",
    "a:h.test/28",
];

fn term() -> impl Strategy<Value = String> {
    let qualifier = prop::sample::select(vec!["", "", "", "-", "~", "?"]);
    let network = prop::sample::select(NETWORKS.to_vec()).prop_map(str::to_owned);
    let include = (0..5_u8).prop_map(|number| format!("include:n{number}.test"));
    let kind =
        prop_oneof![5 => network, 3 => include, 1 => Just("all".to_owned()), 1 => Just("mx:gone.test".to_owned())];
    (qualifier, kind).prop_map(|(qualifier, kind)| format!("{qualifier}{kind}"))
}

fn record() -> impl Strategy<Value = String> {
    let redirect = prop::option::weighted(0.2, (0..5_u8).prop_map(|number| format!("redirect=n{number}.test")));
    (prop::collection::vec(term(), 0..6), redirect)
        .prop_map(|(terms, redirect)| terms.into_iter().chain(redirect).collect::<Vec<_>>().join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_record_laid_flat_says_what_its_terms_come_to(records in prop::collection::vec(record(), 4)) {
        let lines = records.iter().enumerate().map(|(number, record)| format!("n{number}.test v=spf1 {record}\n"));
        let zone: String = lines.chain(["h.test A 192.0.2.70\n".to_owned()]).collect();
        check::spf_tree(zone.as_bytes());
    }
}

//! Rules of everything else.

use super::*;

fn with(change: impl FnOnce(&mut Facts)) -> Facts {
    let mut facts = facts();
    change(&mut facts);
    facts
}

#[test]
fn what_is_absent_is_only_worth_knowing() {
    let facts = with(|facts| {
        facts.more.mta_sts = Answer::NxDomain;
        facts.more.tls_rpt = Answer::NoData;
        facts.more.bimi = Answer::NxDomain;
        facts.more.is_signed = Some(false);
    });
    let expected = ["mta-sts-missing", "tls-rpt-missing", "bimi-missing", "dnssec-missing"];
    assert_eq!(rules(&facts), expected.map(|rule| (rule, Level::Info)));
}

#[test]
fn what_was_not_answered_is_not_mentioned() {
    let failed = || Answer::Failed(Failure::TimedOut);
    let facts = with(|facts| {
        (facts.more.mta_sts, facts.more.tls_rpt, facts.more.bimi) = (failed(), failed(), failed());
        facts.more.is_signed = None;
        facts.published.mx = failed();
    });
    assert_eq!(check(&facts).findings, []);
    assert!(check(&facts).is_answered);
}

#[test]
fn what_is_there_has_to_hang_together() {
    for (rule, facts) in [
        ("mta-sts-id", with(|facts| facts.more.mta_sts = found(&["v=STSv1; id=a-b"]))),
        ("mta-sts-id", with(|facts| facts.more.mta_sts = found(&["v=STSv1;"]))),
        ("mta-sts-no-host", with(|facts| facts.more.mta_sts_host = Answer::NxDomain)),
        ("mta-sts-several", with(|facts| facts.more.mta_sts = found(&["v=STSv1; id=1", "v=STSv1; id=2"]))),
        ("tls-rpt-rua", with(|facts| facts.more.tls_rpt = found(&["v=TLSRPTv1; rua=tls@example.com"]))),
        ("tls-rpt-several", with(|facts| facts.more.tls_rpt = found(&["v=TLSRPTv1; rua=mailto:a@b.example"; 2]))),
        ("bimi-location", with(|facts| facts.more.bimi = found(&["v=BIMI1; l=http://example.com/a.svg"]))),
        ("mx-without-address", with(|facts| facts.more.mx_without_address = vec!["mx.example.com".to_owned()])),
        ("mx-null-beside-others", with(|facts| facts.published.mx = found(&["0 .", "10 mx.example.com"]))),
    ] {
        assert_eq!(rules(&facts), [(rule, Level::Warning)]);
    }
    let open = with_dmarc(&["v=DMARC1; p=none; rua=mailto:d@example.com"]);
    assert_eq!(finding(&open, "bimi-not-enforced").level, Level::Warning);
    assert!(has(&with(|facts| facts.more.adsp = found(&["dkim=all"])), "adsp-historic"));
}

#[test]
fn a_domain_that_takes_no_mail_says_so_in_full() {
    let null = with(|facts| facts.published.mx = found(&["0 ."]));
    assert_eq!(rules(&null), [("mx-null-and-sends", Level::Info)]);
    let mut closed = with_spf(&["v=spf1 -all"]);
    closed.published.mx = found(&["0 ."]);
    assert_eq!(check(&closed).findings, []);
    let parked = with(|facts| {
        facts.meant.is_parked = true;
        facts.published.mx = Answer::NoData;
        facts.published.spf = found(&["v=spf1 -all"]);
    });
    assert_eq!(rules(&parked), [("mx-parked", Level::Info)]);
}

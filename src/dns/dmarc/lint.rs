//! What is wrong with a record as a whole.

use super::super::finding::Findings;
use super::super::tag_list::TagList;
use super::{DmarcRecord, Psd, Standing};
use crate::model::{Policy, TestMode};

pub(super) fn lint(record: &DmarcRecord, tags: &TagList<'_>, standing: Standing, findings: &mut Findings) {
    policies(record, tags, findings);
    historic(tags, findings);
    reports(record, tags, findings);
    testing(record, tags, findings);
    if record.psd == Some(Psd::Yes) {
        let text = "psd=y says that this name is a public suffix, such as com";
        findings.warning("dmarc-psd", at(tags, "psd"), text, "only registries may say so: remove it");
    }
    if standing == Standing::Void {
        let end = tags.tags.last().map_or(0, |tag| tag.value_at.end);
        let text = "receivers apply no DMARC: the record counts for nothing";
        findings.error("dmarc-void", 0..end, text, "correct the errors in it");
    }
}

/// Where a tag stands; the end of the list where it does not.
fn at(tags: &TagList<'_>, name: &str) -> std::ops::Range<usize> {
    let end = tags.tags.last().map_or(0, |tag| tag.value_at.end);
    tags.get(name).map_or(end..end, super::super::tag_list::Tag::at)
}

fn policies(record: &DmarcRecord, tags: &TagList<'_>, findings: &mut Findings) {
    match tags.tags.iter().position(|tag| tag.name == "p") {
        None => {
            let text = "there is no p, so the record counts as p=none at best";
            findings.error("dmarc-p-missing", at(tags, "p"), text, "add p=none, p=quarantine or p=reject behind v");
        }
        Some(1) => {}
        Some(_) => {
            let text = "p does not stand second; receivers before RFC 9989 may ignore the record";
            findings.warning("dmarc-p-not-second", at(tags, "p"), text, "write v=DMARC1; p=…; and then the rest");
        }
    }
    let weaker = |policy: Option<Policy>| policy.zip(record.p).is_some_and(|(weak, p)| weak < p);
    if weaker(record.sp) {
        let text = "subdomains are protected less than the domain: sp is weaker than p";
        findings.warning("dmarc-sp-weaker", at(tags, "sp"), text, "raise sp, or remove it so that p holds");
    }
    if weaker(record.np) {
        let text = "subdomains that do not exist are protected less than the domain: np is weaker than p";
        findings.warning("dmarc-np-weaker", at(tags, "np"), text, "no honest mail comes from them: np=reject");
    }
}

fn historic(tags: &TagList<'_>, findings: &mut Findings) {
    for name in ["pct", "rf", "ri"].into_iter().filter(|name| tags.get(name).is_some()) {
        let text = format!("{name} is historic: receivers since RFC 9989 ignore it");
        findings.warning("dmarc-tag-historic", at(tags, name), text, "remove it");
    }
}

fn reports(record: &DmarcRecord, tags: &TagList<'_>, findings: &mut Findings) {
    if record.rua.is_empty() {
        let text = "no aggregate report is sent to you: there is no usable rua";
        findings.warning("dmarc-rua-missing", at(tags, "rua"), text, "add rua=mailto:…, to see who sends in your name");
    }
    if record.rua.len() > 2 {
        let text = "receivers need to send to no more than two addresses (RFC 7489 6.2)";
        findings.info("dmarc-rua-many", at(tags, "rua"), text, "keep the two that matter");
    }
    if !record.ruf.is_empty() {
        let text = "hardly any large receiver sends failure reports";
        findings.info("dmarc-ruf", at(tags, "ruf"), text, "ruf may be left out");
    }
    if !record.fo.is_empty() && record.ruf.is_empty() {
        findings.info("dmarc-fo-without-ruf", at(tags, "fo"), "fo counts for nothing without ruf", "remove it");
    }
    if record.fo.contains(&'0') && record.fo.contains(&'1') {
        let text = "fo has both 0 and 1, which exclude each other (RFC 9989 4.7)";
        findings.info("dmarc-fo-both", at(tags, "fo"), text, "leave one of them");
    }
}

fn testing(record: &DmarcRecord, tags: &TagList<'_>, findings: &mut Findings) {
    let enforces = record.p.is_some_and(|p| p != Policy::None);
    if enforces && record.pct.is_some_and(|share| share < 100) {
        let text = "receivers since RFC 9989 ignore pct and apply the policy to all mail";
        findings.warning("dmarc-pct-ignored", at(tags, "pct"), text, "say t=y to test, or step back to a weaker p");
    }
    if enforces && record.t == Some(TestMode::Yes) && record.pct != Some(0) {
        let text = "t=y: the policy is only tested, but receivers before RFC 9989 apply it in full";
        findings.warning("dmarc-t", at(tags, "t"), text, "remove t=y when the test is over");
    }
}

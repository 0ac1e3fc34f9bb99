//! What is wrong with a record as a whole.

use super::super::finding::Findings;
use super::super::tag_list::TagList;
use super::{DmarcRecord, Psd, Standing};
use crate::model::{Policy, TestMode};
use crate::words::said;

pub(super) fn lint(record: &DmarcRecord, tags: &TagList<'_>, standing: Standing, findings: &mut Findings) {
    policies(record, tags, findings);
    historic(tags, findings);
    reports(record, tags, findings);
    testing(record, tags, findings);
    if record.psd == Some(Psd::Yes) {
        let text = said!("record-dmarc-psd");
        findings.warning("dmarc-psd", at(tags, "psd"), text, said!("record-dmarc-psd-fix"));
    }
    if standing == Standing::Void {
        let end = tags.tags.last().map_or(0, |tag| tag.value_at.end);
        let text = said!("record-dmarc-void");
        findings.error("dmarc-void", 0..end, text, said!("record-dmarc-void-fix"));
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
            let text = said!("record-dmarc-p-missing");
            findings.error("dmarc-p-missing", at(tags, "p"), text, said!("record-dmarc-p-missing-fix"));
        }
        Some(1) => {}
        Some(_) => {
            let text = said!("record-dmarc-p-not-second");
            findings.warning("dmarc-p-not-second", at(tags, "p"), text, said!("record-dmarc-p-not-second-fix"));
        }
    }
    let weaker = |policy: Option<Policy>| policy.zip(record.p).is_some_and(|(weak, p)| weak < p);
    if weaker(record.sp) {
        let text = said!("record-dmarc-sp-weaker");
        findings.warning("dmarc-sp-weaker", at(tags, "sp"), text, said!("record-dmarc-sp-weaker-fix"));
    }
    if weaker(record.np) {
        let text = said!("record-dmarc-np-weaker");
        findings.warning("dmarc-np-weaker", at(tags, "np"), text, said!("record-dmarc-np-weaker-fix"));
    }
}

fn historic(tags: &TagList<'_>, findings: &mut Findings) {
    for name in ["pct", "rf", "ri"].into_iter().filter(|name| tags.get(name).is_some()) {
        let text = said!("record-dmarc-historic", name = name);
        findings.warning("dmarc-tag-historic", at(tags, name), text, said!("record-remove"));
    }
}

fn reports(record: &DmarcRecord, tags: &TagList<'_>, findings: &mut Findings) {
    if record.rua.is_empty() {
        let text = said!("record-dmarc-rua-missing");
        findings.warning("dmarc-rua-missing", at(tags, "rua"), text, said!("record-dmarc-rua-missing-fix"));
    }
    if record.rua.len() > 2 {
        let text = said!("record-dmarc-rua-many");
        findings.info("dmarc-rua-many", at(tags, "rua"), text, said!("record-dmarc-rua-many-fix"));
    }
    if !record.ruf.is_empty() {
        let text = said!("record-dmarc-ruf");
        findings.info("dmarc-ruf", at(tags, "ruf"), text, said!("record-dmarc-ruf-fix"));
    }
    if !record.fo.is_empty() && record.ruf.is_empty() {
        findings.info(
            "dmarc-fo-without-ruf",
            at(tags, "fo"),
            said!("record-dmarc-fo-without-ruf"),
            said!("record-remove"),
        );
    }
    if record.fo.contains(&'0') && record.fo.contains(&'1') {
        let text = said!("record-dmarc-fo-both");
        findings.info("dmarc-fo-both", at(tags, "fo"), text, said!("record-leave-one"));
    }
}

fn testing(record: &DmarcRecord, tags: &TagList<'_>, findings: &mut Findings) {
    let enforces = record.p.is_some_and(|p| p != Policy::None);
    if enforces && record.pct.is_some_and(|share| share < 100) {
        let text = said!("record-dmarc-pct");
        findings.warning("dmarc-pct-ignored", at(tags, "pct"), text, said!("record-dmarc-pct-fix"));
    }
    if enforces && record.t == Some(TestMode::Yes) && record.pct != Some(0) {
        let text = said!("record-dmarc-t");
        findings.warning("dmarc-t", at(tags, "t"), text, said!("record-dmarc-t-fix"));
    }
}

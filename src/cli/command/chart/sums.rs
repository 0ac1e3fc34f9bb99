//! Charts of sums: alignment, dispositions.

use super::Material;
use crate::present::chart::{AlignmentLabels, AlignmentView, DispositionBar, DispositionView, Role, Series};
use crate::store::{By, Sums};

fn series(material: &Material<'_>, label: &str, role: Role) -> Series {
    Series { label: material.say(label), role, hatched: false }
}

pub(super) fn alignment(material: &Material<'_>) -> anyhow::Result<AlignmentView> {
    let mut sums = Sums::default();
    for day in material.store.groups(By::Day, material.filter)? {
        sums += day.sums;
    }
    Ok(AlignmentView {
        title: material.say("chart-alignment-title"),
        subtitle: material.subtitle(),
        both: sums.dkim_and_spf,
        dkim_only: sums.dkim_only,
        spf_only: sums.spf_only,
        neither: sums.neither,
        labels: AlignmentLabels {
            dkim_yes: material.say("chart-dkim-aligned"),
            dkim_no: material.say("chart-dkim-not-aligned"),
            spf_yes: material.say("chart-spf-aligned"),
            spf_no: material.say("chart-spf-not-aligned"),
            both: material.say("chart-both"),
            dkim_only: material.say("chart-dkim-only"),
            spf_only: material.say("chart-spf-only-lost"),
            neither: material.say("chart-neither-fails"),
            few_pattern: material.few(),
        },
        no_data: material.no_data(),
    })
}

pub(super) fn dispositions(material: &Material<'_>) -> anyhow::Result<DispositionView> {
    let overridden = material.store.groups(By::Overridden, material.filter)?;
    let mut passed = [0_u64; 5];
    let mut failed = [0_u64; 5];
    for group in material.store.groups(By::Disposition, material.filter)? {
        let place = match group.name.as_deref() {
            Some("none" | "pass") => 0,
            Some("quarantine") => 1,
            Some("reject") => 2,
            _ => 4,
        };
        // Delivered although the policy asked for more: the reporter gave a reason.
        let spared = overridden
            .iter()
            .find(|other| other.name == group.name && place == 0)
            .map_or(0, |other| other.sums.neither);
        if let (Some(pass), Some(fail)) = (passed.get_mut(place), failed.get_mut(place)) {
            *pass += group.sums.dmarc_pass();
            *fail += group.sums.neither - spared;
        }
        failed[3] += spared;
    }
    Ok(DispositionView {
        title: material.say("chart-dispositions-title"),
        subtitle: material.subtitle(),
        series: vec![
            series(material, "chart-delivered", Role::Ok),
            series(material, "chart-quarantined", Role::Misconfigured),
            series(material, "chart-rejected", Role::Critical),
            series(material, "chart-spared", Role::Forwarder),
            series(material, "chart-not-said", Role::Unknown),
        ],
        bars: vec![
            DispositionBar { label: material.say("chart-dmarc-pass"), mails: passed.to_vec() },
            DispositionBar { label: material.say("chart-dmarc-fail"), mails: failed.to_vec() },
        ],
        few_pattern: material.few(),
        no_data: material.no_data(),
    })
}

//! Charts of sums: alignment, dispositions.

use super::Material;
use super::words::Word;
use crate::present::chart::{AlignmentLabels, AlignmentView, DispositionBar, DispositionView, Role, Series};
use crate::store::{By, Sums};

fn series(material: &Material<'_>, word: Word, role: Role) -> Series {
    Series { label: material.own(word), role, hatched: false }
}

pub(super) fn alignment(material: &Material<'_>) -> anyhow::Result<AlignmentView> {
    let mut sums = Sums::default();
    for day in material.store.groups(By::Day, material.filter)? {
        sums += day.sums;
    }
    Ok(AlignmentView {
        title: material.own(Word::AlignmentTitle),
        subtitle: material.subtitle(),
        both: sums.dkim_and_spf,
        dkim_only: sums.dkim_only,
        spf_only: sums.spf_only,
        neither: sums.neither,
        labels: AlignmentLabels {
            dkim_yes: material.own(Word::DkimAligned),
            dkim_no: material.own(Word::DkimNotAligned),
            spf_yes: material.own(Word::SpfAligned),
            spf_no: material.own(Word::SpfNotAligned),
            both: material.own(Word::Both),
            dkim_only: material.own(Word::DkimOnly),
            spf_only: material.own(Word::SpfOnlyLost),
            neither: material.own(Word::NeitherFails),
            few_pattern: material.own(Word::Few),
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
        title: material.own(Word::DispositionsTitle),
        subtitle: material.subtitle(),
        series: vec![
            series(material, Word::Delivered, Role::Ok),
            series(material, Word::Quarantined, Role::Misconfigured),
            series(material, Word::Rejected, Role::Critical),
            series(material, Word::Spared, Role::Forwarder),
            series(material, Word::NotSaid, Role::Unknown),
        ],
        bars: vec![
            DispositionBar { label: material.own(Word::DmarcPass), mails: passed.to_vec() },
            DispositionBar { label: material.own(Word::DmarcFail), mails: failed.to_vec() },
        ],
        few_pattern: material.own(Word::Few),
        no_data: material.no_data(),
    })
}

//! Charts of senders: the largest, and the new ones.

use std::cmp::Reverse;

use super::Material;
use super::judged::Judged;
use super::words::Word;
use crate::analyze::{Class, Sender, history, title};
use crate::cli::period::date;
use crate::present::chart::{
    NewSource, NewSourcesLane, NewSourcesView, Role, SOURCE_ROWS_MAX, SourceBar, SourceLabels, SourcesView,
};
use crate::present::summary::thousands;

/// Classes from the top of the chart of new sources.
const LANES: [(Class, Role, Word); 8] = [
    (Class::Own, Role::Ok, Word::Own),
    (Class::Authorised, Role::Ok, Word::Authorised),
    (Class::Misconfigured, Role::Misconfigured, Word::Misconfigured),
    (Class::Forwarder, Role::Forwarder, Word::Forwarder),
    (Class::List, Role::Forwarder, Word::List),
    (Class::Gateway, Role::Forwarder, Word::Gateway),
    (Class::Unknown, Role::Unknown, Word::Unknown),
    (Class::Spoof, Role::Spoof, Word::Spoof),
];

/// The senders with most failing mail in the period.
pub(super) fn sources(material: &Material<'_>) -> anyhow::Result<SourcesView> {
    let mut rows = Vec::new();
    if let Some((first, last)) = material.days()? {
        for known in material.judged()? {
            for (sender, days) in known.senders.iter().zip(&known.tally().senders) {
                let sums = days.sum(first, last);
                // Aligned in DKIM, plus aligned in SPF, counts those aligned in both twice.
                let both = sums.dkim.saturating_add(sums.spf).saturating_sub(sums.passed());
                let bar = SourceBar {
                    label: name(material, known, sender),
                    both,
                    dkim_only: sums.dkim.saturating_sub(both),
                    spf_only: sums.spf.saturating_sub(both),
                    neither: sums.failed,
                };
                rows.extend((sums.mails > 0).then_some((sums.mails, bar)));
            }
        }
    }
    rows.sort_by_key(|(mails, bar)| (Reverse(bar.neither), Reverse(*mails)));
    let rest = rows.get(SOURCE_ROWS_MAX..).unwrap_or_default();
    let mails: u64 = rest.iter().map(|(mails, _)| mails).sum();
    let count = thousands(u64::try_from(rest.len()).unwrap_or(u64::MAX));
    let more = material.fill(Word::MoreSources, &[("count", &count), ("mails", &thousands(mails))]);
    Ok(SourcesView {
        title: material.own(Word::SourcesTitle),
        subtitle: material.subtitle(),
        x_label: material.own(Word::Mails),
        labels: SourceLabels {
            both: material.own(Word::Both),
            dkim_only: material.own(Word::DkimOnly),
            spf_only: material.own(Word::SpfOnly),
            neither: material.own(Word::Neither),
        },
        more: if rest.is_empty() { String::new() } else { more },
        rows: rows.into_iter().map(|(_, bar)| bar).take(SOURCE_ROWS_MAX).collect(),
        no_data: material.no_data(),
    })
}

pub(super) fn new_sources(material: &Material<'_>) -> anyhow::Result<NewSourcesView> {
    let (first, last) = material.days()?.unwrap_or((0, -1));
    let mut lanes: Vec<NewSourcesLane> = LANES
        .iter()
        .map(|(_, role, word)| NewSourcesLane { label: material.own(*word), role: *role, sources: Vec::new() })
        .collect();
    for known in material.judged()? {
        for newcomer in history::newcomers(&known.observations, &known.senders) {
            let Some(sender) = known.senders.get(newcomer.sender) else { continue };
            let lane = LANES.iter().position(|(class, ..)| *class == sender.class);
            let Some((lane, day)) = lane.and_then(|lane| lanes.get_mut(lane)).zip(date(newcomer.first_day)) else {
                continue;
            };
            lane.sources.push(NewSource { day, label: name(material, known, sender), mails: newcomer.mails });
        }
    }
    Ok(NewSourcesView {
        title: material.own(Word::NewSourcesTitle),
        subtitle: material.subtitle(),
        first: date(first).unwrap_or_default(),
        last: date(last).unwrap_or_default(),
        lanes,
        size_label: material.own(Word::DotSize),
        no_data: material.between(Word::NothingNew),
    })
}

fn name(material: &Material<'_>, known: &Judged, sender: &Sender) -> String {
    let name = title(&sender.key, &sender.name).in_words(&material.context.words());
    if material.filter.domain.is_some() { name } else { format!("{name} ({})", known.domain) }
}

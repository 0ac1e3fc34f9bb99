//! Charts of senders: the largest, and the new ones.

use std::cmp::Reverse;

use super::Material;
use super::judged::Judged;
use crate::analyze::{Class, Sender, history, title};
use crate::cli::period::date;
use crate::present::chart::{
    NewSource, NewSourcesLane, NewSourcesView, Role, SOURCE_ROWS_MAX, SourceBar, SourceLabels, SourcesView,
};
use crate::present::summary::thousands;
use crate::words::say;

/// Classes from the top of the chart of new sources.
const LANES: [(Class, Role, &str); 8] = [
    (Class::Own, Role::Ok, "chart-own"),
    (Class::Authorised, Role::Ok, "chart-authorised"),
    (Class::Misconfigured, Role::Misconfigured, "chart-misconfigured"),
    (Class::Forwarder, Role::Forwarder, "chart-forwarder"),
    (Class::List, Role::Forwarder, "chart-list"),
    (Class::Gateway, Role::Forwarder, "chart-gateway"),
    (Class::Unknown, Role::Unknown, "chart-unknown"),
    (Class::Spoof, Role::Spoof, "chart-spoof"),
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
    let more = say!(material.words, "chart-more-sources", count = count, mails = thousands(mails));
    Ok(SourcesView {
        title: material.say("chart-sources-title"),
        subtitle: material.subtitle(),
        x_label: material.say("chart-mails"),
        labels: SourceLabels {
            both: material.say("chart-both"),
            dkim_only: material.say("chart-dkim-only"),
            spf_only: material.say("chart-spf-only"),
            neither: material.say("chart-neither"),
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
        .map(|(_, role, word)| NewSourcesLane { label: material.say(word), role: *role, sources: Vec::new() })
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
        title: material.say("chart-new-sources-title"),
        subtitle: material.subtitle(),
        first: date(first).unwrap_or_default(),
        last: date(last).unwrap_or_default(),
        lanes,
        size_label: material.say("chart-dot-size"),
        no_data: material.between("chart-nothing-new"),
    })
}

fn name(material: &Material<'_>, known: &Judged, sender: &Sender) -> String {
    let name = title(&sender.key, &sender.name).in_words(&material.words);
    if material.filter.domain.is_some() {
        return name;
    }
    format!("{name} ({})", known.domain)
}

//! What analysis says about the domains of a summary: verdicts, who has to be set right, readiness, spoofing.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use crate::analyze::readiness::{self, Advice};
use crate::analyze::{Class, Observation, Sender, title};
use crate::cli::advice::Known;
use crate::cli::args::{Global, Lang};
use crate::cli::context::Context;
use crate::cli::period::date;
use crate::digest::{Decision, DomainFacts, Facts, SenderFacts, Share};
use crate::dns::Answer;
use crate::model::{Disposition, Sent};
use crate::present::summary::{DOMAINS_JUDGED, DomainView, ReadinessView, SpoofingView, SummaryView, TaskView};
use crate::store::{Filter, Store};
use crate::words::{Language, Said};

/// Sources of spoofed mail that are named.
const SPOOFERS_NAMED: usize = 3;

/// Judges the domains of a view, and gives what a digest compares with the last one.
///
/// # Errors
/// When the store can't be read.
pub(super) fn judge(
    context: &Context,
    store: &mut Store,
    filter: &Filter,
    view: &mut SummaryView,
) -> anyhow::Result<Facts> {
    let mut facts = plain_facts(view);
    let names: Vec<String> = view.domains.iter().map(|domain| domain.name.clone()).collect();
    let is_foreign = |name: &&String| is_foreign(context, name);
    view.digest.foreign = names.iter().filter(is_foreign).take(DOMAINS_JUDGED).cloned().collect();
    let is_judged = |name: &&String| super::domain_name(name).is_ok() && !is_foreign(name);
    let names = names.iter().filter(is_judged).take(DOMAINS_JUDGED);
    let offline = offline(context, view)?;
    let context = offline.as_ref().unwrap_or(context);
    let resolver = context.resolver()?;
    let (mut spoofed, mut spoofers) = (SpoofingView::default(), HashMap::new());
    let mut senders: Vec<SenderFacts> = Vec::new();
    for name in names {
        let known = Known::of(context, Some(&mut *store), resolver.as_ref(), name)?;
        let advice = known.advice(context);
        let judged = Judged { known: &known, advice: &advice, filter };
        if let Some(domain) = view.domains.iter_mut().find(|domain| domain.name == *name) {
            judged.domain(domain);
        }
        if let Some(domain) = facts.domains.iter_mut().find(|domain| domain.name == *name) {
            judged.facts(domain);
            domain.senders.iter().for_each(|sender| add(&mut senders, sender));
        }
        let loud = known.alarms.iter().filter(|alarm| alarm.is_loud());
        view.digest.alarms.extend(loud.map(|alarm| (name.clone(), alarm.clone())));
        view.digest.tasks.extend(judged.tasks());
        view.digest.readiness.extend(judged.readiness());
        judged.spoofing(&mut spoofed, &mut spoofers);
    }
    view.digest.alarms.sort_by_key(|(_, alarm)| Reverse((alarm.severity, alarm.opened_day)));
    view.digest.tasks.sort_by_key(|task| Reverse(task.failing));
    senders.sort_by_key(|sender| Reverse(sender.mail.mails));
    view.digest.senders = senders;
    let mut spoofers: Vec<(IpAddr, u64)> = spoofers.into_iter().collect();
    spoofers.sort_by_key(|(address, mails)| (Reverse(*mails), *address));
    spoofed.names = spoofers.iter().take(SPOOFERS_NAMED).map(|(address, _)| address.to_string()).collect();
    view.digest.spoofing = (spoofed.mails > 0).then_some(spoofed);
    let foreign = view.digest.foreign.clone();
    view.domains
        .sort_by_key(|domain| (foreign.contains(&domain.name), urgency(domain.decision), Reverse(domain.sums.neither)));
    Ok(facts)
}

/// A domain that is neither in the settings nor below one that is; without domains in the settings, none is foreign. Anybody
/// can send reports about anything, and other owners' reports are lost their way now and then.
fn is_foreign(context: &Context, name: &str) -> bool {
    let owned = &context.resolved.settings.domains;
    let is_below = |own: &str| name.strip_suffix(own).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !owned.is_empty() && !owned.iter().any(|domain| is_below(domain.name.as_str()))
}

/// Adds a sender to those of other domains.
fn add(senders: &mut Vec<SenderFacts>, sender: &SenderFacts) {
    match senders.iter_mut().find(|known| (known.class, &known.key) == (sender.class, &sender.key)) {
        None => senders.push(sender.clone()),
        Some(known) => {
            known.mail.passed = known.mail.passed.saturating_add(sender.mail.passed);
            known.mail.mails = known.mail.mails.saturating_add(sender.mail.mails);
            known.last_day = known.last_day.max(sender.last_day);
        }
    }
}

/// What the sums alone say.
fn plain_facts(view: &SummaryView) -> Facts {
    let domain = |domain: &DomainView| DomainFacts {
        name: domain.name.clone(),
        policy: domain.policy.clone(),
        all: Share { passed: domain.sums.dmarc_pass(), mails: domain.sums.mails },
        ..DomainFacts::default()
    };
    Facts {
        blind_days: view.digest.blind_days,
        domains: view.domains.iter().map(domain).collect(),
        reporters: view.reporters.iter().filter_map(|reporter| reporter.name.clone()).collect(),
        rejected: view.rejected,
    }
}

/// A context that asks nobody, where DNS is not to be asked or nobody answers: a digest does not wait for each of many
/// questions.
fn offline(context: &Context, view: &SummaryView) -> anyhow::Result<Option<Context>> {
    let is_answered = match view.domains.first() {
        Some(domain) if !context.global.offline => {
            !matches!(context.resolver()?.txt(&format!("_dmarc.{}", domain.name)).answer, Answer::Failed(_))
        }
        _ => false,
    };
    Ok((!is_answered).then(|| context.offline()))
}

/// A context for the charts beside a view: it asks whom the view asked, and speaks the view's language.
///
/// # Errors
/// When no resolver can be made.
pub(in crate::cli) fn for_charts(context: &Context, view: &SummaryView, language: Language) -> anyhow::Result<Context> {
    let is_offline = offline(context, view)?.is_some();
    let lang = Some(match language {
        Language::En => Lang::En,
        Language::Ja => Lang::Ja,
    });
    let global = Global { offline: is_offline, lang, ..context.global.clone() };
    Ok(context.with(global))
}

/// The order of domains: what is urgent, what nobody knows, what is well.
fn urgency(decision: Option<Decision>) -> u8 {
    match decision {
        Some(Decision::Rollback) => 0,
        Some(Decision::Fix) => 1,
        Some(Decision::Investigate) | None => 2,
        Some(Decision::Advance | Decision::Hold) => 3,
        Some(Decision::Done) => 4,
    }
}

struct Judged<'a> {
    known: &'a Known,
    advice: &'a Advice,
    filter: &'a Filter,
}

impl Judged<'_> {
    fn decision(&self) -> Decision {
        self.advice.decision.into()
    }

    /// Observations of a sender in the period.
    fn seen<'s>(&'s self, sender: &'s Sender) -> impl Iterator<Item = &'s Observation> {
        let (since, until) = (self.filter.since_day.unwrap_or(i64::MIN), self.filter.until_day.unwrap_or(i64::MAX));
        let all = sender.observations.iter().filter_map(|place| self.known.observations.get(*place));
        all.filter(move |observation| (since..=until).contains(&observation.day))
    }

    fn share(&self, sender: &Sender) -> Share {
        self.seen(sender).fold(Share::default(), |share, seen| Share {
            passed: share.passed.saturating_add(if seen.passes() { seen.mails } else { 0 }),
            mails: share.mails.saturating_add(seen.mails),
        })
    }

    fn own(&self) -> Share {
        let own = self.known.senders.iter().filter(|sender| sender.class.is_legitimate());
        own.map(|sender| self.share(sender)).fold(Share::default(), |sum, share| Share {
            passed: sum.passed.saturating_add(share.passed),
            mails: sum.mails.saturating_add(share.mails),
        })
    }

    fn domain(&self, domain: &mut DomainView) {
        domain.decision = Some(self.decision());
        domain.own = Some(self.own());
    }

    fn facts(&self, domain: &mut DomainFacts) {
        domain.decision = Some(self.decision());
        domain.own = Some(self.own());
        // A question is no alarm: it stands in the digest, and makes none louder.
        let wrong = self.tasks().into_iter().filter(|task| !task.is_question).count();
        domain.tasks = u64::try_from(wrong).unwrap_or(u64::MAX);
        domain.senders = self.known.senders.iter().filter_map(|sender| self.sender(sender)).collect();
    }

    /// A sender that sent in the period.
    fn sender(&self, sender: &Sender) -> Option<SenderFacts> {
        let last_day = self.seen(sender).map(|seen| seen.day).max().and_then(date)?;
        Some(SenderFacts {
            key: sender.key.clone(),
            name: sender.name.clone(),
            class: sender.class,
            mail: self.share(sender),
            last_day,
        })
    }

    fn tasks(&self) -> Vec<TaskView> {
        let failing = |sender: &Sender| {
            let seen = sender.observations.iter().filter_map(|place| self.known.observations.get(*place));
            let window = self.advice.window.unwrap_or((i64::MIN, i64::MAX));
            let failed = seen.filter(|seen| !seen.passes() && (window.0..=window.1).contains(&seen.day));
            failed.map(|seen| seen.mails).fold(0, u64::saturating_add)
        };
        let counted =
            self.known.senders.iter().filter(|sender| {
                sender.class.is_legitimate() || (sender.class == Class::Unknown && !sender.is_declared)
            });
        let all_failing = counted.map(failing).fold(0, u64::saturating_add);
        let task = |blocker: &crate::analyze::readiness::Blocker| TaskView {
            domain: self.advice.domain.clone(),
            sender: title(&blocker.key, &blocker.source),
            failing: blocker.mails_failing,
            all_failing: all_failing.max(blocker.mails_failing),
            steps: blocker.fix.clone(),
            command: command(&self.advice.domain, &blocker.key),
            is_question: false,
        };
        // What nobody knows keeps from the next policy; where the target is reached there is none, and it is asked about.
        let is_done = self.decision() == Decision::Done;
        let blockers = self.advice.blockers.iter();
        let wrong = blockers.filter(|blocker| !is_done || blocker.class.is_legitimate()).map(task);
        let question = |blocker| TaskView {
            sender: readiness::known_as(blocker).into(),
            steps: if is_plain(&blocker.key) { commands(&self.advice.domain, blocker) } else { Vec::new() },
            is_question: true,
            ..task(blocker)
        };
        wrong.chain(self.advice.questions.iter().map(question)).collect()
    }

    fn readiness(&self) -> Option<ReadinessView> {
        let advice = self.advice;
        // Without a record there is no step to go on from: publishing one stands among what is to be done.
        if advice.step.is_none() || (advice.next.is_none() && self.decision() != Decision::Done) {
            return None;
        }
        let passed = advice.gates.iter().filter(|gate| !gate.is_closed()).count();
        let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let mut open: Vec<String> = Vec::new();
        for gate in advice.gates.iter().filter(|gate| gate.is_closed()) {
            if !open.iter().any(|known| known == gate.id) {
                open.push(gate.id.to_owned());
            }
        }
        let impact = &advice.impact.legitimate;
        Some(ReadinessView {
            domain: advice.domain.clone(),
            next: advice.next.map(|next| next.as_str().to_owned()),
            gates: (count(passed), count(advice.gates.len())),
            open,
            earliest: advice.earliest_day.and_then(date),
            affected_a_day: advice.next.map(|_| (whole(impact.point), whole(impact.upper))),
        })
    }

    fn spoofing(&self, spoofed: &mut SpoofingView, spoofers: &mut HashMap<IpAddr, u64>) {
        let mut addresses: BTreeSet<IpAddr> = BTreeSet::new();
        for sender in self.known.senders.iter().filter(|sender| sender.class == Class::Spoof) {
            spoofed.mails = spoofed.mails.saturating_add(self.share(sender).mails);
            for seen in self.seen(sender) {
                addresses.insert(seen.source_ip);
                let mails = spoofers.entry(seen.source_ip).or_default();
                *mails = mails.saturating_add(seen.mails);
                let treated = match seen.evaluated.disposition.as_ref().and_then(Sent::read) {
                    Some(Disposition::Quarantine) => &mut spoofed.treated.1,
                    Some(Disposition::Reject) => &mut spoofed.treated.2,
                    _ => &mut spoofed.treated.0,
                };
                *treated = treated.saturating_add(seen.mails);
            }
        }
        spoofed.sources = spoofed.sources.saturating_add(u64::try_from(addresses.len()).unwrap_or(u64::MAX));
    }
}

/// The owner's answers to a question, as commands.
fn commands(domain: &str, blocker: &readiness::Blocker) -> Vec<Said> {
    readiness::answers(domain, blocker).iter().map(|text| Said::both(text, text)).collect()
}

/// Whether a key may stand in a command that people copy into a shell.
fn is_plain(key: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '/');
    !key.is_empty() && !key.starts_with('-') && key.chars().all(is_plain)
}

/// The command that shows more of a sender. Keys have no blank; one that a shell could misread is left out.
fn command(domain: &str, key: &str) -> String {
    if is_plain(key) { format!("ruascope sources {domain} {key}") } else { format!("ruascope sources {domain}") }
}

/// Mails a day as a whole number: a part of a mail is a mail.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is bounded on both sides")]
fn whole(mails: f64) -> u64 {
    mails.ceil().clamp(0.0, 1e15) as u64
}

//! One decision out of everything.

use super::blockers::{self, Blocker};
use super::case::{Case, Current};
use super::coverage::Coverage;
use super::gates::{self, Gate, Kind};
use super::impact::{Impact, Sent};
use super::ladder::Step;
use super::publish::{self, Record};
use super::rollback::{self, Trigger};
use super::tally::Sums;
use super::view::{Evidence, View};
use crate::analyze::Confidence;
use crate::analyze::alarms::Alarm;
use crate::analyze::statistics::date;
use crate::config::Profile;
use crate::words::{Said, said};

/// What to do about the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Publish the next step.
    Advance,
    /// Wait: only time or data is missing.
    Hold,
    /// Mend something first.
    Fix,
    /// Nothing: the target is reached.
    Done,
    /// Go back a level.
    Rollback,
    /// Find out why data is missing, and keep what is published.
    Investigate,
}

impl Decision {
    /// The word for JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Advance => "advance",
            Self::Hold => "hold",
            Self::Fix => "fix",
            Self::Done => "done",
            Self::Rollback => "rollback",
            Self::Investigate => "investigate",
        }
    }
}

/// The way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayBack {
    /// The record to publish again, word for word.
    pub text: String,
    /// When, a rule each.
    pub when: Vec<Said>,
}

/// A decision with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The domain.
    pub domain: String,
    /// The day that it is for.
    pub today: i64,
    /// First and last day of the numbers; `None` without reports.
    pub window: Option<(i64, i64)>,
    /// The policy that applies.
    pub current: Current,
    /// Its step; `None` when there is none, or nobody knows.
    pub step: Option<Step>,
    /// First day of that step, as far as reports go back.
    pub step_since: Option<i64>,
    /// The newest change to a stricter step that is still watched: its day, and the step before it.
    pub raised: Option<(i64, Step)>,
    /// What kind of mail the domain sends.
    pub profile: Profile,
    /// Whether nobody said so.
    pub is_profile_inferred: bool,
    /// Where the ladder ends.
    pub target: Step,
    /// What to do.
    pub decision: Decision,
    /// Why, in a sentence.
    pub why: Said,
    /// The step after this one; none at the target.
    pub next: Option<Step>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Reports that used to come have stopped.
    pub is_blind: bool,
    /// The owner's mail.
    pub own: Sums,
    /// What the owner really sends, where he says it.
    pub sent: Option<Sent>,
    /// Whether the owner accepts that forwarders and lists lose mail.
    pub accepts_list_risk: bool,
    /// The numbers behind the gates.
    pub evidence: Evidence,
    /// Who reports.
    pub coverage: Coverage,
    /// Every gate to the next level.
    pub gates: Vec<Gate>,
    /// Who stands in the way: the owner's senders, largest first, then unknown ones.
    pub blockers: Vec<Blocker>,
    /// Unknown senders that the owner should name where the target is reached: too much of the mail that may be his fails.
    pub questions: Vec<Blocker>,
    /// Open alarms that somebody should look at.
    pub alarms: Vec<Alarm>,
    /// What a policy would hit.
    pub impact: Impact,
    /// The record to publish now, if any.
    pub publish: Option<Record>,
    /// The record to publish once the gates are open.
    pub if_ready: Option<Record>,
    /// Where a record would be due and can't be written out, because nobody knows where reports go: what changes in it.
    pub change_only: Option<String>,
    /// The way back.
    pub rollback: Option<WayBack>,
    /// Rules of the way back that hold now.
    pub triggers: Vec<Trigger>,
    /// First day on which the next step may be taken, where that can be said.
    pub earliest_day: Option<i64>,
}

/// Days without reports after which they have stopped: the day itself, a day until they come, and two for being late.
const SILENT_DAYS: i64 = 4;
/// Days that a mended sender has to be clean.
const CLEAN_DAYS: i64 = 14;

/// What was decided, and how far.
struct Verdict {
    decision: Decision,
    why: Said,
    publish: Option<Step>,
    triggers: Vec<Trigger>,
    is_blind: bool,
}

impl Verdict {
    fn new(decision: Decision, why: impl Into<Said>) -> Self {
        Self { decision, why: why.into(), publish: None, triggers: Vec::new(), is_blind: false }
    }

    fn publish(mut self, step: Step) -> Self {
        self.publish = Some(step);
        self
    }
}

/// Decides about a domain.
#[must_use]
pub fn advise(case: &Case<'_>) -> Advice {
    let view = View::of(case);
    let blockers = blockers::blockers(&view);
    let gates = gates::gates(&view, &blockers);
    let next = next(&view);
    let verdict = decide(&view, &gates, &blockers, next);
    let is_done = verdict.decision == Decision::Done;
    let questions = if is_done { blockers::questions(&view, &blockers) } else { Vec::new() };
    let step_record = |step: Step| publish::record(&view, step);
    let is_waiting = matches!(verdict.decision, Decision::Hold | Decision::Fix) && verdict.publish.is_none();
    let due = verdict.publish.or(next.filter(|_| is_waiting));
    let is_open_ended = publish::is_rua_unknown(case);
    let is_way_back = verdict.decision != Decision::Rollback && !is_open_ended;
    let rollback = publish::present(case).filter(|_| is_way_back).and_then(|text| {
        let to = due?;
        Some(WayBack { text, when: rollback::rules(to) })
    });
    Advice {
        domain: case.domain.to_owned(),
        today: case.today,
        window: view.tally.newest_day.map(|_| (view.window.0.max(view.oldest_day()), view.window.1)),
        current: case.current.clone(),
        step: view.step,
        step_since: view.timeline.0.last().filter(|(_, step)| view.step == Some(*step)).map(|(day, _)| *day),
        raised: view.timeline.raised_since(case.today - rollback::OBSERVED_DAYS),
        profile: view.profile,
        is_profile_inferred: view.is_profile_inferred,
        target: view.target,
        confidence: confidence(&view, &gates, &verdict),
        is_blind: verdict.is_blind,
        own: view.own,
        sent: Sent::of(&view),
        accepts_list_risk: case.gates.reject.indirect_percent_max >= 100.0,
        evidence: view.evidence,
        impact: Impact::of(&view),
        publish: verdict.publish.filter(|_| !is_open_ended).map(step_record),
        if_ready: next.filter(|_| is_waiting && !is_open_ended).map(step_record),
        change_only: due.filter(|_| is_open_ended).map(publish::change),
        rollback,
        earliest_day: earliest(&view, &gates, &verdict),
        decision: verdict.decision,
        why: verdict.why,
        alarms: case.alarms.iter().filter(|alarm| alarm.is_loud()).cloned().collect(),
        questions,
        triggers: verdict.triggers,
        next,
        coverage: view.coverage,
        gates,
        blockers,
    }
}

/// The next step on the way to the target.
fn next(view: &View<'_>) -> Option<Step> {
    match view.step {
        None if view.profile == Profile::Parked => Some(Step::Reject),
        None => Some(Step::Monitor),
        Some(step) if step >= view.target => None,
        Some(_) if view.profile == Profile::Parked => Some(Step::Reject),
        Some(step) => step.next(),
    }
}

fn decide(view: &View<'_>, gates: &[Gate], blockers: &[Blocker], next: Option<Step>) -> Verdict {
    let case = view.case;
    if let Some(verdict) = without_data(view) {
        return verdict;
    }
    let Some(step) = view.step else {
        if case.current == Current::Missing {
            // What reporters saw last was lost: putting it back weakens nothing.
            let lost = view.timeline.0.last().map(|(_, step)| *step);
            let first = lost.max(next).unwrap_or(Step::Monitor);
            return Verdict::new(Decision::Fix, said!("why-no-record")).publish(first);
        }
        return Verdict::new(Decision::Investigate, said!("why-not-known"));
    };
    if let Some(verdict) = go_back(view, step) {
        return verdict;
    }
    if view.profile == Profile::Parked && view.own.mails == 0 && step < view.target {
        let why = said!("why-parked");
        return Verdict::new(Decision::Advance, why).publish(Step::Reject);
    }
    let Some(next) = next else { return at_target(view, step, gates, blockers) };
    if view.own.mails == 0 {
        let why = said!("why-no-own-mail");
        return Verdict::new(Decision::Investigate, why);
    }
    let closed: Vec<&Gate> = gates.iter().filter(|gate| gate.is_closed()).collect();
    if closed.is_empty() {
        return Verdict::new(Decision::Advance, said!("why-open")).publish(next);
    }
    let decision = if closed.iter().any(|gate| gate.kind == Kind::Fix) { Decision::Fix } else { Decision::Hold };
    let mut ids: Vec<&str> = closed.iter().map(|gate| gate.id).collect();
    ids.dedup();
    Verdict::new(decision, said!("why-closed", ids = ids.join(", ")))
}

/// No reports, or none any more: what is published stays.
fn without_data(view: &View<'_>) -> Option<Verdict> {
    let Some(newest) = view.tally.newest_day else {
        let why = said!("why-no-report");
        return Some(Verdict::new(Decision::Investigate, why));
    };
    let silent = view.case.today - newest;
    (silent >= SILENT_DAYS).then(|| {
        let since = date(newest).map_or_else(String::new, |date| date.to_string());
        let why = said!("why-silent", days = silent - 1, since = since);
        Verdict { is_blind: true, ..Verdict::new(Decision::Investigate, why) }
    })
}

fn go_back(view: &View<'_>, step: Step) -> Option<Verdict> {
    let (changed_day, before) = view.timeline.raised_since(view.case.today - rollback::OBSERVED_DAYS)?;
    if step < Step::Quarantine {
        return None;
    }
    let triggers = rollback::triggers(view, step, changed_day);
    let first = triggers.first()?;
    let days = view.case.today - changed_day;
    let why = said!("why-raised", days = days, what = first.text);
    let back = if before < step { before } else { step.back() };
    Some(Verdict { triggers, ..Verdict::new(Decision::Rollback, why).publish(back) })
}

fn at_target(view: &View<'_>, step: Step, gates: &[Gate], blockers: &[Blocker]) -> Verdict {
    let own_blocks = blockers.iter().any(|blocker| blocker.class.is_legitimate());
    let is_hit = rollback::harmed_day(view, step, i64::MIN).is_some();
    if own_blocks && is_hit {
        return Verdict::new(Decision::Fix, said!("why-target-hit"));
    }
    let broken = gates.iter().find(|gate| gate.id == "G11" && gate.is_open == Some(false));
    if let Some(gate) = broken {
        return Verdict::new(Decision::Fix, said!("why-target-broken", value = gate.value));
    }
    Verdict::new(Decision::Done, said!("why-target"))
}

fn confidence(view: &View<'_>, gates: &[Gate], verdict: &Verdict) -> Confidence {
    let evidence = &view.evidence;
    let is_thin = evidence.observations < f64::from(view.gates.observations_min);
    let sees = view.coverage.seeing(view.gates.reporter_percent_min);
    if verdict.decision == Decision::Investigate || is_thin || sees < 2 {
        return Confidence::Low;
    }
    let is_clear = gates.iter().all(|gate| !gate.is_close && gate.is_open.is_some());
    if is_clear && view.coverage.effective_reporters >= 3.0 { Confidence::High } else { Confidence::Medium }
}

/// The last of all days on which a closed gate may open. What is mended today counts after two clean weeks.
fn earliest(view: &View<'_>, gates: &[Gate], verdict: &Verdict) -> Option<i64> {
    let today = view.case.today;
    match verdict.decision {
        Decision::Advance => return Some(today),
        Decision::Hold | Decision::Fix if verdict.publish.is_none() => {}
        _ => return None,
    }
    let closed = gates.iter().filter(|gate| gate.is_closed());
    let days = closed.map(|gate| match gate.kind {
        Kind::Fix => Some(today + CLEAN_DAYS),
        _ => gate.opens_day,
    });
    days.collect::<Option<Vec<i64>>>()?.into_iter().max()
}

//! What a digest says beyond sums, in sentences: changes, what to do, readiness, spoofing; and the subject of a mail.

use std::net::IpAddr;

use super::number::{per_cent, share, tenths, thousands};
use super::teller::{More, Teller};
use super::view::{DomainView, ReadinessView, SpoofingView, SummaryView, TaskView, TrustView};
use crate::analyze::Class;
use crate::digest::{Change, Decision, SenderFacts, Share};
use crate::present::escape;
use crate::words::{Said, Words, say};

/// Changes that are listed.
const CHANGES_LISTED: usize = 10;
/// Senders to set right that are listed.
const TASKS_LISTED: usize = 5;
/// Domains whose readiness is listed.
const READINESS_LISTED: usize = 8;
/// Senders that are listed.
const SENDERS_LISTED: usize = 10;
/// Reporters that are named in one line.
const REPORTERS_NAMED: usize = 8;
/// Widest a name may be in a subject, in cells.
const SUBJECT_NAME_CELLS_MAX: usize = 60;

/// One line of a section, and whether somebody should look at it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) is_problem: bool,
    pub(super) text: String,
}

/// One thing to do.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) title: String,
    pub(super) steps: Vec<String>,
    pub(super) command: String,
}

impl Teller<'_> {
    /// Whether somebody has to do something; `None` where that was not worked out.
    pub(super) fn call(&self) -> Option<String> {
        let digest = &self.view.digest;
        if let Some(days) = digest.blind_days {
            return Some(say!(self.words, "verdict-blind", days = self.days_long(days)));
        }
        let is_known = self.view.domains.iter().any(|domain| domain.decision.is_some());
        let to_act = to_act(self.view);
        if !to_act.is_empty() {
            let names: Vec<String> = to_act.iter().take(3).map(|domain| self.named(&domain.name)).collect();
            return Some(say!(
                self.words,
                "verdict-fix",
                n = number(to_act.len()),
                all = say!(self.words, "n-domains", n = number(self.view.domains.len())),
                names = self.words.list(&names)
            ));
        }
        if let Some(task) = question(self.view) {
            let (domain, sender) = (self.named(&task.domain), self.of_task(task));
            return Some(say!(self.words, "verdict-ask", sender = sender, failing = task.failing, domain = domain));
        }
        (is_known && self.view.domains.iter().all(|domain| domain.decision.is_some())).then(|| self.say("verdict-fine"))
    }

    /// Nobody has to do anything, as far as is known.
    pub(super) fn is_fine(&self) -> bool {
        let view = self.view;
        let is_judged = view.domains.iter().any(|domain| domain.decision.is_some());
        let is_well =
            if is_judged { to_act(view).is_empty() && question(view).is_none() } else { view.sums.neither == 0 };
        is_well && view.sums.mails > 0 && view.digest.blind_days.is_none()
    }

    /// How much of the owner's mail passed, where mail was classified.
    pub(super) fn own(&self) -> Option<String> {
        let own: Vec<Share> = self.view.domains.iter().filter_map(|domain| domain.own).collect();
        let sum = |part: fn(&Share) -> u64| own.iter().map(part).fold(0, u64::saturating_add);
        let (passed, mails) = (sum(|own| own.passed), sum(|own| own.mails));
        let share = (mails > 0).then(|| super::number::share_of_mails(self.words, passed, mails))?;
        Some(say!(self.words, "verdict-own", share = share))
    }

    /// Who sends: name, what it is, mails, share that passed; and how many more there are.
    pub(super) fn senders(&self) -> (Vec<[String; 4]>, Option<String>) {
        let senders = &self.view.digest.senders;
        let row = |sender: &SenderFacts| {
            let name = match sender.class {
                Class::Spoof => self.say("sender-spoof"),
                class if class.is_legitimate() => self.named(&self.title(sender)),
                _ => self.stranger(&self.title(sender)),
            };
            let passed = share(self.words, sender.mail.passed, sender.mail.mails);
            [name, self.class(sender.class), thousands(sender.mail.mails), passed]
        };
        let rest = super::rest(senders, SENDERS_LISTED, |sender| sender.mail.mails);
        (senders.iter().take(SENDERS_LISTED).map(row).collect(), self.more(More::Sources, rest))
    }

    /// The verdict on a domain: what to do with its policy, or that somebody is to be named first.
    pub(super) fn verdict_on(&self, domain: &DomainView) -> Option<String> {
        let asks = self.view.digest.tasks.iter().any(|task| task.is_question && task.domain == domain.name);
        let decision = domain.decision?;
        Some(if asks && decision == Decision::Done { self.say("decision-ask") } else { self.decision(decision) })
    }

    /// What to do with a policy.
    pub(super) fn decision(&self, decision: Decision) -> String {
        self.say(match decision {
            Decision::Rollback => "decision-rollback",
            Decision::Fix => "decision-fix",
            Decision::Investigate => "decision-investigate",
            Decision::Advance => "decision-advance",
            Decision::Hold => "decision-hold",
            Decision::Done => "decision-done",
        })
    }

    /// What a source is.
    pub(super) fn class(&self, class: Class) -> String {
        self.say(match class {
            Class::Own => "class-own",
            Class::Authorised => "class-authorised",
            Class::Misconfigured => "class-misconfigured",
            Class::Forwarder => "class-forwarder",
            Class::List => "class-list",
            Class::Gateway => "class-gateway",
            Class::Spoof => "class-spoof",
            Class::Unknown => "class-unknown",
        })
    }

    /// The title of the changes; `None` where there is nothing to compare with.
    pub(super) fn changes_title(&self) -> Option<String> {
        let last = self.view.digest.last?;
        Some(say!(self.words, "heading-changes", day = last.to_string()))
    }

    /// What changed, problems first.
    pub(super) fn changes(&self) -> Vec<Line> {
        let changes = &self.view.digest.changes;
        let line = |change: &Change| Line { is_problem: change.is_problem(), text: self.change(change) };
        let mut lines: Vec<Line> = changes.iter().take(CHANGES_LISTED).map(line).collect();
        let left_out = changes.len().saturating_sub(CHANGES_LISTED);
        if left_out > 0 {
            lines.push(Line { is_problem: false, text: say!(self.words, "change-more", n = number(left_out)) });
        }
        if lines.is_empty() {
            lines.push(Line { is_problem: false, text: self.say("change-none") });
        }
        lines
    }

    fn change(&self, change: &Change) -> String {
        let words = self.words;
        let failed = |mail: &Share| share(words, mail.failed(), mail.mails);
        let policy = |policy: &Option<String>| {
            policy.as_deref().map_or_else(|| self.say("policy-not-known"), |policy| self.named(policy))
        };
        match change {
            Change::Blind { days } => say!(words, "change-blind", days = self.days_long(*days)),
            Change::SeesAgain => self.say("change-sees-again"),
            Change::FailsMore { domain, before, now } => {
                let (before, now) = (failed(before), failed(now));
                say!(words, "change-fails-more", domain = self.named(domain), before = before, now = now)
            }
            Change::FailsLess { domain, before, now } => {
                let (before, now) = (failed(before), failed(now));
                say!(words, "change-fails-less", domain = self.named(domain), before = before, now = now)
            }
            Change::Decided { domain, now } => {
                say!(words, "change-decided", domain = self.named(domain), decision = self.decision(*now))
            }
            Change::Policy { domain, before, now } => {
                let (before, now) = (policy(before), policy(now));
                say!(words, "change-policy", domain = self.named(domain), before = before, now = now)
            }
            Change::NewDomain { domain, mail } => {
                say!(words, "change-new-domain", domain = self.named(domain), mails = self.mails(mail.mails))
            }
            Change::NewSender { domain, sender } => say!(
                words,
                "change-new-sender",
                domain = self.named(domain),
                sender = self.stranger(&self.title(sender)),
                class = self.class(sender.class),
                mails = self.mails(sender.mail.mails),
                passed = sender.mail.passed
            ),
            Change::Class { domain, sender } => say!(
                words,
                "change-class",
                domain = self.named(domain),
                sender = self.stranger(&self.title(sender)),
                class = self.class(sender.class)
            ),
            Change::Rejected { more } => say!(words, "change-rejected", n = *more),
            Change::NewReporter { name } => say!(words, "change-new-reporter", name = self.reporter(Some(name))),
        }
    }

    /// A name that a stranger chose and that nobody should follow. An address is none, and people copy it.
    fn stranger(&self, name: &str) -> String {
        let address = name.split('/').next().unwrap_or_default();
        if address.parse::<IpAddr>().is_ok() { self.named(name) } else { self.named(&escape::defang(name)) }
    }

    /// What to do, largest effect first, and how many more there are.
    pub(super) fn tasks(&self) -> (Vec<Task>, Option<String>) {
        let tasks = &self.view.digest.tasks;
        let left_out = tasks.len().saturating_sub(TASKS_LISTED);
        let more = (left_out > 0).then(|| say!(self.words, "task-more", n = number(left_out)));
        (tasks.iter().take(TASKS_LISTED).map(|task| self.task(task)).collect(), more)
    }

    fn task(&self, task: &TaskView) -> Task {
        let (domain, sender) = (self.named(&task.domain), self.of_task(task));
        let (failing, all) = (task.failing, task.all_failing);
        let share = per_cent(tenths(failing, all));
        let words = self.words;
        let title = if task.is_question {
            say!(words, "task-question", domain = domain, sender = sender, failing = failing, all = all, share = share)
        } else {
            say!(words, "task-title", domain = domain, sender = sender, failing = failing, all = all, share = share)
        };
        // Commands of ours are to be copied whole.
        let step = |said: &Said| if task.is_question { said.in_words(words) } else { self.told(said) };
        let steps = task.steps.iter().map(step).collect();
        Task { title, steps, command: task.command.clone() }
    }

    /// How far domains are from their next policy.
    pub(super) fn readiness(&self) -> Vec<String> {
        self.view.digest.readiness.iter().take(READINESS_LISTED).map(|ready| self.ready(ready)).collect()
    }

    fn ready(&self, ready: &ReadinessView) -> String {
        let words = self.words;
        let (domain, (passed, all)) = (self.named(&ready.domain), ready.gates);
        let Some(next) = ready.next.as_deref().map(|next| self.named(next)) else {
            let policy = self.view.domains.iter().find(|known| known.name == ready.domain);
            let policy = policy.and_then(|known| known.policy.as_deref()).unwrap_or_default();
            return say!(words, "readiness-reached", domain = domain, target = self.named(policy));
        };
        let first = if ready.open.is_empty() {
            say!(words, "readiness-ready", domain = domain, target = next, all = all)
        } else {
            let open = words.list(&ready.open.iter().map(|gate| self.named(gate)).collect::<Vec<_>>());
            say!(words, "readiness-open", domain = domain, target = next, passed = passed, all = all, open = open)
        };
        let earliest = ready.earliest.map(|day| say!(words, "readiness-earliest", day = day.to_string()));
        let impact =
            ready.affected_a_day.map(|(point, upper)| say!(words, "readiness-impact", point = point, upper = upper));
        words.join(&[first, earliest.unwrap_or_default(), impact.unwrap_or_default()])
    }

    /// What others send in the owner's name.
    pub(super) fn spoofing(&self) -> Option<String> {
        let SpoofingView { mails, sources, treated, names } = self.view.digest.spoofing.as_ref()?;
        let line = say!(
            self.words,
            "spoofing-line",
            mails = self.mails(*mails),
            n = *sources,
            delivered = treated.0,
            spam = treated.1,
            refused = treated.2
        );
        let names: Vec<String> = names.iter().map(|name| self.stranger(name)).collect();
        let mostly = if names.is_empty() {
            String::new()
        } else {
            say!(self.words, "spoofing-names", names = self.words.list(&names))
        };
        Some(self.words.join(&[line, mostly]))
    }

    /// Who reported, and how much of the mail each saw.
    pub(super) fn coverage_line(&self) -> Option<String> {
        let named = |reporter: &super::ReporterView| {
            let share = share(self.words, reporter.sums.mails, self.view.sums.mails);
            say!(self.words, "coverage-share", name = self.reporter(reporter.name.as_deref()), share = share)
        };
        let mut shares: Vec<String> = self.view.reporters.iter().take(REPORTERS_NAMED).map(named).collect();
        if shares.is_empty() {
            return None;
        }
        let rest = super::rest(&self.view.reporters, REPORTERS_NAMED, |reporter| reporter.sums.mails);
        shares.extend(self.more(More::Reporters, rest));
        let reporters = say!(self.words, "n-reporters", n = number(self.view.reporters.len()));
        let reports = say!(self.words, "n-reports", n = self.view.reports);
        let shares = self.words.list(&shares);
        let line = say!(self.words, "coverage-line", reports = reports, reporters = reporters, shares = shares);
        let more = [self.trust_line(), self.foreign_line()].into_iter().flatten();
        Some(self.words.join(&[line].into_iter().chain(more).collect::<Vec<_>>()))
    }

    /// How many reports are proven to be of whom they name; nothing where all are, or none came by mail.
    fn trust_line(&self) -> Option<String> {
        let trust = self.view.digest.trust?;
        let TrustView { proven, unproven, unknown, .. } = trust;
        let all = proven + unproven + unknown;
        let is_whole = unproven + unknown == 0;
        let (words, reports) = (self.words, say!(self.words, "n-reports", n = all));
        let of = |n: u64, part: String| (n > 0).then_some(part);
        let line = || match (proven, unproven, unknown) {
            (0, _, 0) => say!(words, "coverage-unproven", reports = reports),
            (0, 0, _) => say!(words, "coverage-unknown", reports = reports),
            _ => {
                let proven = of(proven, say!(words, "coverage-part-proven", n = proven));
                let unproven = of(unproven, say!(words, "coverage-part-unproven", n = unproven));
                let unknown = of(unknown, say!(words, "coverage-part-unknown", n = unknown));
                let parts: Vec<String> = [proven, unproven, unknown].into_iter().flatten().collect();
                say!(words, "coverage-trust", reports = reports, parts = words.list(&parts))
            }
        };
        let new = || say!(self.words, "coverage-new", reports = say!(self.words, "n-reports", n = trust.new));
        let lines: Vec<String> = [(!is_whole).then(line), (trust.new > 0).then(new)].into_iter().flatten().collect();
        (!lines.is_empty()).then(|| self.words.join(&lines))
    }

    /// Domains that are not the owner's.
    fn foreign_line(&self) -> Option<String> {
        let names: Vec<String> = self.view.digest.foreign.iter().map(|name| self.stranger(name)).collect();
        (!names.is_empty()).then(|| say!(self.words, "coverage-foreign", names = self.words.list(&names)))
    }
}

/// Domains that somebody has to do something about.
fn to_act(view: &SummaryView) -> Vec<&DomainView> {
    let has_task =
        |domain: &DomainView| view.digest.tasks.iter().any(|task| !task.is_question && task.domain == domain.name);
    let is_problem = |domain: &DomainView| domain.decision.is_some_and(Decision::is_problem) || has_task(domain);
    view.domains.iter().filter(|domain| is_problem(domain)).collect()
}

/// The largest question to the owner.
fn question(view: &SummaryView) -> Option<&TaskView> {
    view.digest.tasks.iter().find(|task| task.is_question)
}

/// The subject of a mail, on one line.
#[must_use]
pub fn subject(view: &SummaryView, words: &Words) -> String {
    let name = |text: &str| escape::shorten(&escape::terminal(text), SUBJECT_NAME_CELLS_MAX).into_owned();
    let teller = Teller { view, words, name: &name, sentence: &name };
    if let Some(days) = view.digest.blind_days {
        return say!(words, "subject-blind", days = teller.days_long(days));
    }
    let to_act = to_act(view);
    let detail = view
        .digest
        .tasks
        .first()
        .map(|task| say!(words, "subject-detail", sender = teller.of_task(task), failing = task.failing));
    let detail = detail.unwrap_or_default();
    match to_act.as_slice() {
        [only] if view.domains.len() == 1 => {
            say!(words, "subject-problems-one", domain = name(&only.name), detail = detail)
        }
        [first, ..] => say!(
            words,
            "subject-problems",
            n = number(to_act.len()),
            all = say!(words, "n-domains", n = number(view.domains.len())),
            names = name(&first.name),
            detail = detail
        ),
        [] => quiet_subject(view, &teller),
    }
}

fn quiet_subject(view: &SummaryView, teller: &Teller) -> String {
    let words = teller.words;
    let scope = match view.domains.as_slice() {
        _ if view.domain.is_some() => teller.scope(),
        [only] => teller.named(&only.name),
        _ => say!(words, "n-domains", n = number(view.domains.len())),
    };
    if view.period.is_none() {
        return say!(words, "subject-empty", scope = teller.scope());
    }
    if let Some(task) = question(view) {
        let sender = teller.of_task(task);
        return say!(words, "subject-ask", scope = scope, sender = sender, failing = task.failing);
    }
    if !view.domains.is_empty() && view.domains.iter().all(|domain| domain.decision.is_some()) {
        return say!(words, "subject-fine", scope = scope, mails = teller.mails(view.sums.mails));
    }
    let share = super::number::share_of_mails(words, view.sums.dmarc_pass(), view.sums.mails);
    say!(words, "subject-unknown", scope = scope, share = share, failed = view.sums.neither)
}

fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

//! Advice, simulations and states as JSON of the contract.

use serde_json::{Map, Value, json};

use super::day_text;
use super::simulate::SimulationView;
use super::status::DomainStatus;
use crate::analyze::Class;
use crate::analyze::readiness::{Advice, Blocker, Current, Gate, PerDay, Record, Step, answers};
use crate::dns::dmarc::DmarcRecord;
use crate::model::Word;

/// A number with at most five digits behind the point: more would differ from machine to machine.
#[must_use]
pub fn number(value: f64) -> Value {
    if value.is_finite() { json!((value * 100_000.0).round() / 100_000.0) } else { Value::Null }
}

fn day(day: Option<i64>) -> Value {
    day.map_or(Value::Null, |day| json!(day_text(day)))
}

/// `ruascope.recommend/1`
#[must_use]
pub fn recommend(advice: &Advice) -> Value {
    let mut object = json!({
        "schema": "ruascope.recommend/1",
        "domain": advice.domain,
        "asof": day(Some(advice.today)),
        "since": day(advice.window.map(|window| window.0)),
        "until": day(advice.window.map(|window| window.1)),
        "current": current(advice),
        "profile": advice.profile.as_str(),
        "profile_inferred": advice.is_profile_inferred,
        "target": advice.target.as_str(),
        "decision": advice.decision.as_str(),
        "why": advice.why,
        "next": advice.next.map(Step::as_str),
        "confidence": advice.confidence.as_str(),
        "blind": advice.is_blind,
        "accepts_list_risk": advice.accepts_list_risk,
        "evidence": evidence(advice),
        "gates": advice.gates.iter().map(gate).collect::<Vec<_>>(),
        "blockers": (1_u64..).zip(&advice.blockers).map(|(rank, one)| blocker(rank, one, &advice.domain)).collect::<Vec<_>>(),
        "questions": advice.questions.iter().map(|one| question(one, &advice.domain)).collect::<Vec<_>>(),
        "alarms": advice.alarms.iter().map(alarm).collect::<Vec<_>>(),
        "impact_per_day": impact(advice),
        "publish": advice.publish.as_ref().map(record),
        "if_ready": advice.if_ready.as_ref().map(record),
        "change_only": advice.change_only,
        "rollback": advice.rollback.as_ref().map(|back| json!({"txt": back.text, "when": back.when})),
        "earliest": day(advice.earliest_day),
    });
    if let Some(object) = object.as_object_mut() {
        object.insert("triggers".to_owned(), triggers(advice));
    }
    object
}

fn triggers(advice: &Advice) -> Value {
    advice.triggers.iter().map(|trigger| json!({"rule": trigger.rule, "text": trigger.text})).collect()
}

/// `ruascope.watch/1`
#[must_use]
pub fn watch(all: &[Advice]) -> Value {
    let domain = |advice: &Advice| {
        json!({
            "domain": advice.domain,
            "step": advice.step.map(Step::as_str),
            "changed": day(advice.raised.map(|(day, _)| day)),
            "step_before": advice.raised.map(|(_, step)| step.as_str()),
            "decision": advice.decision.as_str(),
            "triggers": triggers(advice),
            "publish": advice.publish.as_ref().filter(|_| !advice.triggers.is_empty()).map(record),
        })
    };
    json!({"schema": "ruascope.watch/1", "domains": all.iter().map(domain).collect::<Vec<_>>()})
}

fn current(advice: &Advice) -> Value {
    let found = advice.current.record(&advice.domain).unwrap_or_default();
    let mut object = tags(&found);
    let origin = match &advice.current {
        Current::Published { .. } => "dns",
        Current::Seen(_) => "reports",
        Current::Missing => "missing",
        Current::Unknown => "unknown",
    };
    object.insert("record".to_owned(), json!(advice.current.text()));
    object.insert("origin".to_owned(), json!(origin));
    object.insert("step".to_owned(), json!(advice.step.map(Step::as_str)));
    object.insert("since".to_owned(), day(advice.step_since));
    Value::Object(object)
}

/// The tags that decide about mail.
fn tags(record: &DmarcRecord) -> Map<String, Value> {
    let mut map = Map::new();
    let policies = [("p", record.p), ("sp", record.sp), ("np", record.np)];
    map.extend(policies.map(|(name, policy)| (name.to_owned(), json!(policy.map(Word::as_str)))));
    let modes = [("adkim", record.adkim), ("aspf", record.aspf)];
    map.extend(modes.map(|(name, mode)| (name.to_owned(), json!(mode.map(Word::as_str)))));
    map.insert("t".to_owned(), json!(record.t.map(Word::as_str)));
    map.insert("pct".to_owned(), json!(record.pct));
    map
}

fn evidence(advice: &Advice) -> Value {
    let (own, evidence, coverage) = (&advice.own, &advice.evidence, &advice.coverage);
    let share = |part: u64| match own.mails {
        0 => Value::Null,
        mails => number(crate::analyze::statistics::real(part) / crate::analyze::statistics::real(mails)),
    };
    let has_mail = own.mails > 0;
    json!({
        "mails_legit": advice.window.map(|_| own.mails),
        "mails_failing": advice.window.map(|_| own.failed),
        "mails_acted_on": advice.window.map(|_| own.acted),
        "pass_legit": evidence.pass.map(number),
        "lower_bound": has_mail.then(|| number(evidence.lower_bound)),
        "design_effect": has_mail.then(|| number(evidence.design_effect)),
        "n_eff": has_mail.then(|| number(evidence.observations)),
        "dkim_share": share(own.dkim),
        "spf_share": share(own.spf),
        "spf_only_share": share(own.spf_only()),
        "days": advice.window.map(|(first, last)| last - first + 1),
        "days_active": evidence.active_days,
        "days_since_first_report": advice.window.map(|_| evidence.span_days),
        "reporters": coverage.shares.len(),
        "reporters_effective": number(coverage.effective_reporters),
        "completeness": coverage.completeness.map(number),
        "silent_reporters": coverage.silent,
        "sent_per_day": advice.sent.map(|sent| sent.per_day),
        "coverage": advice.sent.and_then(|sent| sent.seen).map(number),
    })
}

fn gate(gate: &Gate) -> Value {
    json!({
        "id": gate.id, "ok": gate.is_open, "title": gate.title, "value": gate.value, "need": gate.need,
        "opens": day(gate.opens_day),
    })
}

fn blocker(rank: u64, blocker: &Blocker, domain: &str) -> Value {
    json!({
        "rank": rank,
        "source": blocker.source,
        "key": blocker.key,
        "class": blocker.class.as_str(),
        "mails": blocker.mails,
        "mails_failing": blocker.mails_failing,
        "share": number(blocker.share),
        "why": blocker.why,
        "fix": blocker.fix,
        "verify": format!("ruascope sources {domain} {}", blocker.key),
    })
}

fn alarm(alarm: &crate::analyze::alarms::Alarm) -> Value {
    json!({
        "kind": alarm.kind.as_str(),
        "severity": alarm.severity.as_str(),
        "subject": alarm.subject,
        "detail": alarm.detail,
        "opened": day(Some(alarm.opened_day)),
    })
}

fn question(blocker: &Blocker, domain: &str) -> Value {
    json!({
        "source": blocker.source,
        "key": blocker.key,
        "signs_as": blocker.signs_as,
        "mails": blocker.mails,
        "mails_failing": blocker.mails_failing,
        "answers": answers(domain, blocker),
    })
}

fn pair(per_day: PerDay) -> Value {
    json!([number(per_day.point), number(per_day.upper)])
}

fn impact(advice: &Advice) -> Value {
    if advice.window.is_none() {
        return Value::Null;
    }
    let mut map = Map::new();
    for (class, per_day) in &advice.impact.classes {
        map.insert(class.as_str().to_owned(), pair(*per_day));
    }
    map.insert("legit".to_owned(), pair(advice.impact.legitimate));
    map.insert("indirect_at_risk".to_owned(), pair(advice.impact.indirect_at_risk));
    Value::Object(map)
}

fn record(record: &Record) -> Value {
    json!({"name": record.name, "ttl": record.ttl_s, "txt": record.text})
}

/// `ruascope.simulate/1`
#[must_use]
pub fn simulate(view: &SimulationView<'_>) -> Value {
    let loss = |loss: &crate::analyze::simulate::Loss| {
        json!({
            "mails_per_day": number(loss.mails_per_day),
            "lost_per_day": number(loss.lost.point),
            "upper": number(loss.lost.upper),
            "refused_per_day": number(loss.refused_per_day),
            "override_likely_per_day": number(loss.saved_per_day),
            "acted_on_today_per_day": number(loss.acted_per_day),
        })
    };
    let with = |head: Value, tail: Value| match (head, tail) {
        (Value::Object(mut head), Value::Object(tail)) => {
            head.extend(tail);
            Value::Object(head)
        }
        (head, _) => head,
    };
    let classes = view.simulation.classes.iter();
    let sources = view.simulation.senders.iter().filter_map(|(place, one)| {
        let sender = view.senders.get(*place)?;
        Some(with(json!({"source": sender.name, "key": sender.key, "class": sender.class.as_str()}), loss(one)))
    });
    let mut policy = tags(view.record);
    policy.remove("pct");
    json!({
        "schema": "ruascope.simulate/1",
        "domain": view.domain,
        "policy": policy,
        "since": day(view.window.map(|window| window.0)),
        "until": day(view.window.map(|window| window.1)),
        "days": view.simulation.days,
        "classes": classes.map(|(class, one)| with(json!({"class": Class::as_str(*class)}), loss(one))).collect::<Vec<_>>(),
        "sources": sources.collect::<Vec<_>>(),
    })
}

/// `ruascope.status/1`
#[must_use]
pub fn status(domains: &[DomainStatus]) -> Value {
    let domain = |status: &DomainStatus| {
        let advice = &status.advice;
        json!({
            "domain": advice.domain,
            "policy": advice.current.record(&advice.domain).and_then(|record| record.p).map(Word::as_str),
            "step": advice.step.map(Step::as_str),
            "badges": {"spf": status.badges.spf.as_str(), "dkim": status.badges.dkim.as_str(), "dmarc": status.badges.dmarc.as_str()},
            "days": advice.window.map(|(first, last)| last - first + 1),
            "mails_legit": advice.window.map(|_| advice.own.mails),
            "pass_legit": advice.evidence.pass.map(number),
            "lower_bound": advice.evidence.pass.map(|_| number(advice.evidence.lower_bound)),
            "blockers": advice.blockers.len(),
            "questions": advice.questions.len(),
            "alarms": advice.alarms.iter().map(alarm).collect::<Vec<_>>(),
            "decision": advice.decision.as_str(),
            "why": advice.why,
            "earliest": day(advice.earliest_day),
            "newest_day": day(status.newest_day),
            "newest_age_days": status.newest_day.map(|newest| advice.today - newest),
        })
    };
    json!({"schema": "ruascope.status/1", "domains": domains.iter().map(domain).collect::<Vec<_>>()})
}

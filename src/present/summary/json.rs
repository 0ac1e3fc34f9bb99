//! The summary for programs. Fields are added, never renamed; what is not known is null.

use serde_json::{Value, json};

use super::view::{DigestView, DomainView, SummaryView, Sums};
use crate::digest::{Change, Share};

/// The summary as one object.
#[must_use]
pub fn json(view: &SummaryView) -> Value {
    let mut summary = json!({
        "schema": "ruascope.summary/1",
        "domain": view.domain,
        "since": view.period.map(|period| period.0.to_string()),
        "until": view.period.map(|period| period.1.to_string()),
        "newest_age_days": view.newest_age_days,
        "reports": view.reports,
    });
    append(&mut summary, sums(&view.sums));
    append(&mut summary, json!({"before": view.before.as_ref().map(sums)}));
    append(&mut summary, lists(view));
    append(&mut summary, json!({"rejected": view.rejected, "conflicting": view.conflicting, "other": view.other}));
    append(&mut summary, digest(&view.digest));
    summary
}

/// What a digest says beyond sums; lists are empty, and values null, where that was not worked out.
fn digest(digest: &DigestView) -> Value {
    let tasks = digest.tasks.iter().map(|task| {
        json!({
            "domain": task.domain,
            "sender": task.sender,
            "mails_failing": task.failing,
            "mails_failing_all": task.all_failing,
            "fix": task.steps,
        })
    });
    let readiness = digest.readiness.iter().map(|ready| {
        let (point, upper) = ready.affected_a_day.unzip();
        json!({
            "domain": ready.domain,
            "next": ready.next,
            "gates_passed": ready.gates.0,
            "gates": ready.gates.1,
            "open": ready.open,
            "earliest": ready.earliest.map(|day| day.to_string()),
            "affected_per_day": point,
            "affected_per_day_upper": upper,
        })
    });
    let spoofing = digest.spoofing.as_ref().map(|spoofing| {
        let (delivered, spam, refused) = spoofing.treated;
        json!({"mails": spoofing.mails, "sources": spoofing.sources, "delivered": delivered, "quarantined": spam, "rejected": refused})
    });
    let senders = digest.senders.iter().map(|sender| {
        json!({
            "key": sender.key,
            "source": sender.name,
            "class": sender.class.as_str(),
            "mails": sender.mail.mails,
            "dmarc_pass": sender.mail.passed,
        })
    });
    json!({
        "level": digest.level.map(crate::digest::Level::as_str),
        "blind_days": digest.blind_days,
        "last_digest": digest.last.map(|day| day.to_string()),
        "changes": digest.changes.iter().map(change).collect::<Value>(),
        "alarms": digest.alarms.iter().map(|(domain, alarm)| json!({"domain": domain, "kind": alarm.kind.as_str(), "severity": alarm.severity.as_str(), "subject": alarm.subject, "detail": alarm.detail, "opened": crate::present::advice::day_text(alarm.opened_day)})).collect::<Value>(),
        "tasks": tasks.collect::<Value>(),
        "senders": senders.collect::<Value>(),
        "readiness": readiness.collect::<Value>(),
        "spoofing": spoofing,
        "report_mails": digest.trust.map(|trust| {
            json!({"proven": trust.proven, "unproven": trust.unproven, "unknown": trust.unknown, "new_reporters": trust.new})
        }),
        "foreign_domains": digest.foreign,
    })
}

fn change(change: &Change) -> Value {
    let share = |share: &Share| json!({"mails": share.mails, "dmarc_pass": share.passed});
    let fields = match change {
        Change::Blind { days } => json!({"kind": "blind", "days": days}),
        Change::SeesAgain => json!({"kind": "sees_again"}),
        Change::FailsMore { domain, before, now } => {
            json!({"kind": "fails_more", "domain": domain, "before": share(before), "now": share(now)})
        }
        Change::FailsLess { domain, before, now } => {
            json!({"kind": "fails_less", "domain": domain, "before": share(before), "now": share(now)})
        }
        Change::Decided { domain, now } => json!({"kind": "decision", "domain": domain, "now": now.as_str()}),
        Change::Policy { domain, before, now } => {
            json!({"kind": "policy", "domain": domain, "before": before, "now": now})
        }
        Change::NewDomain { domain, mail } => json!({"kind": "new_domain", "domain": domain, "mails": mail.mails}),
        Change::NewSender { domain, sender } => json!({
            "kind": "new_sender", "domain": domain, "key": sender.key, "source": sender.name,
            "class": sender.class.as_str(), "mails": sender.mail.mails, "dmarc_pass": sender.mail.passed,
        }),
        Change::Class { domain, sender } => json!({
            "kind": "class", "domain": domain, "key": sender.key, "source": sender.name, "class": sender.class.as_str(),
        }),
        Change::Rejected { more } => json!({"kind": "rejected", "more": more}),
        Change::NewReporter { name } => json!({"kind": "new_reporter", "reporter": name}),
    };
    with(fields, json!({"problem": change.is_problem()}))
}

fn lists(view: &SummaryView) -> Value {
    let domains = view.domains.iter().map(|domain| {
        let head = json!({"domain": domain.name, "policy": domain.policy, "reports": domain.reports});
        let trend = json!({
            "decision": domain.decision.map(crate::digest::Decision::as_str),
            "own_mails": domain.own.map(|own| own.mails),
            "own_pass": domain.own.map(|own| own.passed),
            "trend": trend(view, domain),
        });
        with(with(head, sums(&domain.sums)), trend)
    });
    let sources = view.sources.iter().map(|source| {
        let (first, last) = (source.days.0.to_string(), source.days.1.to_string());
        let seen = json!({"reporters": source.reporters, "first_day": first, "last_day": last});
        with(with(json!({"source": source.ip}), sums(&source.sums)), seen)
    });
    let days = view.days.iter().map(|day| {
        let head = json!({"day": day.day.to_string(), "reports": day.reports});
        with(head, sums(&day.sums))
    });
    let dispositions = view.dispositions.iter().map(|did| with(json!({"disposition": did.word}), sums(&did.sums)));
    let reporters = view.reporters.iter().map(|reporter| {
        let head = json!({"reporter": reporter.name, "reports": reporter.reports});
        with(head, sums(&reporter.sums))
    });
    json!({
        "domains": domains.collect::<Value>(),
        "sources": sources.collect::<Value>(),
        "sources_more": {"sources": view.sources_more.0, "mails": view.sources_more.1},
        "days": days.collect::<Value>(),
        "dispositions": dispositions.collect::<Value>(),
        "reporters": reporters.collect::<Value>(),
    })
}

/// Every day of the period, with null for what no report told.
fn trend(view: &SummaryView, domain: &DomainView) -> Value {
    let days = view.period.map(|(first, _)| first.iter_days()).into_iter().flatten();
    let entry = |(day, told): (chrono::NaiveDate, &Option<(u64, u64)>)| {
        let (passed, mails) = told.unzip();
        json!({"day": day.to_string(), "mails": mails, "dmarc_pass": passed})
    };
    days.zip(&domain.trend).map(entry).collect()
}

fn sums(sums: &Sums) -> Value {
    json!({
        "mails": sums.mails,
        "dkim_aligned": sums.dkim_aligned(),
        "spf_aligned": sums.spf_aligned(),
        "dmarc_pass": sums.dmarc_pass(),
    })
}

fn with(mut object: Value, more: Value) -> Value {
    append(&mut object, more);
    object
}

/// Adds the fields of `more` behind those of `object`.
fn append(object: &mut Value, more: Value) {
    if let (Value::Object(fields), Value::Object(more)) = (object, more) {
        fields.extend(more);
    }
}

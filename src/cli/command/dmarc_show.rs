//! `ruascope dmarc show`: what is meant, published and observed, side by side.

use serde_json::{Value, json};

use super::check::observations;
use crate::analyze::check::{self, SeenPolicy, differences, meant_record};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::date;
use crate::config::DomainName;
use crate::dns::dmarc::{self, DmarcRecord};
use crate::dns::{Answer, DmarcFound, Walk};
use crate::model::{Policy, Word as _};
use crate::present::escape;
use crate::resolve::{self, PolicyBySuffix};
use crate::words::{Said, Words};

/// Everything about a domain's policy.
struct Shown {
    domain: String,
    meant: Option<DmarcRecord>,
    own: Answer<String>,
    applies: Option<DmarcFound>,
    walk: Walk,
    by_suffix: Option<PolicyBySuffix>,
    /// The name itself is known not to exist.
    is_absent: bool,
    seen: Vec<SeenPolicy>,
}

pub(super) fn show(context: &Context, domain: &DomainName) -> anyhow::Result<Exit> {
    let resolver = context.resolver()?;
    let settings = context.resolved.settings.domains.iter().find(|known| known.name == *domain);
    let walk = resolve::walk(resolver.as_ref(), domain.as_str());
    let applies = walk.applies();
    // Reports are kept by the domain whose record applies.
    let reported = applies.as_ref().map_or(domain.as_str(), |found| found.domain.as_str());
    let store = if context.store_path()?.exists() { Some(context.read_store()?) } else { None };
    let observations = store.map(|store| observations(context, &store, reported)).transpose()?.unwrap_or_default();
    let shown = Shown {
        domain: domain.to_string(),
        meant: settings.and_then(|settings| settings.dmarc.as_ref()).map(meant_record),
        own: walk.steps.first().map_or(Answer::NoData, |step| step.answer.clone()),
        applies,
        by_suffix: resolve::policy_by_suffix(resolver.as_ref(), domain.as_str()),
        is_absent: resolver.txt(domain.as_str()).answer == Answer::NxDomain,
        seen: check::policies(&observations),
        walk,
    };
    if context.as_json() {
        output::json(&shown.json())?;
    } else {
        output::write(&shown.text(&context.words()))?;
    }
    Ok(if shown.own.is_unknown() { Exit::Unknown } else { Exit::Done })
}

impl Shown {
    fn published(&self) -> Option<DmarcRecord> {
        match self.own.records() {
            [one] => dmarc::read(one).map(|read| read.record),
            _ => None,
        }
    }

    fn differences(&self) -> Vec<Said> {
        let both = self.meant.as_ref().zip(self.published());
        both.map_or_else(Vec::new, |(meant, published)| differences(meant, &published))
    }

    /// The policy that receivers apply to the domain, and the tag that says so.
    fn policy(&self) -> Option<(Policy, &'static str)> {
        let found = self.applies.as_ref()?;
        let read = dmarc::read(&found.text)?;
        let own = read.policy()?;
        if found.domain == self.domain {
            return Some((own, "p"));
        }
        let record = read.record;
        match (record.np.filter(|_| self.is_absent), record.sp) {
            (Some(np), _) => Some((np, "np")),
            (None, Some(sp)) => Some((sp, "sp")),
            (None, None) => Some((own, "p")),
        }
    }

    fn why(&self) -> String {
        let domain = &self.domain;
        let Some(found) = &self.applies else {
            return if self.walk.is_complete() {
                format!("no record applies: none stands at _dmarc.{domain} or above it")
            } else {
                "which record applies is unknown: DNS did not answer".to_owned()
            };
        };
        let Some((policy, tag)) = self.policy() else {
            return format!("the record at _dmarc.{} applies, and counts for nothing", found.domain);
        };
        let policy = policy.as_str();
        if found.domain == *domain {
            return format!("its own record applies: {tag}={policy}");
        }
        let exists = if tag == "np" { ", because the name does not exist" } else { "" };
        format!("the record of {}, the organisational domain, applies: {tag} says {policy}{exists}", found.domain)
    }

    fn text(&self, words: &Words) -> String {
        let quoted = |text: &str| format!("\"{}\"", escape::terminal(text));
        let mut lines = vec![self.domain.clone()];
        let meant = self
            .meant
            .as_ref()
            .map_or_else(|| "nothing in the settings".to_owned(), |meant| quoted(&meant.to_string()));
        lines.push(format!("  meant      {meant}"));
        match &self.own {
            Answer::Found(records) => lines.extend(records.iter().map(|text| format!("  published  {}", quoted(text)))),
            Answer::NoData | Answer::NxDomain => {
                lines.push(format!("  published  no record at _dmarc.{}", self.domain));
            }
            Answer::Failed(failure) => lines.push(format!("  published  unknown: {}", failure.as_str())),
        }
        if self.seen.is_empty() {
            lines.push("  observed   no report yet".to_owned());
        }
        for seen in &self.seen {
            let day = date(seen.last_day).map(|date| date.to_string()).unwrap_or_default();
            let reporters = seen.reporters.len();
            lines.push(format!(
                "  observed   {} by {reporters} reporters, last on {day}",
                escape::terminal(&seen.policy)
            ));
        }
        lines.push(format!("  applies    {}", escape::terminal(&self.why())));
        if let Some(by_suffix) = &self.by_suffix
            && by_suffix.applies != self.applies
            && self.walk.is_complete()
        {
            let at = by_suffix.applies.as_ref().map_or("none", |found| found.domain.as_str());
            lines.push(format!("             receivers before RFC 9989 apply the record of: {}", escape::terminal(at)));
        }
        lines.extend(
            self.differences()
                .iter()
                .map(|difference| format!("  differs    {}", escape::terminal(&difference.in_words(words)))),
        );
        lines.join("\n") + "\n"
    }

    fn json(&self) -> Value {
        let answer = match &self.own {
            Answer::Found(_) => "found",
            Answer::NoData | Answer::NxDomain => "missing",
            Answer::Failed(_) => "unknown",
        };
        let day = |day: i64| date(day).map(|date| date.to_string());
        let policy = self.policy();
        let seen: Vec<Value> = self
            .seen
            .iter()
            .map(|seen| json!({"policy": seen.policy, "mails": seen.mails, "reporters": seen.reporters, "first_day": day(seen.first_day), "last_day": day(seen.last_day)}))
            .collect();
        let walk: Vec<Value> = self
            .walk
            .steps
            .iter()
            .map(|step| json!({"name": format!("_dmarc.{}", step.domain), "txt": step.answer.records(), "answered": !step.answer.is_unknown()}))
            .collect();
        json!({
            "schema": "ruascope.dmarc/1",
            "domain": self.domain,
            "meant": self.meant.as_ref().map(ToString::to_string),
            "published": {"answer": answer, "txt": self.own.records()},
            "observed": seen,
            "applies": self.applies.as_ref().map(|found| json!({
                "domain": found.domain, "txt": found.text,
                "policy": policy.map(|(policy, _)| policy.as_str()), "tag": policy.map(|(_, tag)| tag),
            })),
            "why": self.why(),
            "organizational_domain": self.walk.organizational_domain(),
            "applies_before_rfc9989": self.by_suffix.as_ref().and_then(|found| found.applies.as_ref()).map(|found| &found.domain),
            "walk": walk,
            "differences": self.differences(),
        })
    }
}

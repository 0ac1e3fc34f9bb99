//! `ruascope dmarc show`: what is meant, published and observed, side by side.

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

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
use crate::words::{Said, Words, said};

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

    fn why(&self) -> Said {
        let domain = &self.domain;
        let Some(found) = &self.applies else {
            let is_known = self.walk.is_complete();
            return if is_known { said!("dmarc-why-none", domain = domain) } else { said!("dmarc-why-unknown") };
        };
        let Some((policy, tag)) = self.policy() else {
            return said!("dmarc-why-nothing", domain = found.domain);
        };
        let policy = policy.as_str();
        if found.domain == *domain {
            return said!("dmarc-why-own", tag = tag, policy = policy);
        }
        match tag {
            "np" => said!("dmarc-why-above-np", above = found.domain, tag = tag, policy = policy),
            _ => said!("dmarc-why-above", above = found.domain, tag = tag, policy = policy),
        }
    }

    /// The lines below the domain's name: of which kind each is, and what there is.
    fn lines(&self) -> Vec<(&'static str, Said)> {
        let quoted = |text: &str| Said::from(format!("\"{text}\""));
        let meant = self.meant.as_ref().map(|meant| quoted(&meant.to_string()));
        let mut lines = vec![("dmarc-meant", meant.unwrap_or_else(|| said!("dmarc-meant-nothing")))];
        match &self.own {
            Answer::Found(records) => lines.extend(records.iter().map(|text| ("dmarc-published", quoted(text)))),
            Answer::NoData | Answer::NxDomain => {
                lines.push(("dmarc-published", said!("dmarc-published-none", domain = self.domain)));
            }
            Answer::Failed(failure) => {
                lines.push(("dmarc-published", said!("dmarc-published-unknown", why = failure.said())));
            }
        }
        if self.seen.is_empty() {
            lines.push(("dmarc-observed", said!("dmarc-observed-none")));
        }
        for seen in &self.seen {
            let day = date(seen.last_day).map(|date| date.to_string()).unwrap_or_default();
            let (policy, reporters) = (&seen.policy, seen.reporters.len());
            let by = said!("dmarc-observed-by", policy = policy, reporters = reporters, day = day);
            lines.push(("dmarc-observed", by));
        }
        lines.push(("dmarc-applies", self.why()));
        if let Some(by_suffix) = &self.by_suffix
            && by_suffix.applies != self.applies
            && self.walk.is_complete()
        {
            let before = by_suffix.applies.as_ref().map(|found| said!("dmarc-before-rfc", above = found.domain));
            lines.push(("", before.unwrap_or_else(|| said!("dmarc-before-rfc-none"))));
        }
        lines.extend(self.differences().into_iter().map(|difference| ("dmarc-differs", difference)));
        lines
    }

    fn text(&self, words: &Words) -> String {
        let label = |id: &str| if id.is_empty() { String::new() } else { words.say(id) };
        let widest = ["dmarc-meant", "dmarc-published", "dmarc-observed", "dmarc-applies", "dmarc-differs"]
            .map(|id| label(id).width())
            .into_iter()
            .max()
            .unwrap_or_default();
        let mut text = format!("{}\n", self.domain);
        for (id, what) in self.lines() {
            let label = label(id);
            let gap = " ".repeat(widest + 2 - label.width());
            text.push_str(&format!("  {label}{gap}{}\n", escape::terminal(&what.in_words(words))));
        }
        text
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

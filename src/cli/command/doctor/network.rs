//! What others have to answer: DNS, mailboxes, where reports go, mail servers.

use super::line::{Line, State};
use super::mailbox::walk;
use crate::analyze::check::{CheckFinding, Level, Topic};
use crate::cli::command::check::examine;
use crate::cli::context::Context;
use crate::config::DnsSettings;
use crate::deliver::{HookCourier, MailCourier};
use crate::dns::Answer;
use crate::intake::imap::Stage;
use crate::resolve::{Hickory, Resolver as _};
use crate::store::Store;
use crate::words::{Said, said};

/// Domains that DNS is asked about: each costs some fifty questions.
const DOMAINS_MAX: usize = 20;

/// Whether anybody answers, and a line a server. Asked for is the policy record of the first domain.
pub(super) fn dns(context: &Context, domains: &[String]) -> (bool, Vec<Line>) {
    if context.global.offline {
        return (false, vec![Line::new("dns", "", State::Skipped, said!("doctor-dns-offline"))]);
    }
    let settings = &context.resolved.settings;
    let name = domains.first().map_or_else(|| "_dmarc.example.com".to_owned(), |domain| format!("_dmarc.{domain}"));
    let ask = |subject: Said, dns: &DnsSettings| {
        let resolver = match Hickory::new(dns, &settings.limits) {
            Ok(resolver) => resolver,
            Err(error) => return (false, Line::error("dns", subject, State::Failed, &error.into())),
        };
        match resolver.txt(&name).answer {
            Answer::Failed(failure) => {
                let line =
                    Line::new("dns", subject, State::Failed, said!("doctor-dns-of", name = name, why = failure.said()));
                (false, line.advice(said!("doctor-dns-fix")))
            }
            _ => (true, Line::well("dns", subject, said!("doctor-dns-answers", name = name))),
        }
    };
    let answers: Vec<(bool, Line)> = match settings.dns.servers.as_slice() {
        [] => vec![ask(said!("doctor-dns-system"), &settings.dns)],
        servers => servers
            .iter()
            .map(|server| {
                ask(server.to_string().into(), &DnsSettings { servers: vec![*server], ..settings.dns.clone() })
            })
            .collect(),
    };
    (answers.iter().any(|(is_answered, _)| *is_answered), answers.into_iter().map(|(_, line)| line).collect())
}

/// Each mailbox, up to its last stage.
pub(super) fn mailboxes(context: &Context) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, settings) in &context.resolved.settings.mailboxes {
        let mut stages = Vec::new();
        lines.push(match walk(context, name, settings, &mut stages) {
            Ok(()) => Line::well(
                "mailbox",
                name,
                said!("doctor-mailbox", host = settings.host.to_string(), folders = folders(&stages)),
            ),
            Err(error) => {
                let subject = said!("doctor-mailbox-stage", name = name, stage = error.stage.said());
                let line = Line::error("mailbox", subject, State::Failed, &error.into());
                line.advice(said!("doctor-mailbox-fix", name = name))
            }
        });
    }
    lines
}

/// What was said of the folders.
fn folders(stages: &[super::mailbox::Step]) -> Said {
    let of_folders = stages.iter().filter(|step| step.stage == Stage::Select);
    Said::list(of_folders.map(|step| step.text.clone()).collect())
}

/// Where reports of the domains go, and whether their keys are in DNS: findings of `check`.
pub(super) fn domains(context: &Context, domains: &[String], is_answered: bool) -> Vec<Line> {
    if context.global.offline {
        return Vec::new();
    }
    if !is_answered {
        return vec![Line::new("rua", "", State::Unknown, said!("doctor-rua-unknown"))];
    }
    let resolver = match context.resolver() {
        Ok(resolver) => resolver,
        Err(error) => return vec![Line::error("rua", "", State::Unknown, &error)],
    };
    let mut lines = Vec::new();
    for domain in domains.iter().take(DOMAINS_MAX) {
        let checked = examine(context, domain, resolver.as_ref(), &[]).checked;
        let is_ours = |topic: &Topic| matches!(topic, Topic::Reports | Topic::Dkim);
        let good = checked.good.iter().filter(|(topic, _)| is_ours(topic));
        lines.extend(good.map(|(topic, text)| Line::well(part(*topic), domain, text.clone())));
        let is_shown = |finding: &&CheckFinding| {
            let is_rua = finding.rule.starts_with("rua-") || finding.rule == "dmarc-missing";
            let is_key = finding.topic == Topic::Dkim && finding.level > Level::Info;
            is_rua || is_key
        };
        lines.extend(checked.findings.iter().filter(is_shown).map(|finding| of_finding(domain, finding)));
    }
    if domains.len() > DOMAINS_MAX {
        let text = said!("doctor-more-domains", count = domains.len() - DOMAINS_MAX);
        lines.push(Line::new("rua", "", State::Skipped, text).advice("`ruascope check DOMAIN`"));
    }
    lines
}

const fn part(topic: Topic) -> &'static str {
    match topic {
        Topic::Dkim => "keys",
        _ => "rua",
    }
}

fn of_finding(domain: &str, finding: &CheckFinding) -> Line {
    let state = match finding.level {
        _ if finding.rule.ends_with("-unanswered") => State::Unknown,
        Level::Critical => State::Failed,
        Level::Warning => State::Warning,
        Level::Info => State::Well,
    };
    let line = Line::new(part(finding.topic), domain, state, finding.text.clone());
    let line = if finding.advice.is_empty() { line } else { line.advice(finding.advice.clone()) };
    match &finding.publish {
        Some(publish) => line.advice(format!("{}.{} TXT \"{}\"", publish.host, publish.domain, publish.text)),
        None => line,
    }
}

/// The way of mail, if any is wanted. Nothing is sent.
pub(super) fn mail(context: &Context) -> Vec<Line> {
    let settings = &context.resolved.settings;
    let is_wanted =
        !settings.digest.to.is_empty() || settings.domains.iter().any(|domain| !domain.digest_to.is_empty());
    let has_way = settings.smtp.host.is_some() || settings.smtp.sendmail.is_some();
    if !is_wanted && !has_way {
        return Vec::new();
    }
    if context.global.offline && settings.smtp.host.is_some() {
        return vec![Line::new("mail", "", State::Skipped, said!("doctor-mail-offline"))];
    }
    if has_way && settings.smtp.from.is_none() {
        let line = Line::new("mail", "", State::Failed, said!("doctor-no-sender"));
        return vec![line.advice(said!("doctor-no-sender-fix"))];
    }
    vec![match MailCourier::new(&settings.smtp, &settings.limits).try_way() {
        Ok(way) => Line::well("mail", way, said!("doctor-mail")),
        Err(error) => {
            let hint = error.hint();
            let line = Line::error("mail", "", State::Failed, &error.into());
            hint.into_iter().fold(line, Line::advice)
        }
    }]
}

/// Whether addresses and keys of webhooks can be read, and what waits.
pub(super) fn webhooks(context: &Context, store: Option<&Store>) -> Vec<Line> {
    let limits = &context.resolved.settings.limits;
    let mut lines = Vec::new();
    for (name, settings) in &context.resolved.settings.webhooks {
        lines.push(match HookCourier::new(name, settings, limits).try_way() {
            Ok(()) => Line::well("webhook", name, said!("doctor-webhook")),
            Err(error) => {
                let hint = error.hint();
                let line = Line::error("webhook", name, State::Failed, &error.into());
                hint.into_iter().fold(line, Line::advice)
            }
        });
    }
    if let Some(waiting) = store.and_then(|store| store.letters_waiting().ok()).filter(|waiting| *waiting > 0) {
        let text = said!("doctor-outbox", count = waiting);
        lines.push(Line::new("outbox", "", State::Warning, text).advice(said!("doctor-outbox-fix")));
    }
    lines
}

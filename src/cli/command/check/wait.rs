//! `ruascope check --wait`: until every server says the same, and what the settings mean.

use std::time::{Duration, Instant};

use super::{Meant, meant_of, own};
use crate::analyze::check::ServerSaid;
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::help::Wrong;
use crate::cli::output;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Lookup, dmarc, spf};
use crate::resolve::{Hickory, Servers};
use crate::words::{Said, said};

/// Longest pause between two rounds, in seconds; the shortest is 1.
const PAUSE_S: u64 = 30;

/// Whether records are those that are meant.
type IsMeant = Box<dyn Fn(&[String]) -> bool + Sync>;

/// A record that is waited for.
struct Question {
    name: String,
    /// What of the TXT records counts.
    is_kind: fn(&str) -> bool,
    /// Whether the records are those that are meant.
    is_meant: IsMeant,
}

/// `90s`, `10m` or `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, Wrong> {
    let wrong = || Wrong(said!("wrong-duration"));
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => return Err(wrong()),
    };
    let number: u64 = text.strip_suffix(unit).and_then(|number| number.parse().ok()).ok_or_else(wrong)?;
    number
        .checked_mul(seconds)
        .filter(|seconds| (1..=604_800).contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// Asks until all agree, or until the time is over.
pub(super) fn wait(context: &Context, domains: &[String], most: Duration) -> anyhow::Result<()> {
    if context.global.offline {
        let failure = Failure::new(Exit::Usage, said!("error-wait-offline"));
        return Err(failure.hint(said!("hint-wait-one")).into());
    }
    let end = Instant::now() + most;
    for domain in domains {
        let questions = questions(context, domain);
        loop {
            let said = round(context, domain, &questions)?;
            let open = open_questions(&said, &questions);
            if open.is_empty() {
                output::complain(&context.told(&said!("wait-agree", domain = domain, servers = said.len())));
                break;
            }
            for line in &open {
                output::complain(&context.told(line));
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                output::complain(&context.told(&said!("wait-over", domain = domain)));
                break;
            }
            let pause = longest_ttl_s(&said).map_or(PAUSE_S, u64::from).clamp(1, PAUSE_S);
            std::thread::sleep(left.min(Duration::from_secs(pause)));
        }
    }
    Ok(())
}

/// The records that the settings speak of.
fn questions(context: &Context, domain: &str) -> Vec<Question> {
    let meant: Meant = meant_of(context, domain);
    let mut questions = vec![Question {
        name: format!("_dmarc.{domain}"),
        is_kind: dmarc::is_record,
        is_meant: Box::new(move |texts| match (&meant.dmarc, texts) {
            (None, _) => true,
            (Some(meant), [one]) => {
                let published = dmarc::read(one).map(|read| read.record).unwrap_or_default();
                crate::analyze::check::differences(meant, &published).is_empty()
            }
            (Some(_), _) => false,
        }),
    }];
    questions.push(Question { name: domain.to_owned(), is_kind: spf::is_record, is_meant: Box::new(|_| true) });
    for (selector, key, _) in own(context, domain) {
        let is_ours = move |texts: &[String]| texts.iter().any(|text| read_key(text) == key);
        let name = format!("{selector}._domainkey.{domain}");
        questions.push(Question { name, is_kind: |_| true, is_meant: Box::new(is_ours) });
    }
    questions
}

fn read_key(text: &str) -> PublicKey {
    dkim_key::read(text).record.key
}

/// Asks every server once.
fn round(context: &Context, domain: &str, questions: &[Question]) -> anyhow::Result<Vec<ServerSaid>> {
    let settings = &context.resolved.settings;
    let resolver = Hickory::new(&settings.dns, &settings.limits)?;
    let mut servers = Servers::new(&settings.dns, &settings.limits);
    let all = servers.of(&resolver, resolver.servers(), domain);
    let names: Vec<String> = questions.iter().map(|question| question.name.clone()).collect();
    let mut said = servers.ask(&all, &names);
    for question in questions {
        for lookup in said.iter_mut().filter_map(|said| said.answers.get_mut(&question.name)) {
            if let Answer::Found(texts) = &mut lookup.answer {
                texts.retain(|text| (question.is_kind)(text));
                texts.sort();
            }
        }
    }
    Ok(said)
}

/// What is not as it should be yet, a line a record. A server that does not answer says nothing, and is told.
fn open_questions(said: &[ServerSaid], questions: &[Question]) -> Vec<Said> {
    let mut lines = Vec::new();
    for question in questions {
        let answers: Vec<(&str, &Lookup<String>)> =
            said.iter().filter_map(|said| Some((said.server.as_str(), said.answers.get(&question.name)?))).collect();
        let (silent, spoke): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, lookup)| lookup.answer.is_unknown());
        let waiting: Vec<&str> = spoke
            .iter()
            .filter(|(_, lookup)| !(question.is_meant)(lookup.answer.records()))
            .map(|(server, _)| *server)
            .collect();
        let first = spoke.first().map(|(_, lookup)| lookup.answer.records());
        let differ = spoke.iter().any(|(_, lookup)| Some(lookup.answer.records()) != first);
        if !spoke.is_empty() && waiting.is_empty() && !differ {
            continue;
        }
        let ttl = spoke.iter().filter_map(|(_, lookup)| lookup.ttl_s).max();
        let what = match (spoke.is_empty(), waiting.as_slice()) {
            (true, _) => said!("wait-silent", count = silent.len()),
            (false, []) => said!("wait-differ"),
            (false, waiting) => said!("wait-not-meant", servers = waiting.join(", ")),
        };
        lines.push(match ttl {
            None => said!("wait-for", name = question.name, what = what),
            Some(ttl_s) => said!("wait-for-kept", name = question.name, what = what, ttl_s = ttl_s),
        });
    }
    lines
}

fn longest_ttl_s(said: &[ServerSaid]) -> Option<u32> {
    said.iter().flat_map(|said| said.answers.values()).filter_map(|lookup| lookup.ttl_s).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(server: &str, texts: &[&str]) -> ServerSaid {
        let answer = match texts {
            ["?"] => Answer::Failed(crate::dns::Failure::TimedOut),
            [] => Answer::NoData,
            texts => Answer::Found(texts.iter().map(|text| (*text).to_owned()).collect()),
        };
        let lookup = Lookup { answer, aliases: Vec::new(), ttl_s: Some(212) };
        let answers = [("_dmarc.example.com".to_owned(), lookup)].into();
        ServerSaid { server: server.to_owned(), is_of_zone: true, answers }
    }

    fn question() -> Vec<Question> {
        let is_meant = Box::new(|texts: &[String]| texts == ["new"]);
        vec![Question { name: "_dmarc.example.com".to_owned(), is_kind: |_| true, is_meant }]
    }

    #[test]
    fn all_have_to_say_what_is_meant() {
        let open = |all: &[ServerSaid]| open_questions(all, &question());
        assert_eq!(open(&[answered("a", &["new"]), answered("b", &["new"])]), Vec::<Said>::new());
        assert_eq!(
            open(&[answered("a", &["new"]), answered("b", &["?"])]),
            Vec::<Said>::new(),
            "a silent server says nothing"
        );
        let waiting = open(&[answered("a", &["new"]), answered("b", &["old"]), answered("c", &[])]);
        let text = "waiting for _dmarc.example.com: not what the settings mean yet, at b, c; the old answer may be kept for 212 s";
        assert_eq!(waiting, [text]);
        assert!(open(&[answered("a", &["?"])]).first().is_some_and(|line| line.contains("no server answers")));
    }

    #[test]
    fn servers_that_differ_do_not_agree() {
        let mut questions = question();
        questions[0].is_meant = Box::new(|_| true);
        let lines = open_questions(&[answered("a", &["x"]), answered("b", &["y"])], &questions);
        assert!(lines.first().is_some_and(|line| line.contains("the servers differ")), "{lines:?}");
    }

    #[test]
    fn a_time_has_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("10m"), Ok(Duration::from_mins(10)));
        assert_eq!(duration("1h"), Ok(Duration::from_hours(1)));
        for wrong in ["", "1", "0s", "h", "-1s", "1d", "169h", "99999999999999999999s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}

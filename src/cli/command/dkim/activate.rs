//! `dkim activate`: a key is in use once DNS publishes it, and not before.

use super::{KeyArguments, chosen, private, record_of, state};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::config::KeyState;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Failure as NoAnswer};
use crate::present::escape;
use crate::resolve::Resolver;
use crate::words::said;

/// What DNS says about a key.
#[derive(Debug, PartialEq, Eq)]
enum Published {
    /// It is there.
    Ours,
    /// A key is there, and there is none here to compare it with.
    Somebodys,
    /// It is not there, because of this.
    Not(String),
    /// Nobody knows.
    Unknown(NoAnswer),
}

pub(super) fn activate(context: &Context, arguments: &KeyArguments, resolver: &dyn Resolver) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let ours = private(context, key)?;
    let public = ours.as_ref().map(crate::keys::PrivateKey::public).transpose()?;
    let name = record_of(domain, key.selector.as_str(), String::new(), None).name();
    let show = format!("`ruascope dkim show {domain} {}` prints the record to register", key.selector);
    let found = resolver.txt(&name);
    match published(&found.answer, public.as_ref()) {
        Published::Ours => state::set(context, arguments, KeyState::Active, &[]),
        Published::Somebodys => {
            let note = "warning: the private key is not here, so that in DNS was compared with nothing".to_owned();
            state::set(context, arguments, KeyState::Active, &[note])
        }
        Published::Not(why) => {
            let led = found
                .aliases
                .last()
                .map(|last| format!("an alias (CNAME) leads to {}, where ", escape::terminal(last)));
            let message = format!("DNS does not publish the key at {name}: {}{why}", led.unwrap_or_default());
            let held = found.ttl_s.map(|ttl_s| format!("; servers may remember this answer for {ttl_s} s"));
            Err(Failure::new(Exit::Critical, message).hint(format!("{show}{}", held.unwrap_or_default())).into())
        }
        Published::Unknown(failure) => {
            let message = format!("nobody knows what DNS publishes at {name}: {}", failure.as_str());
            Err(Failure::new(Exit::Unknown, message).hint(said!("hint-again-later")).into())
        }
    }
}

/// Compares what DNS has with our public half. There has to be one record: with more, verifiers may take any
/// (RFC 6376 3.6.2.2).
fn published(answer: &Answer<String>, ours: Option<&PublicKey>) -> Published {
    let texts = match answer {
        Answer::Failed(failure) => return Published::Unknown(*failure),
        Answer::NxDomain => return Published::Not("there is no such name".to_owned()),
        Answer::NoData => return Published::Not("there is no TXT record".to_owned()),
        Answer::Found(texts) => texts,
    };
    let [text] = texts.as_slice() else {
        return Published::Not(format!("there are {} TXT records, and verifiers may take any of them", texts.len()));
    };
    let read = dkim_key::read(text);
    match (&read.record.key, ours) {
        (PublicKey::Missing | PublicKey::Unreadable, _) => {
            let shown = text.chars().take(60).collect::<String>();
            Published::Not(format!("there is no readable key in {}", escape::terminal(&shown)))
        }
        (PublicKey::Revoked, _) => Published::Not("p is empty, so the key is withdrawn".to_owned()),
        (found, Some(ours)) if found != ours => Published::Not("there is another key".to_owned()),
        _ if !read.is_usable => {
            let why =
                read.findings.first().map_or_else(|| "it can't be used".to_owned(), |finding| finding.text.to_string());
            Published::Not(escape::terminal(&why).to_string())
        }
        (_, Some(_)) => Published::Ours,
        (_, None) => Published::Somebodys,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::dkim_key::{Algorithm, write};

    const KEY: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    const OTHER: &str = "21qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    fn record(key: &str) -> String {
        write(Algorithm::Ed25519, key)
    }

    fn of(texts: &[&str]) -> Published {
        let ours = dkim_key::read(&record(KEY)).record.key;
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        published(&Answer::Found(texts), Some(&ours))
    }

    #[test]
    fn only_our_key_alone_is_ours() {
        assert_eq!(of(&[&record(KEY)]), Published::Ours);
        assert_eq!(of(&[&record(KEY).replace("p=", "t=s; p=")]), Published::Ours, "in whichever words");
        let why = |texts: &[&str]| match of(texts) {
            Published::Not(why) => why,
            other => panic!("{texts:?}: {other:?}"),
        };
        assert_eq!(why(&[&record(OTHER)]), "there is another key");
        assert_eq!(why(&["v=DKIM1; k=ed25519; p="]), "p is empty, so the key is withdrawn");
        assert_eq!(why(&[&record(KEY), &record(OTHER)]), "there are 2 TXT records, and verifiers may take any of them");
        assert_eq!(why(&["v=spf1 -all"]), "there is no readable key in v=spf1 -all");
        assert_eq!(why(&["\u{1b}[2J"]), "there is no readable key in \\u{1b}[2J");
        assert!(why(&[&record(KEY).replace("p=", "s=tlsrpt; p=")]).starts_with("s allows no email"));
    }

    #[test]
    fn an_answer_that_did_not_come_is_no_answer() {
        let ours = dkim_key::read(&record(KEY)).record.key;
        for failure in [NoAnswer::TimedOut, NoAnswer::ServerFailed, NoAnswer::Offline] {
            assert_eq!(published(&Answer::Failed(failure), Some(&ours)), Published::Unknown(failure));
        }
        assert!(matches!(published(&Answer::NxDomain, Some(&ours)), Published::Not(_)));
        assert!(matches!(published(&Answer::NoData, Some(&ours)), Published::Not(_)));
    }

    #[test]
    fn a_key_that_lives_elsewhere_is_taken_as_it_is() {
        assert_eq!(published(&Answer::Found(vec![record(KEY)]), None), Published::Somebodys);
        let revoked = Answer::Found(vec!["v=DKIM1; p=".to_owned()]);
        assert!(matches!(published(&revoked, None), Published::Not(_)));
    }
}

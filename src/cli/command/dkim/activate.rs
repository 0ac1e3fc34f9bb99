//! `dkim activate`: a key is in use once DNS publishes it, and not before.

use super::{KeyArguments, chosen, private, record_of, state};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::config::KeyState;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Failure as NoAnswer};
use crate::present::escape;
use crate::resolve::Resolver;
use crate::words::{Language, Said, Words, said};

/// What DNS says about a key.
#[derive(Debug, PartialEq, Eq)]
enum Published {
    /// It is there.
    Ours,
    /// A key is there, and there is none here to compare it with.
    Somebodys,
    /// It is not there, because of this.
    Not(Said),
    /// Nobody knows.
    Unknown(NoAnswer),
}

pub(super) fn activate(context: &Context, arguments: &KeyArguments, resolver: &dyn Resolver) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let ours = private(context, key)?;
    let public = ours.as_ref().map(crate::keys::PrivateKey::public).transpose()?;
    let name = record_of(domain, key.selector.as_str(), String::new(), None).name();
    let found = resolver.txt(&name);
    match published(&found.answer, public.as_ref()) {
        Published::Ours => state::set(context, arguments, KeyState::Active, &[]),
        Published::Somebodys => {
            let note = said!("line-warning", what = said!("dkim-not-compared"));
            state::set(context, arguments, KeyState::Active, &[note])
        }
        Published::Not(why) => {
            let message = match found.aliases.last() {
                Some(last) => {
                    said!("dkim-not-published-alias", name = name, alias = *escape::terminal(last), why = why)
                }
                None => said!("dkim-not-published", name = name, why = why),
            };
            let selector = &key.selector;
            let hint = match found.ttl_s {
                Some(ttl_s) => said!("hint-dkim-show-held", domain = domain, selector = selector, ttl_s = ttl_s),
                None => said!("hint-dkim-show", domain = domain, selector = selector),
            };
            Err(Failure::new(Exit::Critical, message).hint(hint).into())
        }
        Published::Unknown(failure) => {
            let message = said!("dkim-publish-unknown", name = name, why = failure.said());
            Err(Failure::new(Exit::Unknown, message).hint(said!("hint-again-later")).into())
        }
    }
}

/// Compares what DNS has with our public half. There has to be one record: with more, verifiers may take any
/// (RFC 6376 3.6.2.2).
fn published(answer: &Answer<String>, ours: Option<&PublicKey>) -> Published {
    let texts = match answer {
        Answer::Failed(failure) => return Published::Unknown(*failure),
        Answer::NxDomain => return Published::Not(said!("dkim-no-name")),
        Answer::NoData => return Published::Not(said!("dkim-no-txt")),
        Answer::Found(texts) => texts,
    };
    let [text] = texts.as_slice() else {
        return Published::Not(said!("dkim-many-txt", count = texts.len()));
    };
    let read = dkim_key::read(text);
    match (&read.record.key, ours) {
        (PublicKey::Missing | PublicKey::Unreadable, _) => {
            let shown = text.chars().take(60).collect::<String>();
            Published::Not(said!("dkim-no-readable", text = *escape::terminal(&shown)))
        }
        (PublicKey::Revoked, _) => Published::Not(said!("dkim-withdrawn")),
        (found, Some(ours)) if found != ours => Published::Not(said!("dkim-another")),
        _ if !read.is_usable => {
            Published::Not(read.findings.first().map_or_else(|| said!("dkim-unusable"), |found| safe(&found.text)))
        }
        (_, Some(_)) => Published::Ours,
        (_, None) => Published::Somebodys,
    }
}

/// A finding, with what a stranger wrote in it made harmless.
fn safe(text: &Said) -> Said {
    let of = |language| escape::terminal(&text.in_words(&Words::new(language))).into_owned();
    Said::both(&of(Language::En), &of(Language::Ja))
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
        assert!(why(&[&record(KEY).replace("p=", "s=tlsrpt; p=")]).contains("s allows no email"));
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

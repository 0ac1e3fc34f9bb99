//! `dkim activate`: a key is in use once DNS publishes it, and not before.

use super::{KeyArguments, chosen, private, record_of, state};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::config::KeyState;
use crate::dns::dkim_key::{self, PublicKey};
use crate::dns::{Answer, Failure as NoAnswer};
use crate::present::escape;
use crate::resolve::Resolver;

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
    let show = format!("`ruascope dkim show {domain} {}` prints the record", key.selector);
    match published(&resolver.txt(&name).answer, public.as_ref()) {
        Published::Ours => state::set(context, arguments, KeyState::Active, &[]),
        Published::Somebodys => {
            let note = "warning: the private key is not here, so that in DNS was compared with nothing".to_owned();
            state::set(context, arguments, KeyState::Active, &[note])
        }
        Published::Not(why) => {
            let message = format!("DNS does not publish the key at {name}: {why}");
            Err(Failure::new(Exit::Critical, message).hint(show).into())
        }
        Published::Unknown(failure) => {
            let message = format!("nobody knows what DNS publishes at {name}: {}", failure.as_str());
            Err(Failure::new(Exit::Unknown, message).hint("ask again later; nothing was changed").into())
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
                read.findings.first().map_or_else(|| "it can't be used".to_owned(), |finding| finding.text.clone());
            Published::Not(escape::terminal(&why).to_string())
        }
        (_, Some(_)) => Published::Ours,
        (_, None) => Published::Somebodys,
    }
}

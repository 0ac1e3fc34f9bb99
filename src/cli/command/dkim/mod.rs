//! `ruascope dkim`

mod activate;
mod make;
mod passphrase;
mod settings;
mod show;
mod state;
mod taken;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::dmarc::domain_name;
use super::record::{self, As};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::help::Wrong;
use crate::config::{DkimSettings, DomainName, DomainSettings, KeyState};
use crate::dns::dkim_key::{self, Algorithm};
use crate::keys::{self, Opened, PrivateKey};
use crate::present::dns_record::DnsRecord;
use crate::present::escape;
use crate::words::{Said, said};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  ruascope dkim new example.com\n  ruascope dkim activate example.com rs20260101\n  ruascope dkim rotate example.com\n\nThe life of a key: draft (made, not published yet), active (published, signing), paused (published, not signing), retired."
)]
pub(in crate::cli) enum Arguments {
    /// Make a private key, and print the record to register
    #[command(
        after_help = "Examples:\n  ruascope dkim new example.com --draft\n  ruascope dkim new example.com --selector mail --bits 4096 --as cloudflare\n  ruascope dkim new example.com --quiet --as plain"
    )]
    New(NewArguments),
    /// Take in a private key that you have, and print its record
    #[command(
        after_help = "Examples:\n  ruascope dkim import example.com mail.private --selector mail\n  ruascope dkim import example.com key.pem --selector s1 --passphrase-file /run/secrets/dkim\n  ruascope dkim import example.com key.pem --selector s1 --passphrase-file /dev/fd/3 3< <(pass show dkim)"
    )]
    Import(ImportArguments),
    /// List the keys in the settings
    List {
        /// Only those of this domain
        domain: Option<String>,
    },
    /// Print the record to register for a key
    #[command(after_help = "Example:\n  ruascope dkim show example.com rs20260101 --as route53")]
    Show {
        /// The domain
        domain: String,
        /// The key's selector; may be left out where there is one key
        selector: Option<String>,
        /// Form of the record
        #[arg(long = "as", value_enum, default_value_t = As::Zone)]
        form: As,
        /// Time to live of the record, in seconds
        #[arg(long)]
        ttl: Option<u32>,
    },
    /// Say that a key is in use, once DNS publishes it: exit 2 when it publishes another or none, 3 when it did not answer
    Activate(KeyArguments),
    /// Say that nothing is signed with a key for now; its record stays
    Pause(KeyArguments),
    /// Say that a paused key signs again
    Resume(KeyArguments),
    /// Make the next key, of the kind of the last, and say how to change over without a gap
    #[command(after_help = "Example:\n  ruascope dkim rotate example.com")]
    Rotate(NewArguments),
    /// Write a private key into a file, encrypted or in clear
    #[command(
        after_help = "Examples:\n  ruascope dkim export example.com mail --out mail.pem --encrypt\n  ruascope dkim export example.com mail --out mail.pem --passphrase-file /run/secrets/dkim"
    )]
    Export {
        /// The domain
        domain: String,
        /// The key's selector
        selector: String,
        /// The file to write; it must not be there yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Encrypt it with the passphrase in the first line of this file
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Encrypt it with a passphrase that you are asked for
        #[arg(long)]
        encrypt: bool,
    },
    /// Delete a private key, and take it out of the settings
    #[command(after_help = "Example:\n  ruascope dkim delete example.com rs20240118 --dry-run")]
    Delete {
        #[command(flatten)]
        key: KeyArguments,
        /// Don't ask
        #[arg(long)]
        yes: bool,
        /// Also when reports show that mail is signed with it
        #[arg(long)]
        force: bool,
        /// Form of the record that withdraws it
        #[arg(long = "as", value_enum, default_value_t = As::Zone)]
        form: As,
    },
}

#[derive(Args, Debug)]
pub(in crate::cli) struct KeyArguments {
    /// The domain
    domain: String,
    /// The key's selector
    selector: String,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct NewArguments {
    /// The domain
    domain: String,
    /// Selector [default: the prefix in the settings, rs, and the date]
    #[arg(long)]
    selector: Option<String>,
    /// Bits of an RSA key: 2048, 3072 or 4096 [default: 2048]
    #[arg(long, value_parser = bits)]
    bits: Option<usize>,
    /// Kind of key [default: rsa]
    #[arg(long, value_enum)]
    algorithm: Option<Kind>,
    /// It is not in use yet: `check` does not look for its record before `activate`
    #[arg(long)]
    draft: bool,
    /// Form of the record
    #[arg(long = "as", value_enum, default_value_t = As::Zone)]
    form: As,
    /// Only show what would change; no key is made
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct ImportArguments {
    /// The domain
    domain: String,
    /// The private key: PKCS#1 or PKCS#8, encrypted or not, PEM or DER
    file: PathBuf,
    /// Selector
    #[arg(long)]
    selector: String,
    /// The passphrase of an encrypted key is the first line of this file; without it, you are asked
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// It is not in use yet: `check` does not look for its record before `activate`
    #[arg(long)]
    draft: bool,
    /// Form of the record
    #[arg(long = "as", value_enum, default_value_t = As::Zone)]
    form: As,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

/// Kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    /// What every verifier knows
    Rsa,
    /// Short and fast; many verifiers don't know it, so keep an RSA key beside it
    Ed25519,
}

fn bits(text: &str) -> Result<usize, Wrong> {
    let known = [2048, 3072, 4096];
    let bits = text.parse().ok().filter(|bits| known.contains(bits));
    bits.ok_or_else(|| Wrong(said!("wrong-bits")))
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::New(arguments) => make::new(context, arguments),
        Arguments::Import(arguments) => make::import(context, arguments),
        Arguments::Rotate(arguments) => make::rotate(context, arguments),
        Arguments::List { domain } => show::list(context, domain.as_deref()),
        Arguments::Show { domain, selector, form, ttl } => {
            show::show(context, domain, selector.as_deref(), *form, *ttl)
        }
        Arguments::Export { domain, selector, out, passphrase_file, encrypt } => {
            let secret = passphrase::for_export(context, passphrase_file.as_deref(), *encrypt)?;
            show::export(context, domain, selector, out, secret.as_ref())
        }
        Arguments::Activate(key) => activate::activate(context, key, &*context.resolver()?),
        Arguments::Pause(key) => state::pause(context, key),
        Arguments::Resume(key) => state::resume(context, key),
        Arguments::Delete { key, yes, force, form } => {
            if !force {
                state::is_unused(context, key)?;
            }
            if !yes && !key.dry_run {
                state::confirm(context, key)?;
            }
            state::delete(context, key, *form)
        }
    }
}

/// The settings of a domain.
fn known<'c>(context: &'c Context, domain: &str) -> anyhow::Result<&'c DomainSettings> {
    let domain = domain_name(domain)?;
    let found = context.resolved.settings.domains.iter().find(|known| known.name == domain);
    found.ok_or_else(|| {
        Failure::new(Exit::Usage, said!("error-domain-not-set", domain = domain))
            .hint(said!("hint-new-adds", domain = domain))
            .into()
    })
}

/// A key in the settings.
fn chosen<'c>(
    context: &'c Context,
    domain: &str,
    selector: &str,
) -> anyhow::Result<(&'c DomainName, &'c DkimSettings)> {
    let settings = known(context, domain)?;
    let found = settings.dkim.iter().find(|key| key.selector.as_str().eq_ignore_ascii_case(selector));
    found.map(|key| (&settings.name, key)).ok_or_else(|| {
        let message = said!("error-no-key", domain = settings.name, selector = *escape::terminal(selector));
        let known: Vec<&str> = settings.dkim.iter().map(|key| key.selector.as_str()).collect();
        let failure = Failure::new(Exit::Usage, message);
        if known.is_empty() {
            return failure.into();
        }
        failure.hint(said!("hint-keys-has", selectors = known.join(", "))).into()
    })
}

/// The private key of a key in the settings; `None` when it lives elsewhere.
pub(in crate::cli) fn private(context: &Context, key: &DkimSettings) -> anyhow::Result<Option<PrivateKey>> {
    let Some(path) = &key.key else { return Ok(None) };
    let limits = &context.resolved.settings.limits;
    let bytes = keys::read(path, limits)?;
    match keys::open(&bytes, limits).doing(|| said!("error-use-key", file = path.display()))? {
        Opened::Key(key) => Ok(Some(key)),
        Opened::Locked(_) => {
            let message = said!("error-key-encrypted", file = path.display());
            Err(Failure::new(Exit::BadData, message).hint(said!("hint-import")).into())
        }
    }
}

/// As [`private`]; that it lives elsewhere is an error.
fn private_here(context: &Context, domain: &DomainName, key: &DkimSettings) -> anyhow::Result<PrivateKey> {
    private(context, key)?.ok_or_else(|| {
        let message = said!("error-key-not-here", selector = key.selector, domain = domain);
        Failure::new(Exit::Usage, message).hint(said!("hint-key-where")).into()
    })
}

/// The record of a public half.
fn record_of(domain: &DomainName, selector: &str, text: String, ttl_s: Option<u32>) -> DnsRecord {
    DnsRecord { host: format!("{selector}._domainkey"), domain: domain.to_string(), ttl_s, text }
}

/// What every command about a key says with `--format json`: the key, and its record where that is known.
fn as_json(domain: &DomainName, key: &DkimSettings, private: Option<&PrivateKey>, record: Option<&DnsRecord>) -> Value {
    let mut object = json!({
        "schema": "ruascope.dkim/1", "domain": domain.as_str(), "selector": key.selector.as_str(),
        "state": key.state.as_str(), "key": key.key, "algorithm": private.map(|key| key.algorithm().as_str()),
        "bits": private.map(PrivateKey::bits),
    });
    if let Some(dns_record) = record {
        let findings = dkim_key::read(&dns_record.text).findings;
        record::extend(&mut object, record::as_json(dns_record, &findings));
    }
    object
}

/// The kind of a key in a word or two.
fn kind_of(key: &PrivateKey) -> String {
    match key.algorithm() {
        Algorithm::Rsa => format!("rsa {}", key.bits()),
        Algorithm::Ed25519 => "ed25519".to_owned(),
    }
}

/// The state of a key, for people.
fn state_of(state: KeyState) -> Said {
    match state {
        KeyState::Draft => said!("key-state-draft"),
        KeyState::Active => said!("key-state-active"),
        KeyState::Paused => said!("key-state-paused"),
        KeyState::Retired => said!("key-state-retired"),
    }
}

/// The word of a state, for the settings file.
const fn word(state: KeyState) -> &'static str {
    state.as_str()
}

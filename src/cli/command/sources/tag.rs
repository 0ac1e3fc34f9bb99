//! `ruascope sources tag`: the owner's word about a source, kept in the settings file.

use std::net::IpAddr;

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, value};

use super::find;
use crate::analyze::Sender;
use crate::cli::command::domain;
use crate::cli::context::Context;
use crate::cli::edit;
use crate::cli::evidence;
use crate::cli::exit::{Exit, Failure};
use crate::config::DomainName;
use crate::store::{Filter, Store};
use crate::words::said;

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope sources tag 203.0.113.0/24 legit --note \"branch office\"\n  ruascope sources tag ptr:alumni.example forwarder --domain example.com"
)]
pub(super) struct Arguments {
    /// The source: its key or name as `ruascope sources` lists it, an address, or a network
    source: String,
    /// What it is
    #[arg(value_enum)]
    class: Class,
    /// The domain that it sends for [default: the only one in the reports]
    #[arg(long)]
    domain: Option<String>,
    /// A single lost mail of it is a reason to roll back
    #[arg(long)]
    critical: bool,
    /// Anything worth knowing
    #[arg(long)]
    note: Option<String>,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

/// What the owner says a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Class {
    /// Yours, in whichever way
    Legit,
    /// Passes mail on
    Forwarder,
    /// Not yours
    Spoof,
    /// Left out of the picture
    Ignore,
}

impl Class {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Legit => "legit",
            Self::Forwarder => "forwarder",
            Self::Spoof => "spoof",
            Self::Ignore => "ignore",
        }
    }
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    let mut store = context.read_store()?;
    let domain = domain_name(&find::the_domain(context, &store, arguments.domain.as_deref())?)?;
    let (name, networks) = networks(context, &mut store, &domain, &arguments.source)?;
    edit::settings(context, arguments.dry_run, |document| tag(document, &domain, &name, &networks, arguments))?;
    Ok(Exit::Done)
}

fn domain_name(text: &str) -> anyhow::Result<DomainName> {
    DomainName::parse(&text.to_lowercase())
        .ok_or_else(|| Failure::new(Exit::Usage, said!("error-domain-name", text = text)).into())
}

/// The name for the settings, and the networks of a source.
fn networks(
    context: &Context,
    store: &mut Store,
    domain: &DomainName,
    source: &str,
) -> anyhow::Result<(String, Vec<IpNet>)> {
    if let Ok(address) = source.parse::<IpAddr>() {
        return Ok((source.to_owned(), vec![IpNet::from(address)]));
    }
    let filter = Filter { domain: Some(domain.to_string()), ..Filter::default() };
    let resolver = context.resolver()?;
    let senders = evidence::gather(context, store, resolver.as_ref(), &filter)?.senders.senders;
    let found = find::named(&senders, source);
    if let Ok(network) = source.parse::<IpNet>() {
        let network = network.trunc();
        let is_shared = found.is_some_and(|sender| holds_others(network, sender, &senders));
        if !is_shared {
            return Ok((source.to_owned(), vec![network]));
        }
    }
    let sender = found.cloned().ok_or_else(|| find::no_such(source, domain.as_str()))?;
    Ok((sender.name, sender.addresses.into_iter().map(IpNet::from).collect()))
}

/// Whether others send from a network that a sender is called after: a word about the sender is none about them.
fn holds_others(network: IpNet, sender: &Sender, senders: &[Sender]) -> bool {
    let others = senders.iter().filter(|other| other.key != sender.key);
    others.flat_map(|other| &other.addresses).any(|address| network.contains(address))
}

/// Writes the word into the settings: over an earlier one with the same name, else as a new `[[domain.sender]]`.
fn tag(
    document: &mut DocumentMut,
    domain: &DomainName,
    name: &str,
    networks: &[IpNet],
    arguments: &Arguments,
) -> anyhow::Result<()> {
    let table = domain::table(document, domain)?;
    let senders = table.entry("sender").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let senders = senders.as_array_of_tables_mut().ok_or_else(|| {
        Failure::new(Exit::Configuration, said!("error-senders-one-line")).hint(said!("hint-below-sender"))
    })?;
    let is_it = |sender: &Table| sender.get("name").and_then(Item::as_str) == Some(name);
    if !senders.iter().any(is_it) {
        let mut sender = Table::new();
        sender.decor_mut().set_prefix("\n");
        sender.insert("name", value(name));
        senders.push(sender);
    }
    let Some(sender) = senders.iter_mut().find(|sender| is_it(sender)) else { return Ok(()) };
    add_networks(sender, networks);
    sender.insert("class", value(arguments.class.as_str()));
    if arguments.critical {
        sender.insert("critical", value(true));
    }
    if let Some(note) = &arguments.note {
        sender.insert("note", value(note.as_str()));
    }
    Ok(())
}

/// Adds the networks that are not there yet.
fn add_networks(sender: &mut Table, networks: &[IpNet]) {
    let cidr = sender.entry("cidr").or_insert_with(|| value(Array::new()));
    let Some(cidr) = cidr.as_array_mut() else { return };
    for network in networks {
        let is_host = network.prefix_len() == network.max_prefix_len();
        let text = if is_host { network.addr().to_string() } else { network.to_string() };
        let same = |known: &toml_edit::Value| {
            known.as_str().is_some_and(|known| known == text || known == network.to_string())
        };
        if !cidr.iter().any(same) {
            cidr.push(text);
        }
    }
}

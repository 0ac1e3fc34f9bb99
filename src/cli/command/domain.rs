//! `ruascope domain`

use clap::{Subcommand, ValueEnum};
use serde_json::json;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::dmarc::domain_name;
use crate::cli::context::Context;
use crate::cli::edit;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::config::DomainName;
use crate::present::{domain_name, table};
use crate::words::{Said, said};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Examples:\n  ruascope domain add example.com --profile people\n  ruascope domain remove example.com --dry-run"
)]
pub(in crate::cli) enum Arguments {
    /// List the domains in the settings
    List,
    /// Add a domain to the settings file
    Add {
        /// Its name
        domain: String,
        /// What kind of mail it sends
        #[arg(long, value_enum)]
        profile: Option<Profile>,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Remove a domain, with all that is set for it, from the settings file
    Remove {
        /// Its name
        domain: String,
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
}

/// What kind of mail a domain sends.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(in crate::cli) enum Profile {
    /// People write from it
    People,
    /// Only programs send from it
    Machine,
    /// Nobody sends from it
    Parked,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    match arguments {
        Arguments::List => return list(context),
        Arguments::Add { domain, profile, dry_run } => {
            let domain = domain_name(domain)?;
            edit::settings(context, *dry_run, |document| add(document, &domain, *profile))?;
        }
        Arguments::Remove { domain, dry_run } => {
            let domain = domain_name(domain)?;
            edit::settings(context, *dry_run, |document| remove(document, &domain))?;
        }
    }
    Ok(Exit::Done)
}

fn list(context: &Context) -> anyhow::Result<Exit> {
    let domains = &context.resolved.settings.domains;
    if context.as_json() {
        let rows: Vec<_> = domains
            .iter()
            .map(|domain| {
                let selectors: Vec<&str> = domain.dkim.iter().map(|key| key.selector.as_str()).collect();
                json!({
                    "domain": domain.name.as_str(), "unicode": domain_name::unicode(domain.name.as_str()), "profile": domain.profile.map(crate::config::Profile::as_str),
                    "p": domain.dmarc.as_ref().map(|dmarc| dmarc.p.as_str()), "selectors": selectors,
                })
            })
            .collect();
        output::json(&json!({"schema": "ruascope.domains/1", "domains": rows}))?;
        return Ok(Exit::Done);
    }
    if domains.is_empty() {
        output::write(&format!("{}\n", context.told(&said!("domain-list-none"))))?;
        return Ok(Exit::Done);
    }
    let words = context.words();
    let headings = ["column-domain", "column-profile", "column-dmarc", "column-selectors"];
    let mut table = table::Table::titled(&words, &headings);
    for domain in domains {
        let selectors: Vec<&str> = domain.dkim.iter().map(|key| key.selector.as_str()).collect();
        let policy = domain.dmarc.as_ref().map_or_else(|| "-".to_owned(), |dmarc| format!("p={}", dmarc.p.as_str()));
        let profile = domain.profile.map_or_else(|| "-".to_owned(), |profile| profile_of(profile).in_words(&words));
        let selectors = if selectors.is_empty() { "-".to_owned() } else { selectors.join(", ") };
        table.row(&[domain_name::shown(domain.name.as_str()), profile, policy, selectors]);
    }
    output::write(&table.text(Context::width()))?;
    Ok(Exit::Done)
}

/// What kind of mail a domain sends, for people.
fn profile_of(profile: crate::config::Profile) -> Said {
    match profile {
        crate::config::Profile::People => said!("profile-people"),
        crate::config::Profile::Machine => said!("profile-machine"),
        crate::config::Profile::Parked => said!("profile-parked"),
    }
}

pub(super) fn tables(document: &mut DocumentMut) -> anyhow::Result<&mut ArrayOfTables> {
    let item = document.entry("domain").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    item.as_array_of_tables_mut().ok_or_else(|| {
        Failure::new(Exit::Configuration, said!("error-domains-one-line")).hint(said!("hint-below-domain")).into()
    })
}

pub(super) fn is_named(table: &Table, domain: &DomainName) -> bool {
    let name = table.get("name").and_then(Item::as_str).and_then(DomainName::parse);
    name.as_ref() == Some(domain)
}

/// `[[domain]]` of a domain, added where it is missing.
pub(super) fn table<'a>(document: &'a mut DocumentMut, domain: &DomainName) -> anyhow::Result<&'a mut Table> {
    if !tables(document)?.iter().any(|table| is_named(table, domain)) {
        add(document, domain, None)?;
    }
    let table = tables(document)?.iter_mut().find(|table| is_named(table, domain));
    table.ok_or_else(|| Failure::new(Exit::OurBug, said!("error-not-added", domain = domain)).into())
}

pub(super) fn add(document: &mut DocumentMut, domain: &DomainName, profile: Option<Profile>) -> anyhow::Result<()> {
    let is_first = document.to_string().trim().is_empty();
    let tables = tables(document)?;
    if tables.iter().any(|table| is_named(table, domain)) {
        return Err(Failure::new(Exit::Usage, said!("error-domain-set", domain = domain)).into());
    }
    let mut table = Table::new();
    table.decor_mut().set_prefix(if is_first { "" } else { "\n" });
    table.insert("name", value(domain.as_str()));
    if let Some(profile) = profile {
        table.insert("profile", value(format!("{profile:?}").to_lowercase()));
    }
    tables.push(table);
    Ok(())
}

fn remove(document: &mut DocumentMut, domain: &DomainName) -> anyhow::Result<()> {
    let tables = tables(document)?;
    let Some(index) = tables.iter().position(|table| is_named(table, domain)) else {
        return Err(Failure::new(Exit::Usage, said!("error-domain-not-set", domain = domain)).into());
    };
    tables.remove(index);
    Ok(())
}

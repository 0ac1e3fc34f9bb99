//! Keys in the settings file.

use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::super::domain;
use super::word;
use crate::cli::edit::put;
use crate::cli::exit::{Exit, Failure};
use crate::config::{DomainName, KeyState};
use crate::words::said;

/// Adds a key; the domain is added where it is missing.
pub(super) fn add(
    document: &mut DocumentMut,
    domain: &DomainName,
    selector: &str,
    key: &str,
    state: KeyState,
) -> anyhow::Result<()> {
    let item =
        domain::table(document, domain)?.entry("dkim").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let keys = item.as_array_of_tables_mut().ok_or_else(|| on_one_line(domain))?;
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("selector", value(selector));
    table.insert("key", value(key));
    table.insert("state", value(word(state)));
    keys.push(table);
    Ok(())
}

/// Says in which state a key is.
pub(super) fn set_state(
    document: &mut DocumentMut,
    domain: &DomainName,
    selector: &str,
    state: KeyState,
) -> anyhow::Result<()> {
    let keys = keys(document, domain)?;
    let table = keys.iter_mut().find(|table| is_selected(table, selector)).ok_or_else(|| gone(domain, selector))?;
    put(table, "state", Some(word(state)));
    Ok(())
}

/// Takes a key out.
pub(super) fn remove(document: &mut DocumentMut, domain: &DomainName, selector: &str) -> anyhow::Result<()> {
    let keys = keys(document, domain)?;
    let index = keys.iter().position(|table| is_selected(table, selector)).ok_or_else(|| gone(domain, selector))?;
    keys.remove(index);
    Ok(())
}

/// A path as the settings file can have it.
pub(super) fn text_of(path: &Path) -> anyhow::Result<&str> {
    path.to_str().ok_or_else(|| {
        let message = said!("error-path-not-text", file = path.display());
        Failure::new(Exit::Configuration, message).hint(said!("hint-path-not-text")).into()
    })
}

fn keys<'a>(document: &'a mut DocumentMut, domain: &DomainName) -> anyhow::Result<&'a mut ArrayOfTables> {
    let item = domain::table(document, domain)?.get_mut("dkim").ok_or_else(|| on_one_line(domain))?;
    item.as_array_of_tables_mut().ok_or_else(|| on_one_line(domain))
}

fn is_selected(table: &Table, selector: &str) -> bool {
    table.get("selector").and_then(Item::as_str).is_some_and(|known| known.eq_ignore_ascii_case(selector))
}

fn on_one_line(domain: &DomainName) -> anyhow::Error {
    Failure::new(Exit::Configuration, said!("error-keys-one-line", domain = domain))
        .hint(said!("hint-below-dkim"))
        .into()
}

/// The file was changed since it was read.
fn gone(domain: &DomainName, selector: &str) -> anyhow::Error {
    Failure::new(Exit::Usage, said!("error-no-key", domain = domain, selector = selector)).into()
}

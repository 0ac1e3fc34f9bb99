//! `dkim list`, `dkim show` and `dkim export`: what there is.

use std::path::Path;

use serde_json::{Value, json};

use super::super::dmarc::domain_name;
use super::super::record::{self, As};
use super::{as_json, chosen, kind_of, known, private, private_here, record_of};
use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::config::{DkimSettings, DomainName, DomainSettings, KeyState};
use crate::dns::dkim_key;
use crate::keys::{self, Passphrase, PrivateKey};
use crate::present::table::Table;

pub(super) fn list(context: &Context, domain: Option<&str>) -> anyhow::Result<Exit> {
    let domain = domain.map(domain_name).transpose()?;
    let domains = context.resolved.settings.domains.iter();
    let of_domain = domains.filter(|settings| domain.as_ref().is_none_or(|domain| settings.name == *domain));
    let keys: Vec<_> = of_domain.flat_map(|settings| settings.dkim.iter().map(|key| (&settings.name, key))).collect();
    let mut table = Table::new(&["DOMAIN", "SELECTOR", "STATE", "KEY", "FILE"]);
    let mut rows: Vec<Value> = Vec::new();
    for (domain, key) in &keys {
        let (kind, private, error) = match private(context, key) {
            Ok(Some(private)) => (kind_of(&private), Some(private), None),
            Ok(None) => ("elsewhere".to_owned(), None, None),
            Err(error) => ("unreadable".to_owned(), None, Some(format!("{error:#}"))),
        };
        if let Some(error) = &error {
            output::complain(&format!("warning: {error}"));
        }
        let file = key.key.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        table.row(&[domain.to_string(), key.selector.to_string(), key.state.as_str().to_owned(), kind, file]);
        let mut row = as_json(domain, key, private.as_ref(), None);
        if let Some(row) = row.as_object_mut() {
            row.shift_remove("schema");
            row.insert("error".to_owned(), json!(error));
        }
        rows.push(row);
    }
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.dkim_keys/1", "keys": rows}))?;
    } else if keys.is_empty() {
        output::write("no key is in the settings\n")?;
    } else {
        output::write(&table.text(Context::width()))?;
    }
    Ok(Exit::Done)
}

pub(super) fn show(
    context: &Context,
    domain: &str,
    selector: Option<&str>,
    form: As,
    ttl_s: Option<u32>,
) -> anyhow::Result<Exit> {
    let (domain, key) = match selector {
        Some(selector) => chosen(context, domain, selector)?,
        None => only(known(context, domain)?)?,
    };
    let private = private_here(context, domain, key)?;
    warn_of_open_file(context, key);
    print(context, domain, key, &private, form, ttl_s)
}

/// Prints the record of a key.
fn print(
    context: &Context,
    domain: &DomainName,
    key: &DkimSettings,
    private: &PrivateKey,
    form: As,
    ttl_s: Option<u32>,
) -> anyhow::Result<Exit> {
    let dns_record = record_of(domain, key.selector.as_str(), private.record()?, ttl_s);
    if context.as_json() {
        output::json(&as_json(domain, key, Some(private), Some(&dns_record)))?;
        return Ok(Exit::Done);
    }
    record::show(context, &dns_record, form, &dkim_key::read(&dns_record.text).findings)
}

/// The one key of a domain that is not retired.
fn only(settings: &DomainSettings) -> anyhow::Result<(&DomainName, &DkimSettings)> {
    let keys: Vec<&DkimSettings> = settings.dkim.iter().filter(|key| key.state != KeyState::Retired).collect();
    if let [key] = keys.as_slice() {
        return Ok((&settings.name, key));
    }
    let names: Vec<&str> = keys.iter().map(|key| key.selector.as_str()).collect();
    let failure = Failure::new(Exit::Usage, format!("{} has {} keys in the settings", settings.name, keys.len()));
    let hint = match names.as_slice() {
        [] => format!("`ruascope dkim new {}` makes one", settings.name),
        names => format!("say which: {}", names.join(", ")),
    };
    Err(failure.hint(hint).into())
}

fn warn_of_open_file(context: &Context, key: &DkimSettings) {
    if let Some(path) = key.key.as_ref().filter(|path| keys::is_open_to_others(path) && !context.global.quiet) {
        let file = path.display();
        output::complain(&format!("warning: others than its owner may read {file}; chmod 600 keeps them out"));
    }
}

pub(super) fn export(
    context: &Context,
    domain: &str,
    selector: &str,
    out: &Path,
    passphrase: Option<&Passphrase>,
) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, domain, selector)?;
    let private = private_here(context, domain, key)?;
    let pem = match passphrase {
        Some(passphrase) => private.to_encrypted_pem(passphrase)?,
        None => private.to_pem()?,
    };
    keys::create(out, &pem)?;
    let is_encrypted = passphrase.is_some();
    if context.as_json() {
        let mut object = as_json(domain, key, Some(&private), None);
        record::extend(&mut object, json!({"out": out.to_string_lossy(), "encrypted": is_encrypted}));
        output::json(&object)?;
    } else if !context.global.quiet {
        let how = if is_encrypted { "encrypted with AES-256" } else { "in clear" };
        output::write(&format!("{}: the private key {} of {domain}, {how}\n", out.display(), key.selector))?;
    }
    if !is_encrypted && !context.global.quiet {
        output::complain("warning: whoever has this file can sign as you; --encrypt asks for a passphrase");
    }
    Ok(Exit::Done)
}

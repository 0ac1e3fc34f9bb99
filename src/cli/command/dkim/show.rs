//! `dkim list`, `dkim show` and `dkim export`: what there is.

use std::path::Path;

use serde_json::{Value, json};

use super::super::dmarc::domain_name;
use super::super::record::{self, As};
use super::{as_json, chosen, kind_of, known, private, private_here, record_of, state_of};
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit, Failure};
use crate::cli::output;
use crate::config::{DkimSettings, DomainName, DomainSettings, KeyState};
use crate::dns::dkim_key;
use crate::keys::{self, Passphrase, PrivateKey};
use crate::present::table::Table;
use crate::words::said;

pub(super) fn list(context: &Context, domain: Option<&str>) -> anyhow::Result<Exit> {
    let domain = domain.map(domain_name).transpose()?;
    let domains = context.resolved.settings.domains.iter();
    let of_domain = domains.filter(|settings| domain.as_ref().is_none_or(|domain| settings.name == *domain));
    let keys: Vec<_> = of_domain.flat_map(|settings| settings.dkim.iter().map(|key| (&settings.name, key))).collect();
    let words = context.words();
    let mut table =
        Table::titled(&words, &["column-domain", "column-selector", "column-state", "column-key", "column-file"]);
    let mut rows: Vec<Value> = Vec::new();
    for (domain, key) in &keys {
        let (kind, private, error) = match private(context, key) {
            Ok(Some(private)) => (kind_of(&private), Some(private), None),
            Ok(None) => (words.say("key-elsewhere"), None, None),
            Err(error) => (words.say("key-unreadable"), None, Some(error)),
        };
        if let Some(error) = &error {
            let what = exit::in_words(error, &words);
            output::complain(&said!("line-warning", what = what).in_words(&words));
        }
        let file = key.key.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        let state = state_of(key.state).in_words(&words);
        table.row(&[domain.to_string(), key.selector.to_string(), state, kind, file]);
        let mut row = as_json(domain, key, private.as_ref(), None);
        if let Some(row) = row.as_object_mut() {
            row.shift_remove("schema");
            row.insert("error".to_owned(), json!(error.map(|error| format!("{error:#}"))));
        }
        rows.push(row);
    }
    if context.as_json() {
        output::json(&json!({"schema": "ruascope.dkim_keys/1", "keys": rows}))?;
    } else if keys.is_empty() {
        output::write(&format!("{}\n", words.say("dkim-list-none")))?;
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
    let failure = Failure::new(Exit::Usage, said!("error-keys-many", domain = settings.name, count = keys.len()));
    let hint = match names.as_slice() {
        [] => said!("hint-new-makes-one", domain = settings.name),
        names => said!("hint-say-which", names = names.join(", ")),
    };
    Err(failure.hint(hint).into())
}

fn warn_of_open_file(context: &Context, key: &DkimSettings) {
    if let Some(path) = key.key.as_ref().filter(|path| keys::is_open_to_others(path)) {
        context.complain(&said!("line-warning", what = said!("dkim-open-file", file = path.display())));
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
        let how = if is_encrypted { said!("dkim-encrypted") } else { said!("dkim-in-clear") };
        let (file, selector) = (out.display(), &key.selector);
        let told = said!("dkim-exported", file = file, selector = selector, domain = domain, how = how);
        output::write(&format!("{}\n", context.told(&told)))?;
    }
    if !is_encrypted {
        context.complain(&said!("line-warning", what = said!("dkim-export-clear")));
    }
    Ok(Exit::Done)
}

//! `dkim pause`, `dkim resume` and `dkim delete`.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use serde_json::json;

use super::super::record::{self, As};
use super::{KeyArguments, as_json, chosen, private, record_of, settings};
use crate::cli::context::Context;
use crate::cli::edit;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::period::{self, Period};
use crate::config::{DkimSettings, DomainName, KeyState};
use crate::dns::dkim_key::{self, Algorithm};
use crate::keys;
use crate::store::KeyUse;
use crate::words::said;

/// Days of reports that say whether a key is in use.
const USED_DAYS: u32 = 14;

/// What reports of the last days say about a key.
struct Seen {
    found: KeyUse,
    /// First and last day, in words.
    days: String,
}

fn seen(context: &Context, domain: &DomainName, key: &DkimSettings) -> anyhow::Result<Seen> {
    let store = context.read_store()?;
    let filter = Period::default().resolve(&store, None, context.now, Some(USED_DAYS))?;
    let found = store.key_use(domain.as_str(), key.selector.as_str(), &filter)?;
    let day = |day: Option<i64>| day.and_then(period::date).map_or_else(String::new, |date| date.to_string());
    Ok(Seen { found, days: format!("{} to {}", day(filter.since_day), day(filter.until_day)) })
}

pub(super) fn pause(context: &Context, arguments: &KeyArguments) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    if matches!(key.state, KeyState::Draft | KeyState::Retired) {
        let message =
            format!("the key {} of {domain} is {}, so nothing is signed with it", key.selector, key.state.as_str());
        return Err(Failure::new(Exit::Usage, message).into());
    }
    let seen = seen(context, domain, key)?;
    let mut notes = Vec::new();
    if seen.found.alone > 0 {
        notes.push(format!(
            "warning: {} mails ({}) passed DMARC by this key alone, and fail when nothing else signs them",
            seen.found.alone, seen.days
        ));
    }
    notes.push("next: let your mail server stop signing with it".to_owned());
    notes.push("next: leave its record for two weeks: mail that was signed before is still on its way".to_owned());
    set(context, arguments, KeyState::Paused, &notes)
}

pub(super) fn resume(context: &Context, arguments: &KeyArguments) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    if !matches!(key.state, KeyState::Paused | KeyState::Active) {
        let message = format!("the key {} of {domain} is {}, and not paused", key.selector, key.state.as_str());
        let hint = format!("`ruascope dkim activate {domain} {}` looks for it in DNS first", key.selector);
        return Err(Failure::new(Exit::Usage, message).hint(hint).into());
    }
    set(context, arguments, KeyState::Active, &["next: let your mail server sign with it again".to_owned()])
}

/// Writes the state, and says so.
pub(super) fn set(
    context: &Context,
    arguments: &KeyArguments,
    state: KeyState,
    notes: &[String],
) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let change = edit::change(context, arguments.dry_run, |document| {
        settings::set_state(document, domain, key.selector.as_str(), state)
    })?;
    if context.as_json() {
        let now = DkimSettings { state, ..key.clone() };
        let mut object = as_json(domain, &now, None, None);
        record::extend(&mut object, change.as_json().into());
        record::extend(&mut object, json!({"notes": notes}));
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    change.show(context)?;
    for note in notes.iter().filter(|_| !context.global.quiet) {
        output::complain(note);
    }
    Ok(Exit::Done)
}

/// Takes a key out of the settings, deletes its file, and prints the record that withdraws it.
pub(super) fn delete(context: &Context, arguments: &KeyArguments, form: As) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    // Known while the key is still there; of a key elsewhere the kind is most likely RSA.
    let algorithm = private(context, key).ok().flatten().map_or(Algorithm::Rsa, |private| private.algorithm());
    let change =
        edit::change(context, arguments.dry_run, |document| settings::remove(document, domain, key.selector.as_str()))?;
    let file = file_of_its_own(context, domain, key)?;
    if let Some(path) = file.filter(|_| !arguments.dry_run) {
        keys::remove(path)?;
    }
    let revoked = record_of(domain, key.selector.as_str(), dkim_key::write_revoked(algorithm), None);
    if context.as_json() {
        let gone = DkimSettings { state: KeyState::Retired, ..key.clone() };
        let mut object = as_json(domain, &gone, None, None);
        record::extend(&mut object, record::as_json(&revoked, &[]));
        record::extend(&mut object, change.as_json().into());
        record::extend(&mut object, json!({"file_deleted": file.is_some() && !arguments.dry_run}));
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    change.show(context)?;
    output::write(&revoked.show(form.into()))?;
    if context.global.quiet {
        return Ok(Exit::Done);
    }
    if let Some(kept) = key.key.as_ref().filter(|_| file.is_none()) {
        output::complain(&format!(
            "warning: {} stays: another key has it too, or it is not in our folder",
            kept.display()
        ));
    }
    output::complain("next: publish this record in place of the old one: an empty p says that the key is withdrawn");
    Ok(Exit::Done)
}

/// The file of a key, where it lies in the folder of keys, which is ours, and no other key in the settings has it too.
fn file_of_its_own<'c>(
    context: &Context,
    domain: &DomainName,
    key: &'c DkimSettings,
) -> anyhow::Result<Option<&'c PathBuf>> {
    let folder = context.keys_folder()?;
    let domains = context.resolved.settings.domains.iter();
    let mut others = domains.flat_map(|settings| settings.dkim.iter().map(|other| (&settings.name, other)));
    let is_shared =
        others.any(|(name, other)| (name, &other.selector) != (domain, &key.selector) && other.key == key.key);
    Ok(key.key.as_ref().filter(|path| path.starts_with(&folder) && !is_shared))
}

/// No report of the last days shows a signature of the key that verified.
pub(super) fn is_unused(context: &Context, arguments: &KeyArguments) -> anyhow::Result<()> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let seen = seen(context, domain, key)?;
    if seen.found.verified == 0 {
        return Ok(());
    }
    let message = format!(
        "reports ({}) show {} mails whose signature by {} at {domain} verified",
        seen.days, seen.found.verified, key.selector
    );
    let hint = format!(
        "`ruascope dkim pause {domain} {}` first, and wait two weeks; --force deletes it all the same",
        key.selector
    );
    Err(Failure::new(Exit::Usage, message).hint(hint).into())
}

/// Asks for the selector, where somebody is there to type it.
pub(super) fn confirm(context: &Context, arguments: &KeyArguments) -> anyhow::Result<()> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let selector = key.selector.as_str();
    let refused = |message: String| Failure::new(Exit::Usage, message).hint(said!("hint-delete"));
    if !output::is_watched() || !std::io::stdin().is_terminal() {
        return Err(refused(format!("the key {selector} of {domain} is deleted only when you say so")).into());
    }
    output::complain(&format!("Type the selector to delete the private key {selector} of {domain}:"));
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == selector { Ok(()) } else { Err(refused("that is another selector".to_owned()).into()) }
}

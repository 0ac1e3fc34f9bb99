//! `dkim pause`, `dkim resume` and `dkim delete`.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use serde_json::json;

use super::super::record::{self, As};
use super::{KeyArguments, as_json, chosen, private, record_of, settings, state_of};
use crate::cli::context::Context;
use crate::cli::edit;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::cli::period::{self, Period};
use crate::config::{DkimSettings, DomainName, KeyState};
use crate::dns::dkim_key::{self, Algorithm};
use crate::keys;
use crate::store::KeyUse;
use crate::words::{Said, said};

/// Days of reports that say whether a key is in use.
const USED_DAYS: u32 = 14;

/// What reports of the last days say about a key.
struct Seen {
    found: KeyUse,
    /// First and last day, in words.
    days: Said,
}

fn seen(context: &Context, domain: &DomainName, key: &DkimSettings) -> anyhow::Result<Seen> {
    let store = context.read_store()?;
    let filter = Period::default().resolve(&store, None, context.now, Some(USED_DAYS))?;
    let found = store.key_use(domain.as_str(), key.selector.as_str(), &filter)?;
    let day = |day: Option<i64>| day.and_then(period::date).map_or_else(String::new, |date| date.to_string());
    Ok(Seen { found, days: said!("dkim-days", first = day(filter.since_day), last = day(filter.until_day)) })
}

pub(super) fn pause(context: &Context, arguments: &KeyArguments) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    if matches!(key.state, KeyState::Draft | KeyState::Retired) {
        let message = said!("error-pause-state", selector = key.selector, domain = domain, state = state_of(key.state));
        return Err(Failure::new(Exit::Usage, message).into());
    }
    let seen = seen(context, domain, key)?;
    let mut notes = Vec::new();
    if seen.found.alone > 0 {
        let alone = said!("dkim-pause-alone", mails = seen.found.alone, days = seen.days);
        notes.push(said!("line-warning", what = alone));
    }
    notes.push(said!("line-next", what = said!("dkim-next-stop")));
    notes.push(said!("line-next", what = said!("dkim-next-leave")));
    set(context, arguments, KeyState::Paused, &notes)
}

pub(super) fn resume(context: &Context, arguments: &KeyArguments) -> anyhow::Result<Exit> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    if !matches!(key.state, KeyState::Paused | KeyState::Active) {
        let message =
            said!("error-resume-state", selector = key.selector, domain = domain, state = state_of(key.state));
        let hint = said!("hint-activate", domain = domain, selector = key.selector);
        return Err(Failure::new(Exit::Usage, message).hint(hint).into());
    }
    set(context, arguments, KeyState::Active, &[said!("line-next", what = said!("dkim-next-again"))])
}

/// Writes the state, and says so.
pub(super) fn set(
    context: &Context,
    arguments: &KeyArguments,
    state: KeyState,
    notes: &[Said],
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
    for note in notes {
        context.complain(note);
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
    if let Some(kept) = key.key.as_ref().filter(|_| file.is_none()) {
        context.complain(&said!("line-warning", what = said!("dkim-file-stays", file = kept.display())));
    }
    context.complain(&said!("line-next", what = said!("dkim-next-revoke")));
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
    let (selector, mails) = (&key.selector, seen.found.verified);
    let message = said!("error-key-used", days = seen.days, mails = mails, selector = selector, domain = domain);
    let hint = said!("hint-key-used", domain = domain, selector = selector);
    Err(Failure::new(Exit::Usage, message).hint(hint).into())
}

/// Asks for the selector, where somebody is there to type it.
pub(super) fn confirm(context: &Context, arguments: &KeyArguments) -> anyhow::Result<()> {
    let (domain, key) = chosen(context, &arguments.domain, &arguments.selector)?;
    let selector = key.selector.as_str();
    let refused = |message: Said| Failure::new(Exit::Usage, message).hint(said!("hint-delete"));
    if !output::is_watched() || !std::io::stdin().is_terminal() {
        return Err(refused(said!("error-key-confirm", selector = selector, domain = domain)).into());
    }
    output::complain(&context.told(&said!("dkim-confirm", selector = selector, domain = domain)));
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == selector { Ok(()) } else { Err(refused(said!("error-key-other")).into()) }
}

//! `dkim new`, `dkim import` and `dkim rotate`: a key in its file, then in the settings, then its record.

use std::path::PathBuf;

use chrono::Days;
use serde_json::json;

use super::super::dmarc::domain_name;
use super::super::record::{self, As};
use super::taken::{self, Taken};
use super::{ImportArguments, Kind, NewArguments, known, passphrase, private, record_of, settings};
use crate::cli::context::Context;
use crate::cli::edit::{self, Change};
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::output;
use crate::cli::period::Period;
use crate::config::{DkimSettings, DomainName, KeyState, Selector};
use crate::dns::dkim_key::{self, Algorithm, RSA_BITS_GOOD, RSA_BITS_MAX};
use crate::keys::{self, KeyError, Opened, PrivateKey};
use crate::present::escape;
use crate::words::{Said, said};

/// Days for which mail that was signed before may still be on its way, or be looked at again by a report.
const OVERLAP_DAYS: u64 = 14;
/// Days of reports that are looked at for a selector that somebody signs with.
const SEEN_DAYS: u32 = 90;

/// A key that is to be.
struct Plan {
    domain: DomainName,
    key: DkimSettings,
    path: PathBuf,
    form: As,
    is_dry_run: bool,
    /// What DNS has at the selector; `None` when nobody was asked.
    taken: Option<Taken>,
}

pub(super) fn new(context: &Context, arguments: &NewArguments) -> anyhow::Result<Exit> {
    let domain = domain_name(&arguments.domain)?;
    let state = if arguments.draft { KeyState::Draft } else { KeyState::Active };
    let plan = plan(context, domain, arguments, state)?;
    let (algorithm, bits) = wanted(arguments, (Algorithm::Rsa, RSA_BITS_GOOD))?;
    let next = next_steps(&plan);
    let made = || Ok(PrivateKey::generate(algorithm, bits)?);
    carry_out(context, &plan, made, &next)
}

pub(super) fn import(context: &Context, arguments: &ImportArguments) -> anyhow::Result<Exit> {
    let domain = domain_name(&arguments.domain)?;
    let selector = selector(&domain, &arguments.selector)?;
    is_free(context, &domain, &selector)?;
    let state = if arguments.draft { KeyState::Draft } else { KeyState::Active };
    let plan = of_selector(context, domain, selector, state, (arguments.form, arguments.dry_run))?;
    // Read before anything is changed, and for a dry run too.
    let limits = &context.resolved.settings.limits;
    let import = || said!("error-import", file = *escape::terminal(&arguments.file.to_string_lossy()));
    let bytes = keys::read(&arguments.file, limits)?;
    let key = match keys::open(&bytes, limits).doing(import)? {
        Opened::Key(key) => key,
        Opened::Locked(locked) => {
            locked.unlock(&passphrase::for_import(context, arguments.passphrase_file.as_deref())?).doing(import)?
        }
    };
    let next = next_steps(&plan);
    carry_out(context, &plan, || Ok(key), &next)
}

pub(super) fn rotate(context: &Context, arguments: &NewArguments) -> anyhow::Result<Exit> {
    let settings = known(context, &arguments.domain)?;
    let old = settings.dkim.iter().rev().find(|key| key.state == KeyState::Active).ok_or_else(|| {
        Failure::new(Exit::Usage, said!("error-no-active-key", domain = settings.name))
            .hint(said!("hint-new-key", domain = settings.name))
    })?;
    // A key that can't be read, or lives elsewhere, is followed by one of the usual kind.
    let like = private(context, old)
        .ok()
        .flatten()
        .map(|key| (key.algorithm(), key.bits().clamp(RSA_BITS_GOOD, RSA_BITS_MAX)));
    let (algorithm, bits) = wanted(arguments, like.unwrap_or((Algorithm::Rsa, RSA_BITS_GOOD)))?;
    let plan = plan(context, settings.name.clone(), arguments, KeyState::Draft)?;
    let (domain, new, old) = (&plan.domain, &plan.key.selector, &old.selector);
    let end = context.now.date_naive().checked_add_days(Days::new(OVERLAP_DAYS));
    let end = end.map_or_else(String::new, |day| day.to_string());
    let next = [
        said!("dkim-next-publish-both"),
        said!("dkim-next-activate", domain = domain, selector = new),
        said!("dkim-next-switch", file = plan.path.display(), domain = domain, old = old),
        said!("dkim-next-delete", day = end, domain = domain, old = old),
    ];
    let made = || Ok(PrivateKey::generate(algorithm, bits)?);
    carry_out(context, &plan, made, &next)
}

/// What is asked for, where it is not said like another key.
fn wanted(arguments: &NewArguments, like: (Algorithm, usize)) -> anyhow::Result<(Algorithm, usize)> {
    let algorithm = match arguments.algorithm {
        None if arguments.bits.is_some() => Algorithm::Rsa,
        None => like.0,
        Some(Kind::Rsa) => Algorithm::Rsa,
        Some(Kind::Ed25519) => Algorithm::Ed25519,
    };
    if algorithm == Algorithm::Ed25519 && arguments.bits.is_some() {
        return Err(Failure::new(Exit::Usage, said!("error-ed25519-bits")).into());
    }
    let like_bits = if like.0 == Algorithm::Rsa { like.1 } else { RSA_BITS_GOOD };
    Ok((algorithm, arguments.bits.unwrap_or(like_bits)))
}

/// A new key with a selector that nobody has.
fn plan(context: &Context, domain: DomainName, arguments: &NewArguments, state: KeyState) -> anyhow::Result<Plan> {
    let selector = match &arguments.selector {
        Some(text) => self::selector(&domain, text)?,
        None => standard_selector(context, &domain)?,
    };
    is_free(context, &domain, &selector)?;
    is_unseen(context, &domain, &selector)?;
    let plan = of_selector(context, domain, selector, state, (arguments.form, arguments.dry_run))?;
    taken::refuse(&plan.domain, &plan.key.selector, plan.taken.as_ref())?;
    Ok(plan)
}

fn of_selector(
    context: &Context,
    domain: DomainName,
    selector: Selector,
    state: KeyState,
    (form, is_dry_run): (As, bool),
) -> anyhow::Result<Plan> {
    let path = context.keys_folder()?.join(domain.as_str()).join(format!("{selector}.pem"));
    if path.exists() {
        return Err(KeyError::Exists { path }.into());
    }
    let key = DkimSettings { selector, key: Some(path.clone()), state };
    let taken = taken::ask(context, &domain, &key.selector);
    Ok(Plan { domain, key, path, form, is_dry_run, taken })
}

/// A selector that can be registered everywhere: labels of letters, digits and `-` (RFC 6376 3.1).
fn selector(domain: &DomainName, text: &str) -> anyhow::Result<Selector> {
    let selector = Selector::parse(text).filter(|selector| !selector.as_str().contains('_'));
    let selector = selector.ok_or_else(|| {
        Failure::new(Exit::Usage, said!("error-no-selector", text = *escape::terminal(text)))
            .hint(said!("hint-selector"))
    })?;
    if format!("{selector}._domainkey.{domain}").len() > 253 {
        let failure = Failure::new(Exit::Usage, said!("error-selector-long"));
        return Err(failure.hint(said!("hint-selector-shorter")).into());
    }
    Ok(selector)
}

/// The prefix and the date; with a number behind it from the second key of a day on.
fn standard_selector(context: &Context, domain: &DomainName) -> anyhow::Result<Selector> {
    let first = format!("{}{}", context.resolved.settings.keys.selector_prefix, context.now.format("%Y%m%d"));
    let names = (2..100).map(|number| format!("{first}-{number}"));
    let folder = context.keys_folder()?.join(domain.as_str());
    let free = std::iter::once(first.clone())
        .chain(names)
        .find(|name| is_known(context, domain, name).is_none() && !folder.join(format!("{name}.pem")).exists());
    selector(domain, &free.unwrap_or(first))
}

fn is_known<'c>(context: &'c Context, domain: &DomainName, selector: &str) -> Option<&'c DkimSettings> {
    let settings = context.resolved.settings.domains.iter().find(|known| known.name == *domain)?;
    settings.dkim.iter().find(|key| key.selector.as_str() == selector)
}

/// The domain has no such key yet.
fn is_free(context: &Context, domain: &DomainName, selector: &Selector) -> anyhow::Result<()> {
    if is_known(context, domain, selector.as_str()).is_none() {
        return Ok(());
    }
    Err(Failure::new(Exit::Usage, said!("error-has-key", domain = domain, selector = selector))
        .hint(said!("hint-selector-other"))
        .into())
}

/// Nobody is seen to sign with the selector: a new key there would break that.
fn is_unseen(context: &Context, domain: &DomainName, selector: &Selector) -> anyhow::Result<()> {
    let store = context.read_store()?;
    let period = Period::default().resolve(&store, None, context.now, Some(SEEN_DAYS))?;
    let seen = store.key_use(domain.as_str(), selector.as_str(), &period)?;
    if seen.mails == 0 {
        return Ok(());
    }
    let message =
        said!("error-selector-seen", days = SEEN_DAYS, mails = seen.mails, selector = selector, domain = domain);
    Err(Failure::new(Exit::Usage, message).hint(said!("hint-selector-seen")).into())
}

fn next_steps(plan: &Plan) -> [Said; 3] {
    let (domain, selector) = (&plan.domain, &plan.key.selector);
    [
        said!("dkim-next-publish"),
        said!("dkim-next-activate", domain = domain, selector = selector),
        said!("dkim-next-sign", file = plan.path.display()),
    ]
}

/// Makes the key, writes its file, then the settings; a file whose settings can't be written is removed again.
fn carry_out(
    context: &Context,
    plan: &Plan,
    make: impl FnOnce() -> anyhow::Result<PrivateKey>,
    next: &[Said],
) -> anyhow::Result<Exit> {
    let key_text = settings::text_of(&plan.path)?;
    let selector = plan.key.selector.as_str();
    let edit = |is_dry_run| -> anyhow::Result<Change> {
        edit::change(context, is_dry_run, |document| {
            settings::add(document, &plan.domain, selector, key_text, plan.key.state)
        })
    };
    if plan.is_dry_run {
        return tell(context, plan, &edit(true)?, None, next);
    }
    let key = make()?;
    keys::create(&plan.path, &key.to_pem()?)?;
    match edit(false) {
        Ok(change) => tell(context, plan, &change, Some(&key), next),
        Err(error) => {
            keys::remove(&plan.path)?;
            Err(error)
        }
    }
}

/// Says what became of a plan; without a key, what would become of it.
fn tell(
    context: &Context,
    plan: &Plan,
    change: &Change,
    key: Option<&PrivateKey>,
    next: &[Said],
) -> anyhow::Result<Exit> {
    let ours = key.map(PrivateKey::public).transpose()?;
    let record = key.map(PrivateKey::record).transpose()?;
    let record = record.map(|text| record_of(&plan.domain, plan.key.selector.as_str(), text, None));
    if context.as_json() {
        let mut object = super::as_json(&plan.domain, &plan.key, key, record.as_ref());
        record::extend(&mut object, change.as_json().into());
        let in_dns = plan.taken.as_ref().map(|taken| taken::word(taken, ours.as_ref()));
        record::extend(&mut object, json!({"next": next, "in_dns": in_dns}));
        output::json(&object)?;
        return Ok(Exit::Done);
    }
    change.show(context)?;
    let Some(record) = record else { return Ok(Exit::Done) };
    output::write(&record.show(plan.form.into()))?;
    record::complain(context, &dkim_key::read(&record.text).findings);
    if let Some(taken) = &plan.taken {
        context.complain(&taken::told(&plan.domain, &plan.key.selector, taken, ours.as_ref()));
    }
    for step in next {
        context.complain(&said!("line-next", what = step));
    }
    Ok(Exit::Done)
}

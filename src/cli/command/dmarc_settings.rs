//! `ruascope dmarc set` and `ruascope dmarc remove`: the policy that is meant, in the settings file.

use toml_edit::{Array, DocumentMut, Item, Table};

use super::dmarc::{PolicyArguments, address, domain_name};
use super::domain::{is_named, tables};
use crate::analyze::readiness::{Decision, Step};
use crate::cli::advice::{self, Known};
use crate::cli::context::Context;
use crate::cli::edit::{self, put};
use crate::cli::exit::{Exit, Failure};
use crate::config::{DomainName, DomainSettings, Profile};
use crate::model::{Policy, TestMode, Word};
use crate::words::said;

/// Sets what flags say and leaves the rest; a domain that is not there is added.
pub(super) fn set(
    context: &Context,
    arguments: &PolicyArguments,
    is_forced: bool,
    dry_run: bool,
) -> anyhow::Result<Exit> {
    let domain = domain_name(&arguments.domain)?;
    if arguments.p == Some(Policy::Reject) && !is_forced {
        may_reject(context, &domain, arguments.t == Some(TestMode::Yes))?;
    }
    let rua: Vec<String> =
        arguments.rua.iter().map(|text| Ok(address(text)?.to_string())).collect::<anyhow::Result<_>>()?;
    edit::settings(context, dry_run, |document| {
        let policy = policy_table(document, &domain)?;
        put(policy, "p", arguments.p.map(Word::as_str));
        put(policy, "sp", arguments.sp.map(Word::as_str));
        put(policy, "np", arguments.np.map(Word::as_str));
        put(policy, "adkim", arguments.adkim.map(Word::as_str));
        put(policy, "aspf", arguments.aspf.map(Word::as_str));
        put(policy, "rua", (!rua.is_empty()).then(|| rua.iter().collect::<Array>()));
        put(policy, "t", arguments.t.map(Word::as_str));
        put(policy, "ttl", arguments.ttl.map(i64::from));
        if policy.contains_key("p") {
            return Ok(());
        }
        Err(Failure::new(Exit::Usage, said!("error-no-policy-yet", domain = domain)).hint(said!("hint-p-which")).into())
    })?;
    Ok(Exit::Done)
}

/// Whether p=reject may be set without `--force`: the settings say it already, nobody sends from the domain, or the
/// reports say that it is time.
fn may_reject(context: &Context, domain: &DomainName, is_test: bool) -> anyhow::Result<()> {
    let settings = context.resolved.settings.domains.iter().find(|known| known.name == *domain);
    let is_reject = |settings: &DomainSettings| {
        settings.dmarc.as_ref().is_some_and(|dmarc| dmarc.p == crate::config::Policy::Reject)
    };
    if settings.is_some_and(|settings| settings.profile == Some(Profile::Parked) || is_reject(settings)) {
        return Ok(());
    }
    if let Some(mut store) = advice::store(context)? {
        let resolver = context.resolver()?;
        let advice = Known::of(context, Some(&mut store), resolver.as_ref(), domain.as_str())?.advice(context);
        let is_next = advice.next == Some(Step::Reject) || (is_test && advice.next == Some(Step::RejectTest));
        if advice.step == Some(Step::Reject) || (advice.decision == Decision::Advance && is_next) {
            return Ok(());
        }
    }
    let failure = Failure::new(Exit::Usage, said!("error-reject", domain = domain));
    Err(failure.hint(said!("hint-reject", domain = domain)).into())
}

/// Takes the policy out of the settings; the domain stays.
pub(super) fn remove(context: &Context, domain: &str, dry_run: bool) -> anyhow::Result<Exit> {
    let domain = domain_name(domain)?;
    edit::settings(context, dry_run, |document| {
        let table = tables(document)?.iter_mut().find(|table| is_named(table, &domain));
        let removed = table.and_then(|table| table.remove("dmarc"));
        let message = said!("error-no-policy", domain = domain);
        removed.map(drop).ok_or_else(|| Failure::new(Exit::Usage, message).into())
    })?;
    context.complain(&said!("line-note", what = said!("dmarc-removed")));
    Ok(Exit::Done)
}

/// `[domain.dmarc]` of a domain, made where it is missing.
fn policy_table<'a>(document: &'a mut DocumentMut, domain: &DomainName) -> anyhow::Result<&'a mut Table> {
    let item = super::domain::table(document, domain)?.entry("dmarc").or_insert_with(|| Item::Table(Table::new()));
    item.as_table_mut().ok_or_else(|| {
        Failure::new(Exit::Configuration, said!("error-policy-one-line", domain = domain))
            .hint(said!("hint-below-dmarc"))
            .into()
    })
}

//! What the domains publish, asked for and kept with its day: reports are judged by the records of their own day.

use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit;
use crate::config::DomainName;
use crate::dns::{Failure, Published};
use crate::resolve::{Resolver, gather};
use crate::store::{By, Filter, Store};
use crate::words::{Said, said};

/// Selectors of one domain out of reports that are asked for.
const SELECTORS_MAX: usize = 50;

/// Asks for the records of all domains, and keeps what differs. Nothing that goes wrong on the way ends the command: it
/// is told on standard error.
pub(super) fn take(context: &Context, store: &mut Store) -> anyhow::Result<()> {
    if context.global.offline {
        return Ok(());
    }
    let domains = domains(context, store)?;
    let resolver = match context.resolver() {
        Ok(resolver) => resolver,
        Err(error) => {
            let why = exit::in_words(&error, &context.words());
            warn(context, &said!("snapshot-no-resolver", why = why));
            return Ok(());
        }
    };
    evidence::prove(context, store, resolver.as_ref())?;
    let mut silent: Option<Failure> = None;
    for (domain, selectors) in domains {
        let published = one(context, resolver.as_ref(), &domain, &selectors);
        silent = silent.or(published.unanswered());
        store.keep_published(&published)?;
    }
    if let Some(failure) = silent {
        context.tell_of_silence(failure);
    }
    Ok(())
}

fn one(context: &Context, resolver: &dyn Resolver, domain: &str, selectors: &[String]) -> Published {
    gather(resolver, domain, selectors, &context.resolved.settings.limits, context.now.timestamp()).published
}

/// The domains of the settings, else those of the reports with the most mails; each with the selectors that settings and
/// reports know.
fn domains(context: &Context, store: &Store) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let settings = &context.resolved.settings;
    let mut domains: Vec<(String, Vec<String>)> = settings
        .domains
        .iter()
        .map(|domain| {
            let selectors = domain.dkim.iter().map(|key| key.selector.to_string()).collect();
            (domain.name.to_string(), selectors)
        })
        .collect();
    if domains.is_empty() {
        let most = usize::try_from(settings.limits.dns_domains_max).unwrap_or(usize::MAX);
        let mut groups = store.groups(By::Domain, &Filter::default())?;
        groups.sort_by_key(|group| std::cmp::Reverse(group.sums.mails()));
        let names = groups.into_iter().filter_map(|group| group.name).filter_map(|name| DomainName::parse(&name));
        domains = names.take(most).map(|name| (name.to_string(), Vec::new())).collect();
    }
    for (domain, selectors) in &mut domains {
        selectors
            .extend(store.selectors_seen(domain, SELECTORS_MAX)?.into_iter().map(|selector| selector.to_lowercase()));
        selectors.sort();
        selectors.dedup();
    }
    Ok(domains)
}

fn warn(context: &Context, what: &Said) {
    context.complain(&said!("line-warning", what = what));
}

//! `ruascope sources`

mod find;
mod place;
mod rows;
mod show;
mod tag;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

pub(in crate::cli::command) use self::find::addresses;
use self::rows::Row;
use crate::cli::args::Format;
use crate::cli::context::Context;
use crate::cli::evidence;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::cli::period::{Period, date};
use crate::cli::side_by_side;
use crate::resolve::Resolver;
use crate::store::{self, Filter, SourceOrder, Store};
use crate::words::say;

#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  ruascope sources example.com --days 35\n  ruascope sources example.com sendgrid\n  ruascope sources example.com 203.0.113.5 --by ip\n  ruascope sources example.com --by ip --format csv\n  ruascope sources tag 203.0.113.0/24 legit --note \"branch office\""
)]
pub(in crate::cli) struct Arguments {
    #[command(subcommand)]
    change: Option<Change>,
    /// Only mail in the name of this domain
    domain: Option<String>,
    /// Only this source, with everything that is known of it: its key or name, or an address
    source: Option<String>,
    /// One row for what [default: source]
    #[arg(long, value_enum)]
    by: Option<By>,
    #[command(flatten)]
    period: Period,
    /// At most this many; of one source, its newest reports [default: all in JSON and CSV, 40 sources or 10 reports on the screen]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// A sender, with all its addresses
    Source,
    /// A source address
    Ip,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Say what a source is; the word is kept in the settings file
    Tag(tag::Arguments),
}

pub(in crate::cli::command) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if let Some(Change::Tag(arguments)) = &arguments.change {
        return tag::run(context, arguments);
    }
    if !matches!(context.global.format, Format::Json | Format::Csv | Format::Text) {
        return Err(context.no_such_format("text, json and csv"));
    }
    let by = arguments.by.unwrap_or(By::Source);
    let mut store = context.read_store()?;
    let filter = arguments.period.resolve(&store, arguments.domain.as_deref(), context.now, None)?;
    let most = arguments.limit.unwrap_or(if context.global.format == Format::Text { 40 } else { usize::MAX });
    if let (Some(_), Some(source)) = (&filter.domain, &arguments.source) {
        let wanted = show::Wanted { source, is_address_only: arguments.by == Some(By::Ip), limit: arguments.limit };
        return show::run(context, &mut store, &filter, &wanted);
    }
    let mut rows = match (by, &filter.domain) {
        // Addresses over all domains are only counted: what each is, is a question about one domain.
        (By::Ip, None) => rows::plain(store.sources(&filter, SourceOrder::Mails, most)?.rows),
        _ => judged(context, &mut store, &filter, by)?,
    };
    let is_cut = rows.len() > most || by == By::Ip && filter.domain.is_none() && rows.len() == most;
    rows.truncate(most);
    if context.as_json() {
        rows::locate(&mut rows, &context.networks());
    }
    let range = store.day_range(filter.domain.as_deref())?;
    let day = |day: Option<i64>| day.and_then(date).map(|date| date.to_string());
    match context.global.format {
        Format::Json => output::json(&json!({
            "schema": "ruascope.sources/1",
            "domain": filter.domain,
            "since": day(filter.since_day.or(range.map(|range| range.0))),
            "until": day(filter.until_day.or(range.map(|range| range.1))),
            "by": if by == By::Ip { "ip" } else { "source" },
            "sources": rows.iter().map(Row::json).collect::<Vec<_>>(),
        }))?,
        Format::Csv => output::write(&rows::csv(&rows)?)?,
        _ => {
            output::write(&rows::text(&rows, Context::width(), &context.words()))?;
            if is_cut {
                output::complain(&say!(context.words(), "sources-cut", most = most.to_string()));
            }
        }
    }
    Ok(Exit::Done)
}

/// Rows with their class, domain by domain.
fn judged(context: &Context, store: &mut Store, filter: &Filter, by: By) -> anyhow::Result<Vec<Row>> {
    let resolver = context.resolver()?;
    let domains = match &filter.domain {
        Some(domain) => vec![domain.clone()],
        None => store.groups(store::By::Domain, filter)?.into_iter().filter_map(|group| group.name).collect(),
    };
    let rows = side_by_side::each(context, store, &domains, |store, domain| {
        let filter = Filter { domain: Some(domain.to_owned()), ..filter.clone() };
        of_domain(context, store, resolver.as_ref(), &filter, by)
    })?;
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.mails()));
    Ok(rows)
}

fn of_domain(
    context: &Context,
    store: &mut Store,
    resolver: &dyn Resolver,
    filter: &Filter,
    by: By,
) -> anyhow::Result<Vec<Row>> {
    // Observations are many, and no more needed.
    let mut senders = evidence::gather(context, store, resolver, filter)?.senders;
    senders.senders.iter_mut().for_each(|sender| sender.observations = Vec::new());
    let mut rows = rows::Judging::new(filter.domain.as_deref().unwrap_or_default(), senders, by == By::Ip);
    store.each_source(filter, |source| rows.add(source))?;
    Ok(rows.rows())
}

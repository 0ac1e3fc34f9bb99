//! The parts of the page that are tables.

use super::table::{Cell, table};
use super::{name, note, picture, rest, section};
use crate::present::summary::view::{SourceView, SummaryView};
use crate::present::summary::{DOMAINS_LISTED, REPORTERS_LISTED, words};

pub(super) fn domains(view: &SummaryView) -> String {
    let rows: Vec<Vec<Cell>> = view
        .domains
        .iter()
        .take(DOMAINS_LISTED)
        .map(|domain| {
            let sums = &domain.sums;
            vec![
                Cell::words("Domain", name(&domain.name)),
                Cell::words("Policy", domain.policy.as_deref().map_or_else(|| "-".to_owned(), name)),
                Cell::number("Reports", domain.reports),
                Cell::number("Mails", sums.mails),
                Cell::failed(sums.neither),
                Cell::share("DMARC", sums.dmarc_pass(), sums.mails),
                Cell::share("DKIM", sums.dkim_aligned(), sums.mails),
                Cell::share("SPF", sums.spf_aligned(), sums.mails),
                Cell::picture("Day by day", picture::trend(domain, view.period)),
            ]
        })
        .collect();
    let rest = rest(&view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
    section("Domains", &(table(&rows) + &note(words::more(rest.0, "domain", rest.1))))
}

pub(super) fn sources(view: &SummaryView) -> String {
    let rows: Vec<Vec<Cell>> = view.sources.iter().map(source).collect();
    let more = note(words::more(view.sources_more.0, "source", view.sources_more.1));
    let meaning = note((view.sums.neither > 0).then(|| words::FAILED_MEANS.to_owned()));
    section("Sources", &(table(&rows) + &more + &meaning))
}

fn source(source: &SourceView) -> Vec<Cell> {
    let (first, last) = source.days;
    let days = if first == last { first.to_string() } else { format!("{first} to {last}") };
    vec![
        Cell::words("Address", name(&source.ip)),
        Cell::number("Mails", source.sums.mails),
        Cell::failed(source.sums.neither),
        Cell::number("Both", source.sums.both),
        Cell::number("DKIM only", source.sums.dkim_only),
        Cell::number("SPF only", source.sums.spf_only),
        Cell::picture("Aligned", picture::stack(&source.sums)),
        Cell::number("Reporters", source.reporters),
        Cell::days("Seen", days),
    ]
}

pub(super) fn dispositions(view: &SummaryView) -> String {
    let rows: Vec<Vec<Cell>> = view
        .dispositions
        .iter()
        .map(|did| {
            vec![
                Cell::words("Done", words::disposition(did.word.as_deref(), &name)),
                Cell::part("Mails", did.sums.mails, view.sums.mails),
                Cell::number("Passed", did.sums.dmarc_pass()),
                Cell::failed(did.sums.neither),
            ]
        })
        .collect();
    section("What receivers did", &table(&rows))
}

pub(super) fn reporters(view: &SummaryView) -> String {
    let rows: Vec<Vec<Cell>> = view
        .reporters
        .iter()
        .take(REPORTERS_LISTED)
        .map(|reporter| {
            let sums = &reporter.sums;
            vec![
                Cell::words(
                    "Reporter",
                    words::reporter(reporter.name.as_deref()).map_or(words::NO_NAME.to_owned(), |text| name(&text)),
                ),
                Cell::number("Reports", reporter.reports),
                Cell::part("Mails", sums.mails, view.sums.mails),
                Cell::failed(sums.neither),
                Cell::share("DMARC", sums.dmarc_pass(), sums.mails),
            ]
        })
        .collect();
    let rest = rest(&view.reporters, REPORTERS_LISTED, |reporter| reporter.sums.mails);
    section("Reporters", &(table(&rows) + &note(words::more(rest.0, "reporter", rest.1))))
}

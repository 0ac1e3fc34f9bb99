//! The summary as Markdown, for tickets, chats and wikis.

use super::number::{share, thousands};
use super::view::{SummaryView, Sums};
use super::words::{self, Hint};
use super::{DOMAINS_LISTED, REPORTERS_LISTED, rest};
use crate::present::escape;

/// The summary as Markdown with tables. Every word of a stranger stands in a code span.
#[must_use]
pub fn markdown(view: &SummaryView) -> String {
    let Some(period) = view.period else {
        let (sentence, hint) = words::no_data(view, &escape::markdown);
        let sections = ["# DMARC summary".to_owned(), sentence, hints("Next", &[hint]), left_aside(view)];
        return joined(sections);
    };
    let title = format!("# DMARC summary: {}", words::scope(view, &escape::markdown));
    let about = format!("{}: {}. {}", words::period(period), words::coverage(view), words::age(view.newest_age_days));
    joined([
        title,
        format!("**{}**", words::verdict(view, &escape::markdown)),
        about,
        words::comparison(view).unwrap_or_default(),
        domains(view),
        sources(view),
        dispositions(view),
        reporters(view),
        words::days(view).map(|days| format!("## Days\n\n{days}")).unwrap_or_default(),
        left_aside(view),
        hints("Next", &words::next(view)),
    ])
}

fn domains(view: &SummaryView) -> String {
    let rows = view.domains.iter().take(DOMAINS_LISTED).map(|domain| {
        let sums = &domain.sums;
        let mut cells =
            vec![escape::markdown(&domain.name), domain.policy.as_deref().map(escape::markdown).unwrap_or_default()];
        cells.extend([domain.reports, sums.mails, sums.neither].map(thousands));
        cells.extend([sums.dmarc_pass(), sums.dkim_aligned(), sums.spf_aligned()].map(|part| share(part, sums.mails)));
        cells
    });
    let headings = ["Domain", "Policy", ">Reports", ">Mails", ">Failed", ">DMARC", ">DKIM", ">SPF"];
    let rest = rest(&view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
    section("Domains", &headings, rows.collect(), words::more(rest.0, "domain", rest.1))
}

fn sources(view: &SummaryView) -> String {
    let rows = view.sources.iter().map(|source| {
        let Sums { mails, both, dkim_only, spf_only, neither } = source.sums;
        let mut cells = vec![escape::markdown(&source.ip)];
        cells.extend([mails, neither, both, dkim_only, spf_only, source.reporters].map(thousands));
        cells.extend([source.days.0, source.days.1].map(|day| day.to_string()));
        cells
    });
    let headings =
        ["Address", ">Mails", ">Failed", ">Both", ">DKIM only", ">SPF only", ">Reporters", "First day", "Last day"];
    let table =
        section("Sources", &headings, rows.collect(), words::more(view.sources_more.0, "source", view.sources_more.1));
    let note = if view.sums.neither > 0 { words::FAILED_MEANS } else { "" };
    joined([table, note.to_owned()]).trim_end().to_owned()
}

fn dispositions(view: &SummaryView) -> String {
    let rows = view.dispositions.iter().map(|did| {
        let sums = &did.sums;
        let word = words::disposition(did.word.as_deref(), &escape::markdown);
        std::iter::once(word).chain([sums.mails, sums.dmarc_pass(), sums.neither].map(thousands)).collect()
    });
    section("What receivers did", &["Done", ">Mails", ">Passed", ">Failed"], rows.collect(), None)
}

fn reporters(view: &SummaryView) -> String {
    let rows = view.reporters.iter().take(REPORTERS_LISTED).map(|reporter| {
        let sums = &reporter.sums;
        let mut cells = vec![
            words::reporter(reporter.name.as_deref()).map_or(words::NO_NAME.to_owned(), |name| escape::markdown(&name)),
        ];
        cells.extend([reporter.reports, sums.mails, sums.neither].map(thousands));
        cells.push(share(sums.dmarc_pass(), sums.mails));
        cells
    });
    let rest = rest(&view.reporters, REPORTERS_LISTED, |reporter| reporter.sums.mails);
    let headings = ["Reporter", ">Reports", ">Mails", ">Failed", ">DMARC"];
    section("Reporters", &headings, rows.collect(), words::more(rest.0, "reporter", rest.1))
}

fn left_aside(view: &SummaryView) -> String {
    hints("Not in these numbers", &words::left_aside(view))
}

fn hints(title: &str, hints: &[Hint]) -> String {
    if hints.is_empty() {
        return String::new();
    }
    let items: Vec<String> = hints.iter().map(|hint| format!("- {}: `{}`", hint.what, hint.command)).collect();
    format!("## {title}\n\n{}", items.join("\n"))
}

/// A table under its title; nothing where it has no rows. A heading that begins with `>` is of numbers.
fn section(title: &str, headings: &[&str], rows: Vec<Vec<String>>, more: Option<String>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let names = headings.iter().map(|heading| heading.trim_start_matches('>').to_owned());
    let rules = headings.iter().map(|heading| if heading.starts_with('>') { "---:" } else { "---" }.to_owned());
    let head = line(names.collect()) + &line(rules.collect());
    let body: String = rows.into_iter().map(line).collect();
    let more = more.map(|more| format!("\n{more}\n")).unwrap_or_default();
    format!("## {title}\n\n{head}{body}{more}").trim_end().to_owned()
}

/// Sections with an empty line between them.
fn joined(sections: impl IntoIterator<Item = String>) -> String {
    let sections: Vec<String> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    sections.join("\n\n") + "\n"
}

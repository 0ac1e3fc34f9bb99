//! The summary as one page that needs nothing else: no script, no font, no picture from elsewhere.

mod part;
mod picture;
mod table;

use super::number::{is_enough, per_cent, tenths};
use super::view::SummaryView;
use super::words::{self, Hint};
use super::{ChartImage, rest};
use crate::present::escape;

/// Looks of the page.
const STYLE: &str = include_str!("digest.css");

/// What the page may do: show its own styles and pictures. Nothing that a report could say may act.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The digest page. Charts stand in it as pictures, in which nothing can act.
#[must_use]
pub fn html(view: &SummaryView, charts: &[ChartImage]) -> String {
    let body = if view.period.is_some() {
        [
            head(view),
            verdict(view),
            part::domains(view),
            figures(charts),
            part::sources(view),
            receivers(view),
            days(view),
            hints(view),
        ]
        .concat()
    } else {
        no_data(view)
    };
    let title = format!("DMARC summary: {}", words::scope(view, &name));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         <footer>Made by ruascope from DMARC aggregate reports. Days are UTC days.</footer>\n</body>\n</html>\n"
    )
}

/// A stranger's word in HTML.
fn name(text: &str) -> String {
    escape::html(text).into_owned()
}

fn head(view: &SummaryView) -> String {
    let scope = words::scope(view, &name);
    let about =
        [view.period.map(words::period).unwrap_or_default(), words::coverage(view), words::age(view.newest_age_days)];
    let facts = about.map(|fact| format!("<li>{fact}</li>\n")).concat();
    format!(
        "<header>\n<p class=\"eyebrow\">DMARC summary</p>\n<h1>{scope}</h1>\n<ul class=\"facts\">\n{facts}</ul>\n</header>\n"
    )
}

fn verdict(view: &SummaryView) -> String {
    let sums = &view.sums;
    let (state, sign) = if sums.neither == 0 && sums.mails > 0 { ("good", "✓") } else { ("some", "!") };
    let figure = if is_enough(sums.mails) {
        per_cent(tenths(sums.dmarc_pass(), sums.mails))
    } else {
        format!("{} of {}", sums.dmarc_pass(), sums.mails)
    };
    let sentence = words::verdict(view, &name);
    let before = words::comparison(view).map(|before| format!("<p>{before}</p>\n")).unwrap_or_default();
    let parts = if sums.mails == 0 { String::new() } else { picture::stack(sums) + &picture::legend(sums) };
    format!(
        "<section class=\"verdict {state}\" aria-label=\"Verdict\">\n\
         <p class=\"figure\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span> {figure} <small>passed DMARC</small></p>\n\
         <p class=\"lead\">{sentence}</p>\n{parts}{before}</section>\n"
    )
}

fn figures(charts: &[ChartImage]) -> String {
    let figures: String = charts.iter().map(picture::figure).collect();
    section("Charts", &figures)
}

fn receivers(view: &SummaryView) -> String {
    let sections = part::dispositions(view) + &part::reporters(view);
    if sections.is_empty() { sections } else { format!("<div class=\"pair\">\n{sections}</div>\n") }
}

fn days(view: &SummaryView) -> String {
    let sentence = words::days(view).map(|days| format!("<p>{days}</p>\n"));
    section("Days", &sentence.unwrap_or_default())
}

fn hints(view: &SummaryView) -> String {
    hint_list("Not in these numbers", &words::left_aside(view)) + &hint_list("What to look at next", &words::next(view))
}

fn no_data(view: &SummaryView) -> String {
    let (sentence, hint) = words::no_data(view, &name);
    let next = hint_list("What to do", &[hint]) + &hint_list("Not in these numbers", &words::left_aside(view));
    let scope = words::scope(view, &name);
    format!(
        "<header>\n<p class=\"eyebrow\">DMARC summary</p>\n<h1>{scope}</h1>\n<p class=\"lead\">{sentence}</p>\n</header>\n{next}"
    )
}

fn hint_list(title: &str, hints: &[Hint]) -> String {
    let item = |hint: &Hint| format!("<li>{} <code>{}</code></li>\n", hint.what, escape::html(&hint.command));
    let items: String = hints.iter().map(item).collect();
    section(title, &if items.is_empty() { items } else { format!("<ul class=\"hints\">\n{items}</ul>\n") })
}

/// A part of the page under its title; nothing where it would be empty.
fn section(title: &str, content: &str) -> String {
    if content.is_empty() { String::new() } else { format!("<section>\n<h2>{title}</h2>\n{content}</section>\n") }
}

/// A line below a table about what the table leaves out or means; nothing where there is nothing to say.
fn note(text: Option<String>) -> String {
    text.map(|text| format!("<p class=\"note\">{text}</p>\n")).unwrap_or_default()
}

//! The summary as one page that needs nothing else: no script, no font, no picture from elsewhere.

mod part;
mod picture;
mod table;

use super::number::{is_enough, per_cent, tenths};
use super::teller::{Hint, Teller};
use super::view::SummaryView;
use super::{ChartImage, rest};
use crate::present::escape;
use crate::words::{Words, say};

/// Looks of the page.
const STYLE: &str = include_str!("digest.css");

/// What the page may do: show its own styles and pictures. Nothing that a report could say may act.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The digest page. Charts stand in it as pictures, in which nothing can act.
#[must_use]
pub fn html(view: &SummaryView, words: &Words, charts: &[ChartImage]) -> String {
    let teller = Teller { view, words, name: &name, sentence: &name };
    let page = Page { view, teller: &teller };
    let body = if view.period.is_some() { page.body(charts) } else { page.no_data() };
    let title = say!(words, "title-of", scope = teller.scope());
    let (language, footer) = (words.language().as_str(), teller.say("footer"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n\
         <footer>{footer}</footer>\n</body>\n</html>\n"
    )
}

/// A stranger's word in HTML.
fn name(text: &str) -> String {
    escape::html(text).into_owned()
}

struct Page<'a> {
    view: &'a SummaryView,
    teller: &'a Teller<'a>,
}

impl Page<'_> {
    fn body(&self, charts: &[ChartImage]) -> String {
        let figures: String = charts.iter().map(picture::figure).collect();
        let spoofing: Vec<String> = self.teller.spoofing().into_iter().collect();
        let days: Vec<String> = self.teller.days().into_iter().collect();
        [
            self.head(),
            self.verdict(),
            self.domains(),
            self.changes(),
            self.paragraphs("heading-alarms", &self.teller.alarms()),
            self.tasks(),
            self.paragraphs("heading-readiness", &self.teller.readiness()),
            self.paragraphs("heading-spoofing", &spoofing),
            self.section("heading-charts", &figures),
            self.senders(),
            self.sources(),
            self.receivers(),
            self.paragraphs("heading-days", &days),
            self.hint_list("heading-left-aside", &self.teller.left_aside()),
            self.hint_list("heading-next", &self.teller.next()),
        ]
        .concat()
    }

    fn head(&self) -> String {
        let scope = self.teller.scope();
        let about = [self.teller.period(), self.teller.coverage(), self.teller.age()];
        let facts = about.map(|fact| format!("<li>{fact}</li>\n")).concat();
        format!(
            "<header>\n<p class=\"eyebrow\">{}</p>\n<h1>{scope}</h1>\n<ul class=\"facts\">\n{facts}</ul>\n</header>\n",
            self.teller.say("title")
        )
    }

    fn verdict(&self) -> String {
        let sums = &self.view.sums;
        let (state, sign) = if self.teller.is_fine() { ("good", "✓") } else { ("some", "!") };
        let figure = if is_enough(sums.mails) {
            per_cent(tenths(sums.dmarc_pass(), sums.mails))
        } else {
            say!(self.teller.words, "few-of-many", part = sums.dmarc_pass(), whole = sums.mails)
        };
        let sentence = self.teller.verdict();
        let before = self.teller.comparison().map(|before| format!("<p>{before}</p>\n")).unwrap_or_default();
        let parts = if sums.mails == 0 {
            String::new()
        } else {
            picture::stack(sums, self.teller) + &picture::legend(sums, self.teller)
        };
        format!(
            "<section class=\"verdict {state}\" aria-label=\"{}\">\n\
             <p class=\"figure\"><span class=\"sign\" aria-hidden=\"true\">{sign}</span> {figure} <small>{}</small></p>\n\
             <p class=\"lead\">{sentence}</p>\n{parts}{before}</section>\n",
            self.teller.say("label-verdict"),
            self.teller.say("passed-dmarc")
        )
    }

    fn receivers(&self) -> String {
        let sections = self.dispositions() + &self.reporters();
        if sections.is_empty() { sections } else { format!("<div class=\"pair\">\n{sections}</div>\n") }
    }

    fn no_data(&self) -> String {
        let (sentence, hint) = self.teller.no_data();
        let next =
            self.hint_list("heading-next", &[hint]) + &self.hint_list("heading-left-aside", &self.teller.left_aside());
        let (title, scope) = (self.teller.say("title"), self.teller.scope());
        format!(
            "<header>\n<p class=\"eyebrow\">{title}</p>\n<h1>{scope}</h1>\n<p class=\"lead\">{sentence}</p>\n</header>\n{next}"
        )
    }

    fn hint_list(&self, title: &str, hints: &[Hint]) -> String {
        let item = |hint: &Hint| format!("<li>{} <code>{}</code></li>\n", hint.what, escape::html(&hint.command));
        let items: String = hints.iter().map(item).collect();
        self.section(title, &if items.is_empty() { items } else { format!("<ul class=\"hints\">\n{items}</ul>\n") })
    }

    /// A part of the page under its title; nothing where it would be empty.
    fn section(&self, title: &str, content: &str) -> String {
        if content.is_empty() {
            return String::new();
        }
        format!("<section>\n<h2>{}</h2>\n{content}</section>\n", self.teller.say(title))
    }
}

/// A line below a table about what the table leaves out or means; nothing where there is nothing to say.
fn note(text: Option<String>) -> String {
    text.map(|text| format!("<p class=\"note\">{text}</p>\n")).unwrap_or_default()
}

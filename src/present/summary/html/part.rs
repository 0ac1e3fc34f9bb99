//! The parts of the page that are tables and lists.

use super::table::{Cell, table};
use super::{Page, name, note, picture, rest};
use crate::present::escape;
use crate::present::summary::news::{Line, Task};
use crate::present::summary::teller::More;
use crate::present::summary::view::{DomainView, SourceView};
use crate::present::summary::{DOMAINS_LISTED, REPORTERS_LISTED};
use crate::words::say;

impl Page<'_> {
    fn share(&self, heading: &str, part: u64, whole: u64) -> Cell {
        Cell::share(self.teller.words, self.teller.say(heading), part, whole)
    }

    fn number(&self, heading: &str, number: u64) -> Cell {
        Cell::number(self.teller.say(heading), number)
    }

    fn failed(&self, mails: u64) -> Cell {
        Cell::failed(self.teller.say("column-failed"), mails)
    }

    fn words(&self, heading: &str, content: String) -> Cell {
        Cell::words(self.teller.say(heading), content)
    }

    pub(super) fn has_verdicts(&self) -> bool {
        self.view.domains.iter().any(|domain| domain.decision.is_some())
    }

    pub(super) fn domains(&self) -> String {
        let rows: Vec<Vec<Cell>> =
            self.view.domains.iter().take(DOMAINS_LISTED).map(|domain| self.domain(domain)).collect();
        let rest = rest(&self.view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
        self.section("heading-domains", &(table(&rows) + &note(self.teller.more(More::Domains, rest))))
    }

    fn domain(&self, domain: &DomainView) -> Vec<Cell> {
        let (sums, teller) = (&domain.sums, self.teller);
        let policy = domain.policy.as_deref().map_or_else(|| "-".to_owned(), name);
        let mut row = vec![self.words("column-domain", name(&domain.name)), self.words("column-policy", policy)];
        if self.has_verdicts() {
            let verdict = teller.verdict_on(domain).unwrap_or_else(|| "-".to_owned());
            row.push(self.words("column-verdict", format!("<b>{verdict}</b>")));
            row.extend(domain.own.map(|own| self.share("column-own", own.passed, own.mails)));
            if domain.own.is_none() {
                row.push(self.words("column-own", "-".to_owned()));
            }
        }
        row.extend([
            self.number("column-reports", domain.reports),
            self.number("column-mails", sums.mails),
            self.failed(sums.neither),
            self.share("DMARC", sums.dmarc_pass(), sums.mails),
            self.share("DKIM", sums.dkim_aligned(), sums.mails),
            self.share("SPF", sums.spf_aligned(), sums.mails),
            Cell::picture(teller.say("column-trend"), picture::trend(domain, teller)),
        ]);
        row
    }

    pub(super) fn changes(&self) -> String {
        let Some(title) = self.teller.changes_title() else { return String::new() };
        let item = |Line { is_problem, text }: Line| {
            if is_problem { format!("<li class=\"failed\">! {text}</li>\n") } else { format!("<li>{text}</li>\n") }
        };
        let items: String = self.teller.changes().into_iter().map(item).collect();
        format!("<section>\n<h2>{title}</h2>\n<ul class=\"hints\">\n{items}</ul>\n</section>\n")
    }

    pub(super) fn tasks(&self) -> String {
        let (tasks, more) = self.teller.tasks();
        if tasks.is_empty() {
            return String::new();
        }
        let item = |Task { title, steps, command }: &Task| {
            let steps: String = steps.iter().map(|step| format!("<p>{step}</p>\n")).collect();
            format!("<li><b>{title}</b>\n{steps}<code>{}</code></li>\n", escape::html(command))
        };
        let items: String = tasks.iter().map(item).collect();
        self.section("heading-tasks", &(format!("<ol class=\"hints\">\n{items}</ol>\n") + &note(more)))
    }

    pub(super) fn paragraphs(&self, title: &str, texts: &[String]) -> String {
        self.section(title, &texts.iter().map(|text| format!("<p>{text}</p>\n")).collect::<String>())
    }

    pub(super) fn senders(&self) -> String {
        let (senders, more) = self.teller.senders();
        let row = |[name, class, mails, passed]: [String; 4]| {
            vec![
                self.words("column-sender", name),
                self.words("column-class", class),
                self.words("column-mails", mails),
                self.words("column-passed", passed),
            ]
        };
        let rows: Vec<Vec<Cell>> = senders.into_iter().map(row).collect();
        self.section("column-sender", &(table(&rows) + &note(more)))
    }

    pub(super) fn sources(&self) -> String {
        let rows: Vec<Vec<Cell>> = self.view.sources.iter().map(|source| self.source(source)).collect();
        let more = note(self.teller.more(More::Sources, self.view.sources_more));
        let is_mixed = self.view.sums.neither > 0 && !self.has_verdicts();
        let meaning = note(is_mixed.then(|| self.teller.say("failed-means")));
        self.section("heading-sources", &(table(&rows) + &more + &meaning))
    }

    fn source(&self, source: &SourceView) -> Vec<Cell> {
        let (first, last) = source.days;
        let days = if first == last { first.to_string() } else { self.days_between(first, last) };
        vec![
            self.words("column-address", name(&source.ip)),
            self.number("column-mails", source.sums.mails),
            self.failed(source.sums.neither),
            self.number("column-both", source.sums.both),
            self.number("column-dkim-only", source.sums.dkim_only),
            self.number("column-spf-only", source.sums.spf_only),
            Cell::picture(self.teller.say("column-aligned"), picture::stack(&source.sums, self.teller)),
            self.number("column-reporters", source.reporters),
            Cell::days(self.teller.say("column-seen"), days),
        ]
    }

    fn days_between(&self, first: chrono::NaiveDate, last: chrono::NaiveDate) -> String {
        say!(self.teller.words, "days-between", first = first.to_string(), last = last.to_string())
    }

    pub(super) fn dispositions(&self) -> String {
        let rows: Vec<Vec<Cell>> = self
            .view
            .dispositions
            .iter()
            .map(|did| {
                vec![
                    self.words("column-done", self.teller.disposition(did.word.as_deref())),
                    Cell::part(self.teller.say("column-mails"), did.sums.mails, self.view.sums.mails),
                    self.number("column-passed", did.sums.dmarc_pass()),
                    self.failed(did.sums.neither),
                ]
            })
            .collect();
        self.section("heading-dispositions", &table(&rows))
    }

    pub(super) fn reporters(&self) -> String {
        let rows: Vec<Vec<Cell>> = self
            .view
            .reporters
            .iter()
            .take(REPORTERS_LISTED)
            .map(|reporter| {
                let sums = &reporter.sums;
                vec![
                    self.words("column-reporter", self.teller.reporter(reporter.name.as_deref())),
                    self.number("column-reports", reporter.reports),
                    Cell::part(self.teller.say("column-mails"), sums.mails, self.view.sums.mails),
                    self.failed(sums.neither),
                    self.share("DMARC", sums.dmarc_pass(), sums.mails),
                ]
            })
            .collect();
        let rest = rest(&self.view.reporters, REPORTERS_LISTED, |reporter| reporter.sums.mails);
        self.section("heading-reporters", &(table(&rows) + &note(self.teller.more(More::Reporters, rest))))
    }
}

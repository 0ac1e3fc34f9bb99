//! The summary on a terminal: the verdict first, then who, from where, and what to look at next.

use chrono::Datelike as _;
use unicode_width::UnicodeWidthStr as _;

use super::TextStyle;
use super::grid::{Cell, Grid, Tint};
use super::number::{share, thousands};
use super::spark::spark;
use super::teller::{Hint, More, Teller};
use super::view::{DayView, DomainView, SourceView, SummaryView, Sums};
use super::{DOMAINS_LISTED, rest};
use crate::present::escape;
use crate::present::wrap::wrap;
use crate::words::Words;

/// Widest a stranger's name may be within a sentence, and a line of bars.
const NAME_CELLS_MAX: usize = 60;
const SPARK_CELLS_MAX: usize = 36;
/// Narrowest it is made.
const SPARK_CELLS_MIN: usize = 12;
/// Widest a sender's name may be in the table of senders.
const SENDER_CELLS_MAX: usize = 36;
/// Domains that get a line of bars: the worst.
const BARS_LISTED: usize = 5;
/// Widest a sentence with a stranger's names in it may be.
const SENTENCE_CELLS_MAX: usize = 480;
/// Widest a policy may be: the standard's words fit.
const POLICY_CELLS_MAX: usize = 12;

/// The summary for a terminal, at most `style.width` cells wide from 80 up.
#[must_use]
pub fn text(view: &SummaryView, words: &Words, style: &TextStyle) -> String {
    let name = |text: &str| escape::shorten(&safe(text, style), NAME_CELLS_MAX).into_owned();
    let sentence = |text: &str| escape::shorten(&safe(text, style), SENTENCE_CELLS_MAX).into_owned();
    let page = Page { view, style, teller: Teller { view, words, name: &name, sentence: &sentence } };
    let sections = if view.period.is_some() {
        vec![
            page.head(),
            page.domains(),
            page.changes(),
            page.section("heading-alarms", &page.teller.alarms()),
            page.tasks(),
            page.readiness(),
            page.spoofing(),
            page.senders(),
            page.sources(),
            page.dispositions(),
            page.coverage(),
            page.days(),
            page.left_aside(),
            page.next(),
        ]
    } else {
        vec![page.no_data(), page.left_aside()]
    };
    let sections = sections.into_iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\n") + "\n");
    let text = sections.collect::<Vec<_>>().join("\n");
    if style.unicode { text } else { text.replace('…', "~") }
}

struct Page<'a> {
    view: &'a SummaryView,
    style: &'a TextStyle,
    teller: Teller<'a>,
}

/// A stranger's text, in full.
fn safe(text: &str, style: &TextStyle) -> String {
    if style.unicode { escape::terminal(text).into_owned() } else { escape::ascii(text).into_owned() }
}

impl Page<'_> {
    fn safe(&self, text: &str) -> String {
        safe(text, self.style)
    }

    /// A stranger's text, as much of it as fits.
    fn within(&self, text: &str, cells_max: usize) -> String {
        escape::shorten(&self.safe(text), cells_max).into_owned()
    }

    fn sentences(&self, text: &str, tint: Tint) -> Vec<String> {
        wrap(text, self.style.width).iter().map(|line| tint.paint(line, self.style)).collect()
    }

    fn head(&self) -> Vec<String> {
        let failed = !self.teller.is_fine();
        let (sign, tint) = match (failed, self.style.unicode) {
            (true, _) => ("!", Tint::Strong),
            (false, true) => ("✓", Tint::Good),
            (false, false) => ("ok", Tint::Good),
        };
        let mut lines = wrap(&format!("{sign} {}", self.teller.verdict()), self.style.width);
        for line in &mut lines {
            *line = match line.strip_prefix(sign) {
                Some(rest) => tint.paint(sign, self.style) + &Tint::Strong.paint(rest, self.style),
                None => Tint::Strong.paint(line, self.style),
            };
        }
        lines.extend(self.sentences(&self.teller.about(), Tint::Plain));
        lines.extend(self.sentences(&self.teller.comparison().unwrap_or_default(), Tint::Plain));
        lines
    }

    fn domains(&self) -> Vec<String> {
        let mut grid = self.domain_grid();
        let mut has_bars = false;
        let has_verdicts = self.has_verdicts();
        for (domain, place) in self.view.domains.iter().take(DOMAINS_LISTED).zip(0..) {
            let Sums { mails, neither, .. } = domain.sums;
            let policy =
                domain.policy.as_ref().map_or_else(|| "-".to_owned(), |policy| self.within(policy, POLICY_CELLS_MAX));
            let share = |part| Cell::plain(share(self.teller.words, part, mails));
            let mut row = vec![Cell::plain(self.safe(&domain.name)), Cell::plain(policy)];
            row.extend(has_verdicts.then(|| self.verdict(domain)));
            row.extend((!has_verdicts).then(|| Cell::plain(thousands(domain.reports))));
            row.extend([Cell::plain(thousands(mails)), failed(neither)]);
            row.extend(has_verdicts.then(|| self.own(domain)));
            row.push(share(domain.sums.dmarc_pass()));
            if !has_verdicts {
                row.extend([share(domain.sums.dkim_aligned()), share(domain.sums.spf_aligned())]);
            }
            grid.row(row);
            if let Some(trend) = self.trend(domain).filter(|_| place < BARS_LISTED) {
                grid.line(trend);
                has_bars = true;
            }
        }
        let rest = rest(&self.view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
        let mut lines = self.table(&grid, self.teller.more(More::Domains, rest));
        if has_bars {
            lines.extend(self.sentences(&self.teller.say("bars-mean"), Tint::Quiet));
        }
        lines
    }

    fn has_verdicts(&self) -> bool {
        self.view.domains.iter().any(|domain| domain.decision.is_some())
    }

    fn domain_grid(&self) -> Grid {
        let mut columns = vec!["column-domain", "column-policy"];
        let (verdict, rest): (&[&str], &[&str]) = if self.has_verdicts() {
            (&["column-verdict", "column-mails", "column-failed", "column-own"], &["DMARC"])
        } else {
            (&["column-reports", "column-mails", "column-failed"], &["DMARC", "DKIM", "SPF"])
        };
        columns.extend(verdict);
        let mut headings = self.headings(&columns);
        headings.extend(rest.iter().map(|name| (*name).to_owned()));
        Grid::new(&headings)
    }

    fn verdict(&self, domain: &DomainView) -> Cell {
        let is_foreign = self.view.digest.foreign.contains(&domain.name);
        let Some(decision) = domain.decision else {
            return Cell::plain(if is_foreign { self.teller.say("decision-foreign") } else { "-".to_owned() });
        };
        let tint = if decision.is_problem() { Tint::Bad } else { Tint::Good };
        Cell { text: self.teller.verdict_on(domain).unwrap_or_default(), tint }
    }

    /// The share of the owner's mail that passed.
    fn own(&self, domain: &DomainView) -> Cell {
        Cell::plain(domain.own.map_or_else(|| "-".to_owned(), |own| share(self.teller.words, own.passed, own.mails)))
    }

    fn headings(&self, ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| self.teller.say(id).to_uppercase()).collect()
    }

    fn changes(&self) -> Vec<String> {
        let Some(title) = self.teller.changes_title() else { return Vec::new() };
        let mut lines = self.title(&title);
        for change in self.teller.changes() {
            let (sign, tint) = if change.is_problem { ("!", Tint::Bad) } else { ("+", Tint::Plain) };
            lines.extend(self.item(sign, &change.text, tint));
        }
        lines
    }

    fn tasks(&self) -> Vec<String> {
        let (tasks, more) = self.teller.tasks();
        if tasks.is_empty() {
            return Vec::new();
        }
        let mut lines = self.title(&self.teller.say("heading-tasks"));
        for (task, number) in tasks.iter().zip(1..) {
            lines.extend(self.item(&number.to_string(), &task.title, Tint::Strong));
            lines.extend(task.steps.iter().flat_map(|step| self.item(" ", step, Tint::Plain)));
            lines.push(format!("    {}", task.command));
        }
        lines.extend(more);
        lines
    }

    fn readiness(&self) -> Vec<String> {
        self.section("heading-readiness", &self.teller.readiness())
    }

    fn spoofing(&self) -> Vec<String> {
        self.section("heading-spoofing", &self.teller.spoofing().into_iter().collect::<Vec<_>>())
    }

    fn coverage(&self) -> Vec<String> {
        self.section("heading-coverage", &self.teller.coverage_line().into_iter().collect::<Vec<_>>())
    }

    /// Sentences under a title; nothing where there are none.
    fn section(&self, title: &str, sentences: &[String]) -> Vec<String> {
        if sentences.is_empty() {
            return Vec::new();
        }
        let mut lines = self.title(&self.teller.say(title));
        lines.extend(sentences.iter().flat_map(|sentence| self.sentences(sentence, Tint::Plain)));
        lines
    }

    fn title(&self, title: &str) -> Vec<String> {
        vec![Tint::Strong.paint(&title.to_uppercase(), self.style)]
    }

    /// A line with a sign before it, and more lines under its text.
    fn item(&self, sign: &str, text: &str, tint: Tint) -> Vec<String> {
        let lines = wrap(text, self.style.width.saturating_sub(4));
        let put = |(line, place): (&String, usize)| {
            let sign = if place == 0 { sign } else { " " };
            format!("  {sign} {}", tint.paint(line, self.style))
        };
        lines.iter().zip(0..).map(put).collect()
    }

    /// The daily share that passed; nothing where every day is alike.
    fn trend(&self, domain: &DomainView) -> Option<String> {
        let worst = self.teller.trend_short(domain)?;
        let room = self.style.width.saturating_sub(4 + worst.width());
        let cells = room.clamp(SPARK_CELLS_MIN, SPARK_CELLS_MAX);
        Some(format!("  {}  {worst}", spark(&domain.trend, cells, self.style.unicode)))
    }

    /// Who sends as the domains; in place of the addresses, where they were put together.
    fn senders(&self) -> Vec<String> {
        let mut grid = Grid::new(&self.headings(&["column-sender", "column-class", "column-mails", "column-passed"]));
        let (senders, more) = self.teller.senders();
        for [name, class, mails, passed] in senders {
            let name = escape::shorten(&name, SENDER_CELLS_MAX).into_owned();
            grid.row([name, class, mails, passed].map(Cell::plain).into());
        }
        self.table(&grid, more)
    }

    fn sources(&self) -> Vec<String> {
        if !self.view.digest.senders.is_empty() {
            return Vec::new();
        }
        let mut grid = Grid::new(&self.headings(&[
            "column-source",
            "column-mails",
            "column-failed",
            "column-both",
            "column-dkim-only",
            "column-spf-only",
            "column-by",
            "column-seen",
        ]));
        for source in &self.view.sources {
            let Sums { mails, both, dkim_only, spf_only, neither } = source.sums;
            let mut row = vec![Cell::plain(self.safe(&source.ip)), Cell::plain(thousands(mails)), failed(neither)];
            row.extend([both, dkim_only, spf_only, source.reporters].map(|number| Cell::plain(thousands(number))));
            row.push(Cell::plain(self.seen(source)));
            grid.row(row);
        }
        let mut lines = self.table(&grid, self.teller.more(More::Sources, self.view.sources_more));
        if !lines.is_empty() {
            lines.extend(self.sentences(&self.teller.say("source-columns"), Tint::Quiet));
        }
        if self.view.sums.neither > 0 && !self.has_verdicts() {
            lines.extend(self.sentences(&self.teller.say("failed-means"), Tint::Quiet));
        }
        lines
    }

    /// First and last day; with the year only where the period has more than one.
    fn seen(&self, source: &SourceView) -> String {
        let one_year = self.view.period.is_some_and(|(first, last)| first.year() == last.year());
        let form = if one_year { "%m-%d" } else { "%Y-%m-%d" };
        let (first, last) = (source.days.0.format(form), source.days.1.format(form));
        if source.days.0 == source.days.1 { first.to_string() } else { format!("{first}..{last}") }
    }

    fn dispositions(&self) -> Vec<String> {
        let mut grid =
            Grid::new(&self.headings(&["heading-dispositions", "column-mails", "column-passed", "column-failed"]));
        for did in &self.view.dispositions {
            let word = self.teller.disposition(did.word.as_deref());
            let passed = Cell::plain(thousands(did.sums.dmarc_pass()));
            grid.row(vec![Cell::plain(word), Cell::plain(thousands(did.sums.mails)), passed, failed(did.sums.neither)]);
        }
        self.table(&grid, None)
    }

    fn days(&self) -> Vec<String> {
        let Some(sentence) = self.teller.days() else { return Vec::new() };
        let mut lines = self.title(&self.teller.say("heading-days"));
        lines.extend(self.sentences(&sentence, Tint::Plain));
        let titles = [self.teller.say("bars-mails"), self.teller.say("bars-failed")];
        let cells = titles.iter().map(|title| title.width()).max().unwrap_or(0);
        let [mails, failed] = titles.map(|title| title.clone() + &" ".repeat(cells.saturating_sub(title.width())));
        lines.extend(self.bars(&mails, |day| day.sums.mails));
        lines.extend(self.bars(&failed, |day| day.sums.neither));
        lines
    }

    /// A number of each day, as bars that reach the top on the day with most.
    fn bars(&self, title: &str, number: impl Fn(&DayView) -> u64) -> Option<String> {
        let (first, last) = self.view.period.filter(|(first, last)| first != last)?;
        let most = self.view.days.iter().map(&number).max().filter(|most| *most > 0)?;
        let mut told = self.view.days.iter().peekable();
        let bar = |day| told.next_if(|told| told.day == day).map(|told| (number(told), most));
        let bars: Vec<_> = first.iter_days().take_while(|day| *day <= last).map(bar).collect();
        let bars = spark(&bars, SPARK_CELLS_MAX, self.style.unicode);
        Some(format!("  {title}  {bars}  {}", self.teller.highest(most)))
    }

    fn left_aside(&self) -> Vec<String> {
        self.hints("heading-left-aside", &self.teller.left_aside())
    }

    fn next(&self) -> Vec<String> {
        self.hints("heading-next", &self.teller.next())
    }

    fn no_data(&self) -> Vec<String> {
        let (sentence, hint) = self.teller.no_data();
        let mut lines = self.sentences(&sentence, Tint::Strong);
        lines.extend(self.hints("heading-next", &[hint]));
        lines
    }

    /// What to do, each with its command on the line below, which stays whole so that it can be copied.
    fn hints(&self, title: &str, hints: &[Hint]) -> Vec<String> {
        let lines = hints.iter().flat_map(|hint| [hint.what.clone(), format!("    {}", hint.command)]);
        let title = if hints.is_empty() { Vec::new() } else { self.title(&self.teller.say(title)) };
        title.into_iter().chain(lines).collect()
    }

    /// A table with what it leaves out; nothing where it has no rows.
    fn table(&self, grid: &Grid, more: Option<String>) -> Vec<String> {
        let mut lines = grid.lines(self.style);
        if lines.len() < 2 {
            return Vec::new();
        }
        lines.extend(more.map(|more| Tint::Quiet.paint(&more, self.style)));
        lines
    }
}

/// A number of mails that failed.
fn failed(mails: u64) -> Cell {
    let tint = if mails > 0 { Tint::Bad } else { Tint::Plain };
    Cell { text: thousands(mails), tint }
}

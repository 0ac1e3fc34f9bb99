//! The summary on a terminal: the verdict first, then who, from where, and what to look at next.

use chrono::Datelike as _;
use unicode_width::UnicodeWidthStr as _;

use super::TextStyle;
use super::grid::{Cell, Grid, Tint};
use super::number::{share, thousands};
use super::spark::spark;
use super::view::{DayView, DomainView, SourceView, SummaryView, Sums};
use super::words::{self, Hint};
use super::{DOMAINS_LISTED, REPORTERS_LISTED, rest};
use crate::present::escape;

/// Widest a stranger's name may be within a sentence, and a line of bars.
const NAME_CELLS_MAX: usize = 60;
const SPARK_CELLS_MAX: usize = 36;
/// Widest a policy may be: the standard's words fit.
const POLICY_CELLS_MAX: usize = 12;

/// The summary for a terminal, at most `style.width` cells wide from 80 up.
#[must_use]
pub fn text(view: &SummaryView, style: &TextStyle) -> String {
    let page = Page { view, style };
    let sections = if view.period.is_some() {
        vec![
            page.head(),
            page.domains(),
            page.sources(),
            page.dispositions(),
            page.reporters(),
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
}

impl Page<'_> {
    /// A stranger's text, in full.
    fn safe(&self, text: &str) -> String {
        if self.style.unicode { escape::terminal(text).into_owned() } else { escape::ascii(text).into_owned() }
    }

    /// A stranger's text, as much of it as fits.
    fn within(&self, text: &str, cells_max: usize) -> String {
        escape::shorten(&self.safe(text), cells_max).into_owned()
    }

    /// A stranger's text within a sentence.
    fn name(&self, text: &str) -> String {
        self.within(text, NAME_CELLS_MAX)
    }

    fn sentences(&self, text: &str, tint: Tint) -> Vec<String> {
        wrap(text, self.style.width).iter().map(|line| tint.paint(line, self.style)).collect()
    }

    fn head(&self) -> Vec<String> {
        let name = |text: &str| self.name(text);
        let failed = self.view.sums.neither > 0 || self.view.sums.mails == 0;
        let (sign, tint) = match (failed, self.style.unicode) {
            (true, _) => ("!", Tint::Strong),
            (false, true) => ("✓", Tint::Good),
            (false, false) => ("ok", Tint::Good),
        };
        let mut lines = wrap(&format!("{sign} {}", words::verdict(self.view, &name)), self.style.width);
        for line in &mut lines {
            *line = match line.strip_prefix(sign) {
                Some(rest) => tint.paint(sign, self.style) + &Tint::Strong.paint(rest, self.style),
                None => Tint::Strong.paint(line, self.style),
            };
        }
        let period = self.view.period.map(words::period).unwrap_or_default();
        let about = format!("{}, {period}: {}.", words::scope(self.view, &name), words::coverage(self.view));
        lines.extend(self.sentences(&format!("{about} {}", words::age(self.view.newest_age_days)), Tint::Plain));
        lines.extend(self.sentences(&words::comparison(self.view).unwrap_or_default(), Tint::Plain));
        lines
    }

    fn domains(&self) -> Vec<String> {
        let mut grid = Grid::new(&["DOMAIN", "POLICY", "REPORTS", "MAILS", "FAILED", "DMARC", "DKIM", "SPF"]);
        let mut has_bars = false;
        for domain in self.view.domains.iter().take(DOMAINS_LISTED) {
            let Sums { mails, neither, .. } = domain.sums;
            let policy =
                domain.policy.as_ref().map_or_else(|| "-".to_owned(), |policy| self.within(policy, POLICY_CELLS_MAX));
            let share = |part| Cell::plain(share(part, mails));
            grid.row(vec![
                Cell::plain(self.safe(&domain.name)),
                Cell::plain(policy),
                Cell::plain(thousands(domain.reports)),
                Cell::plain(thousands(mails)),
                failed(neither),
                share(domain.sums.dmarc_pass()),
                share(domain.sums.dkim_aligned()),
                share(domain.sums.spf_aligned()),
            ]);
            if let Some(trend) = self.trend(domain) {
                grid.line(trend);
                has_bars = true;
            }
        }
        let rest = rest(&self.view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
        let mut lines = self.table(&grid, words::more(rest.0, "domain", rest.1));
        if has_bars {
            lines.extend(self.sentences(words::BARS_MEAN, Tint::Quiet));
        }
        lines
    }

    /// The daily share that passed; nothing where every day is alike.
    fn trend(&self, domain: &DomainView) -> Option<String> {
        let (first, _) = self.view.period?;
        let (day, failed, mails) = words::worst_day(domain, first).filter(|_| domain.trend.len() > 1)?;
        let bars = spark(&domain.trend, SPARK_CELLS_MAX, self.style.unicode);
        Some(format!("  {bars}  worst {day}: {} of {} failed", thousands(failed), thousands(mails)))
    }

    fn sources(&self) -> Vec<String> {
        let mut grid = Grid::new(&["SOURCE", "MAILS", "FAILED", "BOTH", "DKIM ONLY", "SPF ONLY", "BY", "SEEN"]);
        for source in &self.view.sources {
            let Sums { mails, both, dkim_only, spf_only, neither } = source.sums;
            let mut row = vec![Cell::plain(self.safe(&source.ip)), Cell::plain(thousands(mails)), failed(neither)];
            row.extend([both, dkim_only, spf_only, source.reporters].map(|number| Cell::plain(thousands(number))));
            row.push(Cell::plain(self.seen(source)));
            grid.row(row);
        }
        let (sources, mails) = self.view.sources_more;
        let mut lines = self.table(&grid, words::more(sources, "source", mails));
        if !lines.is_empty() {
            lines.extend(self.sentences(words::SOURCE_COLUMNS, Tint::Quiet));
        }
        if self.view.sums.neither > 0 {
            lines.extend(self.sentences(words::FAILED_MEANS, Tint::Quiet));
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
        let mut grid = Grid::new(&["WHAT RECEIVERS DID", "MAILS", "PASSED", "FAILED"]);
        for did in &self.view.dispositions {
            let word = words::disposition(did.word.as_deref(), &|word| self.safe(word));
            let passed = Cell::plain(thousands(did.sums.dmarc_pass()));
            grid.row(vec![Cell::plain(word), Cell::plain(thousands(did.sums.mails)), passed, failed(did.sums.neither)]);
        }
        self.table(&grid, None)
    }

    fn reporters(&self) -> Vec<String> {
        let mut grid = Grid::new(&["REPORTER", "REPORTS", "MAILS", "FAILED", "DMARC"]);
        for reporter in self.view.reporters.iter().take(REPORTERS_LISTED) {
            let sums = &reporter.sums;
            grid.row(vec![
                Cell::plain(
                    words::reporter(reporter.name.as_deref())
                        .map_or(words::NO_NAME.to_owned(), |name| self.name(&name)),
                ),
                Cell::plain(thousands(reporter.reports)),
                Cell::plain(thousands(sums.mails)),
                failed(sums.neither),
                Cell::plain(share(sums.dmarc_pass(), sums.mails)),
            ]);
        }
        let rest = rest(&self.view.reporters, REPORTERS_LISTED, |reporter| reporter.sums.mails);
        self.table(&grid, words::more(rest.0, "reporter", rest.1))
    }

    fn days(&self) -> Vec<String> {
        let Some(sentence) = words::days(self.view) else { return Vec::new() };
        let mut lines = vec![Tint::Strong.paint("DAYS", self.style)];
        lines.extend(self.sentences(&sentence, Tint::Plain));
        lines.extend(self.bars("mails ", |day| day.sums.mails));
        lines.extend(self.bars("failed", |day| day.sums.neither));
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
        Some(format!("  {title}  {bars}  highest {}", thousands(most)))
    }

    fn left_aside(&self) -> Vec<String> {
        self.hints("NOT IN THESE NUMBERS", &words::left_aside(self.view))
    }

    fn next(&self) -> Vec<String> {
        self.hints("NEXT", &words::next(self.view))
    }

    fn no_data(&self) -> Vec<String> {
        let (sentence, hint) = words::no_data(self.view, &|text| self.name(text));
        let mut lines = self.sentences(&sentence, Tint::Strong);
        lines.extend(self.hints("NEXT", &[hint]));
        lines
    }

    /// What to do, each with its command on the line below, which stays whole so that it can be copied.
    fn hints(&self, title: &str, hints: &[Hint]) -> Vec<String> {
        let lines = hints.iter().flat_map(|hint| [hint.what.clone(), format!("    {}", hint.command)]);
        let title = (!hints.is_empty()).then(|| Tint::Strong.paint(title, self.style));
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

/// Lines of at most `width` cells, broken at blanks.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

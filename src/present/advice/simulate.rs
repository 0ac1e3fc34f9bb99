//! A simulation as text.

use super::page::{Mark, Page};
use super::{a_day, class as class_word, day_text};
use crate::analyze::simulate::{Loss, Simulation};
use crate::analyze::{Sender, title};
use crate::dns::dmarc::DmarcRecord;
use crate::present::invocation;
use crate::present::summary::TextStyle;
use crate::present::table::Table;
use crate::words::{Words, say};

/// Senders that are listed.
const SENDERS_SHOWN: usize = 10;

/// What was simulated, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct SimulationView<'a> {
    /// The domain.
    pub domain: &'a str,
    /// The record.
    pub record: &'a DmarcRecord,
    /// First and last day; `None` without reports.
    pub window: Option<(i64, i64)>,
    /// What came of it.
    pub simulation: &'a Simulation,
    /// Who sends.
    pub senders: &'a [Sender],
}

impl SimulationView<'_> {
    /// Mail of the owner's that would be lost: a day, and at most.
    #[must_use]
    pub fn own_lost(&self) -> (f64, f64) {
        let own = self.simulation.classes.iter().filter(|(class, _)| class.is_legitimate());
        own.fold((0.0, 0.0), |sum, (_, loss)| (sum.0 + loss.lost.point, sum.1 + loss.lost.upper))
    }
}

/// A simulation for a terminal: what is lost of the owner's mail first.
#[must_use]
pub fn simulate(view: &SimulationView<'_>, style: &TextStyle, words: &Words) -> String {
    let mut page = Page::new(style, words);
    let policy = view.record.to_string();
    let policy = policy.strip_prefix("v=DMARC1; ").unwrap_or(&policy);
    let policy = policy
        .split("; ")
        .filter(|tag| !tag.starts_with("ru") && !tag.starts_with("pct"))
        .collect::<Vec<_>>()
        .join("; ");
    let Some((first, last)) = view.window else {
        let lead = format!("{} ", page.sign(Mark::Unknown));
        page.paragraph(&lead, &say!(words, "simulate-no-reports", domain = view.domain, policy = policy));
        return page.end();
    };
    let (point, upper) = view.own_lost();
    let mark = if point > 0.0 { Mark::Bad } else { Mark::Good };
    let lead = format!("{} ", page.sign(mark));
    let (point, upper) = (a_day(point), a_day(upper));
    page.paragraph(
        &lead,
        &say!(words, "simulate-lost", domain = view.domain, policy = policy, point = point, upper = upper),
    );
    let (first, last, days) = (day_text(first), day_text(last), view.simulation.days.to_string());
    page.paragraph("  ", &say!(words, "simulate-replayed", days = days, first = first, last = last));
    page.gap();
    let mut table = Table::titled(
        words,
        &[
            "column-class",
            ">column-mails-a-day",
            ">column-lost-a-day",
            ">column-at-most",
            ">column-refused",
            ">column-saved",
            ">column-today",
        ],
    );
    let row = |name: &str, loss: &Loss| {
        let numbers = [
            loss.mails_per_day,
            loss.lost.point,
            loss.lost.upper,
            loss.refused_per_day,
            loss.saved_per_day,
            loss.acted_per_day,
        ];
        std::iter::once(name.to_owned()).chain(numbers.map(a_day)).collect::<Vec<_>>()
    };
    for (class, loss) in view.simulation.classes.iter().filter(|(_, loss)| loss.mails_per_day > 0.0) {
        table.row(&row(&class_word(*class, words), loss));
    }
    let mut text = page.end();
    text.push_str(&table.text(style.width));
    text.push_str(&meaning(style, words));
    let next = invocation::next(words, &["recommend", view.domain]);
    if view.simulation.senders.is_empty() {
        return format!("{text}\n{next}");
    }
    let mut table = Table::titled(words, &["column-source", "column-class", ">column-lost-a-day", ">column-at-most"]);
    for (place, loss) in view.simulation.senders.iter().take(SENDERS_SHOWN) {
        let Some(sender) = view.senders.get(*place) else { continue };
        let numbers = [loss.lost.point, loss.lost.upper].map(a_day);
        let [point, upper] = numbers;
        table.row(&[title(&sender.key, &sender.name).in_words(words), class_word(sender.class, words), point, upper]);
    }
    text.push('\n');
    text.push_str(&table.text(style.width));
    format!("{text}\n{next}")
}

/// What the columns say.
fn meaning(style: &TextStyle, words: &Words) -> String {
    let mut page = Page::new(style, words);
    page.gap();
    page.paragraph("", &words.say("simulate-lost-means"));
    page.paragraph("", &words.say("simulate-today-means"));
    page.end()
}

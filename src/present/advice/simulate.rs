//! A simulation as text.

use super::page::{Mark, Page};
use super::{a_day, day_text};
use crate::analyze::simulate::{Loss, Simulation};
use crate::analyze::{Class, Sender};
use crate::dns::dmarc::DmarcRecord;
use crate::present::summary::TextStyle;
use crate::present::table::Table;

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
pub fn simulate(view: &SimulationView<'_>, style: &TextStyle) -> String {
    let mut page = Page::new(style);
    let policy = view.record.to_string();
    let policy = policy.strip_prefix("v=DMARC1; ").unwrap_or(&policy);
    let policy = policy
        .split("; ")
        .filter(|tag| !tag.starts_with("ru") && !tag.starts_with("pct"))
        .collect::<Vec<_>>()
        .join("; ");
    let Some((first, last)) = view.window else {
        let lead = format!("{} ", page.sign(Mark::Unknown));
        page.paragraph(&lead, &format!("{}: no reports, so nothing can be said about {policy}", view.domain));
        return page.end();
    };
    let (point, upper) = view.own_lost();
    let mark = if point > 0.0 { Mark::Bad } else { Mark::Good };
    let lead = format!("{} ", page.sign(mark));
    page.paragraph(
        &lead,
        &format!(
            "{} with {policy}: {} of your mails a day are lost, at most {}",
            view.domain,
            a_day(point),
            a_day(upper)
        ),
    );
    page.paragraph(
        "  ",
        &format!("replayed over {} days from {} to {}", view.simulation.days, day_text(first), day_text(last)),
    );
    page.gap();
    let mut table = Table::new(&["CLASS", ">MAILS/DAY", ">LOST/DAY", ">AT MOST", ">REFUSED", ">SAVED", ">TODAY"]);
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
        table.row(&row(Class::as_str(*class), loss));
    }
    let mut text = page.end();
    text.push_str(&table.text(style.width));
    text.push_str("\nLost is quarantined or refused. Saved is the part of it whose reporters let such mail through so far.\nToday is what is acted on in these days already.\n");
    if view.simulation.senders.is_empty() {
        return text;
    }
    let mut table = Table::new(&["SOURCE", "CLASS", ">LOST/DAY", ">AT MOST"]);
    for (place, loss) in view.simulation.senders.iter().take(SENDERS_SHOWN) {
        let Some(sender) = view.senders.get(*place) else { continue };
        let numbers = [loss.lost.point, loss.lost.upper].map(a_day);
        let [point, upper] = numbers;
        table.row(&[sender.name.clone(), sender.class.as_str().to_owned(), point, upper]);
    }
    text.push('\n');
    text.push_str(&table.text(style.width));
    text
}

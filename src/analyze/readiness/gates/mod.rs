//! G1 to G12: what has to be so before a policy is tightened, each with its value and its threshold.

mod data;
mod harm;
mod time;

#[cfg(test)]
mod tests;

use super::blockers::Blocker;
use super::percent;
use super::view::View;
use crate::words::Said;

/// What it takes to open a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Time passes.
    Time,
    /// More reports.
    Data,
    /// Somebody decides that a risk is taken.
    Risk,
    /// Somebody mends something.
    Fix,
}

/// A gate.
#[derive(Clone, Debug, PartialEq)]
pub struct Gate {
    /// `G1` to `G12`, or `cap`.
    pub id: &'static str,
    /// What it asks, in few words.
    pub title: Said,
    /// Whether it is open; `None` when nobody knows, which counts as closed.
    pub is_open: Option<bool>,
    /// Whether it is open by so little that the next day may close it.
    pub is_close: bool,
    /// What is so.
    pub value: Said,
    /// What has to be so.
    pub need: Said,
    /// What it takes to open it.
    pub kind: Kind,
    /// The first day on which it may be open, where time alone opens it.
    pub opens_day: Option<i64>,
}

impl Gate {
    fn new(id: &'static str, title: Said, kind: Kind, is_open: bool) -> Self {
        Self {
            id,
            title,
            is_open: Some(is_open),
            is_close: false,
            value: Said::default(),
            need: Said::default(),
            kind,
            opens_day: None,
        }
    }

    fn value(mut self, value: impl Into<Said>) -> Self {
        self.value = value.into();
        self
    }

    fn need(mut self, need: impl Into<Said>) -> Self {
        self.need = need.into();
        self
    }

    fn close(mut self, is_close: bool) -> Self {
        self.is_close = is_close && self.is_open == Some(true);
        self
    }

    fn opens(mut self, day: Option<i64>) -> Self {
        self.opens_day = day.filter(|_| self.is_open == Some(false));
        self
    }

    /// Whether it stands in the way.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.is_open != Some(true)
    }
}

/// All gates on the way to the next level.
pub(super) fn gates(view: &View<'_>, blockers: &[Blocker]) -> Vec<Gate> {
    let mut gates = vec![time::g1(view)];
    gates.extend(time::test_time(view));
    gates.extend([
        data::g2(view),
        data::g3(view),
        harm::g4(view, blockers),
        harm::g5(view),
        time::g6(view),
        time::g7(view),
        data::g8(view),
        harm::g9(view),
        harm::g10(view),
        data::g11(view),
        time::g12(view),
        harm::cap(view),
    ]);
    gates
}

/// A threshold as it stands in the settings.
fn threshold(percent: f64) -> String {
    format!("{percent} %")
}

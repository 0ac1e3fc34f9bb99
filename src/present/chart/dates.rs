//! The axis of days: where a day lies, which days are weekends, and which get a label.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

use super::scene::{Anchor, Area, Lane, Rank, Scene, Spot};

/// Days narrower than this are not shaded as weekends: stripes would be all there is to see.
const WEEKEND_DAY_PX_MIN: i64 = 3;

/// Distances between labels that are tried in turn.
const STEPS: [Step; 14] = [
    Step::Days(1),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(600),
    Step::Months(1200),
    Step::Months(12_000),
    Step::Months(120_000),
];

/// From one label of the axis to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Days, counted from a Monday unless it is a single one.
    Days(i32),
    /// Months, counted from a January of a round year.
    Months(i32),
}

/// Days from `first` to `last` spread evenly over the width of a plot.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateAxis {
    first: NaiveDate,
    last: NaiveDate,
    plot: Area,
}

impl DateAxis {
    pub(super) const fn new(first: NaiveDate, last: NaiveDate, plot: Area) -> Self {
        Self { first, last, plot }
    }

    /// The column of a day, as high as the plot. Columns meet without a gap and, when there are
    /// more days than pixels, may have no width.
    pub(super) fn column(&self, day: NaiveDate) -> Area {
        Area { left: self.left_of(day, 0), right: self.left_of(day, 1), ..self.plot }
    }

    /// Shades Saturdays and Sundays.
    pub(super) fn draw_weekends(&self, scene: &mut Scene) {
        if i64::from(self.plot.width()) / self.day_count() < WEEKEND_DAY_PX_MIN {
            return;
        }
        for day in self.first.iter_days().take_while(|day| *day <= self.last) {
            if matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
                scene.fill(self.column(day), scene.palette.band);
            }
        }
    }

    /// Ticks and dates below the plot: as dense as the labels allow.
    pub(super) fn draw_labels(&self, scene: &mut Scene) {
        let label_px = i64::from(scene.text_width_px("2000-00-00") + scene.body_px);
        let width_px = i64::from(self.plot.width());
        let step = STEPS.into_iter().find(|step| step.days_min() * width_px >= label_px * self.day_count());
        let mut labelled = step.map(|step| self.labelled_days(step)).unwrap_or_default();
        let mut by_month = matches!(step, Some(Step::Months(_)));
        if labelled.len() < 2 {
            // A few days with one Monday among them are better told by where they begin and end.
            labelled = vec![self.first, self.last];
            labelled.dedup();
            by_month = false;
        }
        let mut lane = Lane::new(scene.gap_px());
        for day in labelled {
            self.draw_label(scene, &mut lane, day, by_month);
        }
    }

    fn draw_label(&self, scene: &mut Scene, lane: &mut Lane, day: NaiveDate, by_month: bool) {
        let column = self.column(day);
        // Days are labelled at their middle, months where they begin.
        let x = if by_month { column.left } else { i32::midpoint(column.left, column.right) };
        let tick = Area { left: x, right: x + 1, top: self.plot.bottom, bottom: self.plot.bottom + scene.gap_px() };
        scene.fill(tick, scene.palette.muted);
        let text = if by_month { day.format("%Y-%m") } else { day.format("%Y-%m-%d") }.to_string();
        let width_max_px = scene.text_width_px(&text);
        let half_px = width_max_px / 2 + 1;
        let x = x.clamp(scene.sheet.left + half_px, scene.sheet.right - half_px);
        if lane.claim(x, width_max_px) {
            let baseline = tick.bottom + scene.body_px;
            let spot = Spot { x, baseline, anchor: Anchor::Middle, width_max_px };
            scene.text(&text, Rank::Muted, spot);
        }
    }

    fn labelled_days(&self, step: Step) -> Vec<NaiveDate> {
        let days: Box<dyn Iterator<Item = NaiveDate>> = match step {
            Step::Days(days) => {
                let since_monday = i64::from(self.first.weekday().num_days_from_monday());
                let ahead = if days == 1 { 0 } else { (7 - since_monday) % 7 };
                let start = self.first.checked_add_days(Days::new(ahead.unsigned_abs()));
                let stride = Days::new(u64::from(days.unsigned_abs()));
                Box::new(std::iter::successors(start, move |day| day.checked_add_days(stride)))
            }
            Step::Months(months) => {
                let before = (month_number(self.first) - 1).div_euclid(months);
                let starts = (before..).map_while(move |place| month_start((place + 1) * months));
                let first = self.first;
                Box::new(starts.skip_while(move |day| *day < first))
            }
        };
        days.take_while(|day| *day <= self.last).collect()
    }

    fn left_of(&self, day: NaiveDate, days_later: i64) -> i32 {
        let offset = (day - self.first).num_days() + days_later;
        let px = i64::from(self.plot.width()) * offset / self.day_count();
        i32::try_from(px).map_or(self.plot.right, |px| self.plot.left + px)
    }

    fn day_count(&self) -> i64 {
        ((self.last - self.first).num_days() + 1).max(1)
    }
}

impl Step {
    /// Least days between two labels.
    fn days_min(self) -> i64 {
        match self {
            Self::Days(days) => i64::from(days),
            Self::Months(months) => i64::from(months) * 28,
        }
    }
}

/// Months since January of year 0.
fn month_number(day: NaiveDate) -> i32 {
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

fn month_start(number: i32) -> Option<NaiveDate> {
    let month = u32::try_from(number.rem_euclid(12)).ok()? + 1;
    NaiveDate::from_ymd_opt(number.div_euclid(12), month, 1)
}

//! The summary of a period, in the forms that people and programs read.

mod view;

pub use view::{DayView, DispositionView, DomainView, ReporterView, SourceView, SummaryView, Sums};
mod stub;
pub use stub::*;

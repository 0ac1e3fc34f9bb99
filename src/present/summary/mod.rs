//! The summary of a period, in the forms that people and programs read.
//!
//! Each form is a pure function of a [`SummaryView`]: the same view gives the same bytes. A stranger's text is escaped
//! by the form that shows it, with the function of `escape` for its medium.

mod chat;
mod csv;
mod grid;
mod html;
mod json;
mod mail;
mod markdown;
mod news;
mod number;
mod spark;
mod teller;
mod text;
mod view;

#[cfg(test)]
mod tests;

pub use self::chat::{slack, teams};
pub use self::csv::csv;
pub use self::html::html;
pub use self::json::json;
pub use self::mail::{MailPicture, mail_page};
pub use self::markdown::markdown;
pub use self::news::subject;
pub use self::number::thousands;
pub use self::text::text;
pub use view::{
    DOMAINS_JUDGED, DayView, DigestView, DispositionView, DomainView, ReadinessView, ReporterView, SourceView,
    SpoofingView, SummaryView, Sums, TaskView, TrustView,
};

/// Domains that the forms for people list.
const DOMAINS_LISTED: usize = 20;
/// Reporters that the forms for people list.
const REPORTERS_LISTED: usize = 8;

/// How text is laid out on a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether it shows colours. Nothing is told by colour alone.
    pub color: bool,
    /// Whether it shows more than ASCII.
    pub unicode: bool,
}

/// A picture for the digest page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartImage {
    /// What it shows, in words.
    pub alt: String,
    /// An SVG document of ours.
    pub svg: String,
}

/// How many rows a list leaves out after the first `listed`, and their mails.
fn rest<T>(rows: &[T], listed: usize, mails: impl Fn(&T) -> u64) -> (u64, u64) {
    let left_out = rows.get(listed..).unwrap_or_default();
    (u64::try_from(left_out.len()).unwrap_or(u64::MAX), left_out.iter().map(mails).sum())
}

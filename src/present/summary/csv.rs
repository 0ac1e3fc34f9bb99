//! The summary as a table for spreadsheets: one row a domain.

use std::borrow::Cow;

use super::view::SummaryView;
use crate::present::escape;

/// Names of the columns. New ones are added at the end.
const COLUMNS: &str = "domain,policy,reports,mails,dkim_aligned,spf_aligned,dmarc_pass";

/// One row a domain, in the order of the view. Cells that a spreadsheet would run are defused.
#[must_use]
pub fn csv(view: &SummaryView) -> String {
    let mut table = format!("{COLUMNS}\n");
    for domain in &view.domains {
        let words = [quoted(&domain.name), quoted(domain.policy.as_deref().unwrap_or_default())];
        let sums = &domain.sums;
        let numbers = [domain.reports, sums.mails, sums.dkim_aligned(), sums.spf_aligned(), sums.dmarc_pass()];
        let cells: Vec<String> = words.into_iter().chain(numbers.map(|number| number.to_string())).collect();
        table.push_str(&cells.join(","));
        table.push('\n');
    }
    table
}

/// A cell as RFC 4180 has it. What other dialects split at is quoted too.
fn quoted(text: &str) -> String {
    let cell: Cow<str> = escape::csv_cell(text);
    if cell.contains([',', '"', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.into_owned()
    }
}

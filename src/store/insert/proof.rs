//! What the mail proves that brought reports, kept with them: the mail itself is not.

use rusqlite::{OptionalExtension as _, params};

use super::super::error::{StoreError, While as _};
use super::super::pack::PackedReport;
use super::super::proofs::Claim;
use super::{Entry, PackedItem, RawPart, Writer};
use crate::analyze::trust::{self, Trust};

impl Writer<'_> {
    /// Keeps the signatures of the mail beside the raw input that it brought.
    pub(super) fn proof(&self, entry: &Entry, part: &RawPart, raw_id: i64) -> Result<(), StoreError> {
        let Some((claim, first)) = claim(entry, part) else { return Ok(()) };
        let from = entry.mail.as_ref().and_then(|mail| mail.from.as_deref());
        let mut insert = self
            .transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO proof (raw_id, trust, sender_domain, signatures, asked_s) VALUES (?, ?, ?, ?, 0)",
            )
            .during("keep what a mail proves")?;
        insert
            .execute(params![raw_id, first.as_str(), trust::sender_domain(from), claim.to_json()])
            .during("keep what a mail proves")?;
        Ok(())
    }

    /// The same raw input in another mail: its signatures may prove what those of the first one did not. What did not come by
    /// mail at first stays as it is, whoever mails it afterwards.
    pub(super) fn proof_again(&self, entry: &Entry, part: &RawPart, raw_id: i64) -> Result<(), StoreError> {
        let Some((claim, first)) = claim(entry, part) else { return Ok(()) };
        let doing = "keep what a mail proves";
        let mut find = self
            .transaction
            .prepare_cached(
                "SELECT raw.mail_from, proof.trust, proof.signatures FROM raw LEFT JOIN proof ON proof.raw_id = raw.id WHERE raw.id = ?",
            )
            .during(doing)?;
        type Found = (Option<String>, Option<String>, Option<String>);
        let found: Option<Found> =
            find.query_row([raw_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional().during(doing)?;
        match found {
            Some((Some(_), None, _)) => self.proof(entry, part, raw_id),
            Some((_, Some(before), signatures)) if before != Trust::Proven.as_str() && first == Trust::Unknown => {
                let known = Claim::from_json(&signatures.unwrap_or_default()).unwrap_or_default();
                let mut update = self
                    .transaction
                    .prepare_cached("UPDATE proof SET trust = ?, signatures = ?, asked_s = 0 WHERE raw_id = ?")
                    .during(doing)?;
                update.execute(params![first.as_str(), claim.with(known).to_json(), raw_id]).during(doing)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Remembers since when a reporter sends by mail.
    pub(super) fn reporter_seen(&self, entry: &Entry, report: &PackedReport) -> Result<(), StoreError> {
        let Some(mail) = entry.mail.as_ref().filter(|mail| mail.signatures.is_some()) else { return Ok(()) };
        let mut insert = self
            .transaction
            .prepare_cached("INSERT OR IGNORE INTO reporter_seen (reporter, sender_domain, first_s) VALUES (?, ?, ?)")
            .during("remember a reporter")?;
        let reporter = report.reporter.as_deref().unwrap_or_default();
        let row = params![reporter, trust::sender_domain(mail.from.as_deref()), entry.received_s];
        insert.execute(row).during("remember a reporter")?;
        Ok(())
    }
}

/// What a mail claims of the reports in one of its parts, and what can be said at first; nothing without mail or report.
fn claim(entry: &Entry, part: &RawPart) -> Option<(Claim, Trust)> {
    let signatures = entry.mail.as_ref()?.signatures.as_ref()?;
    let mut reports = part.items.iter().filter_map(|item| match item {
        PackedItem::Report(report) => Some(report),
        PackedItem::Other { .. } | PackedItem::Rejected { .. } => None,
    });
    let first = reports.next()?;
    let mut claim = Claim { signatures: signatures.open.clone(), reports: Vec::new() };
    claim.add_report(&first.head);
    reports.for_each(|report| claim.add_report(&report.head));
    Some((claim, trust::at_first(signatures)))
}

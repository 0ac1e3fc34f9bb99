//! `export reports --as parsedmarc`: one report with its records a line.

use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;

use serde_json::Value;

use super::ExportError;
use crate::dns::public_suffix;
use crate::present::escape;
use crate::present::parsedmarc::{self, Record, Report};
use crate::store::{Filter, RecordRow, ReportRow, Store};

/// Names of addresses, each with its domain.
type Names = HashMap<IpAddr, (String, String)>;

/// Reports whose records are being put together: one at a time.
struct Lines<W> {
    out: W,
    names: Names,
    open: Option<(ReportRow, Vec<Value>)>,
}

pub(super) fn write(store: &Store, filter: &Filter, out: impl Write) -> Result<(), ExportError> {
    let names = names(store)?;
    let mut lines = Lines { out, names, open: None };
    store.each_record(filter, |report, record| lines.record(report, record))?;
    lines.close()?;
    lines.out.flush().map_err(ExportError::Write)
}

/// Names that lead back to their address.
fn names(store: &Store) -> Result<Names, ExportError> {
    let mut names = Names::new();
    for (address, (found, _)) in store.reverse_names()? {
        if let Some(name) = found.name.filter(|_| found.is_confirmed) {
            let domain = public_suffix::organizational_domain(&name).unwrap_or(&name).to_owned();
            names.insert(address, (name, domain));
        }
    }
    Ok(names)
}

impl<W: Write> Lines<W> {
    fn record(&mut self, report: &ReportRow, record: &RecordRow) -> Result<(), ExportError> {
        if self.open.as_ref().is_none_or(|(open, _)| open.id != report.id) {
            self.close()?;
            self.open = Some((report.clone(), Vec::new()));
        }
        // The shape has no word for what is not known, and 0 would be a lie.
        let (Some(source_ip), Some(count)) = (record.source_ip.as_deref(), record.count) else { return Ok(()) };
        let name = source_ip.parse::<IpAddr>().ok().and_then(|address| self.names.get(&address));
        let record = Record {
            source_ip,
            reverse: name.map(|(name, domain)| (name.as_str(), domain.as_str())),
            count,
            evaluated: &record.evaluated,
            header_from: record.header_from.as_deref(),
            envelope_from: record.envelope_from.as_deref(),
            envelope_to: record.envelope_to.as_deref(),
            auth_results: &record.auth_results,
        };
        if let Some((_, records)) = &mut self.open {
            records.extend(parsedmarc::records(&shown(report), &record));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), ExportError> {
        let Some((report, records)) = self.open.take() else { return Ok(()) };
        let line = parsedmarc::report(&shown(&report), &records).to_string();
        writeln!(self.out, "{}", escape::json(&line)).map_err(ExportError::Write)
    }
}

fn shown(report: &ReportRow) -> Report<'_> {
    Report {
        org_name: report.org_name.as_deref(),
        report_id: &report.report_id,
        domain: &report.domain,
        begin_s: report.begin_s,
        end_s: report.end_s,
        head: &report.head,
    }
}

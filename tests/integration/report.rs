//! Reports of our own making, for tests that need a certain one.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// 2026-01-05T00:00:00Z, a Monday.
pub(crate) const MONDAY_S: i64 = 1_767_571_200;
/// Seconds of a day.
pub(crate) const DAY_S: i64 = 86_400;

/// A report.
#[derive(Clone)]
pub(crate) struct Report {
    org: String,
    id: String,
    domain: String,
    begin_s: i64,
    end_s: i64,
    records: Vec<String>,
}

impl Report {
    /// A report of one day, of `reporter.example` about `example.com`, without records.
    pub(crate) fn new(id: &str) -> Self {
        Self {
            org: "reporter.example".to_owned(),
            id: id.to_owned(),
            domain: "example.com".to_owned(),
            begin_s: MONDAY_S,
            end_s: MONDAY_S + DAY_S - 1,
            records: Vec::new(),
        }
    }

    /// Another reporter.
    pub(crate) fn org(mut self, org: &str) -> Self {
        org.clone_into(&mut self.org);
        self
    }

    /// Another policy domain.
    pub(crate) fn domain(mut self, domain: &str) -> Self {
        domain.clone_into(&mut self.domain);
        self
    }

    /// Another period: begin and length.
    pub(crate) fn period(mut self, begin_s: i64, length_s: i64) -> Self {
        self.begin_s = begin_s;
        self.end_s = begin_s + length_s;
        self
    }

    /// One more record.
    pub(crate) fn record(mut self, ip: &str, count: u64, dkim: &str, spf: &str) -> Self {
        self.records.push(format!(
            "  <record>\n    <row>\n      <source_ip>{ip}</source_ip>\n      <count>{count}</count>\n      <policy_evaluated>\
             <disposition>none</disposition><dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated>\n    </row>\n    \
             <identifiers><header_from>{}</header_from></identifiers>\n    <auth_results>\
             <dkim><domain>{}</domain><selector>s1</selector><result>{dkim}</result></dkim>\
             <spf><domain>{}</domain><result>{spf}</result></spf></auth_results>\n  </record>\n",
            self.domain, self.domain, self.domain
        ));
        self
    }

    fn head(&self) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback>\n  <report_metadata>\n    <org_name>{}</org_name>\n    \
             <email>dmarc@reporter.example</email>\n    <report_id>{}</report_id>\n    \
             <date_range><begin>{}</begin><end>{}</end></date_range>\n  </report_metadata>\n  <policy_published>\n    \
             <domain>{}</domain>\n    <p>none</p>\n  </policy_published>\n",
            self.org, self.id, self.begin_s, self.end_s, self.domain
        )
    }

    /// The whole document.
    pub(crate) fn xml(&self) -> String {
        format!("{}{}</feedback>\n", self.head(), self.records.concat())
    }

    /// The document cut off behind `records` whole records, in the middle of the next.
    pub(crate) fn cut_after(&self, records: usize) -> String {
        let next = self.records.get(records).expect("a record to cut");
        let half = next.get(..next.len() / 2).expect("a record of ASCII");
        format!("{}{}{half}", self.head(), self.records.get(..records).expect("records before the cut").concat())
    }

    /// The document in gzip.
    pub(crate) fn gzip(&self) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(self.xml().as_bytes()).expect("writing to memory");
        encoder.finish().expect("writing to memory")
    }

    /// A mail that carries the document as an attachment, with CRLF.
    pub(crate) fn mail(&self) -> String {
        format!(
            "From: dmarc@reporter.example\nTo: rua@example.com\nSubject: Report Domain: {0} Submitter: {1} Report-ID: <{2}>\n\
             Message-ID: <{2}@reporter.example>\nDate: Tue, 06 Jan 2026 03:00:00 +0000\nMIME-Version: 1.0\n\
             Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nA report.\n--b\n\
             Content-Type: text/xml; name=\"{1}!{0}!{3}!{4}.xml\"\nContent-Disposition: attachment; filename=\"{1}!{0}!{3}!{4}.xml\"\n\n\
             {5}\n--b--\n",
            self.domain, self.org, self.id, self.begin_s, self.end_s, self.xml()
        )
        .replace('\n', "\r\n")
    }
}

/// Messages as an mbox.
pub(crate) fn mbox(messages: &[String]) -> String {
    let entry =
        |message: &String| format!("From MAILER-DAEMON Tue Jan  6 03:00:00 2026\n{}\n", message.replace("\r\n", "\n"));
    messages.iter().map(entry).collect()
}

/// A mail without a report.
pub(crate) fn ordinary_mail() -> String {
    "From: someone@example.net\r\nTo: rua@example.com\r\nSubject: lunch\r\n\r\nAt noon?\r\n".to_owned()
}

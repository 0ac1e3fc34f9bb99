//! Reports, gzip, zip and mail made by hand: nothing here keeps a promise that a format makes.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::{Compress, Compression, Crc, FlushCompress};

/// A mebibyte.
pub(crate) const MIB: usize = 1 << 20;
/// A file name that claims to be a report (RFC 7489 7.2.1.1); what is behind it must end as a report or a rejection.
pub(crate) const CLAIM: &str = "o.example!example.com!1790000000!1790086399";

/// Everything of a report before its records.
pub(crate) fn head(report_id: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><feedback><report_metadata><org_name>o.example</org_name><email>a@o.example</email>\
         <report_id>{report_id}</report_id><date_range><begin>1790000000</begin><end>1790086399</end></date_range>\
         </report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published>"
    )
}

/// The end of a report.
pub(crate) const END: &str = "</feedback>";

/// A record of `mails` mails.
pub(crate) fn record(number: usize, mails: usize) -> String {
    let spf = if number.is_multiple_of(3) { "pass" } else { "fail" };
    format!(
        "<record><row><source_ip>192.0.2.{}</source_ip><count>{mails}</count><policy_evaluated><disposition>none</disposition>\
         <dkim>pass</dkim><spf>{spf}</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>\
         <auth_results><spf><domain>example.com</domain><result>{spf}</result></spf></auth_results></record>",
        number % 250
    )
}

/// A whole report.
pub(crate) fn report(report_id: &str, records: usize) -> String {
    let records: String = (0..records).map(|number| record(number, 1 + number % 7)).collect();
    format!("{}{records}{END}", head(report_id))
}

/// Writes a file piece by piece.
pub(crate) fn file(path: PathBuf, write: impl FnOnce(&mut BufWriter<File>)) -> PathBuf {
    let mut out = BufWriter::with_capacity(MIB, File::create(&path).expect("a new file"));
    write(&mut out);
    out.flush().expect("the disk has room");
    path
}

/// Writes `piece` over and over.
pub(crate) fn repeat(out: &mut impl Write, piece: impl AsRef<[u8]>, times: usize) {
    for _ in 0..times {
        put(out, piece.as_ref());
    }
}

/// Writes bytes.
pub(crate) fn put(out: &mut impl Write, bytes: impl AsRef<[u8]>) {
    out.write_all(bytes.as_ref()).expect("the disk has room");
}

/// Writes a folder of small gzip reports of two records each, named `prefix-N`.
pub(crate) fn folder(path: &Path, prefix: &str, reports: usize) -> PathBuf {
    fs::create_dir(path).expect("a new folder");
    for number in 0..reports {
        let name = format!("{prefix}-{number}");
        let report = report(&name, 2);
        fs::write(path.join(format!("{name}.xml.gz")), Deflated::of(&[(report.as_bytes(), 1)]).gzip())
            .expect("the disk has room");
    }
    path.to_owned()
}

/// Deflated data with what a container says about it.
#[derive(Clone)]
pub(crate) struct Deflated {
    pub(crate) data: Vec<u8>,
    pub(crate) crc: u32,
    pub(crate) size: u64,
}

impl Deflated {
    /// Each piece repeated: a repetition costs no time, as a piece is deflated once, into whole bytes, and copied.
    pub(crate) fn of(pieces: &[(&[u8], usize)]) -> Self {
        let (mut data, mut crc, mut size) = (Vec::new(), Crc::new(), 0);
        for (piece, times) in pieces {
            let deflated = deflated_piece(piece);
            let mut piece_crc = Crc::new();
            piece_crc.update(piece);
            for _ in 0..*times {
                data.extend_from_slice(&deflated);
                crc.combine(&piece_crc);
                size += u64::try_from(piece.len()).expect("a size");
            }
        }
        // An empty last block.
        data.extend_from_slice(&[3, 0]);
        Self { data, crc: crc.sum(), size }
    }

    /// A gzip member around it.
    pub(crate) fn gzip(&self) -> Vec<u8> {
        let size = u32::try_from(self.size & u64::from(u32::MAX)).expect("masked");
        [GZIP_HEAD, &self.data, &self.crc.to_le_bytes(), &size.to_le_bytes()].concat()
    }
}

/// The head of a gzip member.
pub(crate) const GZIP_HEAD: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";

/// Deflates a piece that depends on nothing before it and ends at a whole byte.
fn deflated_piece(piece: &[u8]) -> Vec<u8> {
    let mut deflater = Compress::new(Compression::new(6), false);
    let mut out = Vec::with_capacity(piece.len() + piece.len() / 8 + 1_024);
    deflater.compress_vec(piece, &mut out, FlushCompress::Full).expect("memory can be deflated");
    assert_eq!(deflater.total_in(), u64::try_from(piece.len()).expect("a size"), "all of the piece");
    out
}

/// gzip around bytes.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    Deflated::of(&[(bytes, 1)]).gzip()
}

/// A zip archive in the making.
pub(crate) struct Zip<W: Write> {
    out: W,
    directory: Vec<u8>,
    offset: u64,
    members: u64,
}

impl<W: Write> Zip<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out, directory: Vec::new(), offset: 0, members: 0 }
    }

    /// A member with data of its own.
    pub(crate) fn member(&mut self, name: &str, content: &Deflated) -> &mut Self {
        let at = self.data(name, content);
        self.entry(name, content, at)
    }

    /// Data behind a local header; gives its offset.
    pub(crate) fn data(&mut self, name: &str, content: &Deflated) -> u64 {
        let at = self.offset;
        let head = [&b"PK\x03\x04\x14\0"[..], &fields(name, content), &[0, 0], name.as_bytes()].concat();
        put(&mut self.out, &head);
        put(&mut self.out, &content.data);
        self.offset += u64::try_from(head.len() + content.data.len()).expect("a size");
        at
    }

    /// A directory entry for whatever lies at `at`.
    pub(crate) fn entry(&mut self, name: &str, content: &Deflated, at: u64) -> &mut Self {
        let at = u32::try_from(at).expect("a small archive");
        self.directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0");
        self.directory.extend_from_slice(&fields(name, content));
        self.directory.extend_from_slice(&[0; 12]);
        self.directory.extend_from_slice(&at.to_le_bytes());
        self.directory.extend_from_slice(name.as_bytes());
        self.members += 1;
        self
    }

    /// Writes directory and end; the zip64 end when there are too many members for the other.
    pub(crate) fn finish(&mut self) {
        put(&mut self.out, &self.directory);
        let size = u64::try_from(self.directory.len()).expect("a size");
        if self.members > 0xfffe {
            let (members, at) = (self.members.to_le_bytes(), self.offset.to_le_bytes());
            let end = [
                &b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0"[..],
                &members,
                &members,
                &size.to_le_bytes(),
                &at,
            ]
            .concat();
            put(&mut self.out, end);
            put(
                &mut self.out,
                [&b"PK\x06\x07\0\0\0\0"[..], &(self.offset + size).to_le_bytes(), &[1, 0, 0, 0]].concat(),
            );
        }
        let members = u16::try_from(self.members).unwrap_or(u16::MAX).to_le_bytes();
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
        put(
            &mut self.out,
            [&b"PK\x05\x06\0\0\0\0"[..], &members, &members, &short(size), &short(self.offset), &[0, 0]].concat(),
        );
    }
}

/// What both headers of a member have in common.
fn fields(name: &str, content: &Deflated) -> Vec<u8> {
    let size = u32::try_from(content.size).unwrap_or(u32::MAX);
    let packed = u32::try_from(content.data.len()).expect("small data");
    let name = u16::try_from(name.len()).expect("a short name");
    let mut out = b"\0\0\x08\0\0\0\x21\0".to_vec();
    out.extend_from_slice(&content.crc.to_le_bytes());
    out.extend_from_slice(&packed.to_le_bytes());
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&name.to_le_bytes());
    out
}

/// A zip archive in memory.
pub(crate) fn zip(members: &[(&str, &Deflated)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut zip = Zip::new(&mut bytes);
    for (name, content) in members {
        zip.member(name, content);
    }
    zip.finish();
    bytes
}

/// Header fields of a mail that claims a report, without the last line.
pub(crate) const MAIL: &str = "From: a@o.example\r\nTo: b@example.com\r\n\
     Subject: Report Domain: example.com Submitter: o.example Report-ID: <1>\r\nMIME-Version: 1.0\r\n";
/// The line before each message of an mbox.
pub(crate) const FROM_LINE: &str = "From a Thu Jan  1 00:00:00 2026\n";

/// A mail with `xml` as its body.
pub(crate) fn mail(xml: &str) -> String {
    format!("{MAIL}Content-Type: text/xml\r\n\r\n{xml}\r\n")
}

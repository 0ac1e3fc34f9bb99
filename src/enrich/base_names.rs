//! Names of whoever is behind a reverse name, out of a file in the form of parsedmarc's `base_reverse_dns_map.csv`.

use std::collections::HashMap;
use std::path::Path;

use foldhash::fast::RandomState;

use super::data_file::{DataFileError, read};
use crate::limits::Limits;

/// Longest name that is taken over, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// Who is behind a base domain of reverse names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseName {
    /// What people call it.
    pub name: String,
    /// What it does, in the words of the file; empty where it does not say.
    pub kind: String,
}

/// Names by base domain. They are for people to read, and decide nothing.
#[derive(Clone, Debug, Default)]
pub struct BaseNames(HashMap<String, BaseName, RandomState>);

impl BaseNames {
    /// Reads a file: the rows that can be used, and what is wrong with it.
    #[must_use]
    pub fn open(path: &Path, limits: &Limits) -> (Self, Vec<DataFileError>) {
        match read(path, limits) {
            Ok(bytes) => Self::of(path, &bytes, limits.names_rows_max),
            Err(error) => (Self::default(), vec![error]),
        }
    }

    /// The name of a base domain, in lower case.
    #[must_use]
    pub fn get(&self, base: &str) -> Option<&BaseName> {
        self.0.get(base)
    }

    fn of(path: &Path, bytes: &[u8], rows_max: u64) -> (Self, Vec<DataFileError>) {
        let (mut names, mut errors) = (Self::default(), Vec::new());
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
        let column = |headers: &csv::ByteRecord, name: &str| {
            let is_it =
                |header: &[u8]| header.trim_ascii().strip_prefix(b"\xef\xbb\xbf").unwrap_or(header) == name.as_bytes();
            headers.iter().position(is_it)
        };
        let headers = reader.byte_headers().cloned().unwrap_or_default();
        let (Some(base), Some(name)) = (column(&headers, "base_reverse_dns"), column(&headers, "name")) else {
            return (names, vec![DataFileError::NoColumns { path: path.to_owned() }]);
        };
        let kind = column(&headers, "type");
        let (mut bad, mut first, mut rows) = (0_u64, 0_u64, 0_u64);
        for record in reader.byte_records() {
            rows += 1;
            if rows > rows_max {
                errors.push(DataFileError::TooManyRows { path: path.to_owned(), bound: rows_max });
                break;
            }
            let line = record.as_ref().ok().and_then(csv::ByteRecord::position).map_or(rows + 1, csv::Position::line);
            let text = |place: usize| {
                let cell = std::str::from_utf8(record.as_ref().ok()?.get(place)?).ok()?.trim();
                (cell.len() <= NAME_BYTES_MAX).then(|| cell.to_owned())
            };
            let found = text(base).map(|base| base.to_lowercase()).filter(|base| is_domain(base));
            let name = text(name).filter(|name| !name.is_empty());
            let (Some(base), Some(name)) = (found, name) else {
                bad += 1;
                first = if bad == 1 { line } else { first };
                continue;
            };
            names.0.insert(base, BaseName { name, kind: kind.and_then(text).unwrap_or_default() });
        }
        if bad > 0 {
            errors.push(DataFileError::BadRows { path: path.to_owned(), rows: bad, first });
        }
        (names, errors)
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.') && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, rows_max: u64) -> (BaseNames, Vec<String>) {
        let (names, errors) = BaseNames::of(Path::new("names.csv"), text.as_bytes(), rows_max);
        (names, errors.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn names_are_read_and_bad_rows_told() {
        let text = "base_reverse_dns,name,type\nExample.NET,\"Example, Inc.\",Web Host\nshort\n,Nobody,ISP\nexample.org,Example Org,\n";
        let (names, errors) = read(text, 10);
        let found = BaseName { name: "Example, Inc.".to_owned(), kind: "Web Host".to_owned() };
        assert_eq!(names.get("example.net"), Some(&found));
        assert_eq!(names.get("example.org").map(|found| &*found.kind), Some(""));
        assert_eq!(errors, ["names.csv: 2 rows can't be used, the first in line 3"]);
    }

    #[test]
    fn a_long_file_is_cut_and_another_file_is_none() {
        let text = "base_reverse_dns,name\na.example,A\nb.example,B\nc.example,C\n";
        let (names, errors) = read(text, 2);
        assert!(names.get("b.example").is_some() && names.get("c.example").is_none());
        assert_eq!(errors, ["names.csv is over the limit names_rows_max = 2: what comes behind is left out"]);
        assert_eq!(read(text, 3).1, [""; 0]);
        assert_eq!(read("domain,who\na.example,A\n", 2).1, ["names.csv has no columns base_reverse_dns and name"]);
    }
}

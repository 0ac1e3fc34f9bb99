//! What the server knows.

use std::collections::{BTreeMap, BTreeSet};

use hickory_resolver::proto::rr::rdata::{A, AAAA, CNAME, MX, NS, NULL, PTR, SOA, TXT};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

/// Seconds for which records hold, and for which it holds that there is none.
const TTL_S: u32 = 300;
const NOTHING_TTL_S: u32 = 60;

/// What the server does in place of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    ServFail,
    Refused,
    Silent,
    Cut,
    Alone,
    Old,
    Elsewhere,
}

/// An answer in the making.
pub(super) struct Reply {
    pub(super) exists: bool,
    pub(super) answers: Vec<Record>,
    pub(super) soa: Option<Record>,
}

#[derive(Default)]
pub(super) struct Zone {
    records: BTreeMap<String, Vec<(String, RData)>>,
    existing: BTreeSet<String>,
    marks: BTreeMap<(String, Option<String>), Mark>,
}

/// A name with its final dot.
pub(super) fn full(name: &str) -> Name {
    let labels: Vec<&[u8]> = name.split('.').filter(|label| !label.is_empty()).map(str::as_bytes).collect();
    let mut full = Name::from_labels(labels).unwrap_or_else(|error| panic!("{name}: {error}"));
    full.set_fqdn(true);
    full
}

impl Zone {
    pub(super) fn read(text: &str) -> Self {
        let mut zone = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if let Some(order) = line.strip_prefix(";@") {
                zone.order(order);
            } else if !line.starts_with(';') {
                zone.record(line);
            }
        }
        zone
    }

    fn order(&mut self, order: &str) {
        let words: Vec<&str> = order.split_whitespace().collect();
        let mark = match words[0] {
            "servfail" => Mark::ServFail,
            "refused" => Mark::Refused,
            "silent" => Mark::Silent,
            "cut" => Mark::Cut,
            "alone" => Mark::Alone,
            "old" => Mark::Old,
            "elsewhere" => Mark::Elsewhere,
            other => panic!("{other} is no order to the name server"),
        };
        self.marks.insert((words[1].to_lowercase(), words.get(2).map(|kind| (*kind).to_owned())), mark);
    }

    fn record(&mut self, line: &str) {
        let (name, rest) = line.split_once(char::is_whitespace).expect("a name and a record");
        let (kind, data) = rest.trim_start().split_once(char::is_whitespace).expect("a type and data");
        let data = data.trim();
        let word = |number: usize| data.split_whitespace().nth(number).expect("enough words");
        let record = match kind {
            "A" => RData::A(A(data.parse().expect("an IPv4 address"))),
            "AAAA" => RData::AAAA(AAAA(data.parse().expect("an IPv6 address"))),
            "MX" => RData::MX(MX::new(word(0).parse().expect("a preference"), full(word(1)))),
            "NS" => RData::NS(NS(full(data))),
            "PTR" => RData::PTR(PTR(full(data))),
            "CNAME" => RData::CNAME(CNAME(full(data))),
            "TXT" => RData::TXT(TXT::new(strings(data))),
            "TYPE99" => RData::Unknown { code: RecordType::Unknown(99), rdata: NULL::with(lengths(&strings(data))) },
            other => panic!("{other} is no type that the name server knows"),
        };
        let name = name.trim_end_matches('.').to_lowercase();
        let mut above = Some(name.as_str());
        while let Some(existing) = above {
            self.existing.insert(existing.to_owned());
            above = existing.split_once('.').map(|(_, rest)| rest);
        }
        self.records.entry(name).or_default().push((kind.to_owned(), record));
    }

    /// The order for a question, if there is one.
    pub(super) fn mark(&self, name: &str, kind: &str) -> Option<Mark> {
        let at = |name: &str| {
            let own = self.marks.get(&(name.to_owned(), Some(kind.to_owned())));
            own.or_else(|| self.marks.get(&(name.to_owned(), None))).copied()
        };
        let below = || {
            let mut rest = name;
            std::iter::from_fn(move || {
                rest = rest.split_once('.')?.1;
                Some(rest)
            })
            .find_map(|above| at(&format!("*.{above}")))
        };
        at(name).or_else(below)
    }

    /// The records at a name, those of a wildcard where it applies (RFC 4592); none where there is no such name.
    fn node(&self, name: &str) -> Option<&[(String, RData)]> {
        if self.existing.contains(name) {
            return Some(self.records.get(name).map_or(&[], Vec::as_slice));
        }
        let mut rest = name;
        while let Some((_, above)) = rest.split_once('.') {
            if self.existing.contains(above) {
                return self.records.get(&format!("*.{above}")).map(Vec::as_slice);
            }
            rest = above;
        }
        None
    }

    pub(super) fn look_up(&self, name: &str, kind: &str, is_alone: bool) -> Reply {
        let mut name = name.to_owned();
        let mut answers: Vec<Record> = Vec::new();
        loop {
            let Some(node) = self.node(&name) else {
                return Reply { exists: false, answers, soa: Some(soa()) };
            };
            let found: Vec<&(String, RData)> = node.iter().filter(|(own, _)| own == kind).collect();
            if !found.is_empty() {
                answers.extend(found.iter().map(|(_, data)| Record::from_rdata(full(&name), TTL_S, data.clone())));
                return Reply { exists: true, answers, soa: None };
            }
            let alias = node.iter().find_map(|(_, data)| match data {
                RData::CNAME(target) => Some(target.0.to_ascii().trim_end_matches('.').to_lowercase()),
                _ => None,
            });
            let Some(target) = alias else {
                return Reply { exists: true, answers, soa: Some(soa()) };
            };
            answers.push(Record::from_rdata(full(&name), TTL_S, RData::CNAME(CNAME(full(&target)))));
            if is_alone || answers.iter().any(|record| record.name == full(&target)) {
                return Reply { exists: true, answers, soa: None };
            }
            name = target;
        }
    }
}

/// The one zone of this server is the root.
fn soa() -> Record {
    let soa = SOA::new(full("ns.test"), full("hostmaster.test"), 1, 7_200, 3_600, 86_400, NOTHING_TTL_S);
    Record::from_rdata(Name::root(), TTL_S, RData::SOA(soa))
}

/// Strings with their length in front.
fn lengths(strings: &[String]) -> Vec<u8> {
    let with_length = |text: &String| {
        let length = u8::try_from(text.len()).expect("a short string");
        [&[length], text.as_bytes()].concat()
    };
    strings.iter().flat_map(with_length).collect()
}

/// `"one" "two"`: quoted strings, with `\"` and `\\`.
fn strings(data: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut current: Option<String> = None;
    let mut chars = data.chars();
    while let Some(c) = chars.next() {
        match (&mut current, c) {
            (None, '"') => current = Some(String::new()),
            (None, c) => assert!(c.is_whitespace(), "strings stand in quotes: {data}"),
            (Some(_), '"') => strings.extend(current.take()),
            (Some(text), '\\') => text.extend(chars.next()),
            (Some(text), c) => text.push(c),
        }
    }
    assert!(current.is_none() && !strings.is_empty(), "strings stand in quotes: {data}");
    strings
}

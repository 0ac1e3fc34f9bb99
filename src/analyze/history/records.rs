//! When records in DNS changed.

use std::collections::BTreeMap;

use crate::dns::{Answer, Published};

const DAY_S: i64 = 86_400;

/// A record of a domain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordName {
    /// The policy.
    Dmarc,
    /// Who may send.
    Spf,
    /// The key of a selector.
    Key(String),
}

/// A record was seen to be another than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordChange {
    /// UTC day on which the new one was first seen, days since 1970-01-01.
    pub day: i64,
    /// Which.
    pub record: RecordName,
}

/// Changes between snapshots of one domain, which are oldest first. What did not answer is no news, and a record that
/// was not asked for before is no change.
#[must_use]
pub fn record_changes(published: &[Published]) -> Vec<RecordChange> {
    let mut before: BTreeMap<RecordName, &[String]> = BTreeMap::new();
    let mut changes = Vec::new();
    for snapshot in published {
        let keys = snapshot.dkim.iter().map(|key| (RecordName::Key(key.selector.clone()), &key.answer));
        let records = [(RecordName::Dmarc, &snapshot.dmarc), (RecordName::Spf, &snapshot.spf)];
        for (record, answer) in records.into_iter().chain(keys).filter(|(_, answer)| !answer.is_unknown()) {
            let texts = Answer::records(answer);
            if before.insert(record.clone(), texts).is_some_and(|other| other != texts) {
                changes.push(RecordChange { day: snapshot.seen_s.div_euclid(DAY_S), record });
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Failure, PublishedKey};

    fn seen(day: i64, dmarc: Answer<String>, key: Answer<String>) -> Published {
        Published {
            domain: "example.com".to_owned(),
            seen_s: day * DAY_S + 7,
            dmarc,
            dmarc_applies: None,
            organizational_domain: None,
            spf: Answer::NoData,
            spf_cover: None,
            dkim: vec![PublishedKey { selector: "s1".to_owned(), answer: key, aliases: Vec::new() }],
            mx: Answer::NoData,
        }
    }

    #[test]
    fn only_known_answers_that_differ_are_changes() {
        let found = |text: &str| Answer::Found(vec![text.to_owned()]);
        let unknown = || Answer::Failed(Failure::TimedOut);
        let snapshots = [
            seen(1, found("v=DMARC1; p=none"), found("p=a")),
            seen(2, unknown(), unknown()),
            seen(3, found("v=DMARC1; p=none"), Answer::NxDomain),
            seen(4, found("v=DMARC1; p=reject"), Answer::NoData),
        ];
        let changes = record_changes(&snapshots);
        assert_eq!(
            changes,
            [
                RecordChange { day: 3, record: RecordName::Key("s1".to_owned()) },
                RecordChange { day: 4, record: RecordName::Dmarc },
            ]
        );
        assert_eq!(record_changes(&[]), []);
    }
}

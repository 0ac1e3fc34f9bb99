//! What it means that a place closes: a value is read, a part is whole, a record is added.

use std::sync::Arc;

use super::builder::Builder;
use super::known::{Look, Meaning};
use super::place::Place;
use super::shared::Shared;
use super::value;
use crate::model::{Field, NoteKind, PolicyOverride, Record};

/// Memory of a record, here and when it is packed: itself, and its address.
const RECORD_BYTES: u64 = 200;
/// Memory of a DKIM or SPF result; most are shared, and this is a bound.
const RESULT_BYTES: u64 = 16;

impl Builder<'_> {
    /// An element closes a place.
    pub(super) fn close(&mut self, place: Place, offset: u64) {
        match place {
            Place::Value(field) => {
                let text = std::mem::take(&mut self.text);
                self.value(field, &text, offset);
                self.text = text;
                self.text.clear();
            }
            Place::Record => self.close_record(offset),
            Place::Evaluated | Place::Identifiers | Place::AuthResults => self.close_part(place, offset),
            Place::Reason => self.close_reason(offset),
            Place::Dkim => {
                let dkim = std::mem::take(&mut self.dkim);
                if self.record.auth_results.dkim.len() < self.auth_results_max {
                    self.record.auth_results.dkim.push(dkim);
                } else {
                    self.note(offset, NoteKind::AuthResultsCut);
                }
            }
            Place::Spf => {
                let spf = std::mem::take(&mut self.spf);
                if self.record.auth_results.spf.len() < self.auth_results_max {
                    self.record.auth_results.spf.push(spf);
                } else {
                    self.note(offset, NoteKind::AuthResultsCut);
                }
            }
            _ => {}
        }
    }

    fn close_record(&mut self, offset: u64) {
        self.seen.row = false;
        self.seen.evaluated = false;
        self.seen.identifiers = false;
        self.seen.auth_results = false;
        let open = &mut self.record;
        let record = Record {
            source_ip: open.source_ip.take(),
            count: open.count.take(),
            policy_evaluated: or_absent(open.evaluated.take(), &mut self.evaluations),
            identifiers: or_absent(open.identified.take(), &mut self.identifiers),
            auth_results: or_absent(open.measured.take(), &mut self.auth_results),
        };
        for (is_missing, field) in [
            (record.source_ip.is_none(), Field::SourceIp),
            (record.count.is_none(), Field::Count),
            (record.policy_evaluated.disposition.is_none(), Field::Disposition),
            (record.policy_evaluated.dkim.is_none(), Field::EvaluatedDkim),
            (record.policy_evaluated.spf.is_none(), Field::EvaluatedSpf),
            (record.identifiers.header_from.is_none(), Field::HeaderFrom),
        ] {
            if is_missing {
                self.note(offset, NoteKind::Missing(field));
            }
        }
        self.mails = self.mails.saturating_add(record.mails());
        self.bytes += RECORD_BYTES;
        self.records.push(record);
    }

    /// Some reporters write the override's type straight into `<reason>`.
    fn close_reason(&mut self, offset: u64) {
        let mut reason = std::mem::replace(&mut self.reason, PolicyOverride { kind: None, comment: None });
        let text = std::mem::take(&mut self.text);
        let bare = text.trim();
        if reason.kind.is_none() && reason.comment.is_none() && !bare.is_empty() {
            let bare = self.clean(Field::Reason, bare, offset);
            let (kind, note) = value::word(Field::Reason, &bare, |odd| odd.into());
            reason.kind = Some(kind);
            self.note(offset, note.unwrap_or(NoteKind::OddWord(Field::Reason, bare)));
        }
        if self.record.policy_evaluated.reasons.len() < self.reasons_max {
            self.record.policy_evaluated.reasons.push(reason);
        } else {
            self.note(offset, NoteKind::ReasonsCut);
        }
    }

    /// The part of a record that begins at the front of `ahead`, if it is known as a whole; gives its length. The hash
    /// is that of the name that opened it.
    pub(super) fn take_known(&mut self, place: Place, name_hash: u64, ahead: &[u8], begin: u64) -> Option<usize> {
        self.recording = None;
        let (meaning, traces, is_first, length) = match self.known.look(place, name_hash, ahead, begin) {
            Look::Known { meaning, traces, is_first, length } => (meaning, traces, is_first, length),
            Look::Again(recording) => {
                self.recording = Some(recording);
                return None;
            }
            Look::New => return None,
        };
        for (offset, kind) in &traces.notes {
            self.note(begin.saturating_add(*offset), kind.clone());
        }
        if is_first {
            for text in &traces.texts {
                self.share_again(text);
            }
        }
        self.mean(meaning);
        Some(length)
    }

    /// A part of a record has been read to its end.
    fn close_part(&mut self, place: Place, offset: u64) {
        let open = &mut self.record;
        let meaning = match place {
            Place::Evaluated => Meaning::Evaluated(self.evaluations.keep(std::mem::take(&mut open.policy_evaluated))),
            Place::Identifiers => Meaning::Identifiers(self.identifiers.keep(std::mem::take(&mut open.identifiers))),
            Place::AuthResults => Meaning::AuthResults(self.auth_results.keep(std::mem::take(&mut open.auth_results))),
            _ => return,
        };
        if let Some(recording) = self.recording.take().filter(|recording| recording.is_whole(place, offset)) {
            self.known.keep(recording, meaning.clone());
        }
        self.mean(meaning);
    }

    fn mean(&mut self, meaning: Meaning) {
        match meaning {
            Meaning::Evaluated(evaluated) => self.record.evaluated = Some(evaluated),
            Meaning::Identifiers(identifiers) => self.record.identified = Some(identifiers),
            Meaning::AuthResults(results) => {
                let number = u64::try_from(results.dkim.len() + results.spf.len()).unwrap_or(u64::MAX);
                self.bytes += RESULT_BYTES * number;
                self.record.measured = Some(results);
            }
        }
    }
}

/// A part of a record, or its absence.
fn or_absent<T: Default + Eq + std::hash::Hash>(part: Option<Arc<T>>, shared: &mut Shared<T>) -> Arc<T> {
    part.unwrap_or_else(|| shared.keep(T::default()))
}

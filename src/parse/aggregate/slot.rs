//! Puts values where they belong in a report.

use std::sync::Arc;

use super::builder::Builder;
use super::value::{self, Reading};
use crate::model::{Field, NoteKind, Sent, Text, Word};

impl Builder<'_> {
    /// Puts a value where it belongs. An empty value counts as absent; the first of several counts.
    pub(super) fn value(&mut self, field: Field, raw: &str, offset: u64) {
        let text = raw.trim();
        if text.is_empty() {
            return;
        }
        match field {
            Field::Begin | Field::End => return self.time(field, text, offset),
            Field::Pct => return self.pct(text, offset),
            Field::SourceIp => return self.source_ip(text, offset),
            Field::Count => return self.count(text, offset),
            _ => {}
        }
        if self.word(field, text, offset) {
            return;
        }
        let text = self.clean(field, text, offset);
        if field == Field::Error {
            // Bounded like everything that repeats: one list entry a reason is more than any reporter sends.
            if self.head.errors.len() < self.reasons_max {
                self.head.errors.push(text);
            }
            return;
        }
        let text = if is_domain(field) && value::needs_folding(&text) {
            self.share(&value::folded_domain(&text))
        } else {
            text
        };
        if let Some(slot) = self.text_slot(field) {
            slot.get_or_insert(text);
        }
    }

    /// Where a value that is plain text belongs.
    fn text_slot(&mut self, field: Field) -> Option<&mut Option<Text>> {
        Some(match field {
            Field::Version => &mut self.head.version,
            Field::OrgName => &mut self.head.org_name,
            Field::Email => &mut self.head.email,
            Field::ExtraContactInfo => &mut self.head.extra_contact_info,
            Field::ReportId => &mut self.head.report_id,
            Field::Generator => &mut self.head.generator,
            Field::PolicyDomain => &mut self.head.policy_domain,
            Field::Fo => &mut self.policy.fo,
            Field::ReasonComment => &mut self.reason.comment,
            Field::HeaderFrom => &mut self.record.identifiers.header_from,
            Field::EnvelopeFrom => &mut self.record.identifiers.envelope_from,
            Field::EnvelopeTo => &mut self.record.identifiers.envelope_to,
            Field::DkimDomain => &mut self.dkim.domain,
            Field::DkimSelector => &mut self.dkim.selector,
            Field::DkimHumanResult => &mut self.dkim.human_result,
            Field::SpfDomain => &mut self.spf.domain,
            Field::SpfHumanResult => &mut self.spf.human_result,
            _ => return None,
        })
    }

    /// Reads a field that holds a word of a vocabulary; `false` when the field holds something else.
    fn word(&mut self, field: Field, text: &str, offset: u64) -> bool {
        match field {
            Field::Disposition => self.put(field, text, offset, |b| &mut b.record.policy_evaluated.disposition),
            Field::EvaluatedDkim => self.put(field, text, offset, |b| &mut b.record.policy_evaluated.dkim),
            Field::EvaluatedSpf => self.put(field, text, offset, |b| &mut b.record.policy_evaluated.spf),
            Field::DkimResult => self.put(field, text, offset, |b| &mut b.dkim.result),
            Field::SpfResult => self.put(field, text, offset, |b| &mut b.spf.result),
            Field::SpfScope => self.put(field, text, offset, |b| &mut b.spf.scope),
            Field::ReasonType => self.put(field, text, offset, |b| &mut b.reason.kind),
            Field::DiscoveryMethod => self.put(field, text, offset, |b| &mut b.policy.discovery_method),
            Field::Adkim => self.put(field, text, offset, |b| &mut b.policy.adkim),
            Field::Aspf => self.put(field, text, offset, |b| &mut b.policy.aspf),
            Field::P => self.put(field, text, offset, |b| &mut b.policy.p),
            Field::Sp => self.put(field, text, offset, |b| &mut b.policy.sp),
            Field::Np => self.put(field, text, offset, |b| &mut b.policy.np),
            Field::Testing => self.put(field, text, offset, |b| &mut b.policy.testing),
            _ => return false,
        }
        true
    }

    fn put<T: Word>(
        &mut self,
        field: Field,
        text: &str,
        offset: u64,
        slot: impl Fn(&mut Self) -> &mut Option<Sent<T>>,
    ) {
        if slot(self).is_some() {
            return;
        }
        if let Some(word) = T::from_exact(text) {
            *slot(self) = Some(Sent::Read(word));
            return;
        }
        let text = self.clean(field, text, offset);
        let reading = value::word(field, &text, |_| Arc::clone(&text));
        let word = self.noted(reading, offset);
        *slot(self) = Some(word);
    }

    /// The value of a reading; what was odd becomes a note.
    fn noted<T>(&mut self, (value, odd): Reading<T>, offset: u64) -> T {
        if let Some(kind) = odd {
            self.note(offset, kind);
        }
        value
    }

    fn time(&mut self, field: Field, text: &str, offset: u64) {
        let Some(reading) = value::time_s(field, text) else {
            let odd = self.clean(field, text, offset);
            self.note(offset, NoteKind::OddNumber(field, odd));
            return;
        };
        let time_s = self.noted(reading, offset);
        let slot = if field == Field::Begin { &mut self.head.begin_s } else { &mut self.head.end_s };
        slot.get_or_insert(time_s);
    }

    fn pct(&mut self, text: &str, offset: u64) {
        let odd = self.clean(Field::Pct, text, offset);
        let pct = self.noted(value::pct(text, |_| odd), offset);
        self.policy.pct.get_or_insert(pct);
    }

    fn count(&mut self, text: &str, offset: u64) {
        if self.record.count.is_none() {
            let reading = value::count(text, |_| self.clean(Field::Count, text, offset));
            self.record.count = Some(self.noted(reading, offset));
        }
    }

    fn source_ip(&mut self, text: &str, offset: u64) {
        if self.record.source_ip.is_none() {
            let reading = value::address(text, |_| self.clean(Field::SourceIp, text, offset));
            self.record.source_ip = Some(self.noted(reading, offset));
        }
    }
}

/// Fields that hold a name of DNS.
fn is_domain(field: Field) -> bool {
    matches!(
        field,
        Field::PolicyDomain
            | Field::HeaderFrom
            | Field::EnvelopeFrom
            | Field::EnvelopeTo
            | Field::DkimDomain
            | Field::SpfDomain
    )
}

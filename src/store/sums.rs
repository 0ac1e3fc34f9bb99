//! Sums of mails. Four disjoint parts by alignment, so that any grouping adds up by itself.

use std::ops::AddAssign;

/// Mails by the reporter's aligned verdicts, and the records that counted them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Records.
    pub records: u64,
    /// Mails aligned in DKIM and SPF.
    pub dkim_and_spf: u64,
    /// Mails aligned in DKIM only.
    pub dkim_only: u64,
    /// Mails aligned in SPF only.
    pub spf_only: u64,
    /// Mails aligned in neither: DMARC failed.
    pub neither: u64,
}

impl Sums {
    /// The sums of one record of `mails` mails.
    #[must_use]
    pub fn of_record(mails: u64, dkim_aligned: bool, spf_aligned: bool) -> Self {
        let mut sums = Self { records: 1, ..Self::default() };
        let part = match (dkim_aligned, spf_aligned) {
            (true, true) => &mut sums.dkim_and_spf,
            (true, false) => &mut sums.dkim_only,
            (false, true) => &mut sums.spf_only,
            (false, false) => &mut sums.neither,
        };
        *part = mails;
        sums
    }

    /// All mails.
    #[must_use]
    pub fn mails(&self) -> u64 {
        self.dmarc_pass() + self.neither
    }

    /// Mails whose reporter says that DKIM aligned.
    #[must_use]
    pub fn dkim_aligned(&self) -> u64 {
        self.dkim_and_spf + self.dkim_only
    }

    /// Mails whose reporter says that SPF aligned.
    #[must_use]
    pub fn spf_aligned(&self) -> u64 {
        self.dkim_and_spf + self.spf_only
    }

    /// Mails that passed DMARC: one of the two aligned.
    #[must_use]
    pub fn dmarc_pass(&self) -> u64 {
        self.dkim_and_spf + self.dkim_only + self.spf_only
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.records = self.records.saturating_add(other.records);
        self.dkim_and_spf = self.dkim_and_spf.saturating_add(other.dkim_and_spf);
        self.dkim_only = self.dkim_only.saturating_add(other.dkim_only);
        self.spf_only = self.spf_only.saturating_add(other.spf_only);
        self.neither = self.neither.saturating_add(other.neither);
    }
}

/// Fields of [`SourceSums`]: four parts by alignment, then dispositions other than `none`.
pub(super) const SOURCE_FIELDS: usize = 8;
/// Where the dispositions start: pass, quarantine, reject, any other or none at all.
pub(super) const DISPOSITION_FIELDS: usize = 4;

/// Sums of one source and day, packed alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SourceSums {
    pub(super) records: u64,
    pub(super) fields: [u64; SOURCE_FIELDS],
}

impl SourceSums {
    /// Adds one record; `disposition` is the index of its field, or `None` for `none`.
    pub(super) fn of_record(sums: &Sums, disposition: Option<usize>) -> Self {
        let mut fields = [sums.dkim_and_spf, sums.dkim_only, sums.spf_only, sums.neither, 0, 0, 0, 0];
        if let Some(field) = disposition.and_then(|index| fields.get_mut(DISPOSITION_FIELDS + index)) {
            *field = sums.mails();
        }
        Self { records: sums.records, fields }
    }

    pub(super) fn sums(&self) -> Sums {
        let [dkim_and_spf, dkim_only, spf_only, neither, ..] = self.fields;
        Sums { records: self.records, dkim_and_spf, dkim_only, spf_only, neither }
    }

    /// Mails by disposition: none, pass, quarantine, reject, other.
    pub(super) fn dispositions(&self) -> [u64; 5] {
        let [.., pass, quarantine, reject, other] = self.fields;
        let none = self.sums().mails().saturating_sub(pass + quarantine + reject + other);
        [none, pass, quarantine, reject, other]
    }
}

impl AddAssign for SourceSums {
    fn add_assign(&mut self, other: Self) {
        self.records = self.records.saturating_add(other.records);
        for (field, more) in self.fields.iter_mut().zip(other.fields) {
            *field = field.saturating_add(more);
        }
    }
}

#![expect(clippy::disallowed_methods, reason = "the store is a file")]
//! Reports in SQLite.
//!
//! *Takes* packed reports and questions. *Gives* rows as plain types. *Bounds*: caches of ids, one batch in memory.
//! *Never* keeps half of a batch: every batch is one transaction, sums included.
//!
//! Ground state are the raw bytes (`raw`) and what a person decided; everything else can be made again from them.

mod alarms;
mod audit;
mod checkpoint;
mod codec;
mod days;
mod error;
mod facts;
mod file;
mod insert;
mod journal;
mod maintain;
mod outbox;
mod pack;
mod proofs;
mod published;
mod rejections;
mod replay;
mod reverse_names;
mod select;
mod source_pages;
mod sums;
mod texts;
mod words;

pub use self::alarms::{OwnerNote, OwnerNoteKind};
pub use self::audit::Audit;
pub use self::checkpoint::Checkpoint;
pub use self::days::day_of;
pub use self::error::StoreError;
pub use self::file::{Held, Store};
pub use self::insert::{Delivered, Entry, PackedItem, RawPart};
pub use self::journal::Journal;
pub use self::maintain::{Pruned, RawInput, Rebuilt};
pub use self::outbox::{LetterRow, NewLetter};
pub use self::pack::{PackedReport, pack};
pub use self::proofs::{Claim, OpenProof};
pub use self::published::Snapshot;
pub use self::rejections::RejectionRow;
pub use self::select::{
    Ages, By, Filter, Group, KeyUse, Observed, Provenance, RecordRow, ReportRow, SourceList, SourceOrder, SourceRow,
    Totals, Trace, TraceList, TrustCounts, Unwanted,
};
pub use self::sums::Sums;

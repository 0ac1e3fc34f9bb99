//! Report bytes to model and notes.
//!
//! *Takes* one unpacked document, whole or as a stream. *Gives* a report with notes, or an error with whatever
//! could be read. *Bounds*: [`Limits`](crate::limits::Limits). *Never* opens, asks, logs or fills in a value that
//! was not sent.

pub mod aggregate;
pub mod document;

pub use aggregate::{ParseError, ParseFailure, Salvage, aggregate};

use crate::model::Note;

/// A value and what was odd about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed<T> {
    /// What could be used.
    pub value: T,
    /// In the order of their first place in the document.
    pub notes: Vec<Note>,
    /// Memory that it takes, in bytes, as far as that can be told.
    pub bytes: u64,
}

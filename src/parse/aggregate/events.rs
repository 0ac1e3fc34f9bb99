//! Markup events out of a whole document or a stream; the one place that knows quick-xml's readers.

use std::io::{self, BufRead};

use quick_xml::events::Event;
use quick_xml::{Error, Reader};

use super::super::document::Utf8Reader;
use crate::model::NoteKind;

/// A source of markup events.
pub(super) trait Events {
    /// The next event; `Eof` for ever at the end.
    fn next(&mut self) -> Result<Event<'_>, Error>;

    /// Bytes behind us.
    fn offset(&self) -> u64;

    /// After an error at the end of the document: what was begun there, such as `</feedb`.
    fn unfinished(&self) -> &str;

    /// The bytes that come next, as many as are at hand.
    fn ahead(&mut self) -> io::Result<&[u8]>;

    /// Goes past `length` of them.
    fn skip(&mut self, length: usize);
}

/// Follows broken markup as far as can be: we keep the place ourselves.
fn configure<R>(reader: &mut Reader<R>) {
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
}

/// Events of a document in memory; they borrow from it.
pub(super) struct Whole<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
}

impl<'a> Whole<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        configure(&mut reader);
        Self { text, reader }
    }
}

impl Events for Whole<'_> {
    fn next(&mut self) -> Result<Event<'_>, Error> {
        self.reader.read_event()
    }

    fn offset(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn unfinished(&self) -> &str {
        usize::try_from(self.reader.error_position()).ok().and_then(|at| self.text.get(at..)).unwrap_or_default()
    }

    fn ahead(&mut self) -> io::Result<&[u8]> {
        Ok(self.reader.get_ref())
    }

    fn skip(&mut self, length: usize) {
        self.reader.stream().consume(length);
    }
}

/// Events of a stream; one is held at a time.
pub(super) struct Stream<R> {
    reader: Reader<Utf8Reader<R>>,
    event: Vec<u8>,
}

impl<R: BufRead> Stream<R> {
    pub(super) fn new(inner: R, token_bytes_max: u64) -> Self {
        let mut reader = Reader::from_reader(Utf8Reader::new(inner, token_bytes_max));
        configure(&mut reader);
        Self { reader, event: Vec::new() }
    }

    /// What was found out about the encoding.
    pub(super) fn encoding_note(&mut self) -> Option<NoteKind> {
        self.reader.get_mut().note.take()
    }
}

impl<R: BufRead> Events for Stream<R> {
    fn next(&mut self) -> Result<Event<'_>, Error> {
        self.event.clear();
        self.reader.get_mut().next_token();
        self.reader.read_event_into(&mut self.event)
    }

    fn offset(&self) -> u64 {
        self.reader.buffer_position()
    }

    fn unfinished(&self) -> &str {
        std::str::from_utf8(&self.event).unwrap_or_default()
    }

    fn ahead(&mut self) -> io::Result<&[u8]> {
        self.reader.get_mut().fill_buf()
    }

    fn skip(&mut self, length: usize) {
        self.reader.get_mut().next_token();
        self.reader.stream().consume(length);
    }
}

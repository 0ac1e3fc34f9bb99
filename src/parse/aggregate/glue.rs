//! The markup between values, which is the same again and again.
//!
//! From an *anchor*, behind a value or a part of a record, to the next value or part there is nothing but tags and
//! blanks. Such *glue* is read as markup once. What its tags opened and closed is opened and closed again wherever its
//! bytes come back, by the same functions, so nobody can tell whether it was read or known.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;

use foldhash::fast::RandomState;

use quick_xml::events::BytesStart;

use super::builder::Builder;
use super::cursor::{Closed, Cursor, Failure};
use super::events::Events;
use super::place::Place;
use crate::model::Field;

/// Longer glue is read as markup each time.
const GLUE_BYTES_MAX: usize = 256;
/// A longer value is read as markup.
const PLAIN_BYTES_MAX: usize = 256;
/// Pieces of glue that are kept for each anchor: reporters differ, and each indents in its own way.
const KEPT_MAX: usize = 8;

/// Where glue begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Anchor {
    /// Behind a part of a record.
    Part(Place),
    /// Behind the text of a value.
    Text(Field),
}

/// Where glue ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// Behind the start tag of a part.
    Part(Place),
    /// Behind the start tag of a value.
    Value(Field),
    /// At an anchor again.
    Anchor(Anchor),
}

/// What a tag does; its begin and end are counted from the anchor, in bytes.
#[derive(Clone, Copy, Debug)]
enum Tag {
    Open { place: Place, name_hash: u64, begin: u64, end: u64 },
    Close { name_hash: u64, begin: u64 },
}

/// Glue that was read before.
#[derive(Debug)]
struct Piece {
    anchor: Anchor,
    bytes: Box<[u8]>,
    tags: Vec<Tag>,
    reached: Reached,
}

/// All glue that was read before by its anchor, what came last first.
#[derive(Debug, Default)]
pub(super) struct Glue(HashMap<Anchor, VecDeque<Rc<Piece>>, RandomState>);

/// Glue that is being read.
#[derive(Debug)]
pub(super) struct Learning {
    anchor: Anchor,
    /// Offset of the anchor in the document.
    begin: u64,
    /// What lies behind the anchor, as far as it was at hand.
    bytes: Box<[u8]>,
    tags: Vec<Tag>,
}

impl Reached {
    /// The end of glue that a start tag is.
    pub(super) fn behind_start_of(place: Place) -> Option<Self> {
        match place {
            Place::Value(field) => Some(Self::Value(field)),
            place => place.is_part().then_some(Self::Part(place)),
        }
    }
}

impl Glue {
    fn find(&mut self, anchor: Anchor, ahead: &[u8]) -> Option<Rc<Piece>> {
        let pieces = self.0.get_mut(&anchor)?;
        let place = pieces.iter().position(|known| ahead.starts_with(&known.bytes))?;
        if place > 0 {
            let found = pieces.remove(place)?;
            pieces.push_front(found);
        }
        pieces.front().map(Rc::clone)
    }

    fn keep(&mut self, known: Piece) {
        let pieces = self.0.entry(known.anchor).or_default();
        pieces.push_front(Rc::new(known));
        pieces.truncate(KEPT_MAX);
    }
}

impl Learning {
    fn new(anchor: Anchor, begin: u64, ahead: &[u8]) -> Self {
        let bytes = ahead.get(..GLUE_BYTES_MAX).unwrap_or(ahead).into();
        Self { anchor, begin, bytes, tags: Vec::new() }
    }

    /// The glue ends at `offset`; `None` where not all of its bytes were at hand.
    fn done(self, reached: Reached, offset: u64) -> Option<Piece> {
        let length = usize::try_from(offset.saturating_sub(self.begin)).ok()?;
        let bytes = self.bytes.get(..length)?.into();
        Some(Piece { anchor: self.anchor, bytes, tags: self.tags, reached })
    }
}

impl Cursor {
    /// A start tag was read; `is_first` when the place that it opens was not met before.
    pub(super) fn learn_start(&mut self, is_first: bool, place: Place, name_hash: u64, tag: Range<u64>) {
        let Some(learning) = self.learning.as_mut().filter(|_| is_first) else {
            self.learning = None;
            return;
        };
        let (begin, end) = (tag.start.saturating_sub(learning.begin), tag.end.saturating_sub(learning.begin));
        learning.tags.push(Tag::Open { place, name_hash, begin, end });
    }

    /// An element was closed by its own end tag.
    pub(super) fn learn_end(&mut self, name_hash: u64, offset: u64) {
        if self.here() == Place::Outside {
            self.learning = None;
        }
        if let Some(learning) = &mut self.learning {
            learning.tags.push(Tag::Close { name_hash, begin: offset.saturating_sub(learning.begin) });
        }
    }

    /// The tag has been read behind which glue ends.
    pub(super) fn learned(&mut self, reached: Reached, offset: u64) {
        if let Some(known) = self.learning.take().and_then(|learning| learning.done(reached, offset)) {
            self.glue.keep(known);
        }
    }

    /// Goes on from where a part begins or an anchor is, as far as bytes are known.
    pub(super) fn follow(
        &mut self,
        mut reached: Reached,
        events: &mut impl Events,
        builder: &mut Builder<'_>,
    ) -> Result<(), Failure> {
        loop {
            let begin = events.offset();
            // A failure to read comes again with the next event.
            let ahead = events.ahead().unwrap_or_default();
            reached = match reached {
                Reached::Part(place) => {
                    let name_hash = self.open.last().map_or(0, |open| open.name_hash);
                    let Some(length) = builder.take_known(place, name_hash, ahead, begin) else { return Ok(()) };
                    events.skip(length);
                    self.open.pop();
                    Reached::Anchor(Anchor::Part(place))
                }
                Reached::Value(field) => {
                    let Some(text) = plain_text(ahead) else { return Ok(()) };
                    builder.append(text);
                    let length = text.len();
                    events.skip(length);
                    Reached::Anchor(Anchor::Text(field))
                }
                Reached::Anchor(anchor) => {
                    let Some(known) = self.glue.find(anchor, ahead) else {
                        self.learning = Some(Learning::new(anchor, begin, ahead));
                        return Ok(());
                    };
                    if let Some(length) = self.again(&known, begin, builder)? {
                        events.skip(length);
                        return Ok(());
                    }
                    events.skip(known.bytes.len());
                    known.reached
                }
            };
        }
    }

    /// Does again what the tags of known glue did; the glue is at offset `anchor`. Where a tag opens a place that this
    /// record had before, what is in it has to be skipped: gives the bytes up to behind that tag. Where one closes an element
    /// that was opened under another name, markup has to be read: gives the bytes in front of it.
    fn again(&mut self, known: &Piece, anchor: u64, builder: &mut Builder<'_>) -> Result<Option<usize>, Failure> {
        for tag in &known.tags {
            match *tag {
                Tag::Open { place, name_hash, begin, end } => {
                    if self.enter(place, name_hash, anchor.saturating_add(begin), builder)? != place {
                        return Ok(Some(usize::try_from(end).unwrap_or(known.bytes.len())));
                    }
                }
                Tag::Close { name_hash, begin } => {
                    if !self.is_open(name_hash) {
                        return Ok(Some(usize::try_from(begin).unwrap_or(known.bytes.len())));
                    }
                    self.close_top(builder, anchor.saturating_add(begin), Closed::Properly);
                }
            }
        }
        Ok(None)
    }
}

/// The text in front of the next tag, where it is short and nothing in it has to be resolved.
fn plain_text(ahead: &[u8]) -> Option<&str> {
    let window = ahead.get(..PLAIN_BYTES_MAX).unwrap_or(ahead);
    let text = window.get(..memchr::memchr2(b'<', b'&', window)?)?;
    let ends_at_tag = window.get(text.len()) == Some(&b'<');
    std::str::from_utf8(text).ok().filter(|_| ends_at_tag)
}

/// The offset behind a start tag.
pub(super) fn behind(tag: &BytesStart<'_>, offset: u64) -> u64 {
    offset.saturating_add(u64::try_from(tag.len() + "<>".len()).unwrap_or(u64::MAX))
}

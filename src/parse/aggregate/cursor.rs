//! Walks through a document and keeps the place, also where markup is broken.
//!
//! Reporters forget end tags, write addresses in bare angle brackets and wrap reports in foreign elements. The
//! cursor closes what an outer end tag closes, takes markup inside a value as its text, skips what no RFC knows,
//! and leaves a note for each. It gives up only where going on would mean to guess.

use std::sync::Arc;

use quick_xml::errors::{Error, SyntaxError};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::ParseFailure;
use super::builder::Builder;
use super::events::Events;
use super::glue::{Anchor, Glue, Learning, Reached, behind};
use super::place::Place;
use crate::limits::{LimitHit, Limits};
use crate::model::NoteKind;

/// A failure and the byte offset at which it became clear.
pub(super) type Failure = (ParseFailure, u64);

/// An open element.
#[derive(Clone, Copy)]
pub(super) struct Open {
    place: Place,
    /// Hash of the local name, to find the element that an end tag means.
    pub(super) name_hash: u64,
}

/// The open elements of a document.
pub(super) struct Cursor {
    pub(super) open: Vec<Open>,
    pub(super) glue: Glue,
    pub(super) learning: Option<Learning>,
    element_depth_max: u64,
    records_max: u64,
    root_seen: bool,
    root_closed: bool,
    doctype_before_root: bool,
}

/// Elements on the way to the deepest known place, with room to spare.
const PLACES_DEEP: usize = 8;
/// Open elements that an end tag may reach back over.
const NEAR_DEEP: usize = 64;

/// How an element came to be closed.
#[derive(Clone, Copy)]
pub(super) enum Closed {
    /// By its own end tag.
    Properly,
    /// Because something else began or ended.
    ByAnother,
}

/// What an event means for the walk.
enum Step {
    Go,
    /// What comes next may be known.
    Reached(Reached),
    End,
}

impl Cursor {
    pub(super) fn new(limits: &Limits, glue: Glue) -> Self {
        Self {
            open: Vec::with_capacity(16),
            glue,
            learning: None,
            element_depth_max: limits.element_depth_max,
            records_max: limits.records_max,
            root_seen: false,
            root_closed: false,
            doctype_before_root: false,
        }
    }

    /// Reads the document to its end and tells the builder what is where.
    pub(super) fn run(&mut self, events: &mut impl Events, builder: &mut Builder<'_>) -> Result<(), Failure> {
        loop {
            let offset = events.offset();
            let step = match events.next() {
                Ok(event) => self.event(&event, offset, builder)?,
                Err(error) => {
                    self.learning = None;
                    let in_end_tag = events.unfinished().starts_with("</");
                    self.broken(error, in_end_tag, events.offset(), builder)?
                }
            };
            match step {
                Step::Go => {}
                Step::Reached(reached) => {
                    self.learned(reached, events.offset());
                    self.follow(reached, events, builder)?;
                }
                Step::End => return Ok(()),
            }
        }
    }

    pub(super) fn here(&self) -> Place {
        self.open.last().map_or(Place::Outside, |open| open.place)
    }

    /// The innermost open element has this name.
    pub(super) fn is_open(&self, name_hash: u64) -> bool {
        self.open.last().is_some_and(|open| open.name_hash == name_hash)
    }

    fn event(&mut self, event: &Event<'_>, offset: u64, builder: &mut Builder<'_>) -> Result<Step, Failure> {
        match event {
            Event::Start(tag) => {
                let opened = self.start(tag, offset, builder)?;
                if let Some(reached) = Reached::behind_start_of(opened) {
                    return Ok(Step::Reached(reached));
                }
            }
            Event::End(tag) => {
                let (place, deep) = (self.here(), self.open.len());
                self.end(local(tag.name().as_ref().as_bytes()), offset, builder);
                if place.is_part() && self.open.len() + 1 == deep {
                    return Ok(Step::Reached(Reached::Anchor(Anchor::Part(place))));
                }
            }
            Event::Empty(tag) => {
                self.start(tag, offset, builder)?;
                self.learning = None;
                self.close_top(builder, offset, Closed::Properly);
            }
            Event::Text(text) => self.text(text, offset, builder),
            Event::CData(text) => self.text(text, offset, builder),
            Event::GeneralRef(reference) => self.reference(reference, offset, builder),
            Event::DocType(_) if self.root_seen => return Err((ParseFailure::Doctype, offset)),
            Event::DocType(_) => self.doctype_before_root = true,
            Event::Eof => return self.eof(offset, builder).map(|()| Step::End),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
        Ok(Step::Go)
    }

    /// An element begins; gives the place that it opens.
    fn start(&mut self, tag: &BytesStart<'_>, offset: u64, builder: &mut Builder<'_>) -> Result<Place, Failure> {
        let qualified = tag.name();
        let name = local(qualified.as_ref().as_bytes());
        let mut place = self.here();
        let mut child = place.child(name);
        if child.is_none() {
            self.learning = None;
        }
        if child.is_none() && !matches!(place, Place::Skipped | Place::Outside) {
            self.close_forgotten(name, offset, builder);
            place = self.here();
            child = place.child(name);
        }
        let opened = match (place, child) {
            (Place::Outside, _) if self.root_closed => {
                builder.note(offset, NoteKind::TextAfterRoot);
                Place::Skipped
            }
            (Place::Outside, Some(root)) => {
                if self.doctype_before_root {
                    return Err((ParseFailure::Doctype, offset));
                }
                self.root_seen = true;
                self.open.clear();
                builder.namespace(tag);
                root
            }
            (Place::Outside, None) => {
                builder.note(offset, NoteKind::ElementBeforeRoot(name_text(name)));
                return Ok(Place::Outside);
            }
            (_, Some(child)) => {
                let opened = self.enter(child, hash(name), offset, builder)?;
                self.learn_start(opened == child, opened, hash(name), offset..behind(tag, offset));
                return Ok(opened);
            }
            (Place::Value(field) | Place::Inside(field), None) => {
                if !is_name(name) {
                    builder.append("<");
                    builder.append(tag);
                    builder.append(">");
                }
                builder.note(offset, NoteKind::UnescapedMarkup(field));
                Place::Inside(field)
            }
            (Place::Skipped, None) => Place::Skipped,
            (_, None) => {
                builder.note(offset, NoteKind::UnknownElement(name_text(name)));
                Place::Skipped
            }
        };
        self.push(opened, hash(name), offset)?;
        Ok(opened)
    }

    /// An element begins that may stand here; gives the place to be in, which is `Skipped` for a repetition.
    pub(super) fn enter(
        &mut self,
        child: Place,
        name_hash: u64,
        offset: u64,
        builder: &mut Builder<'_>,
    ) -> Result<Place, Failure> {
        let opened = builder.open(child, offset);
        if opened == Place::Record {
            let many = LimitHit { name: "records_max", bound: self.records_max };
            let hit = Some(many).filter(|_| builder.records() >= self.records_max).or_else(|| builder.over_limit());
            if let Some(hit) = hit {
                return Err((ParseFailure::Limit(hit), offset));
            }
        }
        self.push(opened, name_hash, offset)?;
        Ok(opened)
    }

    fn push(&mut self, place: Place, name_hash: u64, offset: u64) -> Result<(), Failure> {
        if u64::try_from(self.open.len()).unwrap_or(u64::MAX) >= self.element_depth_max {
            let hit = LimitHit { name: "element_depth_max", bound: self.element_depth_max };
            return Err((ParseFailure::Limit(hit), offset));
        }
        self.open.push(Open { place, name_hash });
        Ok(())
    }

    /// Closes elements whose end tag is missing: `name` can't stand here, but could in an outer element.
    fn close_forgotten(&mut self, name: &[u8], offset: u64, builder: &mut Builder<'_>) {
        // What is known is at most this deep; below it everything is skipped or part of a value.
        let known = self.open.get(..PLACES_DEEP).unwrap_or(&self.open);
        let Some(fits) = known.iter().rposition(|open| open.place.child(name).is_some()) else { return };
        while self.open.len() > fits + 1 {
            builder.note(offset, NoteKind::UnclosedElement(name_text(name)));
            self.close_top(builder, offset, Closed::ByAnother);
        }
    }

    fn end(&mut self, name: &[u8], offset: u64, builder: &mut Builder<'_>) {
        let wanted = hash(name);
        if self.is_open(wanted) {
            self.close_top(builder, offset, Closed::Properly);
            self.learn_end(wanted, offset);
            return;
        }
        self.learning = None;
        let Some(found) = self.find_open(wanted) else {
            if self.root_seen && !self.root_closed {
                builder.note(offset, NoteKind::StrayEnd(name_text(name)));
            }
            return;
        };
        while self.open.len() > found {
            if self.open.len() > found + 1 && !matches!(self.here(), Place::Inside(_)) {
                builder.note(offset, NoteKind::UnclosedElement(name_text(name)));
            }
            let how = if self.open.len() > found + 1 { Closed::ByAnother } else { Closed::Properly };
            self.close_top(builder, offset, how);
        }
    }

    /// The open element that an end tag means. Looked for where broken markup can have left it: near the end, or among
    /// the known places; so a document of nothing but stray tags costs no more than any other.
    fn find_open(&self, name_hash: u64) -> Option<usize> {
        let is_meant = |open: &Open| open.name_hash == name_hash;
        let near = self.open.len().saturating_sub(NEAR_DEEP);
        let in_near = self.open.get(near..)?.iter().rposition(is_meant).map(|place| near + place);
        in_near.or_else(|| self.open.get(..PLACES_DEEP.min(near))?.iter().rposition(is_meant))
    }

    pub(super) fn close_top(&mut self, builder: &mut Builder, offset: u64, how: Closed) {
        if let Some(closed) = self.open.pop() {
            if closed.place == Place::Feedback {
                self.root_closed = true;
            }
            match (closed.place, how) {
                // Nobody can say where a value without an end tag ends, so it is not one.
                (Place::Value(_), Closed::ByAnother) => builder.forget(),
                (place, _) => builder.close(place, offset),
            }
        }
    }

    fn text(&mut self, text: &str, offset: u64, builder: &mut Builder<'_>) {
        let place = self.here();
        if place.holds_text() {
            self.learning = None;
            builder.append(text);
        } else if place == Place::Outside && !is_blank(text) {
            let kind = if self.root_closed { NoteKind::TextAfterRoot } else { NoteKind::TextBeforeRoot };
            builder.note(offset, kind);
        }
    }

    /// `&amp;` and its like. Only the five entities of XML and characters are known; others stay as written.
    fn reference(&mut self, reference: &BytesRef<'_>, offset: u64, builder: &mut Builder<'_>) {
        if !self.here().holds_text() {
            return;
        }
        self.learning = None;
        match reference.resolve_char_ref() {
            Ok(Some(character)) => {
                let mut utf8 = [0; 4];
                builder.append(character.encode_utf8(&mut utf8));
            }
            Err(_) => {
                builder.append("\u{fffd}");
                builder.note(offset, NoteKind::ForbiddenCharacter);
            }
            Ok(None) => match quick_xml::escape::resolve_predefined_entity(reference) {
                Some(text) => builder.append(text),
                None => {
                    builder.append("&");
                    builder.append(reference);
                    builder.append(";");
                }
            },
        }
    }

    fn eof(&self, offset: u64, builder: &Builder<'_>) -> Result<(), Failure> {
        if let Some(hit) = builder.over_limit() {
            return Err((ParseFailure::Limit(hit), offset));
        }
        match (self.root_seen, self.root_closed) {
            (false, _) => Err((ParseFailure::NotAReport, offset)),
            (true, false) => Err((ParseFailure::Cut, offset)),
            (true, true) => Ok(()),
        }
    }

    /// Markup that quick-xml can't follow; `in_end_tag` when the document stops inside an end tag.
    fn broken(
        &mut self,
        error: Error,
        in_end_tag: bool,
        offset: u64,
        builder: &mut Builder<'_>,
    ) -> Result<Step, Failure> {
        match error {
            Error::Io(error) => Err((read_failure(&error), offset)),
            // Everything is there; what follows is none of ours.
            _ if self.root_closed => {
                builder.note(offset, NoteKind::TextAfterRoot);
                Ok(Step::End)
            }
            _ if !self.root_seen => Err((ParseFailure::NotAReport, offset)),
            Error::IllFormed(_) => Ok(Step::Go),
            // Everything in the root is closed, so this can only be the root's own end: some reporters lose its `>`.
            Error::Syntax(_) if in_end_tag && self.here() == Place::Feedback => {
                builder.note(offset, NoteKind::UnfinishedRootEnd);
                self.root_closed = true;
                Ok(Step::End)
            }
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                Err((ParseFailure::Markup { detail: SyntaxError::InvalidBangMarkup.to_string() }, offset))
            }
            Error::Syntax(_) => Err((ParseFailure::Cut, offset)),
            error => Err((ParseFailure::Markup { detail: error.to_string() }, offset)),
        }
    }
}

/// A failure to read: a limit that the stage below hit, or damage.
fn read_failure(error: &std::io::Error) -> ParseFailure {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<LimitHit>()) {
        Some(hit) => ParseFailure::Limit(*hit),
        None => ParseFailure::Read { detail: error.to_string() },
    }
}

/// A name without its namespace prefix.
fn local(name: &[u8]) -> &[u8] {
    name.iter().position(|byte| *byte == b':').and_then(|colon| name.get(colon + 1..)).unwrap_or(name)
}

/// White space only.
fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Looks like an element's name: `<a@b>` does not.
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// A name for a note, short whatever was sent.
fn name_text(name: &[u8]) -> Arc<str> {
    String::from_utf8_lossy(name.get(..64).unwrap_or(name)).into()
}

/// FNV-1a: names are short, and a collision only pairs the wrong tags of a broken document.
pub(super) fn hash(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

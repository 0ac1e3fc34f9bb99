//! The embedded font: how wide a text is, how to shorten it, and which pixels it covers.
//!
//! plotters has font code of its own. It is not used because it ignores the space a glyph keeps to
//! its left (an `i` or a `、` would cling to its neighbour), and because it takes the size as line
//! height when it measures but as 1.24 times the em when it writes SVG, so measures don't fit.

use ab_glyph::{Font as _, FontRef, InvalidFont, PxScale, point};
use unicode_width::UnicodeWidthChar as _;

use super::words;

/// M PLUS 1 Regular, cut down to Latin and Japanese: see `font/README.md`.
static FONT_BYTES: &[u8] = include_bytes!("font/mplus1-regular-subset.otf");

/// Families an SVG names, best first. The font itself is not put into the SVG: that would add
/// 850 KB to each picture. Every common system has one of these, and `WIDTH_RESERVE` pays for
/// their different widths, so texts stay apart whichever is found.
pub(super) const SVG_FONT_FAMILIES: &str = "'M PLUS 1', 'Noto Sans CJK JP', 'Noto Sans JP', \
     'Hiragino Sans', 'Yu Gothic UI', Meiryo, 'Segoe UI', Arial, sans-serif";

/// Layout reserves this much more than the embedded font needs for characters of one column: a
/// viewer of the SVG may have only a wider font (`DejaVu` Sans is 7 % wider on host names).
/// Full-width characters are one em wide in every font.
const WIDTH_RESERVE: f32 = 1.1;

/// Width in ems, per column, of a character the font lacks (in PNG it is drawn as an empty box).
const MISSING_COLUMN_EM: f32 = 0.6;

const ELLIPSIS: char = '…';

/// The embedded font, ready to measure and to draw.
#[derive(Debug)]
pub(super) struct Typeface {
    font: FontRef<'static>,
    units_per_em: f32,
}

impl Typeface {
    pub(super) fn embedded() -> Result<Self, InvalidFont> {
        let font = FontRef::try_from_slice(FONT_BYTES)?;
        let units_per_em = font.units_per_em().ok_or(InvalidFont)?;
        Ok(Self { font, units_per_em })
    }

    /// Whether the font draws the character itself, and not an empty box.
    pub(super) fn has(&self, character: char) -> bool {
        self.font.glyph_id(character).0 != 0
    }

    /// Width to reserve for a text with an em of `size_px`, in pixels, rounded up.
    pub(super) fn width_px(&self, text: &str, size_px: i32) -> i32 {
        whole_px(text.chars().map(|character| self.reserved_px(character, size_px)).sum::<f32>().ceil())
    }

    /// The text if it needs at most `width_max_px`, else its longest beginning that leaves room
    /// for an ellipsis, or nothing where not even that fits. Accents stay with their letter.
    pub(super) fn shorten(&self, text: &str, size_px: i32, width_max_px: i32) -> String {
        if self.width_px(text, size_px) <= width_max_px {
            return text.to_owned();
        }
        let room_px = px(width_max_px) - self.reserved_px(ELLIPSIS, size_px);
        if room_px < 0.0 {
            return String::new();
        }
        let mut used_px = 0.0;
        let mut short: String = text
            .chars()
            .take_while(|&character| {
                used_px += self.reserved_px(character, size_px);
                used_px <= room_px
            })
            .collect();
        short.truncate(short.trim_end().len());
        short.push(ELLIPSIS);
        short
    }

    /// Width of a text as this font draws it, in pixels, for aligning it in a bitmap.
    pub(super) fn drawn_width_px(&self, text: &str, size_px: i32) -> i32 {
        whole_px(text.chars().map(|character| self.advance_px(character, size_px)).sum::<f32>().round())
    }

    /// Calls `cover` with each pixel the text touches: right of its start and down from its
    /// baseline in pixels, and how much of the pixel is covered, from 0 to 1.
    pub(super) fn rasterise(&self, text: &str, size_px: i32, mut cover: impl FnMut(i32, i32, f32)) {
        let scale = PxScale::from(px(size_px) * self.font.height_unscaled() / self.units_per_em);
        let mut pen_px = 0.0;
        for character in text.chars() {
            let glyph_id = self.font.glyph_id(character);
            let glyph = glyph_id.with_scale_and_position(scale, point(pen_px, 0.0));
            if let Some(outline) = self.font.outline_glyph(glyph) {
                let bounds = outline.px_bounds();
                let (left, top) = (whole_px(bounds.min.x), whole_px(bounds.min.y));
                outline.draw(|right, down, coverage| {
                    if let (Ok(right), Ok(down)) = (i32::try_from(right), i32::try_from(down)) {
                        cover(left + right, top + down, coverage.clamp(0.0, 1.0));
                    }
                });
            }
            pen_px += self.advance_px(character, size_px);
        }
    }

    fn reserved_px(&self, character: char, size_px: i32) -> f32 {
        let reserve = if character.width() == Some(1) { WIDTH_RESERVE } else { 1.0 };
        self.advance_px(character, size_px) * reserve
    }

    fn advance_px(&self, character: char, size_px: i32) -> f32 {
        if words::is_accent(character) {
            return 0.0;
        }
        let glyph_id = self.font.glyph_id(character);
        let advance_em = if glyph_id.0 == 0 {
            MISSING_COLUMN_EM * if character.width() == Some(2) { 2.0 } else { 1.0 }
        } else {
            self.font.h_advance_unscaled(glyph_id) / self.units_per_em
        };
        advance_em * px(size_px)
    }
}

/// Pixels as a float.
fn px(value: i32) -> f32 {
    // Lengths on a canvas fit sixteen bits with room to spare, and those convert without loss.
    f32::from(i16::try_from(value).unwrap_or(i16::MAX))
}

/// A float that already is a whole number of pixels, as one.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and no text measures two billion pixels")]
fn whole_px(value: f32) -> i32 {
    value as i32
}

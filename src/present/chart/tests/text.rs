//! Cleaning, shortening and rasterising of words.

use super::super::typeface::Typeface;
use super::super::words::clean;
use super::*;

const SIZE_PX: i32 = 12;

#[test]
fn control_and_invisible_characters_are_dropped() {
    assert_eq!(clean(HOSTILE), "<script>&\"']]>--><!--  %00");
    for invisible in [
        '\u{1}',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
        '\u{61c}',
        '\u{200b}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2069}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{fffe}',
        '\u{ffff}',
        '\u{e0041}',
        '\u{10ffff}',
    ] {
        assert_eq!(clean(&format!("a{invisible}b")), "ab", "{:04x}", u32::from(invisible));
    }
}

#[test]
fn white_space_of_any_kind_is_a_space() {
    assert_eq!(clean("a\tb\nc\u{2028}d\u{3000}e\u{a0}f\u{85}g"), "a b c d e f g");
}

#[test]
fn a_letter_keeps_one_accent() {
    assert_eq!(clean("e\u{301}\u{302}\u{303}x\u{301}"), "e\u{301}x\u{301}");
    assert_eq!(clean("か\u{3099}"), "か\u{3099}");
    assert_eq!(clean("\u{301}a"), "a");
}

#[test]
fn arrows_are_spelled_out() {
    assert_eq!(clean("none → reject"), "none -> reject");
}

#[test]
fn a_text_is_kept_at_its_width_and_shortened_one_pixel_below() {
    let typeface = Typeface::embedded().unwrap();
    for text in ["mail-relay.example.com", "2001:db8:85a3::8a2e:370:7334", "株式会社サンプル", "か\u{3099}か\u{3099}"]
    {
        let width_px = typeface.width_px(text, SIZE_PX);
        assert_eq!(typeface.shorten(text, SIZE_PX, width_px), text);

        let short = typeface.shorten(text, SIZE_PX, width_px - 1);
        let (beginning, ellipsis) = short.split_at(short.len() - '…'.len_utf8());
        assert_eq!(ellipsis, "…", "{text}");
        assert!(text.starts_with(beginning), "{text}: {short}");
        assert!(typeface.width_px(&short, SIZE_PX) < width_px, "{text}: {short}");
    }
}

#[test]
fn shortening_uses_the_room_there_is() {
    let typeface = Typeface::embedded().unwrap();
    let text = "あいうえおか";
    // Characters of one em each; the ellipsis needs almost as much.
    assert_eq!(typeface.width_px(text, SIZE_PX), SIZE_PX * 6);
    assert_eq!(typeface.shorten(text, SIZE_PX, SIZE_PX * 5), "あいうえ…");
    assert_eq!(typeface.shorten(text, SIZE_PX, SIZE_PX * 3), "あい…");
    assert_eq!(typeface.shorten(text, SIZE_PX, SIZE_PX), "…");
    assert_eq!(typeface.shorten(text, SIZE_PX, 3), "");
    assert_eq!(typeface.shorten(text, SIZE_PX, -1), "");
}

#[test]
fn glyphs_keep_their_place_in_the_line() {
    let typeface = Typeface::embedded().unwrap();
    let left_of = |text: &str| {
        let mut left = i32::MAX;
        typeface.rasterise(text, 100, |right, _, coverage| {
            if coverage > 0.5 {
                left = left.min(right);
            }
        });
        left
    };
    // An opening bracket is drawn in the right half of its square: the space before it is its own.
    assert!(left_of("（") > 50, "{}", left_of("（"));
    assert!(left_of("あ") < 20, "{}", left_of("あ"));
}

#[test]
fn the_font_has_the_words_of_the_interface() {
    let typeface = Typeface::embedded().unwrap();
    let words = "集計レポート送信元合格不合格隔離拒否転送設定不備なりすまし疑い判定不能網羅率一部のみ通件社要対応危険、。（）「」";
    for character in words.chars() {
        let mut covered = false;
        typeface.rasterise(&character.to_string(), SIZE_PX, |_, _, _| covered = true);
        assert!(covered, "{character}");
        assert_eq!(typeface.width_px(&character.to_string(), SIZE_PX), SIZE_PX, "{character}");
    }
}

//! The files themselves: markup that parses, pictures that repeat.

use super::*;

/// Checks the part of XML that plotters writes: elements with quoted attributes, and text.
fn check_xml(xml: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut rest = xml;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        check_text(text)?;
        let Some(markup) = markup.strip_prefix('<') else {
            break;
        };
        let (tag, after) = markup.split_once('>').ok_or("a tag without end")?;
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("{name} is closed but not open"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !name.chars().all(|character| character.is_ascii_alphabetic()) {
            return Err(format!("{name} is not a name"));
        }
        check_attributes(attributes)?;
        if !is_empty {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open")) }
}

fn check_attributes(mut attributes: &str) -> Result<(), String> {
    while !attributes.trim().is_empty() {
        let (name, after) = attributes.split_once("=\"").ok_or("an attribute without value")?;
        let (value, after) = after.split_once('"').ok_or("a value without end")?;
        if !name.trim().chars().all(|character| character.is_ascii_alphanumeric() || character == '-') {
            return Err(format!("{name} is not an attribute"));
        }
        check_text(value)?;
        attributes = after;
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), String> {
    if let Some(character) = text.chars().find(|character| {
        character.is_control() && *character != '\n' || matches!(character, '\u{fffe}' | '\u{ffff}' | '\u{202e}')
    }) {
        return Err(format!("character {:04x}", u32::from(character)));
    }
    for after in text.split('&').skip(1) {
        let (entity, _) = after.split_once(';').ok_or("an entity without end")?;
        if !["lt", "gt", "amp", "quot", "apos"].contains(&entity) {
            return Err(format!("entity {entity}"));
        }
    }
    Ok(())
}

#[test]
fn the_checker_finds_faults() {
    assert_eq!(check_xml("<a b=\"c\"><d/>&lt;</a>"), Ok(()));
    for fault in ["<a>", "<a></b>", "<a b></a>", "<a>&</a>", "<a>\u{7}</a>", "<a>\u{202e}</a>", "<a b=\"&x;\"/>"] {
        assert!(check_xml(fault).is_err(), "{fault}");
    }
}

#[test]
fn svg_is_well_formed_whatever_the_words_are() {
    for case in all_cases() {
        let svg = String::from_utf8((case.bytes)(&canvas(ImageFormat::Svg)).unwrap()).unwrap();
        assert_eq!(check_xml(&svg), Ok(()), "{}", case.name);
        assert!(!svg.contains("<script"), "{}", case.name);
    }
}

#[test]
fn charts_without_mail_say_so_and_others_do_not() {
    let says_so = |case: &Case| {
        let svg = String::from_utf8((case.bytes)(&canvas(ImageFormat::Svg)).unwrap()).unwrap();
        svg.contains("\nNo mail in this range\n")
    };
    for case in cases_without_mail() {
        assert!(says_so(&case), "{}", case.name);
    }
    for case in cases_with_mail() {
        assert!(!says_so(&case), "{}", case.name);
    }
}

#[test]
fn the_same_view_gives_the_same_bytes() {
    for case in all_cases() {
        for format in [ImageFormat::Svg, ImageFormat::Png] {
            let canvas = Canvas { width_px: 480, height_px: 320, ..canvas(format) };
            let first = (case.bytes)(&canvas).unwrap();
            assert!(first == (case.bytes)(&canvas).unwrap(), "{} as {format:?}", case.name);
        }
    }
}

#[test]
fn png_has_the_size_that_was_asked_for() {
    let bytes = alignment(&alignment_view([1, 2, 3, 4]), &canvas(ImageFormat::Png)).unwrap();
    let decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    let reader = decoder.read_info().unwrap();
    assert_eq!((reader.info().width, reader.info().height), (960, 540));
}

#[test]
fn themes_differ() {
    let draw = |theme| alignment(&alignment_view([1, 2, 3, 4]), &Canvas { theme, ..canvas(ImageFormat::Svg) });
    assert!(draw(Theme::Light).unwrap() != draw(Theme::Dark).unwrap());
}

#[test]
fn errors_do_not_repeat_their_source() {
    let source: Box<dyn std::error::Error + Send + Sync> = "the disk of theseus".into();
    let error = ChartError::Encode { chart: ChartKind::Sources, format: "PNG", source };
    assert_eq!(error.to_string(), "could not write the sources chart as PNG");
}

//! Nothing leaves the sheet and nothing lies on anything else, whatever the size and the words.

use super::super::palette::Palette;
use super::super::scene::{Anchor, Area};
use super::*;

const ROLES: [Role; 8] = [
    Role::Ok,
    Role::Partial,
    Role::Misconfigured,
    Role::Forwarder,
    Role::Unknown,
    Role::Spoof,
    Role::Neutral,
    Role::Critical,
];

/// The room a text takes on the sheet in any font: its reserved width, from capitals to baseline.
fn text_area(scene: &Scene, text: &PlacedText) -> Area {
    let width = scene.typeface.width_px(&text.text, text.size_px);
    let left = match text.anchor {
        Anchor::Start => text.x,
        Anchor::Middle => text.x - width / 2,
        Anchor::End => text.x - width,
    };
    Area {
        left,
        right: left + width,
        top: text.baseline - text.size_px * 3 / 4,
        bottom: text.baseline + text.size_px / 8,
    }
}

fn overlap(one: Area, other: Area) -> bool {
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}

fn scenes() -> impl Iterator<Item = (String, Scene)> {
    all_cases().into_iter().flat_map(|case| {
        SIZES_PX.map(|(width_px, height_px)| {
            let canvas = Canvas { width_px, height_px, ..canvas(ImageFormat::Svg) };
            (format!("{} at {width_px}x{height_px}", case.name), (case.scene)(&canvas).unwrap())
        })
    })
}

#[test]
fn texts_stay_on_the_sheet() {
    for (name, scene) in scenes() {
        for text in texts(&scene) {
            let area = text_area(&scene, text);
            let inside =
                area.left >= 0 && area.top >= 0 && area.right <= scene.sheet.right && area.bottom <= scene.sheet.bottom;
            assert!(inside, "{name}: {text:?} takes {area:?}");
        }
    }
}

#[test]
fn texts_do_not_overlap() {
    for (name, scene) in scenes() {
        let texts = texts(&scene);
        for (place, one) in texts.iter().enumerate() {
            for other in &texts[place + 1..] {
                let apart = !overlap(text_area(&scene, one), text_area(&scene, other));
                assert!(apart, "{name}: {one:?} lies on {other:?}");
            }
        }
    }
}

#[test]
fn texts_do_not_lie_on_data_or_swatches() {
    for (name, scene) in scenes() {
        let fills = ROLES.map(|role| scene.palette.paint(role).fill);
        let texts: Vec<_> = texts(&scene).into_iter().map(|text| (text, text_area(&scene, text))).collect();
        for shape in &scene.shapes {
            let (Shape::Fill { area, color } | Shape::Dot { area, color }) = shape else {
                continue;
            };
            if !fills.contains(color) {
                continue;
            }
            for (text, text_area) in &texts {
                assert!(!overlap(*area, *text_area), "{name}: {text:?} lies on {area:?}");
            }
        }
    }
}

#[test]
fn areas_stay_on_the_sheet() {
    for (name, scene) in scenes() {
        for shape in &scene.shapes {
            let (Shape::Fill { area, .. } | Shape::Hatch { area, .. } | Shape::Dot { area, .. }) = shape else {
                continue;
            };
            let inside =
                area.left >= 0 && area.top >= 0 && area.right <= scene.sheet.right && area.bottom <= scene.sheet.bottom;
            assert!(inside, "{name}: {shape:?}");
        }
    }
}

#[test]
fn canvas_sizes_are_checked_at_their_limits() {
    let draw = |width_px, height_px| {
        let canvas = Canvas { width_px, height_px, ..canvas(ImageFormat::Svg) };
        super::super::alignment(&alignment_view([1; 4]), &canvas)
    };
    let (width_min, width_max) = WIDTH_PX_RANGE.into_inner();
    let (height_min, height_max) = HEIGHT_PX_RANGE.into_inner();
    assert!(draw(width_min, height_min).is_ok());
    assert!(draw(width_max, height_max).is_ok());
    for (width_px, height_px) in [
        (width_min - 1, height_min),
        (width_min, height_min - 1),
        (width_max + 1, height_max),
        (width_max, height_max + 1),
        (u32::MAX, u32::MAX),
    ] {
        let error = draw(width_px, height_px).unwrap_err();
        assert!(matches!(error, ChartError::CanvasSize { .. }), "{width_px}x{height_px}: {error}");
    }
}

/// Contrast of two colours as WCAG defines it, from 1 to 21.
fn contrast(one: plotters::style::RGBColor, other: plotters::style::RGBColor) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |color: plotters::style::RGBColor| {
        0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[test]
fn pale_fills_and_only_these_are_outlined() {
    for theme in [Theme::Light, Theme::Dark] {
        let palette = Palette::of(theme);
        for role in ROLES {
            let paint = palette.paint(role);
            let pale = contrast(paint.fill, palette.background) < 3.0;
            assert_eq!(paint.stroke.is_some(), pale, "{theme:?} {role:?}");
        }
    }
}

#[test]
fn texts_can_be_read_on_every_background_they_have() {
    for theme in [Theme::Light, Theme::Dark] {
        let palette = Palette::of(theme);
        for background in [palette.background, palette.band] {
            for ink in [palette.ink, palette.muted] {
                assert!(contrast(ink, background) >= 4.5, "{theme:?} {ink:?} on {background:?}");
            }
        }
    }
}

//! Paints a finished scene with plotters, as SVG text or as PNG bytes.

use std::error::Error;

use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color as _, FontDesc, FontFamily, FontStyle, RGBColor, TextStyle};

use super::canvas::ImageFormat;
use super::error::ChartError;
use super::scene::{Anchor, Area, PlacedText, Scene, Shape};
use super::typeface::{SVG_FONT_FAMILIES, Typeface};

/// Distance between hatch lines along an axis, in pixels.
const HATCH_PITCH_PX: i32 = 6;
const RGB_BYTES_PER_PIXEL: usize = 3;

type Painted = Result<Vec<u8>, Box<dyn Error + Send + Sync>>;

/// The bytes of the picture.
pub(super) fn render(scene: &Scene, format: ImageFormat) -> Result<Vec<u8>, ChartError> {
    let (name, painted) = match format {
        ImageFormat::Svg => ("SVG", svg(scene)),
        ImageFormat::Png => ("PNG", png(scene)),
    };
    painted.map_err(|source| ChartError::Encode { chart: scene.chart, format: name, source })
}

fn svg(scene: &Scene) -> Painted {
    let mut svg = String::new();
    let mut backend = SVGBackend::with_string(&mut svg, size_px(scene.sheet)?);
    for shape in &scene.shapes {
        match shape {
            Shape::Fill { area, color } => fill(&mut backend, *area, *color)?,
            Shape::Hatch { area, color } => {
                for (from, to) in hatch_lines(*area) {
                    backend.draw_line(from, to, color)?;
                }
            }
            Shape::Dot { area, color } => {
                let radius = u32::try_from(area.width() / 2)?;
                backend.draw_circle(
                    (area.left + area.width() / 2, area.top + area.width() / 2),
                    radius,
                    color,
                    true,
                )?;
            }
            Shape::Text(text) => svg_text(&mut backend, text)?,
        }
    }
    backend.present()?;
    drop(backend);
    Ok(svg.into_bytes())
}

fn png(scene: &Scene) -> Painted {
    let (width_px, height_px) = size_px(scene.sheet)?;
    let pixels = usize::try_from(width_px)? * usize::try_from(height_px)?;
    let mut rgb = vec![0; pixels * RGB_BYTES_PER_PIXEL];
    let mut backend = BitMapBackend::with_buffer(&mut rgb, (width_px, height_px));
    for shape in &scene.shapes {
        match shape {
            Shape::Fill { area, color } => fill(&mut backend, *area, *color)?,
            Shape::Hatch { area, color } => hatch_pixels(&mut backend, *area, *color)?,
            Shape::Dot { area, color } => dot_pixels(&mut backend, *area, *color)?,
            Shape::Text(text) => png_text(&mut backend, text, &scene.typeface)?,
        }
    }
    backend.present()?;
    drop(backend);

    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, width_px, height_px);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    // Half to a tenth of the size of the fast setting, for some ten milliseconds. The bytes depend
    // on the zlib in the build, but not on the processor.
    encoder.set_compression(png::Compression::Balanced);
    encoder.write_header()?.write_image_data(&rgb)?;
    Ok(png)
}

fn size_px(sheet: Area) -> Result<(u32, u32), std::num::TryFromIntError> {
    Ok((u32::try_from(sheet.width())?, u32::try_from(sheet.height())?))
}

fn fill<B>(backend: &mut B, area: Area, color: RGBColor) -> Result<(), Box<dyn Error + Send + Sync>>
where
    B: DrawingBackend<ErrorType: 'static>,
{
    backend.draw_rect((area.left, area.top), (area.right, area.bottom), &color, true)?;
    Ok(())
}

/// Lines that rise to the right, at the same places of the sheet in whichever area they are drawn,
/// so that the segments of a hatched bar show one pattern.
fn hatch_lines(area: Area) -> impl Iterator<Item = ((i32, i32), (i32, i32))> {
    hatch_sums(area).map(move |sum| {
        let left = area.left.max(sum - area.bottom);
        let right = area.right.min(sum - area.top);
        ((left, sum - left), (right, sum - right))
    })
}

fn hatch_pixels(
    backend: &mut BitMapBackend<'_>,
    area: Area,
    color: RGBColor,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    for y in area.top..area.bottom {
        for x in (area.left..area.right).filter(|x| (x + y).rem_euclid(HATCH_PITCH_PX) == 0) {
            backend.draw_pixel((x, y), color.to_backend_color())?;
        }
    }
    Ok(())
}

/// Steps along each side of a pixel when its cover by a disc is counted.
const SUBPIXELS: i32 = 4;

/// A disc with a smooth rim: of each pixel, as many of its sixteen parts as lie in the disc.
fn dot_pixels(
    backend: &mut BitMapBackend<'_>,
    area: Area,
    color: RGBColor,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    // In units of an eighth of a pixel, so that the middles of parts are whole numbers.
    let unit = SUBPIXELS * 2;
    let radius = area.width() * SUBPIXELS;
    let parts = |pixel: i32, start: i32| {
        (0..SUBPIXELS).map(move |part| ((pixel - start) * unit + part * 2 + 1 - radius).pow(2))
    };
    for y in area.top..area.bottom {
        for x in area.left..area.right {
            let inside = |down: i32| parts(x, area.left).filter(|right| right + down <= radius.pow(2)).count();
            let covered: usize = parts(y, area.top).map(inside).sum();
            let share = f64::from(u32::try_from(covered)?) / f64::from(SUBPIXELS.pow(2));
            backend.draw_pixel((x, y), color.mix(share).to_backend_color())?;
        }
    }
    Ok(())
}

/// Values of x + y that hatch lines through the area have.
fn hatch_sums(area: Area) -> impl Iterator<Item = i32> {
    let (least, most) = (area.left + area.top, area.right + area.bottom);
    (least..most).filter(|sum| sum.rem_euclid(HATCH_PITCH_PX) == 0)
}

fn svg_text(backend: &mut SVGBackend<'_>, text: &PlacedText) -> Result<(), Box<dyn Error + Send + Sync>> {
    // plotters writes font-size = size / 1.24, and lowers the baseline of VPos::Top by 0.76 em.
    let size = f64::from(text.size_px) * 1.24;
    let top = text.baseline - (text.size_px * 76 + 50) / 100;
    let horizontal = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let family = FontFamily::Name(SVG_FONT_FAMILIES);
    let style = TextStyle::from(FontDesc::new(family, size, FontStyle::Normal))
        .color(&text.color)
        .pos(Pos::new(horizontal, VPos::Top));
    backend.draw_text(&text.text, &style, (text.x, top))?;
    Ok(())
}

fn png_text(
    backend: &mut BitMapBackend<'_>,
    text: &PlacedText,
    typeface: &Typeface,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let width = typeface.drawn_width_px(&text.text, text.size_px);
    let start = match text.anchor {
        Anchor::Start => text.x,
        Anchor::Middle => text.x - width / 2,
        Anchor::End => text.x - width,
    };
    let mut outcome = Ok(());
    typeface.rasterise(&text.text, text.size_px, |right, down, coverage| {
        if outcome.is_ok() {
            let color = text.color.mix(f64::from(coverage)).to_backend_color();
            outcome = backend.draw_pixel((start + right, text.baseline + down), color);
        }
    });
    Ok(outcome?)
}

//! Colours: one per role, the same in every chart, in a light and a dark set.
//!
//! The six class colours come from the project's design study, where the least distance between
//! any two of them (`OKLab`, also as seen by protanopes, deuteranopes and tritanopes) is 0.14.
//! [`Role::Critical`] keeps 0.11 or more to all six; [`Role::Neutral`] means "nothing to see".

use plotters::style::RGBColor;

use super::canvas::Theme;

/// What a colour means. The meaning is constant across charts, pages and themes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Passes with both mechanisms.
    Ok,
    /// Passes, but leans on one mechanism.
    Partial,
    /// Ours, and set up wrongly.
    Misconfigured,
    /// Mail passed on by somebody else.
    Forwarder,
    /// Too little evidence to say.
    Unknown,
    /// Suspected abuse of the name.
    Spoof,
    /// Background quantity without a judgement.
    Neutral,
    /// Bad outcome that is not one of the six classes, such as rejected or unauthenticated mail.
    Critical,
}

/// How an area of one role is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paint {
    /// Colour of the area.
    pub fill: RGBColor,
    /// 1 px outline, for fills with less than 3:1 contrast to the background.
    pub stroke: Option<RGBColor>,
    /// Colour of hatch lines laid on the fill.
    pub hatch: RGBColor,
}

/// Colours of everything that is not data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Palette {
    theme: Theme,
    /// The sheet.
    pub background: RGBColor,
    /// Weekends and empty tracks: just off the background.
    pub band: RGBColor,
    /// Grid lines and hatching of empty space.
    pub grid: RGBColor,
    /// Titles, labels and values.
    pub ink: RGBColor,
    /// Subtitles, axes and notes (at least 4.5:1).
    pub muted: RGBColor,
    /// Outline of pale fills.
    pub stroke: RGBColor,
}

impl Palette {
    pub(super) const fn of(theme: Theme) -> Self {
        match theme {
            Theme::Light => Self {
                theme,
                background: RGBColor(0xFF, 0xFF, 0xFF),
                band: RGBColor(0xF1, 0xF2, 0xF4),
                grid: RGBColor(0xD5, 0xD8, 0xDC),
                ink: RGBColor(0x1F, 0x23, 0x28),
                muted: RGBColor(0x56, 0x5E, 0x68),
                stroke: RGBColor(0x4A, 0x4A, 0x4A),
            },
            Theme::Dark => Self {
                theme,
                background: RGBColor(0x16, 0x18, 0x1D),
                band: RGBColor(0x20, 0x23, 0x2A),
                grid: RGBColor(0x39, 0x3E, 0x47),
                ink: RGBColor(0xE8, 0xEA, 0xED),
                muted: RGBColor(0xA3, 0xAA, 0xB4),
                stroke: RGBColor(0x9A, 0xA0, 0xA8),
            },
        }
    }

    /// Paint of a role. Which fills are pale is written down rather than computed, because the
    /// contrast formula needs `powf`, whose last digit differs between machines.
    pub(super) const fn paint(&self, role: Role) -> Paint {
        let (fill, pale) = match (self.theme, role) {
            (Theme::Light, Role::Ok) => (RGBColor(0x23, 0x4D, 0x85), false),
            (Theme::Light, Role::Partial) => (RGBColor(0x8E, 0xD4, 0xFE), true),
            (Theme::Light, Role::Misconfigured) => (RGBColor(0xFE, 0xC7, 0x4C), true),
            (Theme::Light, Role::Forwarder) => (RGBColor(0x8E, 0x53, 0xD7), false),
            (Theme::Light, Role::Unknown) => (RGBColor(0xA6, 0xA0, 0x9B), true),
            (Theme::Light, Role::Spoof) => (RGBColor(0x83, 0x2A, 0x2C), false),
            (Theme::Light, Role::Neutral) => (RGBColor(0xE2, 0xE0, 0xDD), true),
            (Theme::Light, Role::Critical) => (RGBColor(0xE5, 0x40, 0x2A), false),
            (Theme::Dark, Role::Ok) => (RGBColor(0x4C, 0x72, 0xAD), false),
            (Theme::Dark, Role::Partial) => (RGBColor(0xA2, 0xE7, 0xF9), false),
            (Theme::Dark, Role::Misconfigured) => (RGBColor(0xF6, 0xD3, 0x34), false),
            (Theme::Dark, Role::Forwarder) => (RGBColor(0xE8, 0x76, 0xFE), false),
            (Theme::Dark, Role::Unknown) => (RGBColor(0x96, 0x9A, 0x94), false),
            (Theme::Dark, Role::Spoof) => (RGBColor(0xCD, 0x3B, 0x24), false),
            (Theme::Dark, Role::Neutral) => (RGBColor(0x45, 0x48, 0x4F), true),
            (Theme::Dark, Role::Critical) => (RGBColor(0xFF, 0x75, 0x19), false),
        };
        if pale {
            Paint { fill, stroke: Some(self.stroke), hatch: self.stroke }
        } else {
            Paint { fill, stroke: None, hatch: self.background }
        }
    }
}

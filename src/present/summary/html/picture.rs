//! Small pictures of the page: stacked bars, daily bars, and charts as data.

use super::name;
use crate::present::summary::ChartImage;
use crate::present::summary::number::{share, thousands};
use crate::present::summary::spark::bins;
use crate::present::summary::teller::Teller;
use crate::present::summary::view::{DomainView, Sums};

/// Daily bars at most; more days share a bar.
const BARS_MAX: usize = 48;
/// Size of a daily bar, and the least height that is seen.
const BAR_HEIGHT_PX: u64 = 24;
const BAR_SEEN_PX: u64 = 3;
const BAR_WIDTH_PX: u64 = 4;

/// The four ways to align: class, words, number of mails.
fn parts(sums: &Sums, teller: &Teller) -> [(&'static str, String, u64); 4] {
    [
        ("both", teller.say("stack-both"), sums.both),
        ("dkim", teller.say("stack-dkim-only"), sums.dkim_only),
        ("spf", teller.say("stack-spf-only"), sums.spf_only),
        ("neither", teller.say("stack-neither"), sums.neither),
    ]
}

/// A bar of the four ways to align. Its numbers stand beside it, so it says them only to those who cannot see it.
pub(super) fn stack(sums: &Sums, teller: &Teller) -> String {
    let parts = parts(sums, teller).into_iter().filter(|(_, _, mails)| *mails > 0);
    let (pieces, words): (String, Vec<String>) = parts
        .map(|(class, words, mails)| {
            let piece = format!("<i class=\"{class}\" style=\"flex-grow:{mails}\"></i>");
            (piece, format!("{words} {}", thousands(mails)))
        })
        .unzip();
    let label = teller.words.list(&words);
    format!("<span class=\"stack\" role=\"img\" aria-label=\"{label}\">{pieces}</span>")
}

/// What the colours of [`stack`] mean, with numbers.
pub(super) fn legend(sums: &Sums, teller: &Teller) -> String {
    let item = |(class, words, mails): (&str, String, u64)| {
        let share = share(teller.words, mails, sums.mails);
        format!("<li><i class=\"{class}\"></i>{words} <b>{}</b> <small>{share}</small></li>\n", thousands(mails))
    };
    format!("\n<ul class=\"legend\">\n{}</ul>\n", parts(sums, teller).map(item).concat())
}

/// A bar a day: below what passed, above what failed.
pub(super) fn trend(domain: &DomainView, teller: &Teller) -> String {
    let bars = bins(&domain.trend, BARS_MAX);
    let width = u64::try_from(bars.len()).unwrap_or(u64::MAX).saturating_mul(BAR_WIDTH_PX);
    let shapes: String = bars.into_iter().zip(0..).map(|(bar, index)| day_bar(bar, index * BAR_WIDTH_PX)).collect();
    let label = teller.trend(domain).unwrap_or_else(|| teller.say("trend-none"));
    format!(
        "<svg class=\"trend\" viewBox=\"0 0 {width} {BAR_HEIGHT_PX}\" preserveAspectRatio=\"none\" role=\"img\" \
         aria-label=\"{label}\"><title>{label}</title>{shapes}</svg>"
    )
}

fn day_bar((passed, mails): (u64, u64), left: u64) -> String {
    if mails == 0 {
        return format!(
            "<rect class=\"gap\" x=\"{left}\" y=\"{}\" width=\"{BAR_WIDTH_PX}\" height=\"1\"/>",
            BAR_HEIGHT_PX - 1
        );
    }
    let exact = u128::from(passed) * u128::from(BAR_HEIGHT_PX) / u128::from(mails);
    let height = match passed {
        0 => 0,
        _ if passed >= mails => BAR_HEIGHT_PX,
        _ => u64::try_from(exact).unwrap_or(0).clamp(BAR_SEEN_PX, BAR_HEIGHT_PX - BAR_SEEN_PX),
    };
    let rect = |class: &str, top: u64, height: u64| match height {
        0 => String::new(),
        _ => format!("<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{BAR_WIDTH_PX}\" height=\"{height}\"/>"),
    };
    let above = BAR_HEIGHT_PX - height;
    rect("neither", 0, above) + &rect("both", above, height)
}

/// The palette of charts: each light colour, and the dark one that means the same.
const LIGHT_AND_DARK: [(&str, &str); 14] = [
    ("#FFFFFF", "#16181D"),
    ("#F1F2F4", "#20232A"),
    ("#D5D8DC", "#393E47"),
    ("#1F2328", "#E8EAED"),
    ("#565E68", "#A3AAB4"),
    ("#4A4A4A", "#9AA0A8"),
    ("#234D85", "#4C72AD"),
    ("#8ED4FE", "#A2E7F9"),
    ("#FEC74C", "#F6D334"),
    ("#8E53D7", "#E876FE"),
    ("#A6A09B", "#969A94"),
    ("#832A2C", "#CD3B24"),
    ("#E2E0DD", "#45484F"),
    ("#E5402A", "#FF7519"),
];

/// A chart as a picture that carries its own data, once in light colours and once in dark ones.
pub(super) fn figure(chart: &ChartImage) -> String {
    let dark = LIGHT_AND_DARK.iter().fold(chart.svg.clone(), |svg, (light, dark)| svg.replace(light, dark));
    format!(
        "<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"{}\"><img alt=\"{}\" src=\"{}\">\
         </picture></figure>\n",
        data_url(&dark),
        name(&chart.alt),
        data_url(&chart.svg)
    )
}

fn data_url(svg: &str) -> String {
    format!("data:image/svg+xml;base64,{}", base64(svg.as_bytes()))
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().chain(&[0, 0]).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        for place in 0..4 {
            text.push(if place <= group.len() { base64_digit(bits >> (18 - 6 * place) & 0x3F) } else { '=' });
        }
    }
    text
}

fn base64_digit(value: u32) -> char {
    let (first, offset) = match value {
        0..26 => ('A', value),
        26..52 => ('a', value - 26),
        52..62 => ('0', value - 52),
        62 => ('+', 0),
        _ => ('/', 0),
    };
    char::from_u32(u32::from(first) + offset).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_standard() {
        let told = ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(|text| base64(text.as_bytes()));
        assert_eq!(told, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"]);
        assert_eq!(base64(&[0xFB, 0xEF, 0xFF]), "++//");
    }

    #[test]
    fn one_failure_is_seen_and_so_is_one_pass() {
        assert!(
            day_bar((999_999, 1_000_000), 0).contains("class=\"neither\" x=\"0\" y=\"0\" width=\"4\" height=\"3\"")
        );
        assert!(day_bar((1, 1_000_000), 0).contains("class=\"both\" x=\"0\" y=\"21\" width=\"4\" height=\"3\""));
        assert!(!day_bar((5, 5), 0).contains("neither"));
        assert!(!day_bar((0, 5), 0).contains("both"));
    }
}

//! PEM as people have it: line ends of any kind, text around it, several blocks, headers, a mark at the front.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// One block.
pub(super) struct Block<'t> {
    /// What its first line says it is.
    pub(super) label: &'t str,
    /// Lines with a colon before its content (RFC 1421 4.6), such as `DEK-Info`.
    pub(super) headers: Vec<(&'t str, &'t str)>,
    /// Its content; `None` when it is not base64, or has no end.
    pub(super) der: Option<Zeroizing<Vec<u8>>>,
}

impl Block<'_> {
    /// The value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// All blocks of a text, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(label) = label(line, "-----BEGIN ") {
            blocks.push(block(label, &mut lines));
        }
    }
    blocks
}

/// The rest of a block, up to its last line.
fn block<'t>(label: &'t str, lines: &mut impl Iterator<Item = &'t str>) -> Block<'t> {
    let mut headers = Vec::new();
    let mut content = Zeroizing::new(String::new());
    for line in lines {
        if self::label(line, "-----END ").is_some() {
            let der = BASE64.decode(content.as_bytes()).ok().map(Zeroizing::new);
            return Block { label, headers, der };
        }
        match line.split_once(':') {
            Some((name, value)) if content.is_empty() => headers.push((name.trim(), value.trim())),
            _ => content.extend(line.chars().filter(|c| !c.is_whitespace())),
        }
    }
    Block { label, headers, der: None }
}

/// The label in a line that begins or ends a block.
fn label<'t>(line: &'t str, start: &str) -> Option<&'t str> {
    // A mark of the byte order may stand before the first line.
    line.trim_start_matches('\u{feff}').strip_prefix(start)?.strip_suffix("-----").map(str::trim)
}

//! Folder names: `/` between levels in the settings, on the wire what the server puts there, in modified UTF-7
//! (RFC 3501 5.1.3) or UTF-8 (RFC 6855). Pure.

use std::fmt::Write as _;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

/// How a server writes names of folders.
#[derive(Clone, Debug, Default)]
pub(super) struct Naming {
    /// What it puts between levels; `None` where there are no levels.
    pub(super) delimiter: Option<char>,
    /// It was asked for UTF-8, and agreed.
    pub(super) is_utf8: bool,
}

impl Naming {
    /// A folder of the settings as the server calls it, for people: `/` becomes its delimiter.
    pub(super) fn on_server(&self, folder: &str) -> String {
        if folder.eq_ignore_ascii_case("INBOX") {
            return "INBOX".to_owned();
        }
        match self.delimiter {
            Some(delimiter) => folder.replace('/', delimiter.encode_utf8(&mut [0; 4])),
            None => folder.to_owned(),
        }
    }

    /// A folder of the settings as it goes to the server.
    pub(super) fn wire(&self, folder: &str) -> String {
        let name = self.on_server(folder);
        if self.is_utf8 { name } else { encoded(&name) }
    }
}

/// A folder's name as it goes to servers without UTF-8.
pub(super) fn encoded(name: &str) -> String {
    let mut wire = String::with_capacity(name.len());
    let mut run: Vec<u16> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            end_run(&mut run, &mut wire);
            wire.push(c);
            if c == '&' {
                wire.push('-');
            }
        } else {
            run.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
    }
    end_run(&mut run, &mut wire);
    wire
}

fn end_run(run: &mut Vec<u16>, wire: &mut String) {
    if run.is_empty() {
        return;
    }
    wire.push('&');
    let bytes: Vec<u8> = run.drain(..).flat_map(u16::to_be_bytes).collect();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            let six = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            wire.extend(ALPHABET.get(six).map(|letter| char::from(*letter)));
        }
    }
    wire.push('-');
}

/// A folder's name for people; what is no modified UTF-7 stays as it was sent.
pub(super) fn decoded(wire: &str) -> String {
    let mut name = String::with_capacity(wire.len());
    let mut rest = wire;
    while let Some((before, after)) = rest.split_once('&') {
        name.push_str(before);
        let Some((run, behind)) = after.split_once('-') else {
            let _written = write!(name, "&{after}");
            return name;
        };
        match (run.is_empty(), decoded_run(run)) {
            (true, _) => name.push('&'),
            (false, Some(text)) => name.push_str(&text),
            (false, None) => {
                let _written = write!(name, "&{run}-");
            }
        }
        rest = behind;
    }
    name.push_str(rest);
    name
}

fn decoded_run(run: &str) -> Option<String> {
    let mut units = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for letter in run.bytes() {
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        bits = bits << 6 | u32::try_from(six).ok()?;
        count += 6;
        if count >= 16 {
            count -= 16;
            units.push(u16::try_from(bits >> count & 0xffff).ok()?);
            bits &= (1 << count) - 1;
        }
    }
    if count >= 6 || bits != 0 {
        return None;
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_go_to_the_wire_as_the_rfc_says() {
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("Tom & Jerry", "Tom &- Jerry"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("Entwürfe", "Entw&APw-rfe"),
            ("😀", "&2D3eAA-"),
        ] {
            assert_eq!(encoded(name), wire);
            assert_eq!(decoded(wire), name);
        }
    }

    #[test]
    fn levels_are_written_as_the_server_does() {
        let on = |delimiter, folder| Naming { delimiter, is_utf8: false }.wire(folder);
        assert_eq!(on(Some('.'), "INBOX/Reports/Entwürfe"), "INBOX.Reports.Entw&APw-rfe");
        assert_eq!(on(Some('.'), "INBOX.Reports"), "INBOX.Reports");
        assert_eq!(on(Some('/'), "INBOX/Reports"), "INBOX/Reports");
        assert_eq!(on(None, "INBOX/Reports"), "INBOX/Reports");
        assert_eq!(on(Some('.'), "inbox"), "INBOX");
        assert_eq!(Naming { delimiter: Some('\\'), is_utf8: true }.wire("A/Ü"), "A\\Ü");
    }

    #[test]
    fn what_is_no_name_stays_as_sent() {
        for wire in ["&", "&%-", "a&b", "&2D0-", "a&b-", "&APx-", "&APwA-"] {
            assert_eq!(decoded(wire), wire);
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back(name in "\\PC*") {
            let wire = encoded(&name);
            prop_assert!(wire.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(decoded(&wire), name);
        }

        #[test]
        fn no_wire_text_panics(wire in ".*") {
            decoded(&wire);
        }
    }
}

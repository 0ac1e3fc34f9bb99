//! Lines of a server in ASCII. Pure.
//!
//! Servers may write folder names and texts for people in UTF-8 (RFC 6855, RFC 9051, RFC 5255). The library that reads
//! their lines gives up at the first such byte, so each run of them is written in modified UTF-7 here, as folder names
//! are in older servers. Literals, which hold the mails, stay as they are.

use super::folder_name::encoded;

/// Rewrites what a server sends, piece by piece.
#[derive(Debug, Default)]
pub(super) struct AsciiLines {
    /// Bytes of the literal at hand that are still to come.
    literal_left: u64,
    mark: Mark,
    /// Bytes over 127, up to the next that is not.
    run: Vec<u8>,
}

/// How much of `{123}` and a line end, which announce a literal, was seen.
#[derive(Debug, Default)]
enum Mark {
    #[default]
    Nothing,
    Number(u64),
    Closed(u64),
    Return(u64),
}

impl AsciiLines {
    /// Appends what is to be read in place of `bytes`.
    pub(super) fn pass(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let literal = usize::try_from(self.literal_left).unwrap_or(usize::MAX).min(rest.len());
            let (inside, behind) = rest.split_at(literal);
            out.extend_from_slice(inside);
            self.literal_left -= u64::try_from(literal).unwrap_or(0);
            rest = behind;
            while let Some((byte, behind)) = rest.split_first() {
                rest = behind;
                self.pass_byte(*byte, out);
                if self.literal_left > 0 {
                    break;
                }
            }
        }
    }

    /// The last bytes, when no more will come.
    pub(super) fn end(&mut self, out: &mut Vec<u8>) {
        if !self.run.is_empty() {
            out.extend_from_slice(encoded(&String::from_utf8_lossy(&self.run)).as_bytes());
            self.run.clear();
        }
    }

    fn pass_byte(&mut self, byte: u8, out: &mut Vec<u8>) {
        if !byte.is_ascii() {
            self.mark = Mark::Nothing;
            self.run.push(byte);
            return;
        }
        self.end(out);
        out.push(byte);
        self.mark = match (&self.mark, byte) {
            (_, b'{') => Mark::Number(0),
            (Mark::Number(number), b'0'..=b'9') => {
                Mark::Number(number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Mark::Number(number), b'}') => Mark::Closed(*number),
            (Mark::Closed(number), b'\r') => Mark::Return(*number),
            (Mark::Return(number), b'\n') => {
                self.literal_left = *number;
                Mark::Nothing
            }
            _ => Mark::Nothing,
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `bytes`, in pieces of `piece` bytes.
    fn passed(bytes: &[u8], piece: usize) -> Vec<u8> {
        let (mut lines, mut out) = (AsciiLines::default(), Vec::new());
        for piece in bytes.chunks(piece) {
            lines.pass(piece, &mut out);
        }
        lines.end(&mut out);
        out
    }

    #[test]
    fn names_are_rewritten_and_mails_are_not() {
        let sent = "* LIST () \"/\" \"Entwürfe/日本語\"\r\n* 1 FETCH (BODY[] {4}\r\n{ü} UID 1)\r\n* OK Grüße\r\n";
        let read = "* LIST () \"/\" \"Entw&APw-rfe/&ZeVnLIqe-\"\r\n* 1 FETCH (BODY[] {4}\r\n{ü} UID 1)\r\n* OK Gr&APwA3w-e\r\n";
        for piece in 1..sent.len() {
            assert_eq!(String::from_utf8_lossy(&passed(sent.as_bytes(), piece)), read, "in pieces of {piece}");
        }
        assert_eq!(passed(b"* OK Gr\xfc\xdfe\r\n", 3), b"* OK Gr&,,3,,Q-e\r\n", "not UTF-8, and told so");
    }

    proptest! {
        #[test]
        fn ascii_stays_and_all_becomes_ascii(text in "[ -~\r\n]{0,80}", any in ".{0,40}", piece in 1_usize..9) {
            prop_assert_eq!(passed(text.as_bytes(), piece), text.as_bytes());
            let line = any.replace('{', "");
            prop_assert!(passed(line.as_bytes(), piece).is_ascii());
        }

        #[test]
        fn literals_stay(body in proptest::collection::vec(any::<u8>(), 0..60), piece in 1_usize..9) {
            let mut sent = format!("* 1 FETCH (BODY[] {{{}}}\r\n", body.len()).into_bytes();
            sent.extend(&body);
            prop_assert_eq!(passed(&sent, piece), sent);
        }
    }
}

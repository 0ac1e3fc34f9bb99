//! Records as text: `v` and `p` first, as old receivers want them, then the order of hosting panels.

use std::fmt;

use super::{DmarcRecord, ReportUri};
use crate::model::Word;

impl fmt::Display for DmarcRecord {
    /// The text of the record; only what is set stands in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=DMARC1")?;
        word(f, "p", self.p)?;
        word(f, "sp", self.sp)?;
        word(f, "np", self.np)?;
        word(f, "aspf", self.aspf)?;
        word(f, "adkim", self.adkim)?;
        uris(f, "rua", &self.rua)?;
        uris(f, "ruf", &self.ruf)?;
        if !self.fo.is_empty() {
            let letters: Vec<String> = self.fo.iter().map(char::to_string).collect();
            write!(f, "; fo={}", letters.join(":"))?;
        }
        if let Some(psd) = self.psd {
            write!(f, "; psd={}", psd.as_str())?;
        }
        word(f, "t", self.t)?;
        self.pct.map_or(Ok(()), |share| write!(f, "; pct={share}"))
    }
}

fn word<T: Word>(f: &mut fmt::Formatter<'_>, name: &str, value: Option<T>) -> fmt::Result {
    value.map_or(Ok(()), |word| write!(f, "; {name}={}", word.as_str()))
}

fn uris(f: &mut fmt::Formatter<'_>, name: &str, uris: &[ReportUri]) -> fmt::Result {
    if uris.is_empty() {
        return Ok(());
    }
    let written: Vec<String> = uris.iter().map(ToString::to_string).collect();
    write!(f, "; {name}={}", written.join(","))
}

impl fmt::Display for ReportUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `,` `;` and `!` would end the address (RFC 9989 4.7).
        let uri = self.uri.replace(',', "%2C").replace(';', "%3B").replace('!', "%21");
        f.write_str(&uri)?;
        self.size_bytes_max.map_or(Ok(()), |size| write!(f, "!{size}"))
    }
}

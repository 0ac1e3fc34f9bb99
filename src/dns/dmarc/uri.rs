//! Addresses that reports go to (RFC 9990 3.5.1; sizes are of RFC 7489 6.2).

use super::super::finding::{Findings, quote};
use super::super::tag_list::Tag;
use crate::words::said;

/// Addresses of a tag.
pub type Reportees = Vec<ReportUri>;

/// Where reports go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportUri {
    /// The URI as written, without its size.
    pub uri: String,
    /// Largest report, in octets; receivers since RFC 9990 ignore it.
    pub size_bytes_max: Option<u64>,
}

impl ReportUri {
    /// The mail address, percent-encoding resolved; `None` when it is not a `mailto:` with one good address.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let scheme = self.uri.get(..7)?;
        let rest = self.uri.get(7..)?;
        let target = rest.split('?').next()?;
        let target = decoded(target).filter(|target| !target.starts_with("//"))?;
        let (local, host) = target.rsplit_once('@')?;
        let is_local = !local.is_empty() && local.chars().all(|c| !c.is_whitespace() && !c.is_control());
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let is_host = host.len() <= 253 && host.contains('.') && host.split('.').all(is_label);
        (scheme.eq_ignore_ascii_case("mailto:") && is_local && is_host)
            .then(|| format!("{local}@{}", host.to_ascii_lowercase()))
    }

    /// The domain of the mail address.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        self.address()?.rsplit_once('@').map(|(_, host)| host.to_owned())
    }
}

/// Resolves `%XX`; `None` when it is not well-formed or not UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = char::from(bytes.next()?).to_digit(16)?;
            let low = char::from(bytes.next()?).to_digit(16)?;
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// Reads the addresses of `rua` or `ruf`; those that nobody can use are left out, with a finding.
pub(super) fn list(tag: &Tag<'_>, findings: &mut Findings) -> Reportees {
    let mut uris = Vec::new();
    let mut start = tag.value_at.start;
    for part in tag.value.split(',') {
        let front = part.len() - part.trim_start_matches([' ', '\t']).len();
        let uri = part.trim_matches([' ', '\t']);
        let at = start + front..start + front + uri.len();
        start += part.len() + 1;
        let (target, size) = uri.split_once('!').map_or((uri, None), |(target, size)| (target, Some(size)));
        let read = ReportUri { uri: target.to_owned(), size_bytes_max: size.and_then(octets) };
        let scheme = target.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        let what = format!("{}: {}", tag.name, quote(uri));
        match scheme.as_deref() {
            _ if size.is_some() && read.size_bytes_max.is_none() => {
                let text = said!("record-uri-size-none", what = what);
                findings.error("dmarc-uri-invalid", at, text, said!("record-uri-size-fix"));
                continue;
            }
            Some("mailto") if read.address().is_some() => {}
            None if uri.contains('@') => {
                let text = said!("record-uri-no-scheme", what = what);
                findings.error("dmarc-uri-no-scheme", at, text, said!("record-uri-no-scheme-fix"));
                continue;
            }
            Some(scheme) if scheme != "mailto" && is_scheme(scheme) && is_plain(target) => {
                let text = said!("record-uri-scheme", what = what);
                findings.warning("dmarc-uri-scheme", at.clone(), text, said!("record-uri-scheme-fix"));
            }
            _ => {
                let text = said!("record-uri-invalid", what = what);
                findings.error("dmarc-uri-invalid", at, text, said!("record-uri-invalid-fix"));
                continue;
            }
        }
        if size.is_some() {
            let text = said!("record-uri-size", what = what);
            findings.warning("dmarc-uri-size", at, text, said!("record-uri-size-fix"));
        }
        uris.push(read);
    }
    uris
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

fn is_plain(uri: &str) -> bool {
    uri.chars().all(|c| c.is_ascii_graphic())
}

/// `10m` is 10 × 2^20; too much for 64 bits is no size.
fn octets(size: &str) -> Option<u64> {
    let (digits, power) = match size.char_indices().last()? {
        (end, unit) if unit.is_ascii_alphabetic() => {
            let power = ['k', 'm', 'g', 't'].iter().position(|known| unit.eq_ignore_ascii_case(known))?;
            (size.get(..end)?, u32::try_from(power + 1).ok()?)
        }
        _ => (size, 0),
    };
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse::<u64>().ok().filter(|_| is_number)?.checked_mul(1024_u64.checked_pow(power)?)
}

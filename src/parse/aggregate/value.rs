//! Reads single values: words, numbers, times, addresses, names. Each gives what was odd beside what was read.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use crate::model::{Field, NoteKind, Sent, Word};

/// The largest count of one record that is believed, in mails.
const COUNT_MAX: u64 = 1 << 40;
/// Times from here on are in milliseconds: in seconds this is the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// A value and what was odd about it.
pub(super) type Reading<T> = (T, Option<NoteKind>);

/// A word of a vocabulary, in any letter case.
pub(super) fn word<T: Word>(field: Field, text: &str, keep: impl FnOnce(&str) -> Arc<str>) -> Reading<Sent<T>> {
    if let Some(word) = T::from_exact(text) {
        return (Sent::Read(word), None);
    }
    if let Some(word) = T::from_exact(&text.to_ascii_lowercase()) {
        return (Sent::Read(word), Some(NoteKind::LetterCase(field)));
    }
    let odd = keep(text);
    (Sent::Odd(Arc::clone(&odd)), Some(NoteKind::OddWord(field, odd)))
}

/// A whole number; a decimal fraction is cut off.
fn whole_number<T: std::str::FromStr>(field: Field, text: &str) -> Option<Reading<T>> {
    if let Ok(number) = text.parse() {
        return Some((number, None));
    }
    let (whole, fraction) = text.split_once('.')?;
    let is_fraction = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let number = whole.parse().ok().filter(|_| is_fraction)?;
    Some((number, Some(NoteKind::Fraction(field))))
}

/// A number of mails, or of per cent: not negative, at most `most`.
fn bounded_number(field: Field, text: &str, most: u64, keep: impl FnOnce(&str) -> Arc<str>) -> Reading<Sent<u64>> {
    match whole_number::<u64>(field, text).filter(|(number, _)| *number <= most) {
        Some((number, note)) => (Sent::Read(number), note),
        None => {
            let odd = keep(text);
            (Sent::Odd(Arc::clone(&odd)), Some(NoteKind::OddNumber(field, odd)))
        }
    }
}

/// `<count>`, in mails.
pub(super) fn count(text: &str, keep: impl FnOnce(&str) -> Arc<str>) -> Reading<Sent<u64>> {
    let (count, note) = bounded_number(Field::Count, text, COUNT_MAX, keep);
    let note = if count == Sent::Read(0) { Some(NoteKind::CountZero) } else { note };
    (count, note)
}

/// `<pct>`, 0 to 100.
pub(super) fn pct(text: &str, keep: impl FnOnce(&str) -> Arc<str>) -> Reading<Sent<u8>> {
    let (number, note) = bounded_number(Field::Pct, text, 100, keep);
    let pct = match number {
        Sent::Read(number) => Sent::Read(u8::try_from(number).unwrap_or(100)),
        Sent::Odd(text) => Sent::Odd(text),
    };
    (pct, note)
}

/// A time in seconds since 1970; milliseconds are recognised by their size. `None` when it is no time.
pub(super) fn time_s(field: Field, text: &str) -> Option<Reading<i64>> {
    let (number, note) = whole_number::<i64>(field, text)?;
    if number < 0 {
        return None;
    }
    if number < MILLISECONDS_FROM {
        return Some((number, note));
    }
    let seconds = number / 1_000;
    (seconds < MILLISECONDS_FROM).then_some((seconds, Some(NoteKind::Milliseconds(field))))
}

/// An address in canonical form: an IPv4-mapped IPv6 address becomes the IPv4 address.
pub(super) fn address(text: &str, keep: impl FnOnce(&str) -> Arc<str>) -> Reading<Sent<IpAddr>> {
    if let Ok(v4) = text.parse::<Ipv4Addr>() {
        return (Sent::Read(IpAddr::V4(v4)), None);
    }
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let bare = bare.strip_prefix("IPv6:").unwrap_or(bare);
    let bare = bare.split_once('%').map_or(bare, |(address, _zone)| address);
    let parsed = bare.parse::<IpAddr>().or_else(|error| padded_v4(bare).map(IpAddr::V4).ok_or(error));
    let Ok(parsed) = parsed else {
        let odd = keep(text);
        return (Sent::Odd(Arc::clone(&odd)), Some(NoteKind::OddAddress(odd)));
    };
    let canonical = parsed.to_canonical();
    let usual = matches!(parsed, IpAddr::V6(v6) if is_usual_v6(v6, text));
    (Sent::Read(canonical), (!usual).then_some(NoteKind::AddressForm))
}

/// The text is an IPv6 address, without brackets, zone or an IPv4 address in it: any way of writing it is usual.
fn is_usual_v6(address: Ipv6Addr, text: &str) -> bool {
    address.to_ipv4_mapped().is_none() && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':')
}

/// `192.000.002.001`: decimal with leading zeros, as written by programs that pad; nobody means octal.
fn padded_v4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next().filter(|part| (1..=3).contains(&part.len()))?;
        *octet = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())??;
    }
    parts.next().is_none().then_some(Ipv4Addr::from(octets))
}

/// A domain name as DNS compares it: lower case, without the final dot.
pub(super) fn needs_folding(name: &str) -> bool {
    name.ends_with('.') || name.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii())
}

/// See [`needs_folding`].
pub(super) fn folded_domain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AuthResult, Disposition};

    fn keep(text: &str) -> Arc<str> {
        text.into()
    }

    #[test]
    fn words_are_read_in_any_letters_and_odd_ones_are_kept() {
        assert_eq!(word::<AuthResult>(Field::SpfResult, "pass", keep), (Sent::Read(AuthResult::Pass), None));
        let (read, note) = word::<AuthResult>(Field::SpfResult, "SoftFail", keep);
        assert_eq!((read, note), (Sent::Read(AuthResult::SoftFail), Some(NoteKind::LetterCase(Field::SpfResult))));
        let (odd, note) = word::<AuthResult>(Field::SpfResult, "hardfail", keep);
        assert_eq!(odd, Sent::Odd("hardfail".into()));
        assert_eq!(note, Some(NoteKind::OddWord(Field::SpfResult, "hardfail".into())));
        assert_eq!(word::<Disposition>(Field::Disposition, "15", keep).0, Sent::Odd("15".into()));
    }

    #[test]
    fn counts_are_whole_bounded_and_never_invented() {
        assert_eq!(count("4294967296", keep).0, Sent::Read(4_294_967_296));
        assert_eq!(count("3.0", keep), (Sent::Read(3), Some(NoteKind::Fraction(Field::Count))));
        assert_eq!(count(&COUNT_MAX.to_string(), keep).0, Sent::Read(COUNT_MAX));
        for text in ["-1", "many", "1e3", "3.x", "", &(COUNT_MAX + 1).to_string(), "18446744073709551616"] {
            assert!(matches!(count(text, keep), (Sent::Odd(_), Some(NoteKind::OddNumber(..)))), "{text}");
        }
        assert_eq!(count("0", keep), (Sent::Read(0), Some(NoteKind::CountZero)));
        assert_eq!(pct("100", keep).0, Sent::Read(100));
        assert!(matches!(pct("101", keep).0, Sent::Odd(_)));
    }

    #[test]
    fn times_may_have_fractions_or_milliseconds() {
        assert_eq!(time_s(Field::Begin, "1339171200"), Some((1_339_171_200, None)));
        assert_eq!(time_s(Field::Begin, "1339171200.0").map(|(time, _)| time), Some(1_339_171_200));
        assert_eq!(
            time_s(Field::End, "1760659200123"),
            Some((1_760_659_200, Some(NoteKind::Milliseconds(Field::End))))
        );
        for text in ["yesterday", "-5", "99999999999999999", "1e9"] {
            assert_eq!(time_s(Field::Begin, text), None, "{text}");
        }
    }

    #[test]
    fn addresses_become_canonical() {
        for (text, canonical, noted) in [
            ("192.0.2.1", "192.0.2.1", false),
            ("2001:DB8::A", "2001:db8::a", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("[2001:db8::1]", "2001:db8::1", true),
            ("192.000.002.001", "192.0.2.1", true),
            ("fe80::1%eth0", "fe80::1", true),
        ] {
            let (address, note) = address(text, keep);
            assert_eq!(address, Sent::Read(canonical.parse().expect("test address")), "{text}");
            assert_eq!(note.is_some(), noted, "{text}");
        }
        for text in ["localhost", "192.0.2", "192.0.2.1.5", "256.1.1.1", "192.0.2.1 (host)"] {
            assert!(matches!(address(text, keep).0, Sent::Odd(_)), "{text}");
        }
    }

    #[test]
    fn domains_are_folded_only_where_needed() {
        assert!(!needs_folding("example.com"));
        assert!(needs_folding("example.com.") && needs_folding("EXAMPLE.com"));
        assert_eq!(folded_domain("EXAMPLE.com."), "example.com");
    }
}

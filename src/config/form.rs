//! Settings whose text has a form: names, addresses, networks, times.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use chrono::{NaiveDate, NaiveTime};

use super::node::Value;
use super::secret::Secret;
use super::setting::{Scalar, quoted};
use crate::words::{self, Said, said};

/// Declares texts of which only those are made that a function lets through, in the spelling that it gives them.
macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident: $expected:literal, $form:expr, secret = $secret:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The value that a text spells; `None` when it has not the form.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let form: fn(&str) -> Option<String> = $form;
                form(text).map(Self)
            }

            /// The text, as the settings hold it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl Scalar for $name {
            const SECRET: bool = $secret;

            fn expected() -> Said {
                said!($expected)
            }

            fn from_value(value: &Value) -> Option<Self> {
                value.as_text().and_then($form).map(Self)
            }

            fn to_toml(&self) -> String {
                quoted(&self.0)
            }
        }
    )*};
}

forms! {
    /// A domain name in lower case, without a final dot; international names in their `xn--` form.
    DomainName: "expected-domain", domain, secret = false;
    /// The name or address of a server.
    Host: "expected-host", host, secret = false;
    /// A DKIM selector, or the beginning of one.
    Selector: "expected-selector", labels, secret = false;
    /// A mail address.
    Address: "expected-address", address, secret = false;
    /// Where receivers send reports: `mailto:` and an address.
    ReportUri: "expected-report-uri", report_uri, secret = false;
    /// An `https` or `http` address without a secret in it.
    Url: "expected-url", url, secret = false;
    /// The name of an environment variable.
    VariableName: "expected-variable", variable, secret = true;
}

impl Selector {
    /// What selectors of ours begin with when the owner says nothing: `rs`.
    pub(super) fn standard_prefix() -> Self {
        Self("rs".to_owned())
    }
}

/// Labels of letters, digits, `-` and `_`, in lower case.
fn labels(text: &str) -> Option<String> {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (text.len() <= 253 && text.split('.').all(is_label)).then(|| text.to_ascii_lowercase())
}

/// At least two labels, of which the last is not a number. International ones are turned into their form for DNS.
fn domain(text: &str) -> Option<String> {
    if !text.is_ascii() {
        let ascii = idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::STD3).ok()?;
        return domain(&ascii);
    }
    let name = labels(text.strip_suffix('.').unwrap_or(text))?;
    let (_, last) = name.rsplit_once('.')?;
    last.bytes().any(|byte| !byte.is_ascii_digit()).then_some(name)
}

fn host(text: &str) -> Option<String> {
    let is_address = text.parse::<IpAddr>().is_ok();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_address { Some(text.to_owned()) } else { labels(text).filter(|_| !is_number) }
}

fn address(text: &str) -> Option<String> {
    let (local, domain_part) = text.rsplit_once('@')?;
    let is_local =
        !local.is_empty() && local.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"@<>,;".contains(c));
    domain(domain_part).filter(|_| is_local).map(|domain| format!("{local}@{domain}"))
}

/// `mailto:`, an address, and perhaps the largest size that it takes, as in `!10m`.
fn report_uri(text: &str) -> Option<String> {
    let target = text.strip_prefix("mailto:")?;
    let (target, size) = target.rsplit_once('!').unwrap_or((target, "1"));
    let digits = size.strip_suffix(['k', 'm', 'g', 't']).unwrap_or(size);
    address(target)?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let is_plain = rest.chars().all(|c| !c.is_whitespace() && !c.is_control());
    (is_plain && !rest.is_empty() && !rest.starts_with('/')).then(|| text.to_owned())
}

fn variable(text: &str) -> Option<String> {
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (is_name && text.starts_with(|c: char| !c.is_ascii_digit())).then(|| text.to_owned())
}

/// An address that itself gives access, such as that of a chat channel's webhook.
impl Scalar for Secret {
    const SECRET: bool = true;

    fn expected() -> Said {
        Url::expected()
    }

    fn from_value(value: &Value) -> Option<Self> {
        value.as_text().and_then(url).map(Self::new)
    }

    fn to_toml(&self) -> String {
        quoted(&self.to_string())
    }
}

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// An address in it.
    pub address: IpAddr,
    /// Leading bits that all its addresses share: at most 32, for IPv6 128.
    pub prefix_bits: u8,
}

impl fmt::Display for Cidr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.prefix_bits)
    }
}

impl Scalar for Cidr {
    fn expected() -> Said {
        said!("expected-cidr")
    }

    fn from_value(value: &Value) -> Option<Self> {
        let text = value.as_text()?;
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = bits.map_or(Ok(bits_max), str::parse).ok()?;
        (prefix_bits <= bits_max).then_some(Self { address, prefix_bits })
    }

    fn to_toml(&self) -> String {
        quoted(&self.to_string())
    }
}

/// A DNS server; port 53 when none is written.
impl Scalar for SocketAddr {
    fn expected() -> Said {
        said!("expected-server")
    }

    fn from_value(value: &Value) -> Option<Self> {
        const DNS_PORT: u16 = 53;
        let text = value.as_text()?;
        text.parse().ok().or_else(|| Some(Self::new(text.parse().ok()?, DNS_PORT)))
    }

    fn to_toml(&self) -> String {
        quoted(&self.to_string())
    }
}

/// How far back a mailbox is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// This many days before now.
    Days(u32),
    /// From this day on.
    Date(NaiveDate),
}

impl Scalar for Since {
    fn expected() -> Said {
        said!("expected-since")
    }

    fn from_value(value: &Value) -> Option<Self> {
        let text = time_text(value)?;
        match text.strip_suffix('d') {
            Some(days) => days.parse().ok().map(Self::Days),
            None => NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::Date),
        }
    }

    fn to_toml(&self) -> String {
        match self {
            Self::Days(days) => quoted(&format!("{days}d")),
            Self::Date(date) => quoted(&date.to_string()),
        }
    }
}

/// A time of day.
impl Scalar for NaiveTime {
    fn expected() -> Said {
        said!("expected-time")
    }

    fn from_value(value: &Value) -> Option<Self> {
        let text = time_text(value)?;
        Self::parse_from_str(text, "%H:%M").or_else(|_| Self::parse_from_str(text, "%H:%M:%S")).ok()
    }

    fn to_toml(&self) -> String {
        let text = self.to_string();
        quoted(text.strip_suffix(":00").unwrap_or(&text))
    }
}

/// A date or time, with or without the quotes of a text.
fn time_text(value: &Value) -> Option<&str> {
    if let Value::Time(text) = value { Some(text) } else { value.as_text() }
}

impl words::Told for DomainName {
    fn told(&self) -> words::Value {
        words::Value::Text(self.to_string())
    }
}

impl words::Told for Selector {
    fn told(&self) -> words::Value {
        words::Value::Text(self.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of `texts` a type reads, in TOML.
    fn read<T: Scalar>(texts: &[&str]) -> Vec<Option<String>> {
        let read = |text: &&str| T::from_value(&Value::Text((*text).to_owned())).map(|value| value.to_toml());
        texts.iter().map(read).collect()
    }

    #[track_caller]
    fn accepts<T: Scalar>(text: &str, toml: &str) {
        assert_eq!(read::<T>(&[text]), [Some(quoted(toml))]);
    }

    #[track_caller]
    fn refuses<T: Scalar>(texts: &[&str]) {
        assert!(read::<T>(texts).iter().all(Option::is_none), "{texts:?}: {:?}", read::<T>(texts));
    }

    #[test]
    fn names_have_labels() {
        accepts::<DomainName>("Example.COM.", "example.com");
        accepts::<DomainName>("_spf.example.co.jp", "_spf.example.co.jp");
        accepts::<DomainName>("xn--r8jz45g.jp", "xn--r8jz45g.jp");
        accepts::<DomainName>("例え.jp", "xn--r8jz45g.jp");
        accepts::<DomainName>("メール。例え。JP.", "xn--4dkua4c.xn--r8jz45g.jp");
        accepts::<DomainName>("Bücher.example", "xn--bcher-kva.example");
        let long = format!("{}.com", "a".repeat(64));
        refuses::<DomainName>(&[
            "",
            "com",
            "a..b",
            ".a.b",
            "exa mple.com",
            "例え",
            "例え .jp",
            "例\u{202e}え.jp",
            "-a.com",
            "a-.com",
            "192.0.2.1",
            &long,
        ]);
        accepts::<DomainName>(&format!("{}.com", "a".repeat(63)), &format!("{}.com", "a".repeat(63)));
        accepts::<Selector>("rs20260101", "rs20260101");
        accepts::<Selector>("s1.mail", "s1.mail");
        refuses::<Selector>(&["", "a b", "a."]);
    }

    #[test]
    fn hosts_are_names_or_addresses() {
        accepts::<Host>("IMAP.example.com", "imap.example.com");
        accepts::<Host>("localhost", "localhost");
        accepts::<Host>("2001:db8::1", "2001:db8::1");
        refuses::<Host>(&["", "imap.example.com:993", "imaps://example.com", "192.0.2.256"]);
    }

    #[test]
    fn addresses_have_two_sides() {
        accepts::<Address>("Postmaster@Example.com", "Postmaster@example.com");
        refuses::<Address>(&["", "@example.com", "a@", "a b@example.com", "<a@example.com>", "mailto:a@b@example.com"]);
        accepts::<ReportUri>("mailto:d@example.com", "mailto:d@example.com");
        accepts::<ReportUri>("mailto:d@example.com!10m", "mailto:d@example.com!10m");
        refuses::<ReportUri>(&["d@example.com", "mailto:", "mailto:d@example.com!m", "https://example.com"]);
        accepts::<Url>("https://example.com/hook", "https://example.com/hook");
        refuses::<Url>(&["", "example.com", "ftp://example.com", "https://", "https:///x", "https://a b"]);
        accepts::<VariableName>("IMAP_PASSWORD", "IMAP_PASSWORD");
        refuses::<VariableName>(&["", "1A", "A-B", "hunter 2"]);
    }

    #[test]
    fn networks_and_servers() {
        accepts::<Cidr>("192.0.2.0/24", "192.0.2.0/24");
        accepts::<Cidr>("192.0.2.1", "192.0.2.1/32");
        accepts::<Cidr>("2001:DB8::/32", "2001:db8::/32");
        accepts::<Cidr>("2001:db8::/128", "2001:db8::/128");
        refuses::<Cidr>(&[
            "",
            "192.0.2.0/33",
            "2001:db8::/129",
            "192.0.2/24",
            "192.0.2.0/",
            "192.0.2.0/-1",
            "example.com",
        ]);
        accepts::<SocketAddr>("127.0.0.1:5300", "127.0.0.1:5300");
        accepts::<SocketAddr>("192.0.2.53", "192.0.2.53:53");
        accepts::<SocketAddr>("2001:db8::53", "[2001:db8::53]:53");
        refuses::<SocketAddr>(&["", "dns.example.com", "192.0.2.53:99999"]);
    }

    #[test]
    fn days_and_times() {
        accepts::<Since>("35d", "35d");
        accepts::<Since>("2026-01-31", "2026-01-31");
        refuses::<Since>(&["", "d", "35", "-1d", "2026-02-30", "yesterday"]);
        accepts::<NaiveTime>("07:30", "07:30");
        accepts::<NaiveTime>("7:30", "07:30");
        accepts::<NaiveTime>("23:59:59", "23:59:59");
        refuses::<NaiveTime>(&["", "24:00", "07:60", "07", "7.30"]);
    }
}

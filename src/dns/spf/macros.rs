//! Domains in terms, with macros in them (RFC 7208 7).

use std::fmt;
use std::net::IpAddr;

/// A domain as a term names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DomainSpec(String);

/// Who is asked about, as far as macros need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The address of the connection.
    pub ip: IpAddr,
    /// Before the `@` of the envelope address.
    pub local_part: String,
    /// Behind it.
    pub domain: String,
    /// What the client called itself.
    pub helo: String,
}

impl DomainSpec {
    /// Reads a domain that a question can be asked about.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        Self::read_macros(text)?;
        if text.is_empty() {
            return Err("a domain is missing".to_owned());
        }
        let plain = text.strip_suffix('.').unwrap_or(text);
        let last = plain.rsplit('.').next().unwrap_or_default();
        let is_top = !last.is_empty()
            && last.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && last.chars().any(|c| !c.is_ascii_digit())
            && !last.starts_with('-')
            && !last.ends_with('-')
            && plain.len() > last.len();
        // A domain ends in a top level, or in a macro (RFC 7208 7.1).
        if is_top || text.ends_with('}') { Ok(Self(text.to_owned())) } else { Err("this is no domain".to_owned()) }
    }

    /// Checks the macros of a text.
    pub(super) fn read_macros(text: &str) -> Result<(), String> {
        if let Some(odd) = text.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(format!("{odd:?} may not stand in a record"));
        }
        pieces(text).map(|_| ())
    }

    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what it names depends on the mail.
    #[must_use]
    pub fn has_macros(&self) -> bool {
        self.0.contains('%')
    }

    /// The domain for a mail, in lower case without a final dot, where `current` is the domain whose record this is.
    /// Of more than 253 octets, labels on the left are dropped (RFC 7208 7.3).
    #[must_use]
    pub fn expand(&self, sender: &Sender, current: &str) -> String {
        let expanded: String = pieces(&self.0)
            .unwrap_or_default()
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Macro(part) => part.expand(sender, current),
            })
            .collect();
        let mut name = expanded.trim_end_matches('.');
        while name.len() > 253 {
            name = name.split_once('.').map_or("", |(_, rest)| rest);
        }
        name.to_ascii_lowercase()
    }

    /// The domain where it depends on no mail, in lower case without a final dot.
    #[must_use]
    pub fn fixed(&self) -> Option<String> {
        (!self.has_macros()).then(|| self.0.trim_end_matches('.').to_ascii_lowercase())
    }

    /// As [`Self::fixed`], also where it depends on nothing but the domain whose record this is (`%{d}`).
    #[must_use]
    pub fn fixed_in(&self, current: &str) -> Option<String> {
        let is_fixed = |piece: &Piece<'_>| match piece {
            Piece::Text(_) => true,
            Piece::Macro(part) => part.letter == 'd',
        };
        let nobody = Sender {
            ip: IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
            local_part: String::new(),
            domain: String::new(),
            helo: String::new(),
        };
        pieces(&self.0).ok()?.iter().all(is_fixed).then(|| self.expand(&nobody, current))
    }
}

impl fmt::Display for DomainSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

enum Piece<'a> {
    Text(&'a str),
    Macro(Macro),
}

struct Macro {
    letter: char,
    is_escaped: bool,
    parts: Option<usize>,
    is_reversed: bool,
    delimiters: String,
}

/// A text as literals and macros.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        pieces.push(Piece::Text(before));
        let mut chars = after.chars();
        rest = match chars.next() {
            Some('%') => {
                pieces.push(Piece::Text("%"));
                chars.as_str()
            }
            Some('_') => {
                pieces.push(Piece::Text(" "));
                chars.as_str()
            }
            Some('-') => {
                pieces.push(Piece::Text("%20"));
                chars.as_str()
            }
            Some('{') => {
                let (inner, after) = chars.as_str().split_once('}').ok_or("a macro has no `}`")?;
                pieces.push(Piece::Macro(Macro::read(inner).ok_or_else(|| format!("%{{{inner}}} is no macro"))?));
                after
            }
            _ => return Err("`%` has to be followed by `{`, `%`, `_` or `-`".to_owned()),
        };
    }
    pieces.push(Piece::Text(rest));
    Ok(pieces)
}

impl Macro {
    fn read(inner: &str) -> Option<Self> {
        let mut chars = inner.chars();
        let letter = chars.next()?;
        let lower = letter.to_ascii_lowercase();
        let rest = chars.as_str();
        let digits_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (digits, rest) = rest.split_at_checked(digits_end)?;
        let parts = if digits.is_empty() { None } else { Some(digits.parse::<usize>().ok().filter(|n| *n > 0)?) };
        let (is_reversed, delimiters) = match rest.strip_prefix(['r', 'R']) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let is_good = "slodipvh".contains(lower) && delimiters.chars().all(|c| ".-+,/_=".contains(c));
        is_good.then(|| Self {
            letter: lower,
            is_escaped: letter.is_ascii_uppercase(),
            parts,
            is_reversed,
            delimiters: if delimiters.is_empty() { ".".to_owned() } else { delimiters.to_owned() },
        })
    }

    fn expand(&self, sender: &Sender, current: &str) -> String {
        let value = match self.letter {
            's' => format!("{}@{}", sender.local_part, sender.domain),
            'l' => sender.local_part.clone(),
            'o' => sender.domain.clone(),
            'd' => current.to_owned(),
            'i' => dotted(sender.ip),
            // Finding the name would cost look-ups; "unknown" is what the standard gives where there is none.
            'p' => "unknown".to_owned(),
            'v' => if sender.ip.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
            _ => sender.helo.clone(),
        };
        let mut parts: Vec<&str> = value.split(|c| self.delimiters.contains(c)).collect();
        if self.is_reversed {
            parts.reverse();
        }
        let kept = self.parts.unwrap_or(parts.len()).min(parts.len());
        let joined = parts.get(parts.len() - kept..).unwrap_or_default().join(".");
        if self.is_escaped { escaped(&joined) } else { joined }
    }
}

/// IPv4 as usual; IPv6 as its 32 digits with dots between them.
fn dotted(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let digits: Vec<String> = ip
                .octets()
                .iter()
                .flat_map(|octet| [octet >> 4, octet & 15])
                .map(|digit| format!("{digit:x}"))
                .collect();
            digits.join(".")
        }
    }
}

/// What is not unreserved in a URI is written as `%XX`.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

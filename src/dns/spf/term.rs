//! Terms of a record (RFC 7208 5 and 6).

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::Kind;
use super::macros::DomainSpec;

/// What a match means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing.
    Pass,
    /// `-`.
    Fail,
    /// `~`.
    SoftFail,
    /// `?`.
    Neutral,
}

impl fmt::Display for Qualifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pass => "",
            Self::Fail => "-",
            Self::SoftFail => "~",
            Self::Neutral => "?",
        })
    }
}

/// Which senders a directive is about. Prefixes are in bits; a domain that is not given is the record's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Everybody.
    All,
    /// Whoever passes by another domain's record.
    Include(DomainSpec),
    /// The addresses of a domain, with the prefixes for IPv4 and IPv6.
    A(Option<DomainSpec>, u8, u8),
    /// The addresses of a domain's mail servers, with the prefixes for IPv4 and IPv6.
    Mx(Option<DomainSpec>, u8, u8),
    /// Whoever's reverse name is below a domain; not to be used (RFC 7208 5.5).
    Ptr(Option<DomainSpec>),
    /// An IPv4 network.
    Ip4(Ipv4Addr, u8),
    /// An IPv6 network.
    Ip6(Ipv6Addr, u8),
    /// Whoever makes a name exist.
    Exists(DomainSpec),
}

impl fmt::Display for Mechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Include(domain) => write!(f, "include:{domain}"),
            Self::A(domain, v4, v6) => dual(f, "a", domain.as_ref(), (*v4, *v6)),
            Self::Mx(domain, v4, v6) => dual(f, "mx", domain.as_ref(), (*v4, *v6)),
            Self::Ptr(domain) => dual(f, "ptr", domain.as_ref(), (32, 128)),
            Self::Ip4(address, 32) => write!(f, "ip4:{address}"),
            Self::Ip4(address, prefix) => write!(f, "ip4:{address}/{prefix}"),
            Self::Ip6(address, 128) => write!(f, "ip6:{address}"),
            Self::Ip6(address, prefix) => write!(f, "ip6:{address}/{prefix}"),
            Self::Exists(domain) => write!(f, "exists:{domain}"),
        }
    }
}

fn dual(f: &mut fmt::Formatter<'_>, name: &str, domain: Option<&DomainSpec>, prefixes: (u8, u8)) -> fmt::Result {
    f.write_str(name)?;
    domain.map_or(Ok(()), |domain| write!(f, ":{domain}"))?;
    match prefixes {
        (32, 128) => Ok(()),
        (v4, 128) => write!(f, "/{v4}"),
        (32, v6) => write!(f, "//{v6}"),
        (v4, v6) => write!(f, "/{v4}//{v6}"),
    }
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// The record to use when nothing matches.
    Redirect(DomainSpec),
    /// Where an explanation stands.
    Exp(DomainSpec),
    /// One that nobody knows; it is ignored.
    Unknown(String, String),
}

impl fmt::Display for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Redirect(domain) => write!(f, "redirect={domain}"),
            Self::Exp(domain) => write!(f, "exp={domain}"),
            Self::Unknown(name, value) => write!(f, "{name}={value}"),
        }
    }
}

/// Reads one term; an error says what is wrong, for people.
pub(super) fn read(word: &str) -> Result<Kind, String> {
    let name_end = word.find([':', '/', '=']);
    if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name_end == Some(name.len())) {
        return modifier(name, value).map(Kind::Modifier);
    }
    let (qualifier, rest) = match word.split_at_checked(1) {
        Some(("+", rest)) => (Qualifier::Pass, rest),
        Some(("-", rest)) => (Qualifier::Fail, rest),
        Some(("~", rest)) => (Qualifier::SoftFail, rest),
        Some(("?", rest)) => (Qualifier::Neutral, rest),
        _ => (Qualifier::Pass, word),
    };
    let name_end = rest.find([':', '/']).unwrap_or(rest.len());
    let (name, argument) = rest.split_at_checked(name_end).unwrap_or((rest, ""));
    mechanism(&name.to_ascii_lowercase(), argument).map(|mechanism| Kind::Directive(qualifier, mechanism))
}

fn modifier(name: &str, value: &str) -> Result<Modifier, String> {
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if !is_name {
        return Err("this is no name of a modifier".to_owned());
    }
    match name.to_ascii_lowercase().as_str() {
        "redirect" => DomainSpec::read(value).map(Modifier::Redirect),
        "exp" => DomainSpec::read(value).map(Modifier::Exp),
        _ => {
            DomainSpec::read_macros(value)?;
            Ok(Modifier::Unknown(name.to_owned(), value.to_owned()))
        }
    }
}

fn mechanism(name: &str, argument: &str) -> Result<Mechanism, String> {
    let of_colon = argument.strip_prefix(':');
    let needed = || of_colon.ok_or_else(|| format!("{name} needs `:` and a value"));
    match name {
        "all" if argument.is_empty() => Ok(Mechanism::All),
        "all" => Err("all has no value".to_owned()),
        "include" => DomainSpec::read(needed()?).map(Mechanism::Include),
        "exists" => DomainSpec::read(needed()?).map(Mechanism::Exists),
        "a" => dual_argument(argument).map(|(domain, v4, v6)| Mechanism::A(domain, v4, v6)),
        "mx" => dual_argument(argument).map(|(domain, v4, v6)| Mechanism::Mx(domain, v4, v6)),
        "ptr" if argument.is_empty() => Ok(Mechanism::Ptr(None)),
        "ptr" => DomainSpec::read(needed()?).map(|domain| Mechanism::Ptr(Some(domain))),
        "ip4" => {
            let (address, prefix) = network(needed()?, 32)?;
            address.parse().map(|address| Mechanism::Ip4(address, prefix)).map_err(|_| "no IPv4 address".to_owned())
        }
        "ip6" => {
            let (address, prefix) = network(needed()?, 128)?;
            address.parse().map(|address| Mechanism::Ip6(address, prefix)).map_err(|_| "no IPv6 address".to_owned())
        }
        "ipv4" => Err("there is no mechanism ipv4: it is called ip4".to_owned()),
        "ipv6" => Err("there is no mechanism ipv6: it is called ip6".to_owned()),
        _ => Err("there is no such mechanism".to_owned()),
    }
}

/// `ADDRESS` or `ADDRESS/BITS`.
fn network(text: &str, most: u8) -> Result<(&str, u8), String> {
    match text.split_once('/') {
        None => Ok((text, most)),
        Some((address, bits)) => prefix(bits, most).map(|bits| (address, bits)),
    }
}

/// A prefix without leading zeros (RFC 7208 5.6).
fn prefix(text: &str, most: u8) -> Result<u8, String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    let bits = text.parse().ok().filter(|bits| is_number && *bits <= most);
    bits.ok_or_else(|| format!("the prefix has to be a number from 0 to {most}"))
}

/// `:DOMAIN`, `/BITS` and `//BITS`, each of which may be missing.
fn dual_argument(argument: &str) -> Result<(Option<DomainSpec>, u8, u8), String> {
    // A macro may hold a `/` as a delimiter, so prefixes are looked for behind the last `}`.
    let behind_macros = argument.rfind('}').unwrap_or(0);
    let slash = argument.get(behind_macros..).and_then(|rest| rest.find('/')).map(|slash| behind_macros + slash);
    let (domain, prefixes) = argument.split_at_checked(slash.unwrap_or(argument.len())).unwrap_or((argument, ""));
    let domain = match domain.strip_prefix(':') {
        Some(domain) => Some(DomainSpec::read(domain)?),
        None => None,
    };
    let (v4, v6) = match prefixes.split_once("//") {
        Some((v4, v6)) => (v4, Some(v6)),
        None => (prefixes, None),
    };
    let v4 = match v4.strip_prefix('/') {
        Some(bits) => prefix(bits, 32)?,
        None => 32,
    };
    let v6 = v6.map_or(Ok(128), |bits| prefix(bits, 128))?;
    Ok((domain, v4, v6))
}

//! A source group with its class: who sends.

use std::net::IpAddr;

use super::class::{Class, Confidence};
use crate::words::{Said, said};

/// Everything that one sender sent in a domain's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Stable key for commands and JSON, such as `sendgrid`, `ptr:example.net`, `203.0.113.0/24`; one word.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// How sure that is.
    pub confidence: Confidence,
    /// Reason codes, such as `R-DKIM-SURVIVED`; at least one.
    pub reasons: Vec<&'static str>,
    /// What to do, one step each, in English; empty when there is nothing to do.
    pub fix: Vec<Said>,
    /// Whether the owner declared or tagged it.
    pub is_declared: bool,
    /// Whether one lost mail is a reason to roll back.
    pub is_critical: bool,
    /// Addresses, ascending.
    pub addresses: Vec<IpAddr>,
    /// Places of its observations in the slice that was classified, ascending.
    pub observations: Vec<usize>,
}

/// What people call a sender in their language, out of its key and its name. Names of services and networks are the
/// same in all.
#[must_use]
pub fn title(key: &str, name: &str) -> Said {
    let others = match key {
        "spoofed" => Some(said!("sender-spoofed")),
        "forwarders" => Some(said!("sender-forwarders")),
        "lists" => Some(said!("sender-lists")),
        "gateways" => Some(said!("sender-gateways")),
        "unknowns" => Some(said!("sender-unknowns")),
        _ => None,
    };
    let own = || key.strip_prefix("own:").map(|domain| said!("sender-own", domain = domain));
    let signs = || name.strip_prefix("signs with ").map(|selector| said!("sender-signs", selector = selector));
    // A name that was made unique by more is told as it is.
    others.or_else(own).or_else(signs).filter(|title| *title == name).unwrap_or_else(|| name.into())
}

//! A source group with its class: who sends.

use std::net::IpAddr;

use super::class::{Class, Confidence};
use crate::words::Said;

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

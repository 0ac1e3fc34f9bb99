//! ruascope reads DMARC aggregate reports and says who sends mail in a domain's name.
//!
//! The stages, in the order in which data flows (ARCHITECTURE.md has the picture and the invariants):
//! `intake` → `mail` → `decode` → `parse` → `store` → `analyze` → `present`, brought together by `ingest` and driven by `cli`.
//! Modules above the line in ARCHITECTURE.md are pure: they open nothing, print nothing and know no clock.

pub mod analyze;
pub mod cli;
pub mod config;
pub mod credential;
pub mod decode;
pub mod deliver;
pub mod digest;
pub mod dns;
pub mod enrich;
pub mod ingest;
pub mod intake;
pub mod keys;
pub mod limits;
pub mod mail;
pub mod model;
pub mod parse;
pub mod present;
pub mod resolve;
pub mod store;
pub mod words;

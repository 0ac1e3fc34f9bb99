//! Findings to bytes.
//!
//! *Takes* plain views. *Gives* text, JSON, CSV, HTML and images. *Never* computes a number, asks anybody, or lets a
//! stranger's text through unescaped.

pub mod advice;
pub mod alarms;
pub mod chart;
pub mod check;
pub mod dns_record;
pub mod domain_name;
pub mod escape;
pub mod invocation;
pub mod metrics;
pub mod parsedmarc;
pub mod plugin;
pub mod provenance;
pub mod spf_tree;
pub mod summary;
pub mod table;
pub mod wrap;
pub use crate::words;

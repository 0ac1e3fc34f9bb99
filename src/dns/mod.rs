//! The text of DNS records: what it means, and what is wrong with it.
//!
//! - *takes* the joined text of one TXT record, as DNS gave it or as the owner means to publish it
//! - *gives* the record in the words of its RFC, with findings that say where in the text they are; and text for records
//! - *bounds* nothing by itself: a TXT record has at most 65,535 octets, and every reader here is linear in them
//! - *never* asks anybody: whether a name exists, and what stands there, is said by `resolve`

pub mod answer;
pub mod cover;
pub mod dkim_key;
pub mod dmarc;
pub mod finding;
pub mod public_suffix;
pub mod published;
pub mod spf;
pub mod spf_tree;
pub mod tag_list;
pub mod walk;

pub use answer::{Answer, Failure, Lookup};
pub use cover::{SpfCover, SpfNetwork};
pub use finding::{Finding, Severity};
pub use published::{DmarcFound, Published, PublishedKey};
pub use spf_tree::{SpfNode, SpfOutcome, SpfStep, SpfTree};
pub use walk::{Walk, WalkStep};

//! What can be found out about addresses, and about who sent a report.
//!
//! - *takes* addresses, a resolver, what the store remembers
//! - *gives* reverse names with their confirmation, addresses of the domain's own hosts, and what mails with reports prove
//! - *bounds* addresses a run (`limits.reverse_names_max`), mails and keys a run (`limits.proofs_max`), questions at once, names looked at for an address
//! - *never* asks when offline; keeps a time-out; believes a name that does not lead back

mod own_hosts;
mod proofs;
mod reverse;

pub use own_hosts::own_hosts;
pub use proofs::prove_mails;
pub use reverse::{Wanted, reverse_names};

//! What can be found out about addresses.
//!
//! - *takes* addresses, a resolver, what the store remembers
//! - *gives* reverse names with their confirmation, and addresses of the domain's own hosts
//! - *bounds* addresses a run (`limits.reverse_names_max`), questions at once, names looked at for an address
//! - *never* asks when offline; keeps a time-out; believes a name that does not lead back

mod own_hosts;
mod reverse;

pub use own_hosts::own_hosts;
pub use reverse::{Wanted, reverse_names};

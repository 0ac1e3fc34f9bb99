//! What can be found out about addresses, and about who sent a report.
//!
//! - *takes* addresses, a resolver, what the store remembers, files that the owner downloaded
//! - *gives* reverse names with their confirmation, addresses of the domain's own hosts, what mails with reports prove, country and network of an address,
//!   names of whoever is behind a reverse name
//! - *bounds* addresses a run (`limits.reverse_names_max`), mails and keys a run (`limits.proofs_max`), questions at once, names looked at for an address,
//!   bytes and rows of a file (`limits.data_file_bytes_max`, `limits.names_rows_max`)
//! - *never* asks when offline; keeps a time-out; believes a name that does not lead back

mod base_names;
mod data_file;
mod networks;
mod own_hosts;
mod proofs;
mod reverse;

pub use base_names::{BaseName, BaseNames};
pub use data_file::DataFileError;
pub use networks::{Network, Networks};
pub use own_hosts::own_hosts;
pub use proofs::prove_mails;
pub use reverse::{Wanted, reverse_names};

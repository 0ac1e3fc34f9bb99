#![expect(clippy::disallowed_methods, reason = "private keys are files")]
//! Private keys of DKIM.
//!
//! - *takes* files of keys in the forms that OpenSSL and signers write, passphrases, a number of bits
//! - *gives* a key that has signed and was verified, its public half as a record, files that only their owner reads
//! - *bounds* the size of a file, and what making a key out of a passphrase may cost
//! - *never* shows a part of a private key or a passphrase; writes over a file; gives a key that was not tried

mod decode;
mod error;
mod file;
mod key;
mod legacy;
mod passphrase;
mod pem;
#[cfg(test)]
mod tests;

pub use decode::{LockedKey, Opened, open};
pub use error::KeyError;
pub use file::{create, is_open_to_others, read, remove};
pub use key::PrivateKey;
pub use passphrase::Passphrase;

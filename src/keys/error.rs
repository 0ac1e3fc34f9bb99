//! What goes wrong with keys. No text has a part of a key or a passphrase in it.

use std::fmt;
use std::path::PathBuf;

use crate::words::{Said, said};

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file can't be read.
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file can't be written or removed.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is a file already, and files of keys are never written over.
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file is larger than any key.
    TooLarge {
        /// The bound.
        bytes_max: u64,
    },
    /// Nothing in the file is a key.
    NoKey,
    /// The file has something else that belongs to a key.
    NotPrivate {
        /// What it is, with its article.
        what: Said,
    },
    /// A private key that no DKIM signature can be made with.
    OtherAlgorithm {
        /// The kind.
        name: String,
    },
    /// An RSA key that verifiers refuse (RFC 8301 3.2).
    TooShort {
        /// Its bits.
        bits: usize,
    },
    /// An RSA key that nobody can work with.
    TooLong {
        /// Its bits.
        bits: usize,
    },
    /// A key whose bytes or numbers don't fit together.
    Damaged {
        /// What does not fit.
        what: Said,
    },
    /// A key that was encrypted in a way that is not known here.
    OtherEncryption {
        /// The way.
        name: String,
    },
    /// A file that says that making its key takes more than is good for us.
    TooCostly {
        /// The field in `Limits`.
        name: &'static str,
        /// Its value.
        bound: u64,
    },
    /// The passphrase is not that of the key.
    WrongPassphrase,
    /// There is no passphrase where one should be.
    EmptyPassphrase,
    /// A signature by the key does not verify.
    Unproven,
    /// The machine gives no random numbers, or the key could not be made.
    Make,
}

impl KeyError {
    /// The error as a sentence in either language; `Display` is its English.
    #[must_use]
    pub fn said(&self) -> Said {
        match self {
            Self::Read { path, .. } => said!("key-read", path = path.display()),
            Self::Write { path, .. } => said!("key-write", path = path.display()),
            Self::Exists { path } => said!("key-exists", path = path.display()),
            Self::TooLarge { bytes_max } => said!("key-too-large", bytes_max = bytes_max),
            Self::NoKey => said!("key-none"),
            Self::NotPrivate { what } => said!("key-not-private", what = what),
            Self::OtherAlgorithm { name } => said!("key-other-algorithm", name = name),
            Self::TooShort { bits } => said!("key-too-short", bits = bits),
            Self::TooLong { bits } => said!("key-too-long", bits = bits),
            Self::Damaged { what } => said!("key-damaged", what = what),
            Self::OtherEncryption { name } => said!("key-other-encryption", name = name),
            Self::TooCostly { name, bound } => said!("key-too-costly", name = name, bound = bound),
            Self::WrongPassphrase => said!("key-wrong-passphrase"),
            Self::EmptyPassphrase => said!("key-empty-passphrase"),
            Self::Unproven => said!("key-unproven"),
            Self::Make => said!("key-make"),
        }
    }

    /// What helps.
    #[must_use]
    pub fn hint(&self) -> Option<Said> {
        match self {
            Self::Exists { .. } => Some(said!("hint-key-exists")),
            Self::NoKey | Self::TooLarge { .. } => Some(said!("hint-key-pem")),
            Self::NotPrivate { .. } => Some(said!("hint-key-not-private")),
            Self::OtherAlgorithm { .. } | Self::TooLong { .. } => Some(said!("hint-key-make-rsa")),
            Self::TooShort { .. } => Some(said!("hint-key-longer")),
            Self::Damaged { .. } | Self::Unproven => Some(said!("hint-key-copy")),
            Self::OtherEncryption { .. } | Self::TooCostly { .. } => Some(said!("hint-key-encrypt")),
            Self::WrongPassphrase => Some(said!("hint-key-first-line")),
            Self::EmptyPassphrase => Some(said!("hint-key-write-first")),
            Self::Read { .. } | Self::Write { .. } | Self::Make => None,
        }
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.said().fmt(formatter)
    }
}

//! What goes wrong with keys. No text has a part of a key or a passphrase in it.

use std::path::PathBuf;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file can't be read.
    #[error("could not read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file can't be written or removed.
    #[error("could not write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is a file already, and files of keys are never written over.
    #[error("{} is there already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file is larger than any key.
    #[error("the file is over the limit key_file_bytes_max = {bytes_max}, so it is no private key")]
    TooLarge {
        /// The bound.
        bytes_max: u64,
    },
    /// Nothing in the file is a key.
    #[error("there is no private key in the file")]
    NoKey,
    /// The file has something else that belongs to a key.
    #[error("the file has {what}, and no private key")]
    NotPrivate {
        /// What it is, with its article.
        what: &'static str,
    },
    /// A private key that no DKIM signature can be made with.
    #[error("the key is of the kind {name}; DKIM signs with RSA and Ed25519")]
    OtherAlgorithm {
        /// The kind.
        name: String,
    },
    /// An RSA key that verifiers refuse (RFC 8301 3.2).
    #[error("the key has {bits} bits, and verifiers refuse fewer than 1024")]
    TooShort {
        /// Its bits.
        bits: usize,
    },
    /// An RSA key that nobody can work with.
    #[error("the key has {bits} bits, and more than 8192 can't be used")]
    TooLong {
        /// Its bits.
        bits: usize,
    },
    /// A key whose bytes or numbers don't fit together.
    #[error("the private key is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: &'static str,
    },
    /// A key that was encrypted in a way that is not known here.
    #[error("the key is encrypted with {name}, which is not known here")]
    OtherEncryption {
        /// The way.
        name: String,
    },
    /// A file that says that making its key takes more than is good for us.
    #[error("deriving the key from its passphrase would go over the limit {name} = {bound}")]
    TooCostly {
        /// The field in `Limits`.
        name: &'static str,
        /// Its value.
        bound: u64,
    },
    /// The passphrase is not that of the key.
    #[error("could not decrypt the key: the passphrase is wrong")]
    WrongPassphrase,
    /// There is no passphrase where one should be.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A signature by the key does not verify.
    #[error("a signature by this key does not verify with its public half")]
    Unproven,
    /// The machine gives no random numbers, or the key could not be made.
    #[error("could not make a key")]
    Make,
}

impl KeyError {
    /// What helps.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Exists { .. } => Some("move it away, or choose another selector or file"),
            Self::NoKey | Self::TooLarge { .. } => {
                Some("a private key in PEM begins with a line like -----BEGIN PRIVATE KEY-----")
            }
            Self::NotPrivate { .. } => Some("give the file of the private key that belongs to it"),
            Self::OtherAlgorithm { .. } | Self::TooLong { .. } => {
                Some("make a key with `ruascope dkim new`, which makes RSA with 2048 bits")
            }
            Self::TooShort { .. } => {
                Some("make a longer one with `ruascope dkim new`, 2048 bits by default (RFC 8301)")
            }
            Self::Damaged { .. } | Self::Unproven => Some(
                "copy the whole file again from where it was made; `openssl pkey -check -noout -in FILE` looks at it",
            ),
            Self::OtherEncryption { .. } | Self::TooCostly { .. } => Some(
                "encrypt it in today's way first: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW (add -legacy for very old ones)",
            ),
            Self::WrongPassphrase => {
                Some("the first line of --passphrase-file is the passphrase, without the line end")
            }
            Self::EmptyPassphrase => Some("write the passphrase in the first line"),
            Self::Read { .. } | Self::Write { .. } | Self::Make => None,
        }
    }
}

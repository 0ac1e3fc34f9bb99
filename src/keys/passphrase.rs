//! Passphrases: out of a file or from the keyboard, to the cipher and nowhere else.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::KeyError;

/// Longest file of a passphrase that is read, in bytes.
const PASSPHRASE_BYTES_MAX: u64 = 4 << 10;

/// A passphrase; its memory is wiped, and `Debug` does not show it.
pub struct Passphrase(Zeroizing<Vec<u8>>);

impl fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl Passphrase {
    /// A passphrase as typed.
    ///
    /// # Errors
    /// When it is empty.
    pub fn new(text: String) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(text.into_bytes());
        if bytes.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(bytes)) }
    }

    /// The first line of a file, which may be a descriptor (`/dev/fd/3`).
    ///
    /// # Errors
    /// When the file can't be read, or its first line is empty.
    pub fn of_file(path: &Path) -> Result<Self, KeyError> {
        let failed = |source| KeyError::Read { path: path.to_owned(), source };
        // Of its whole size from the start: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(PASSPHRASE_BYTES_MAX).unwrap_or(0)));
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(PASSPHRASE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
        let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(bytes.len());
        bytes.truncate(end);
        if bytes.is_empty() { Err(KeyError::EmptyPassphrase) } else { Ok(Self(bytes)) }
    }

    /// Its bytes: only for the cipher.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for Passphrase {
    fn eq(&self, other: &Self) -> bool {
        *self.0 == *other.0
    }
}

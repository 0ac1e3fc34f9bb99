//! Keys that OpenSSL encrypted in its old way: `Proc-Type: 4,ENCRYPTED`, and a `DEK-Info` that names cipher and salt.

use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use super::pem::Block;
use super::{KeyError, Passphrase};
use crate::words::said;

/// Longest name of a cipher: OpenSSL's have under 30.
const CIPHER_NAME_BYTES_MAX: usize = 40;

/// What a `DEK-Info` says.
pub(super) struct Encryption {
    cipher: Cipher,
    start: Vec<u8>,
}

#[derive(Clone, Copy)]
enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
}

impl Cipher {
    fn of(name: &str) -> Option<Self> {
        match name {
            "AES-128-CBC" => Some(Self::Aes128),
            "AES-192-CBC" => Some(Self::Aes192),
            "AES-256-CBC" => Some(Self::Aes256),
            "DES-EDE3-CBC" => Some(Self::TripleDes),
            _ => None,
        }
    }

    const fn key_bytes(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    const fn start_bytes(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::TripleDes => 8,
        }
    }
}

/// How a block is encrypted; `None` when it is not.
pub(super) fn encryption(block: &Block<'_>) -> Result<Option<Encryption>, KeyError> {
    let is_encrypted = block.header("Proc-Type").is_some_and(|value| value.ends_with("ENCRYPTED"));
    if !is_encrypted {
        return Ok(None);
    }
    let damaged = KeyError::Damaged { what: said!("key-dek-info") };
    let Some((name, salt)) = block.header("DEK-Info").and_then(|value| value.split_once(',')) else {
        return Err(damaged);
    };
    let name = name.trim().to_ascii_uppercase();
    // The name is shown, so nothing is one that no cipher could have.
    let is_plain = name.len() <= CIPHER_NAME_BYTES_MAX && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_plain {
        return Err(damaged);
    }
    let Some(cipher) = Cipher::of(&name) else { return Err(KeyError::OtherEncryption { name }) };
    match hex(salt.trim()).filter(|start| start.len() == cipher.start_bytes()) {
        Some(start) => Ok(Some(Encryption { cipher, start })),
        None => Err(damaged),
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let pairs = digits.chunks(2).map(|pair| if let [high, low] = pair { Some(high << 4 | low) } else { None });
    pairs.collect()
}

impl Encryption {
    /// The content in clear. A wrong passphrase is found by the padding, but for one time in 256.
    pub(super) fn decrypt(&self, content: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let key = derive(passphrase.bytes(), &self.start, self.cipher.key_bytes());
        let clear = match self.cipher {
            Cipher::Aes128 => decrypt::<cbc::Decryptor<aes::Aes128>>(&key, &self.start, content),
            Cipher::Aes192 => decrypt::<cbc::Decryptor<aes::Aes192>>(&key, &self.start, content),
            Cipher::Aes256 => decrypt::<cbc::Decryptor<aes::Aes256>>(&key, &self.start, content),
            Cipher::TripleDes => decrypt::<cbc::Decryptor<des::TdesEde3>>(&key, &self.start, content),
        };
        clear.map(Zeroizing::new).ok_or(KeyError::WrongPassphrase)
    }
}

fn decrypt<D: KeyIvInit + BlockModeDecrypt>(key: &[u8], start: &[u8], content: &[u8]) -> Option<Vec<u8>> {
    D::new_from_slices(key, start).ok()?.decrypt_padded_vec::<Pkcs7>(content).ok()
}

/// `EVP_BytesToKey` with MD5, one round, and the first eight bytes of the start as salt.
fn derive(passphrase: &[u8], start: &[u8], bytes: usize) -> Zeroizing<Vec<u8>> {
    let salt = start.get(..8).unwrap_or(start);
    let mut key = Zeroizing::new(Vec::with_capacity(48));
    let mut last = Zeroizing::new(Vec::new());
    while key.len() < bytes {
        let digest = Md5::new().chain_update(&*last).chain_update(passphrase).chain_update(salt).finalize();
        last = Zeroizing::new(digest.to_vec());
        key.extend_from_slice(&last);
    }
    key.truncate(bytes);
    key
}

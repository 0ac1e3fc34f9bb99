//! Keys out of bytes: PKCS#1, PKCS#8, encrypted or not, in PEM or DER; and words for what is something else.

use ed25519_dalek::SigningKey;
use pkcs8::der::{Decode as _, Header, SliceReader};
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::pkcs5::{self, EncryptionScheme};
use pkcs8::{AlgorithmIdentifierRef, EncryptedPrivateKeyInfoOwned, PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use rsa::pkcs1::RsaPrivateKeyRef;
use zeroize::Zeroizing;

use super::key::{Kind, RSA_BITS_MAX};
use super::legacy::{self, Encryption};
use super::pem::{self, Block};
use super::{KeyError, Passphrase, PrivateKey};
use crate::dns::dkim_key::RSA_BITS_MIN;
use crate::limits::Limits;
use crate::words::said;

/// What a file turned out to be.
#[derive(Debug)]
pub enum Opened {
    /// A key.
    Key(PrivateKey),
    /// A key that a passphrase is needed for.
    Locked(LockedKey),
}

/// An encrypted key.
pub struct LockedKey(Lock);

enum Lock {
    /// PKCS#8, and PBES2 of a cost that is within the limits.
    Pkcs8(Box<EncryptedPrivateKeyInfoOwned>),
    /// OpenSSL's old way around PKCS#1.
    Legacy(Encryption, Zeroizing<Vec<u8>>),
}

impl std::fmt::Debug for LockedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("LockedKey")
    }
}

impl LockedKey {
    /// The key.
    ///
    /// # Errors
    /// When the passphrase is wrong, or what was encrypted is no key for DKIM.
    pub fn unlock(&self, passphrase: &Passphrase) -> Result<PrivateKey, KeyError> {
        match &self.0 {
            Lock::Pkcs8(info) => {
                let clear = info.decrypt(passphrase.bytes()).map_err(|error| match error {
                    pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::UnsupportedAlgorithm { oid }) => {
                        KeyError::OtherEncryption { name: oid.to_string() }
                    }
                    pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::AlgorithmParametersInvalid { .. }) => {
                        KeyError::Damaged { what: said!("key-nonsense") }
                    }
                    // Bytes that are no DER come out of a wrong passphrase whose padding fits by chance.
                    _ => KeyError::WrongPassphrase,
                })?;
                of_pkcs8(clear.as_bytes())
            }
            Lock::Legacy(encryption, content) => {
                let clear = encryption.decrypt(content, passphrase)?;
                let key = RsaPrivateKeyRef::try_from(clear.as_slice()).map_err(|_| KeyError::WrongPassphrase)?;
                of_pkcs1(key)
            }
        }
    }
}

/// Reads the first private key in a file.
///
/// # Errors
/// When there is none, or none that DKIM can use.
pub fn open(bytes: &[u8], limits: &Limits) -> Result<Opened, KeyError> {
    let bytes_max = limits.key_file_bytes_max;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > bytes_max {
        return Err(KeyError::TooLarge { bytes_max });
    }
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let blocks = pem::blocks(&text);
    match blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) {
        Some(block) => of_block(block, limits),
        // 0x30: a SEQUENCE.
        None if blocks.is_empty() && bytes.first() == Some(&0x30) => of_der(bytes, limits),
        None => Err(of_others(&blocks, &text)),
    }
}

fn of_block(block: &Block<'_>, limits: &Limits) -> Result<Opened, KeyError> {
    let other = match block.label {
        "PRIVATE KEY" | "ENCRYPTED PRIVATE KEY" | "RSA PRIVATE KEY" => None,
        "EC PRIVATE KEY" => Some("EC"),
        "DSA PRIVATE KEY" => Some("DSA"),
        "OPENSSH PRIVATE KEY" | "SSH2 ENCRYPTED PRIVATE KEY" => Some("OpenSSH"),
        "PGP PRIVATE KEY" => Some("PGP"),
        label => Some(label),
    };
    if let Some(name) = other {
        return Err(KeyError::OtherAlgorithm { name: name.chars().filter(char::is_ascii_graphic).take(40).collect() });
    }
    let Some(der) = &block.der else {
        return Err(KeyError::Damaged { what: said!("key-no-base64") });
    };
    match block.label {
        "PRIVATE KEY" => of_pkcs8(der).map(Opened::Key),
        "ENCRYPTED PRIVATE KEY" => of_encrypted(der, limits),
        _ => match legacy::encryption(block)? {
            Some(encryption) => Ok(Opened::Locked(LockedKey(Lock::Legacy(encryption, der.clone())))),
            None => {
                let key = RsaPrivateKeyRef::try_from(der.as_slice());
                of_pkcs1(key.map_err(|_| KeyError::Damaged { what: said!("key-no-pkcs1") })?).map(Opened::Key)
            }
        },
    }
}

/// What a file without a private key has.
fn of_others(blocks: &[Block<'_>], text: &str) -> KeyError {
    let what = blocks.iter().find_map(|block| match block.label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "SSH2 PUBLIC KEY" => Some(said!("key-a-public")),
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => Some(said!("key-a-certificate")),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(said!("key-a-request")),
        _ => None,
    });
    let text = text.trim_start();
    let what = what
        .or_else(|| (text.starts_with("ssh-") || text.starts_with("ecdsa-")).then(|| said!("key-an-openssh")))
        .or_else(|| text.contains("v=DKIM1").then(|| said!("key-a-record")));
    what.map_or(KeyError::NoKey, |what| KeyError::NotPrivate { what })
}

/// A file without PEM around its content.
fn of_der(der: &[u8], limits: &Limits) -> Result<Opened, KeyError> {
    if EncryptedPrivateKeyInfoOwned::try_from(der).is_ok() {
        return of_encrypted(der, limits);
    }
    if PrivateKeyInfoRef::try_from(der).is_ok() {
        return of_pkcs8(der).map(Opened::Key);
    }
    if let Ok(key) = RsaPrivateKeyRef::try_from(der) {
        return of_pkcs1(key).map(Opened::Key);
    }
    let is_public = SubjectPublicKeyInfoRef::try_from(der).is_ok();
    Err(if is_public { KeyError::NotPrivate { what: said!("key-a-public") } } else { KeyError::NoKey })
}

fn of_encrypted(der: &[u8], limits: &Limits) -> Result<Opened, KeyError> {
    let info = EncryptedPrivateKeyInfoOwned::try_from(der).map_err(|_| match scheme(der) {
        Some(name) => KeyError::OtherEncryption { name },
        None => KeyError::Damaged { what: said!("key-no-encrypted-pkcs8") },
    })?;
    match &info.encryption_algorithm {
        EncryptionScheme::Pbes2(parameters) => is_affordable(&parameters.kdf, limits)?,
        _ => return Err(KeyError::OtherEncryption { name: "PBES1".to_owned() }),
    }
    Ok(Opened::Locked(LockedKey(Lock::Pkcs8(Box::new(info)))))
}

/// The way of encryption that a file names, where it is another than PBES2.
fn scheme(der: &[u8]) -> Option<String> {
    let mut reader = SliceReader::new(der).ok()?;
    Header::decode(&mut reader).ok()?;
    let identifier = AlgorithmIdentifierRef::decode(&mut reader).ok()?.oid.to_string();
    match identifier.as_str() {
        "1.2.840.113549.1.5.13" => None,
        name if name.starts_with("1.2.840.113549.1.5.") || name.starts_with("1.2.840.113549.1.12.1.") => {
            Some("PBES1".to_owned())
        }
        _ => Some(identifier),
    }
}

/// The work and memory that the file says are needed are within the limits.
fn is_affordable(derivation: &Kdf, limits: &Limits) -> Result<(), KeyError> {
    let (rounds, memory_bytes) = match derivation {
        Kdf::Pbkdf2(pbkdf2) => (u64::from(pbkdf2.iteration_count), 0),
        Kdf::Scrypt(scrypt) => {
            // Memory is 128 octets for each unit of cost and block size, work the same times the lanes (RFC 7914 6).
            let memory = scrypt.cost_parameter.saturating_mul(u64::from(scrypt.block_size));
            (memory.saturating_mul(u64::from(scrypt.parallelization)), memory.saturating_mul(128))
        }
        _ => return Err(KeyError::OtherEncryption { name: derivation.oid().to_string() }),
    };
    let bounds = [
        ("key_rounds_max", rounds, limits.key_rounds_max),
        ("key_memory_bytes_max", memory_bytes, limits.key_memory_bytes_max),
    ];
    let over = bounds.into_iter().find(|(_, found, bound)| found > bound);
    over.map_or(Ok(()), |(name, _, bound)| Err(KeyError::TooCostly { name, bound }))
}

fn of_pkcs8(der: &[u8]) -> Result<PrivateKey, KeyError> {
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Damaged { what: said!("key-no-pkcs8") })?;
    match info.algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.1" => {
            let key = RsaPrivateKeyRef::try_from(info.private_key.as_bytes());
            of_pkcs1(key.map_err(|_| KeyError::Damaged { what: said!("key-no-pkcs1-inside") })?)
        }
        "1.3.101.112" => {
            let key = SigningKey::try_from(info);
            let what = said!("key-no-ed25519");
            PrivateKey(Kind::Ed25519(Box::new(key.map_err(|_| KeyError::Damaged { what })?))).tried()
        }
        other => Err(KeyError::OtherAlgorithm { name: name_of(other) }),
    }
}

fn name_of(identifier: &str) -> String {
    let name = match identifier {
        "1.2.840.10045.2.1" => "EC",
        "1.2.840.10040.4.1" => "DSA",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.3.1" => "DH",
        "1.3.101.110" => "X25519",
        "1.3.101.111" => "X448",
        "1.3.101.113" => "Ed448",
        other => other,
    };
    name.to_owned()
}

fn of_pkcs1(key: RsaPrivateKeyRef<'_>) -> Result<PrivateKey, KeyError> {
    let modulus = key.modulus.as_bytes();
    let zeros = modulus.first().map_or(0, |first| usize::try_from(first.leading_zeros()).unwrap_or(0));
    let bits = (modulus.len() * 8).saturating_sub(zeros);
    if bits < RSA_BITS_MIN {
        return Err(KeyError::TooShort { bits });
    }
    if bits > RSA_BITS_MAX {
        return Err(KeyError::TooLong { bits });
    }
    let key = rsa::PrivateKey::try_from(key);
    let key = key.map_err(|_| KeyError::Damaged { what: said!("key-numbers") })?;
    PrivateKey(Kind::Rsa(Box::new(key))).tried()
}

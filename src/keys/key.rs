//! A private key: made, tried, written.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};
use getrandom::SysRng;
use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::{EncodePrivateKey as _, EncodePublicKey as _, LineEnding, PrivateKeyInfoRef, SecretDocument};
use rsa::BoxedUint;
use rsa::sha2::Sha256;
use rsa::traits::PublicKeyParts as _;
use zeroize::Zeroizing;

use super::{KeyError, Passphrase};
use crate::dns::dkim_key::{self, Algorithm, PublicKey};
use crate::words::said;

/// Bits of an RSA key that can be worked with at the most.
pub(super) const RSA_BITS_MAX: usize = rsa::PublicKey::MAX_SIZE;

/// What the trial signs.
const TRIAL: &[u8] = b"ruascope signs this to see that the key can sign";

/// A private key that has signed, and whose signature was verified with the record of its public half. Its memory is
/// wiped, and `Debug` shows its kind alone.
pub struct PrivateKey(pub(super) Kind);

pub(super) enum Kind {
    Rsa(Box<rsa::PrivateKey>),
    Ed25519(Box<SigningKey>),
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "PrivateKey({}, {} bits)", self.algorithm().as_str(), self.bits())
    }
}

impl PrivateKey {
    /// Makes a key; `bits` says the size of an RSA key, 1024 to 8192.
    ///
    /// # Errors
    /// When there are no random numbers, or no key of this size.
    pub fn generate(algorithm: Algorithm, bits: usize) -> Result<Self, KeyError> {
        let kind = match algorithm {
            Algorithm::Rsa => Kind::Rsa(Box::new(rsa::PrivateKey::new(&mut SysRng, bits).map_err(|_| KeyError::Make)?)),
            Algorithm::Ed25519 => {
                let mut seed = Zeroizing::new([0; 32]);
                getrandom::fill(&mut *seed).map_err(|_| KeyError::Make)?;
                Kind::Ed25519(Box::new(SigningKey::from_bytes(&seed)))
            }
        };
        Self(kind).tried()
    }

    /// The kind of key.
    #[must_use]
    pub const fn algorithm(&self) -> Algorithm {
        match &self.0 {
            Kind::Rsa(_) => Algorithm::Rsa,
            Kind::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// Bits of the modulus; 256 for Ed25519.
    #[must_use]
    pub fn bits(&self) -> usize {
        match &self.0 {
            Kind::Rsa(key) => usize::try_from(key.n().bit_width()).unwrap_or(usize::MAX),
            Kind::Ed25519(_) => 256,
        }
    }

    /// The text of the record that publishes the public half: a SubjectPublicKeyInfo for RSA (RFC 6376 3.6.1, as its
    /// examples and everybody have it), the bare 32 octets for Ed25519 (RFC 8463 4).
    ///
    /// # Errors
    /// When the key has no such form, which no key has that was made or read here.
    pub fn record(&self) -> Result<String, KeyError> {
        let key_base64 = match &self.0 {
            Kind::Rsa(key) => {
                let public = key.as_public_key().to_public_key_der();
                STANDARD.encode(public.map_err(|_| KeyError::Damaged { what: said!("key-no-public-half") })?.as_bytes())
            }
            Kind::Ed25519(key) => STANDARD.encode(key.verifying_key().as_bytes()),
        };
        Ok(dkim_key::write(self.algorithm(), &key_base64))
    }

    /// The public half, as a verifier would read it out of [`Self::record`].
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn public(&self) -> Result<PublicKey, KeyError> {
        Ok(dkim_key::read(&self.record()?).record.key)
    }

    /// The key as PKCS#8 in PEM, in clear: the form that signers read.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub fn to_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.pkcs8()?.to_pem("PRIVATE KEY", LineEnding::LF).map_err(unwritable)
    }

    /// The key as PKCS#8 in PEM, encrypted: PBES2 with AES-256-CBC and 600,000 rounds of PBKDF2 with SHA-256
    /// (RFC 8018 6.2), which every OpenSSL since 1.1 reads.
    ///
    /// # Errors
    /// As [`Self::record`]; when there are no random numbers.
    pub fn to_encrypted_pem(&self, passphrase: &Passphrase) -> Result<Zeroizing<String>, KeyError> {
        let clear = self.pkcs8()?;
        let info = PrivateKeyInfoRef::try_from(clear.as_bytes()).map_err(unwritable)?;
        let parameters = Parameters::generate_pbkdf2(&mut SysRng).map_err(|_| KeyError::Make)?;
        let encrypted = info.encrypt_with_params(parameters, passphrase.bytes()).map_err(unwritable)?;
        encrypted.to_pem("ENCRYPTED PRIVATE KEY", LineEnding::LF).map_err(unwritable)
    }

    fn pkcs8(&self) -> Result<SecretDocument, KeyError> {
        match &self.0 {
            Kind::Rsa(key) => key.to_pkcs8_der().map_err(unwritable),
            // Without the public key: OpenSSL before 3.2 can't read version 2 of the form (RFC 5958).
            Kind::Ed25519(key) => ed25519_dalek::pkcs8::KeypairBytes { secret_key: key.to_bytes(), public_key: None }
                .to_pkcs8_der()
                .map_err(unwritable),
        }
    }

    /// The key, once a signature of it was verified with what its record says, as a receiver would.
    pub(super) fn tried(self) -> Result<Self, KeyError> {
        let public = self.public()?;
        let is_good = match (&self.0, public) {
            (Kind::Rsa(key), PublicKey::Rsa { modulus, exponent, .. }) => {
                let public = number(&modulus).zip(number(&exponent));
                let public = public.and_then(|(modulus, exponent)| rsa::PublicKey::new(modulus, exponent).ok());
                let signature = key.pkcs1v15_sign::<Sha256>(TRIAL).ok();
                public
                    .zip(signature)
                    .is_some_and(|(public, signature)| public.pkcs1v15_verify::<Sha256>(TRIAL, &signature).is_ok())
            }
            (Kind::Ed25519(key), PublicKey::Ed25519(public)) => {
                VerifyingKey::from_bytes(&public).is_ok_and(|public| public.verify(TRIAL, &key.sign(TRIAL)).is_ok())
            }
            _ => false,
        };
        if is_good { Ok(self) } else { Err(KeyError::Unproven) }
    }
}

fn number(bytes: &[u8]) -> Option<BoxedUint> {
    BoxedUint::from_be_slice(bytes, u32::try_from(bytes.len()).ok()?.checked_mul(8)?).ok()
}

fn unwritable<E>(_: E) -> KeyError {
    KeyError::Damaged { what: said!("key-no-pkcs8-out") }
}

//! The key itself: base64 of DER.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::super::finding::Findings;
use super::super::tag_list::{Tag, TagList};
use super::{Algorithm, RSA_BITS_GOOD, RSA_BITS_MAX, RSA_BITS_MIN};
use crate::words::said;

/// A public key as far as it could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// There is no `p`.
    Missing,
    /// `p` is empty: withdrawn.
    Revoked,
    /// `p` is no key of its kind.
    Unreadable,
    /// An RSA key.
    Rsa {
        /// Bits of the modulus.
        bits: usize,
        /// The modulus, big-endian, without leading zeros: the same in every encoding of the key.
        modulus: Vec<u8>,
        /// The exponent, big-endian, without leading zeros.
        exponent: Vec<u8>,
    },
    /// An Ed25519 key.
    Ed25519([u8; 32]),
}

impl PublicKey {
    /// Verifiers accept it.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self {
            Self::Rsa { bits, exponent, .. } => *bits >= RSA_BITS_MIN && is_odd_over_one(exponent),
            Self::Ed25519(_) => true,
            Self::Missing | Self::Revoked | Self::Unreadable => false,
        }
    }

    /// An RSA key out of DER: a SubjectPublicKeyInfo, or a bare RSAPublicKey.
    #[must_use]
    pub fn rsa_from_der(der: &[u8]) -> Option<Self> {
        let (outer, rest) = element(der, 0x30)?;
        if !rest.is_empty() {
            return None;
        }
        if let Some((modulus, rest)) = element(outer, 0x02) {
            let (exponent, rest) = element(rest, 0x02)?;
            return rest.is_empty().then(|| rsa(modulus, exponent)).flatten();
        }
        let (kind, rest) = element(outer, 0x30)?;
        let (identifier, _) = element(kind, 0x06)?;
        let (bit_string, rest) = element(rest, 0x03)?;
        let is_rsa = identifier == RSA_ENCRYPTION && rest.is_empty();
        let inner = bit_string.strip_prefix(&[0])?;
        let (inner, rest) = element(inner, 0x30)?;
        let (modulus, numbers) = element(inner, 0x02)?;
        let (exponent, end) = element(numbers, 0x02)?;
        if is_rsa && rest.is_empty() && end.is_empty() { rsa(modulus, exponent) } else { None }
    }
}

/// Object identifier 1.2.840.113549.1.1.1.
const RSA_ENCRYPTION: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// What stands before the 32 octets when an Ed25519 key is wrapped as a SubjectPublicKeyInfo.
const ED25519_WRAPPING: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// As verifiers read it: with or without `=` at the end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<PublicKey> {
    let modulus = modulus.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>();
    let exponent = exponent.iter().skip_while(|byte| **byte == 0).copied().collect::<Vec<u8>>();
    let first = modulus.first()?;
    let bits = modulus.len() * 8 - usize::try_from(first.leading_zeros()).ok()?;
    Some(PublicKey::Rsa { bits, modulus, exponent })
}

fn is_odd_over_one(number: &[u8]) -> bool {
    number.last().is_some_and(|byte| byte % 2 == 1) && number != [1]
}

/// The content of a DER element with this tag, and what follows it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    if *first != tag {
        return None;
    }
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length - 0x80))?;
            (digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// Reads `p`.
pub(super) fn read(tags: &TagList<'_>, text: &str, algorithm: Option<Algorithm>, findings: &mut Findings) -> PublicKey {
    let Some(tag) = tags.get("p") else {
        let what = if text.starts_with("v=spf1") || text.starts_with("v=DMARC1") {
            said!("record-dkim-other")
        } else {
            said!("record-dkim-p-missing")
        };
        findings.error("dkim-p-missing", text.len()..text.len(), what, said!("record-dkim-show"));
        return PublicKey::Missing;
    };
    let joined: String = tag.value.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n')).collect();
    if joined.is_empty() {
        findings.warning("dkim-revoked", tag.at(), said!("record-dkim-revoked"), said!("record-dkim-revoked-fix"));
        return PublicKey::Revoked;
    }
    if joined.len() != tag.value.len() {
        let text = said!("record-dkim-blanks");
        findings.warning("dkim-p-blanks", tag.value_at.clone(), text, said!("record-dkim-blanks-fix"));
    }
    let Ok(bytes) = BASE64.decode(&joined) else {
        let text = said!("record-dkim-base64");
        let advice = said!("record-dkim-base64-fix");
        findings.error("dkim-p-not-base64", tag.value_at.clone(), text, advice);
        return PublicKey::Unreadable;
    };
    match algorithm {
        Some(Algorithm::Rsa) => rsa_key(&bytes, tag, findings),
        Some(Algorithm::Ed25519) => ed25519_key(&bytes, tag, findings),
        None => PublicKey::Unreadable,
    }
}

fn rsa_key(bytes: &[u8], tag: &Tag<'_>, findings: &mut Findings) -> PublicKey {
    let at = tag.value_at.clone();
    let Some(key) = PublicKey::rsa_from_der(bytes) else {
        let text = if bytes.len() == 32 { said!("record-dkim-is-ed25519") } else { said!("record-dkim-no-rsa") };
        findings.error("dkim-p-unreadable", at, text, said!("record-dkim-show"));
        return PublicKey::Unreadable;
    };
    let PublicKey::Rsa { bits, exponent, .. } = &key else { return key };
    if *bits < RSA_BITS_MIN {
        let text = said!("record-dkim-too-short", bits = bits);
        findings.error("dkim-key-too-short", at, text, said!("record-dkim-rotate"));
    } else if *bits < RSA_BITS_GOOD {
        let text = said!("record-dkim-short", bits = bits);
        findings.warning("dkim-key-short", at, text, said!("record-dkim-rotate"));
    } else if *bits > RSA_BITS_MAX {
        let text = said!("record-dkim-long", bits = bits);
        findings.warning("dkim-key-long", at, text, said!("record-dkim-long-fix"));
    }
    if !is_odd_over_one(exponent) {
        let text = said!("record-dkim-exponent");
        findings.error("dkim-exponent", tag.value_at.clone(), text, said!("record-dkim-exponent-fix"));
    }
    key
}

fn ed25519_key(bytes: &[u8], tag: &Tag<'_>, findings: &mut Findings) -> PublicKey {
    if let Ok(key) = <[u8; 32]>::try_from(bytes) {
        return PublicKey::Ed25519(key);
    }
    let text = if bytes.starts_with(&ED25519_WRAPPING) {
        said!("record-dkim-wrapped")
    } else {
        said!("record-dkim-no-ed25519")
    };
    findings.error("dkim-p-unreadable", tag.value_at.clone(), text, said!("record-dkim-show"));
    PublicKey::Unreadable
}

//! What mails proved: signatures whose keys are still to be asked for, and verdicts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rusqlite::params;
use serde_json::{Value, json};

use super::error::{StoreError, While as _};
use super::file::{Store, begin};
use crate::analyze::trust::{Judged, Named, Trust};
use crate::mail::{Signature, SignatureKind};

/// Different senders that the reports of one raw input may name; of more, none is proven.
const NAMED_MAX: usize = 20;
/// Signatures that are kept of all mails which brought the same raw input.
const SIGNATURES_MAX: usize = 10;

/// Signatures, and whom the reports name as their sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// Those that the body fits to.
    pub signatures: Vec<Signature>,
    /// As the reports say.
    pub reports: Vec<Named>,
}

/// A claim whose keys have to be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenProof {
    /// The raw input that the mail brought.
    pub raw_id: i64,
    /// What is to be verified.
    pub claim: Claim,
}

impl Claim {
    /// Adds the sender that a report names, by its metadata as JSON.
    pub(super) fn add_report(&mut self, head: &str) {
        let head: Value = serde_json::from_str(head).unwrap_or_default();
        let text = |name: &str| head.get(name).and_then(Value::as_str).map(str::to_owned);
        let named = Named { org_name: text("org_name"), email: text("email") };
        let nobody = Named { org_name: None, email: None };
        let named = if self.reports.len() < NAMED_MAX { named } else { nobody };
        if !self.reports.contains(&named) {
            self.reports.push(named);
        }
    }

    /// With the signatures of another mail behind its own.
    pub(super) fn with(mut self, other: Self) -> Self {
        for signature in other.signatures {
            if self.signatures.len() < SIGNATURES_MAX && !self.signatures.contains(&signature) {
                self.signatures.push(signature);
            }
        }
        self
    }

    /// As it is kept.
    pub(super) fn to_json(&self) -> String {
        let signature = |signature: &Signature| {
            let kind = match signature.kind {
                SignatureKind::RsaSha256 => "rsa",
                SignatureKind::Ed25519Sha256 => "ed25519",
            };
            let (hash, bytes) = (STANDARD_NO_PAD.encode(signature.hash), STANDARD_NO_PAD.encode(&signature.bytes));
            json!([signature.domain, signature.selector, kind, hash, bytes])
        };
        let signatures: Vec<Value> = self.signatures.iter().map(signature).collect();
        let reports: Vec<Value> = self.reports.iter().map(|named| json!([named.org_name, named.email])).collect();
        json!({"signatures": signatures, "reports": reports}).to_string()
    }

    /// As it was kept; none where that can't be read.
    pub(super) fn from_json(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let list = |name: &str| value.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let text = |value: &Value, place: usize| value.get(place).and_then(Value::as_str).map(str::to_owned);
        let bytes = |value: &Value, place: usize| STANDARD_NO_PAD.decode(text(value, place)?).ok();
        let signature = |value: &Value| {
            Some(Signature {
                domain: text(value, 0)?,
                selector: text(value, 1)?,
                kind: match text(value, 2)?.as_str() {
                    "rsa" => SignatureKind::RsaSha256,
                    "ed25519" => SignatureKind::Ed25519Sha256,
                    _ => return None,
                },
                hash: bytes(value, 3)?.try_into().ok()?,
                bytes: bytes(value, 4)?,
            })
        };
        let reports =
            list("reports").iter().map(|named| Named { org_name: text(named, 0), email: text(named, 1) }).collect();
        Some(Self { signatures: list("signatures").iter().map(signature).collect::<Option<_>>()?, reports })
    }
}

impl Store {
    /// Mails whose keys have to be asked for and were not since `before_s` (seconds since 1970 UTC), those that were asked for
    /// longest ago first; at most `most`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn open_proofs(&self, before_s: i64, most: u64) -> Result<Vec<OpenProof>, StoreError> {
        let doing = "read what mails prove";
        let mut find = self
            .connection
            .prepare_cached(
                "SELECT raw_id, signatures FROM proof WHERE trust = 'unknown' AND asked_s <= ?
                 ORDER BY asked_s, raw_id DESC LIMIT ?",
            )
            .during(doing)?;
        let rows =
            find.query_map([before_s, i64::try_from(most).unwrap_or(i64::MAX)], |row| Ok((row.get(0)?, row.get(1)?)));
        let rows: Vec<(i64, String)> = rows.during(doing)?.collect::<Result<_, _>>().during(doing)?;
        let open = rows.into_iter().map(|(raw_id, text)| {
            let damaged = || StoreError::Damaged { what: format!("what the mail of raw input {raw_id} proves") };
            Ok(OpenProof { raw_id, claim: Claim::from_json(&text).ok_or_else(damaged)? })
        });
        open.collect()
    }

    /// Keeps verdicts, in one transaction. What was unknown and still is may be asked for again.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_proofs(&mut self, judged: &[(i64, Judged)], asked_s: i64) -> Result<(), StoreError> {
        let doing = "keep what mails prove";
        let transaction = begin(&mut self.connection, doing)?;
        {
            let mut keep = transaction
                .prepare_cached("UPDATE proof SET trust = ?, domain = ?, asked_s = ? WHERE raw_id = ?")
                .during(doing)?;
            let mut forget =
                transaction.prepare_cached("UPDATE proof SET signatures = '' WHERE raw_id = ?").during(doing)?;
            for (raw_id, (trust, domain)) in judged {
                keep.execute(params![trust.as_str(), domain, asked_s, raw_id]).during(doing)?;
                if *trust != Trust::Unknown {
                    forget.execute([raw_id]).during(doing)?;
                }
            }
        }
        transaction.commit().during(doing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_comes_back_as_it_was_kept() {
        let signature = |selector: &str| Signature {
            domain: "example.com".to_owned(),
            selector: selector.to_owned(),
            kind: SignatureKind::Ed25519Sha256,
            hash: [7; 32],
            bytes: vec![1, 2, 3],
        };
        let mut claim = Claim { signatures: vec![signature("a")], reports: Vec::new() };
        claim.add_report(r#"{"org_name": "Example \"Inc\"", "email": null}"#);
        assert_eq!(Claim::from_json(&claim.to_json()), Some(claim.clone()));
        assert_eq!(Claim::from_json("{"), None);
        let both = claim.clone().with(Claim { signatures: vec![signature("a"), signature("b")], reports: Vec::new() });
        assert_eq!(both.signatures, [signature("a"), signature("b")]);
        let many: Vec<Signature> = (0..20).map(|number| signature(&number.to_string())).collect();
        assert_eq!(
            claim.clone().with(Claim { signatures: many, reports: Vec::new() }).signatures.len(),
            SIGNATURES_MAX
        );
        for number in 0..30 {
            claim.add_report(&format!(r#"{{"org_name": "{number}.example"}}"#));
        }
        assert_eq!(claim.reports.len(), NAMED_MAX + 1, "the last one is nobody");
        assert_eq!(claim.reports.last(), Some(&Named { org_name: None, email: None }));
    }
}

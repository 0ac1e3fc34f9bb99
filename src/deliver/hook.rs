//! Webhooks: one POST, signed as the Standard Webhooks specification says, so that ready-made libraries verify it.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::error::{DeliverError, shown};
use super::{Courier, Letter};
use crate::config::{Secret, WebhookSettings};
use crate::credential::{Place, http_tls, is_loopback};
use crate::limits::Limits;
use crate::words::said;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// What is read of an answer, in bytes.
const ANSWER_BYTES_MAX: u64 = 4 << 10;

/// Delivers to one `[webhook.NAME]`.
#[derive(Debug)]
pub struct HookCourier<'a> {
    name: &'a str,
    settings: &'a WebhookSettings,
    limits: &'a Limits,
}

impl<'a> HookCourier<'a> {
    /// A courier to the webhook of this name; `limits` bound the command that prints a secret.
    #[must_use]
    pub fn new(name: &'a str, settings: &'a WebhookSettings, limits: &'a Limits) -> Self {
        Self { name, settings, limits }
    }

    /// How errors name the way: the address may be a secret.
    fn way(&self) -> String {
        format!("the webhook {}", self.name)
    }

    fn secret(&self, place: &Place<'_>) -> Result<Secret, DeliverError> {
        place.read(self.limits).map_err(|missing| DeliverError::secret(&self.way(), missing))
    }

    fn url(&self) -> Result<Secret, DeliverError> {
        if let Some(url) = &self.settings.url {
            return Ok(url.clone());
        }
        self.secret(&Place {
            what: "url",
            file: self.settings.url_file.as_deref(),
            variable: self.settings.url_env.as_ref(),
            command: self.settings.url_command.as_deref(),
        })
    }

    /// Whether address and key can be read; asks nobody.
    ///
    /// # Errors
    /// When one of them is not where the settings say.
    pub fn try_way(&self) -> Result<(), DeliverError> {
        self.url()?;
        self.key().map(drop)
    }

    fn key(&self) -> Result<Option<Secret>, DeliverError> {
        let place = Place {
            what: "key",
            file: self.settings.key_file.as_deref(),
            variable: self.settings.key_env.as_ref(),
            command: self.settings.key_command.as_deref(),
        };
        place.is_named().then(|| self.secret(&place)).transpose()
    }
}

impl Courier for HookCourier<'_> {
    fn carry(&self, letter: &Letter<'_>, now_s: i64) -> Result<(), DeliverError> {
        let url = self.url()?;
        if !(url.expose().starts_with("https://") || is_loopback(url.expose())) {
            return Err(DeliverError::Secret {
                way: self.way(),
                message: said!("hook-no-tls"),
                hint: said!("hint-hook-no-tls"),
                is_passing: false,
                source: None,
            });
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(TIMEOUT))
            .max_redirects(0)
            .tls_config(http_tls())
            .build()
            .new_agent();
        let mut request = agent
            .post(url.expose())
            .header("content-type", "application/json")
            .header("webhook-id", letter.name)
            .header("webhook-timestamp", now_s.to_string());
        if let Some(key) = self.key()? {
            request = request.header("webhook-signature", signature(&key, letter.name, now_s, letter.payload));
        }
        let failed = |error: ureq::Error| DeliverError::Connection {
            way: self.way(),
            hint: said!("hint-hook"),
            // The library's text may hold the address, which may be a secret.
            source: Box::new(std::io::Error::other(without(&error.to_string(), url.expose()))),
        };
        let mut response = request.send(letter.payload).map_err(failed)?;
        let status = response.status().as_u16();
        if (200..300).contains(&status) {
            return Ok(());
        }
        let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().unwrap_or_default();
        let said = shown(&without(&String::from_utf8_lossy(&body), url.expose()));
        Err(DeliverError::Refused {
            way: self.way(),
            receiver: letter.receiver.to_owned(),
            answer: format!("status {status} {said}").trim_end().to_owned(),
            is_passing: status == 408 || status == 429 || status >= 500,
        })
    }
}

fn without(text: &str, secret: &str) -> String {
    text.replace(secret, "***")
}

/// `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64. A key that begins with `whsec_` is base64 itself.
#[must_use]
pub fn signature(key: &Secret, id: &str, timestamp_s: i64, body: &[u8]) -> String {
    let text = key.expose();
    let decoded = text.strip_prefix("whsec_").and_then(|encoded| STANDARD.decode(encoded).ok());
    let key = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
    // A key of any length will do for HMAC.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return String::new() };
    mac.update(format!("{id}.{timestamp_s}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_specification() {
        // The example of the Standard Webhooks libraries.
        let key = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b"{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn no_address_stands_in_an_error() {
        assert_eq!(without("http://h/secret: refused", "http://h/secret"), "***: refused");
    }
}

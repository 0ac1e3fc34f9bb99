//! A fresh access token from the provider (RFC 6749): by a refresh token (section 6), or by the client's own secret
//! (section 4.4, for programs that no person logs in for).

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::credential::{NoSecret, of_file};
use super::error::shown;
use crate::config::{MailboxSettings, Secret};
use crate::credential::{http_tls, is_loopback};
use crate::limits::Limits;
use crate::words::{Said, said};

/// Longest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 << 10;
/// What a program without a person asks for. Only Microsoft 365 gives mailboxes to such programs.
const CLIENT_SCOPE: &str = "https://outlook.office365.com/.default";

/// The provider's answer; what else is in it does not matter.
#[derive(Default, Deserialize)]
struct Answer {
    access_token: Option<String>,
    refresh_token: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Asks for an access token; `warnings` grows where a refresh token could not be kept.
pub(super) fn access_token(
    settings: &MailboxSettings,
    limits: &Limits,
    warnings: &mut Vec<Said>,
) -> Result<Secret, NoSecret> {
    let (Some(client_id), Some(url)) = (&settings.client_id, &settings.token_url) else {
        return Err(failed(said!("oauth-no-way"), said!("hint-oauth-no-way")));
    };
    let url = url.as_str();
    if !(url.starts_with("https://") || is_loopback(url)) {
        return Err(failed(said!("oauth-no-tls"), said!("hint-oauth-no-tls")));
    }
    let mut form = vec![("client_id", client_id.clone())];
    if let Some(path) = &settings.client_secret_file {
        form.push(("client_secret", of_file("client_secret", path)?.expose().to_owned()));
    }
    let before = match &settings.refresh_token_file {
        Some(path) => {
            let token = of_file("refresh_token", path)?;
            form.push(("grant_type", "refresh_token".to_owned()));
            form.push(("refresh_token", token.expose().to_owned()));
            Some((path, token))
        }
        None => {
            form.push(("grant_type", "client_credentials".to_owned()));
            form.push(("scope", CLIENT_SCOPE.to_owned()));
            None
        }
    };
    let answer = ask(url, form, Duration::from_secs(limits.read_timeout_s))?;
    let token = answer.access_token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| failed(said!("oauth-no-token"), said!("hint-oauth-url")))?;
    if let (Some((path, before)), Some(next)) = (before, answer.refresh_token.map(Secret::new))
        && next != before
        && !next.expose().is_empty()
        && let Err(error) = keep(path, &next)
    {
        // The token at hand is good all the same: the reports of today must not wait for a folder's permissions.
        warnings.push(said!("oauth-not-kept", path = path.display(), why = error.to_string()));
    }
    Ok(Secret::new(token))
}

fn ask(url: &str, form: Vec<(&str, String)>, timeout: Duration) -> Result<Answer, NoSecret> {
    let unreachable = |error: ureq::Error| NoSecret {
        source: Some(io::Error::other(error)),
        is_passing: true,
        ..failed(said!("oauth-unreachable", url = url), said!("hint-oauth-unreachable"))
    };
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(timeout))
        .max_redirects(0)
        .tls_config(http_tls())
        .build()
        .new_agent();
    let mut response = agent.post(url).send_form(form).map_err(unreachable)?;
    let status = response.status().as_u16();
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(unreachable)?;
    // An answer that is no JSON may hold anything, a secret too: it is not shown.
    let answer: Answer = serde_json::from_slice(&body).unwrap_or_default();
    if status == 200 {
        return Ok(answer);
    }
    let said = [answer.error.as_deref(), answer.error_description.as_deref()];
    let said: Vec<String> = said.into_iter().flatten().map(shown).collect();
    let hint = match answer.error.as_deref() {
        Some("invalid_grant") => {
            said!("hint-oauth-grant")
        }
        Some("invalid_client" | "unauthorized_client") => said!("hint-oauth-client"),
        _ => said!("hint-oauth-all"),
    };
    Err(failed(said!("oauth-refused", status = status, why = said.join(": ")), hint))
}

/// Puts the next refresh token in the place of the last: whole or not at all, and for nobody else to read.
fn keep(path: &Path, token: &Secret) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    let written = writeln!(file, "{}", token.expose()).and_then(|()| file.sync_all());
    written.and_then(|()| std::fs::rename(&beside, path)).inspect_err(|_| {
        let _removed = std::fs::remove_file(&beside);
    })
}

const fn failed(message: Said, hint: Said) -> NoSecret {
    NoSecret { message, hint, source: None, is_passing: false }
}

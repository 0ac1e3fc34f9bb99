#![expect(clippy::disallowed_methods, reason = "secrets lie in files, variables and what commands print")]
//! Passwords, tokens and keys from where the settings say, and whom to trust on the other side.
//!
//! *Takes* the place of a secret. *Gives* the secret, or why there is none. *Bounds* its length. *Never* shows it: it
//! goes to the server and nowhere else.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::config::{Secret, VariableName};

/// Longest secret that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// Where a secret lies. The settings hold at most one of the three.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What it is, as its keys in the settings begin: `password` for `password_file`.
    pub what: &'static str,
    /// A file whose first line it is.
    pub file: Option<&'a Path>,
    /// An environment variable that holds it.
    pub variable: Option<&'a VariableName>,
    /// A command that prints it.
    pub command: Option<&'a str>,
}

/// Why there is no secret: a message, and what to check.
#[derive(Debug)]
pub struct NoSecret {
    /// What happened.
    pub message: String,
    /// What to check.
    pub hint: String,
    /// Why.
    pub source: Option<io::Error>,
    /// Trying again later may help by itself.
    pub is_passing: bool,
}

impl Place<'_> {
    /// The settings name a place.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.file.is_some() || self.variable.is_some() || self.command.is_some()
    }

    /// Reads the secret.
    ///
    /// # Errors
    /// When it is not where it should be, or empty.
    pub fn read(&self) -> Result<Secret, NoSecret> {
        if let Some(path) = self.file {
            return of_file(self.what, path);
        }
        if let Some(name) = self.variable {
            return of_variable(self.what, name);
        }
        of_command(self.what, self.command.unwrap_or_default())
    }
}

/// The first line of a file.
///
/// # Errors
/// When the file can't be read, or is empty.
pub fn of_file(what: &str, path: &Path) -> Result<Secret, NoSecret> {
    let failed = |source| NoSecret {
        message: format!("could not read the {what} file {}", path.display()),
        hint: format!("`{what}_file` has to be readable for the user that runs this"),
        source,
        is_passing: false,
    };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| failed(Some(error)))?;
    file.take(SECRET_BYTES_MAX).read_to_string(&mut text).map_err(|error| failed(Some(error)))?;
    first_line(&text).ok_or_else(|| NoSecret { message: format!("the {what} file is empty"), ..failed(None) })
}

fn of_variable(what: &str, name: &VariableName) -> Result<Secret, NoSecret> {
    let value = std::env::var(name.as_str()).ok().filter(|value| !value.is_empty());
    value.map(Secret::new).ok_or_else(|| NoSecret {
        message: format!("the environment variable for the {what} is not set"),
        hint: format!("set the variable that `{what}_env` names, also where cron or systemd starts the program"),
        source: None,
        is_passing: false,
    })
}

/// The first line that a command prints.
///
/// # Errors
/// When it can't be started, fails, or prints nothing.
pub fn of_command(what: &str, command: &str) -> Result<Secret, NoSecret> {
    let failed = |message: String, source| NoSecret {
        message,
        hint: format!("run the `{what}_command` of the settings by hand, as the user that runs this"),
        source,
        is_passing: false,
    };
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let output = Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(format!("could not start the {what} command"), Some(error)))?;
    if !output.status.success() {
        return Err(failed(format!("the {what} command failed with {}", output.status), None));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    first_line(&text).ok_or_else(|| failed(format!("the {what} command printed nothing"), None))
}

fn first_line(text: &str) -> Option<Secret> {
    text.lines().next().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty()).map(Secret::new)
}

/// TLS for requests by HTTP: the machine's authorities.
#[must_use]
pub fn http_tls() -> TlsConfig {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// An address without TLS that never leaves this machine.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"].iter().any(|start| url.starts_with(start))
}

//! Passwords, tokens and certificates, from where the settings say. They go to the server and nowhere else.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::oauth;
use crate::config::{MailboxSettings, Secret};
use crate::limits::Limits;

/// Longest secret that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// Why there is no secret: a message, and what to check.
#[derive(Debug)]
pub(super) struct NoSecret {
    pub(super) message: String,
    pub(super) hint: String,
    pub(super) source: Option<io::Error>,
    /// Trying again later may help by itself.
    pub(super) is_passing: bool,
}

/// The password of a mailbox.
pub(super) fn password(settings: &MailboxSettings) -> Result<Secret, NoSecret> {
    if let Some(path) = &settings.password_file {
        return of_file("password", path);
    }
    if let Some(name) = &settings.password_env {
        return std::env::var(name.as_str()).ok().filter(|value| !value.is_empty()).map(Secret::new).ok_or_else(|| {
            NoSecret {
                message: "the environment variable for the password is not set".to_owned(),
                hint: "set the variable that `password_env` names, also where cron or systemd starts the program"
                    .to_owned(),
                source: None,
                is_passing: false,
            }
        });
    }
    of_command("password", settings.password_command.as_deref().unwrap_or_default())
}

/// The access token of a mailbox; `warnings` grows by what the owner should know.
pub(super) fn token(
    settings: &MailboxSettings,
    limits: &Limits,
    warnings: &mut Vec<String>,
) -> Result<Secret, NoSecret> {
    match &settings.token_command {
        Some(command) => of_command("token", command),
        None => oauth::access_token(settings, limits, warnings),
    }
}

pub(super) fn of_file(what: &str, path: &Path) -> Result<Secret, NoSecret> {
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

fn of_command(what: &str, command: &str) -> Result<Secret, NoSecret> {
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

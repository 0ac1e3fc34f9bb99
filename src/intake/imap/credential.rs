//! The password or token of a mailbox, from where the settings say.

use super::oauth;
use crate::config::{MailboxSettings, Secret};
pub(super) use crate::credential::{NoSecret, of_file};
use crate::credential::{Place, of_command};
use crate::limits::Limits;
use crate::words::Said;

/// The password of a mailbox.
pub(super) fn password(settings: &MailboxSettings, limits: &Limits) -> Result<Secret, NoSecret> {
    let place = Place {
        what: "password",
        file: settings.password_file.as_deref(),
        variable: settings.password_env.as_ref(),
        command: settings.password_command.as_deref(),
    };
    place.read(limits)
}

/// The access token of a mailbox; `warnings` grows by what the owner should know.
pub(super) fn token(settings: &MailboxSettings, limits: &Limits, warnings: &mut Vec<Said>) -> Result<Secret, NoSecret> {
    match &settings.token_command {
        Some(command) => of_command("token", command, limits),
        None => oauth::access_token(settings, limits, warnings),
    }
}

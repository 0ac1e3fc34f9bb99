//! Where passphrases come from: a file, or the keyboard. Never an argument, which everybody on the machine can read.

use std::path::Path;

use anyhow::Context as _;

use crate::cli::exit::{Exit, Failure};
use crate::cli::output;
use crate::keys::Passphrase;
use crate::words::said;

/// The passphrase of a key that is read.
pub(super) fn for_import(file: Option<&Path>) -> anyhow::Result<Passphrase> {
    match file {
        Some(file) => Ok(Passphrase::of_file(file)?),
        None => ask("Passphrase of the key: "),
    }
}

/// The passphrase of a key that is written; `None` when it is written in clear.
pub(super) fn for_export(file: Option<&Path>, is_asked: bool) -> anyhow::Result<Option<Passphrase>> {
    if let Some(file) = file {
        return Ok(Some(Passphrase::of_file(file)?));
    }
    if !is_asked {
        return Ok(None);
    }
    let passphrase = ask("Passphrase for the file: ")?;
    if passphrase == ask("Once more: ")? {
        return Ok(Some(passphrase));
    }
    Err(Failure::new(Exit::Usage, said!("error-passphrases-differ")).into())
}

fn ask(prompt: &str) -> anyhow::Result<Passphrase> {
    if !output::is_watched() {
        return Err(Failure::new(Exit::Usage, said!("error-passphrase")).hint(said!("hint-passphrase")).into());
    }
    Ok(Passphrase::new(rpassword::prompt_password(prompt).context("could not ask for the passphrase")?)?)
}

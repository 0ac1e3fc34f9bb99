//! Where passphrases come from: a file, or the keyboard. Never an argument, which everybody on the machine can read.

use std::path::Path;

use crate::cli::context::Context;
use crate::cli::exit::{Exit, Failure, While as _};
use crate::cli::output;
use crate::keys::Passphrase;
use crate::words::{Said, said};

/// The passphrase of a key that is read.
pub(super) fn for_import(context: &Context, file: Option<&Path>) -> anyhow::Result<Passphrase> {
    match file {
        Some(file) => Ok(Passphrase::of_file(file)?),
        None => ask(context, &said!("prompt-passphrase")),
    }
}

/// The passphrase of a key that is written; `None` when it is written in clear.
pub(super) fn for_export(context: &Context, file: Option<&Path>, is_asked: bool) -> anyhow::Result<Option<Passphrase>> {
    if let Some(file) = file {
        return Ok(Some(Passphrase::of_file(file)?));
    }
    if !is_asked {
        return Ok(None);
    }
    let passphrase = ask(context, &said!("prompt-passphrase-file"))?;
    if passphrase == ask(context, &said!("prompt-passphrase-again"))? {
        return Ok(Some(passphrase));
    }
    Err(Failure::new(Exit::Usage, said!("error-passphrases-differ")).into())
}

fn ask(context: &Context, prompt: &Said) -> anyhow::Result<Passphrase> {
    if !output::is_watched() {
        return Err(Failure::new(Exit::Usage, said!("error-passphrase")).hint(said!("hint-passphrase")).into());
    }
    let typed = rpassword::prompt_password(context.told(prompt)).doing(|| said!("error-ask-passphrase"))?;
    Ok(Passphrase::new(typed)?)
}

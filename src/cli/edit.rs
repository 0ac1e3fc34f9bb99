//! Changes to the settings file: comments and order stay, and the file is there as a whole, old or new, at any time.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use toml_edit::DocumentMut;

use super::context::Context;
use super::exit::{Exit, Failure};
use super::output;
use crate::config::{self, File};

/// Changes the settings file, or makes one; shows what changes. With `dry_run` nothing is written.
pub(super) fn settings(
    context: &Context,
    dry_run: bool,
    change: impl FnOnce(&mut DocumentMut) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let path = context.file.clone().unwrap_or_else(|| PathBuf::from("ruascope.toml"));
    // A link stays a link: what it names is replaced.
    let target =
        if path.exists() { path.canonicalize().context("could not follow the settings")? } else { path.clone() };
    let lock = if dry_run { None } else { Some(Lock::take(&target)?) };
    let before = match std::fs::read_to_string(&target) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.with_context(|| format!("could not read the settings {}", path.display()))?,
    };
    let mut document: DocumentMut = before
        .parse()
        .map_err(|error| Failure::new(Exit::Configuration, format!("the settings can't be edited: {error}")))?;
    change(&mut document)?;
    let after = document.to_string();
    config::resolve(Some(&File { path: path.clone(), text: after.clone() }), &[], &[])?;
    if let Some(lock) = lock {
        lock.replace(&target, &after).with_context(|| format!("could not write {}", path.display()))?;
    }
    if !context.global.quiet {
        output::write(&difference(&path, &before, &after))?;
    }
    Ok(())
}

/// Beside the settings file: the new text, and a sign that somebody writes it.
fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.new"))
}

/// Held while the file is read, changed and written, so that no other change is lost. None once it has become the file.
struct Lock(Option<PathBuf>);

impl Lock {
    fn take(target: &Path) -> anyhow::Result<Self> {
        let path = beside(target);
        match std::fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => Ok(Self(Some(path))),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let message = format!("another process changes the settings {}", target.display());
                let hint = format!("run it again; remove {} when no other process is there", path.display());
                Err(Failure::new(Exit::TryAgain, message).hint(hint).into())
            }
            Err(error) => Err(error).with_context(|| format!("could not write {}", path.display())),
        }
    }

    /// Puts the text in the place of the file.
    fn replace(mut self, target: &Path, text: &str) -> std::io::Result<()> {
        let Some(new) = self.0.as_ref() else { return Ok(()) };
        let mut file = std::fs::OpenOptions::new().write(true).truncate(true).open(new)?;
        file.write_all(text.as_bytes())?;
        if let Ok(old) = std::fs::metadata(target) {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()?;
        std::fs::rename(new, target)?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Never after the change: the name may be another process's by then.
        if let Some(path) = &self.0 {
            let _gone = std::fs::remove_file(path);
        }
    }
}

/// The lines that go and come, of one place that holds all changes.
fn difference(path: &Path, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let first = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - first;
    let last = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let part = |lines: &[&str], sign: char| -> String {
        lines.iter().skip(first).take(lines.len() - first - last).map(|line| format!("{sign}{line}\n")).collect()
    };
    format!("{}:{}\n{}{}", path.display(), first + 1, part(&old, '-'), part(&new, '+'))
}

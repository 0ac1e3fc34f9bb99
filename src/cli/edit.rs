//! Changes to the settings file: comments and order stay, and the file is there as a whole, old or new, at any time.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use toml_edit::{DocumentMut, Item, Table, Value};

use super::context::Context;
use super::exit::{Exit, Failure, While as _};
use super::output;
use crate::config::{self, File};
use crate::words::said;

/// What was, or would be, changed.
pub(super) struct Change {
    /// The settings file.
    path: PathBuf,
    is_dry_run: bool,
    /// Lines that go and come; empty when nothing changes.
    difference: String,
}

/// Changes the settings file, or makes one; shows what changes. With `dry_run` nothing is written.
pub(super) fn settings(
    context: &Context,
    dry_run: bool,
    change: impl FnOnce(&mut DocumentMut) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let change = self::change(context, dry_run, change)?;
    if context.as_json() {
        let mut object = json!({"schema": "ruascope.edit/1"});
        if let Some(object) = object.as_object_mut() {
            object.extend(change.as_json());
        }
        output::json(&object)?;
        return Ok(());
    }
    change.show(context)
}

/// As [`settings`], and shows nothing.
pub(super) fn change(
    context: &Context,
    dry_run: bool,
    change: impl FnOnce(&mut DocumentMut) -> anyhow::Result<()>,
) -> anyhow::Result<Change> {
    let path = context.file.clone().unwrap_or_else(|| PathBuf::from("ruascope.toml"));
    // A link stays a link: what it names is replaced.
    let target =
        if path.exists() { path.canonicalize().doing(|| said!("error-follow-settings"))? } else { path.clone() };
    let lock = if dry_run { None } else { Some(Lock::take(&target)?) };
    let before = match std::fs::read_to_string(&target) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text.doing(|| said!("error-read-settings", path = path.display()))?,
    };
    let mut document: DocumentMut = before.parse().map_err(|error: toml_edit::TomlError| {
        Failure::new(Exit::Configuration, said!("error-settings-edit", error = error.to_string()))
    })?;
    change(&mut document)?;
    let after = document.to_string();
    config::resolve(Some(&File { path: path.clone(), text: after.clone() }), &[], &[])?;
    if let Some(lock) = lock {
        lock.replace(&target, &after).doing(|| said!("error-write", path = path.display()))?;
    }
    let difference = if before == after { String::new() } else { difference(&path, &before, &after) };
    Ok(Change { path, is_dry_run: dry_run, difference })
}

impl Change {
    /// Prints the lines that go and come, unless asked to be quiet.
    pub(super) fn show(&self, context: &Context) -> anyhow::Result<()> {
        if !context.global.quiet {
            output::write(&self.difference)?;
        }
        Ok(())
    }

    /// The change as fields of an object.
    pub(super) fn as_json(&self) -> serde_json::Map<String, serde_json::Value> {
        let file = self.path.to_string_lossy();
        let object = json!({"file": file, "dry_run": self.is_dry_run, "difference": self.difference});
        if let serde_json::Value::Object(fields) = object { fields } else { serde_json::Map::new() }
    }
}

/// Sets a key and keeps the comment behind it; `None` leaves it.
pub(super) fn put(table: &mut Table, key: &str, new: Option<impl Into<Value>>) {
    let Some(new) = new else { return };
    let mut new: Value = new.into();
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(new));
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
                let message = said!("error-settings-locked", path = target.display());
                let hint = said!("hint-settings-locked", path = path.display());
                Err(Failure::new(Exit::TryAgain, message).hint(hint).into())
            }
            Err(error) => Err(error).doing(|| said!("error-write", path = path.display())),
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

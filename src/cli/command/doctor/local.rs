//! What this machine has: settings, store, clock, keys.

use std::path::Path;

use super::line::{Line, State};
use crate::cli::command::dkim::private;
use crate::cli::context::Context;
use crate::store::{Filter, Store};
use crate::words::{Said, said};

/// Room on the disk below which somebody should look …
const FREE_BYTES_LOW: u64 = 1 << 30;
/// … and below which taking in is about to fail.
const FREE_BYTES_MIN: u64 = 64 << 20;
/// Clocks differ by so many seconds.
const CLOCK_S: i64 = 300;
/// Reports may end so many seconds from now: reporters write days of their own time zone.
const FUTURE_S: i64 = 86_400;

pub(super) fn settings(context: &Context) -> Vec<Line> {
    let settings = &context.resolved.settings;
    let (domains, mailboxes) = (settings.domains.len(), settings.mailboxes.len());
    let mut lines = vec![match &context.file {
        None => Line::well("settings", "", said!("doctor-no-file")),
        Some(path) => {
            let text = said!("doctor-settings", domains = domains, mailboxes = mailboxes);
            Line::well("settings", path.display().to_string(), text)
        }
    }];
    let warnings = context.resolved.warnings.iter();
    lines.extend(warnings.map(|warning| Line::new("settings", "", State::Warning, warning.message().clone())));
    if domains == 0 && mailboxes > 0 {
        let line = Line::new("settings", "", State::Warning, said!("doctor-no-domain"));
        lines.push(line.advice(said!("doctor-no-domain-fix")));
    }
    lines
}

/// The store, where it can be opened.
pub(super) fn store(context: &Context) -> (Option<Store>, Vec<Line>) {
    let path = match context.store_path() {
        Ok(path) => path,
        Err(error) => return (None, vec![Line::error("store", "", State::Failed, &error)]),
    };
    let name = path.display().to_string();
    if !path.exists() {
        let line = Line::new("store", &name, State::Warning, said!("doctor-no-store"));
        let line = line.advice(said!("doctor-no-store-fix"));
        return (None, [line].into_iter().chain(room(&path)).collect());
    }
    let store = match context.read_store() {
        Ok(store) => store,
        Err(error) => return (None, vec![Line::error("store", &name, State::Failed, &error)]),
    };
    let mut lines = Vec::new();
    match of_open(&store) {
        Ok(text) => lines.push(Line::well("store", &name, text)),
        Err(error) => lines.push(Line::error("store", &name, State::Failed, &error)),
    }
    match store.integrity() {
        Ok(faults) if faults.is_empty() => lines.push(Line::well("store", "", said!("doctor-sqlite-fine"))),
        Ok(faults) => {
            let text = said!("doctor-sqlite-damaged", faults = faults.join("; "));
            lines.push(Line::new("store", &name, State::Failed, text).advice(said!("doctor-sqlite-fix")));
        }
        Err(error) => lines.push(Line::error("store", &name, State::Failed, &error.into())),
    }
    lines.extend(mode("store", &path));
    lines.extend(room(&path));
    (Some(store), lines)
}

fn of_open(store: &Store) -> anyhow::Result<Said> {
    let totals = store.totals(&Filter::default())?;
    let form = store.form()?;
    Ok(said!("doctor-opens", form = form, reports = totals.reports, rejected = totals.rejected))
}

/// Whether a file is for its owner alone.
#[cfg(unix)]
fn mode(part: &'static str, path: &Path) -> Option<Line> {
    use std::os::unix::fs::PermissionsExt as _;
    let name = path.display().to_string();
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    let mode = format!("{mode:04o}");
    if of_others == 0 {
        return Some(Line::well(part, "", said!("doctor-mode", mode = mode)));
    }
    let line = Line::new(part, &name, State::Warning, said!("doctor-mode-open", mode = mode));
    Some(line.advice(format!("chmod 0600 {name}")))
}

#[cfg(not(unix))]
fn mode(_part: &'static str, _path: &Path) -> Option<Line> {
    None
}

/// Room on the disk of the store, or of the nearest folder above it that is there.
#[cfg(unix)]
fn room(path: &Path) -> Option<Line> {
    let folder = path.ancestors().find(|above| above.is_dir()).unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let text = said!("doctor-free", mib = free >> 20);
    Some(match free {
        free if free < FREE_BYTES_MIN => Line::new("store", "", State::Failed, text).advice(said!("doctor-free-fix")),
        free if free < FREE_BYTES_LOW => Line::new("store", "", State::Warning, text).advice(said!("doctor-prune-fix")),
        _ => Line::well("store", "", text),
    })
}

#[cfg(not(unix))]
fn room(_path: &Path) -> Option<Line> {
    None
}

/// A clock that is wrong shows in what was stored before, and in reports that are not over.
pub(super) fn clock(context: &Context, store: Option<&Store>) -> Vec<Line> {
    let now_s = context.now.timestamp();
    let written = store.and_then(|store| store.ages().ok()).and_then(|ages| ages.delivery_s);
    let newest = store.and_then(|store| store.newest_end_s().ok()).flatten();
    let now = context.now.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let advice = said!("doctor-clock-fix");
    vec![match (written, newest) {
        (Some(written), _) if written > now_s + CLOCK_S => {
            let text = said!("doctor-clock-delivery", now = now, seconds = written - now_s);
            Line::new("clock", "", State::Failed, text).advice(advice)
        }
        (_, Some(newest)) if newest > now_s + FUTURE_S => {
            let text = said!("doctor-clock-report", now = now, hours = (newest - now_s) / 3_600);
            Line::new("clock", "", State::Warning, text).advice(advice)
        }
        _ => Line::well("clock", "", said!("doctor-clock", now = now)),
    }]
}

/// Private keys of the settings that lie on this machine.
pub(super) fn keys(context: &Context) -> Vec<Line> {
    let mut lines = Vec::new();
    for domain in &context.resolved.settings.domains {
        for key in &domain.dkim {
            let Some(path) = &key.key else { continue };
            let subject = said!("doctor-key-of", selector = key.selector, domain = domain.name);
            match private(context, key) {
                Ok(_) => lines.push(Line::well("keys", subject, said!("doctor-key", file = path.display()))),
                Err(error) => lines.push(Line::error("keys", subject, State::Failed, &error)),
            }
            lines.extend(mode("keys", path));
        }
    }
    lines
}

//! What this machine has: settings, store, clock, keys.

use std::path::Path;

use super::line::{Line, State};
use crate::cli::command::dkim::private;
use crate::cli::context::Context;
use crate::store::{Filter, Store};

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
        None => Line::well("settings", "", "there is no file; defaults, environment and flags hold"),
        Some(path) => {
            let text = format!("read without a fault; domains: {domains}, mailboxes: {mailboxes}");
            Line::well("settings", path.display().to_string(), text)
        }
    }];
    let warnings = context.resolved.warnings.iter();
    lines.extend(warnings.map(|warning| Line::new("settings", "", State::Warning, warning.message())));
    if domains == 0 && mailboxes > 0 {
        let text = "no domain is named, so those of the reports are taken, also ones that strangers invent";
        let line = Line::new("settings", "", State::Warning, text);
        lines.push(line.advice("name yours: `ruascope domain add example.com`"));
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
        let line = Line::new("store", &name, State::Warning, "is not there yet");
        let line = line.advice("take in reports: `ruascope ingest PATH` or `ruascope fetch`");
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
        Ok(faults) if faults.is_empty() => lines.push(Line::well("store", "", "SQLite finds nothing wrong with it")),
        Ok(faults) => {
            let line = Line::new("store", &name, State::Failed, format!("is damaged: {}", faults.join("; ")));
            lines.push(line.advice("put the last backup in its place, and take in the newer reports again"));
        }
        Err(error) => lines.push(Line::error("store", &name, State::Failed, &error.into())),
    }
    lines.extend(mode("store", &path));
    lines.extend(room(&path));
    (Some(store), lines)
}

fn of_open(store: &Store) -> anyhow::Result<String> {
    let totals = store.totals(&Filter::default())?;
    let form = store.form()?;
    Ok(format!("opens; form {form}, {} reports, {} rejected", totals.reports, totals.rejected))
}

/// Whether a file is for its owner alone.
#[cfg(unix)]
fn mode(part: &'static str, path: &Path) -> Option<Line> {
    use std::os::unix::fs::PermissionsExt as _;
    let name = path.display().to_string();
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Some(Line::well(part, "", format!("only its owner may read it ({mode:04o})")));
    }
    let line = Line::new(part, &name, State::Warning, format!("others may read or write it ({mode:04o})"));
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
    let text = format!("{} MiB are free on its disk", free >> 20);
    Some(match free {
        free if free < FREE_BYTES_MIN => Line::new("store", "", State::Failed, text).advice("free space on the disk"),
        free if free < FREE_BYTES_LOW => {
            Line::new("store", "", State::Warning, text).advice("free space, or `ruascope store prune`")
        }
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
    let text = format!("now is {}", context.now.format("%Y-%m-%dT%H:%M:%SZ"));
    let advice = "compare `date -u` with a clock that is right, and let NTP set it";
    vec![match (written, newest) {
        (Some(written), _) if written > now_s + CLOCK_S => {
            let text = format!("{text}, and something was taken in {} s later than that", written - now_s);
            Line::new("clock", "", State::Failed, text).advice(advice)
        }
        (_, Some(newest)) if newest > now_s + FUTURE_S => {
            let text = format!("{text}, and the newest report ends {} h later", (newest - now_s) / 3_600);
            Line::new("clock", "", State::Warning, text).advice(advice)
        }
        _ => Line::well("clock", "", text),
    }]
}

/// Private keys of the settings that lie on this machine.
pub(super) fn keys(context: &Context) -> Vec<Line> {
    let mut lines = Vec::new();
    for domain in &context.resolved.settings.domains {
        for key in &domain.dkim {
            let Some(path) = &key.key else { continue };
            let subject = format!("{} of {}", key.selector, domain.name);
            match private(context, key) {
                Ok(_) => lines.push(Line::well("keys", subject, format!("{} is a private key", path.display()))),
                Err(error) => lines.push(Line::error("keys", subject, State::Failed, &error)),
            }
            lines.extend(mode("keys", path));
        }
    }
    lines
}

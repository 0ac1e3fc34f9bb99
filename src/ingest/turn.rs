#![expect(clippy::disallowed_methods, reason = "files are how processes hear of each other")]
//! Whose turn it is to poll a mailbox: one process at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::store::{Store, StoreError};

/// How often to look whether another process is done with the account.
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// How often to look before giving up: ten minutes, so that runs of a cron job do not pile up behind one that hangs.
const LOCK_LOOKS_MAX: u32 = 10 * 60 * 20;
/// Of an account in the name of its lock: file names are short. Accounts that look the same only wait for each other.
const LOCK_CHARACTERS: usize = 100;

/// As long as it lives, no other process polls the account.
pub(super) struct Turn(#[expect(dead_code, reason = "a lock ends with its file")] Vec<File>);

/// Waits until no other process polls this account: of two that move the same mails, one stumbles over those that are gone,
/// and some servers make a copy for each. Processes hear of each other in the folder of the store, and in `meeting`, a
/// folder that all of this user know. `None` when it is to stop meanwhile.
pub(super) fn turn(
    account: &str,
    store: &Store,
    meeting: Option<&Path>,
    stop: &AtomicBool,
) -> Result<Option<Turn>, StoreError> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
    let account: String = account.chars().map(plain).take(LOCK_CHARACTERS).collect();
    let path = store.path().with_file_name(format!("ruascope-{account}.lock"));
    let file = open(&path).map_err(|source| StoreError::Prepare { path: path.clone(), source })?;
    // Always in this order, so that no two wait for each other. The other name keeps both apart if the folders are one.
    let mut wanted = vec![(path, file)];
    if let Some(folder) = meeting {
        let path = folder.join(format!("mailbox-{account}.lock"));
        // Where the user's folder can't be written, only the store's is left.
        let file = fs::create_dir_all(folder).and_then(|()| open(&path));
        wanted.extend(file.ok().map(|file| (path, file)));
    }
    for (path, file) in &wanted {
        if !wait(path, file, stop)? {
            return Ok(None);
        }
    }
    Ok(Some(Turn(wanted.into_iter().map(|(_, file)| file).collect())))
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}

/// Whether it was waited for to the end, and not stopped.
fn wait(path: &Path, file: &File, stop: &AtomicBool) -> Result<bool, StoreError> {
    for _ in 0..LOCK_LOOKS_MAX {
        if stop.load(Ordering::Relaxed) {
            return Ok(false);
        }
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(source)) => return Err(StoreError::Prepare { path: path.to_owned(), source }),
        }
    }
    Err(StoreError::Busy { doing: "poll the same mailbox" })
}

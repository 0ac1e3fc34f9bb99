#![expect(clippy::disallowed_methods, reason = "files are how processes hear of each other")]
//! Whose turn it is to poll a mailbox: one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::store::{Store, StoreError};

/// How often to look whether another process is done with the account.
const LOCK_PAUSE: Duration = Duration::from_millis(50);
/// How often to look before giving up: ten minutes, so that runs of a cron job do not pile up behind one that hangs.
const LOCK_LOOKS_MAX: u32 = 10 * 60 * 20;
/// Of an account in the name of its lock: file names are short. Accounts that look the same only wait for each other.
const LOCK_CHARACTERS: usize = 100;

/// Waits until no other process polls this account into a store of the same folder: of two that move the same mails, one
/// stumbles over those that are gone, and some servers make a copy for each. The lock ends with
/// the value or the process. None when it is to stop meanwhile.
pub(super) fn turn(account: &str, store: &Store, stop: &AtomicBool) -> Result<Option<File>, StoreError> {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
    let account: String = account.chars().map(plain).take(LOCK_CHARACTERS).collect();
    let path = store.path().with_file_name(format!("ruascope-{account}.lock"));
    let failed = |source| StoreError::Prepare { path: path.clone(), source };
    let file = OpenOptions::new().append(true).create(true).open(&path).map_err(failed)?;
    for _ in 0..LOCK_LOOKS_MAX {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
    }
    Err(StoreError::Busy { doing: "poll the same mailbox" })
}

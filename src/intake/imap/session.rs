//! A session with a server: folders, and what is in them.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use imap::types::{Flag, Uid};

use super::connect::{Blame, connect, port};
use super::error::{MailboxError, Stage};
use super::folder_name::{Naming, decoded};
use super::idle::Idle;
use super::login;
use super::stream::{Allowance, Stream};
use crate::config::MailboxSettings;
use crate::limits::Limits;
use crate::words::{Said, said};

/// Bytes of an answer that lists things: a hundred thousand mails need about 5 MiB.
const LIST_BYTES_MAX: u64 = 64 << 20;
/// Folders that an error lists.
const FOLDERS_SHOWN_MAX: usize = 40;
/// Mails that one command names: command lines have to stay under 8,192 bytes (RFC 7162 4).
pub(super) const UIDS_AT_ONCE: usize = 500;
/// Shortest wait for news: mails of a second are one poll, and no server keeps this busy.
const WAIT_MIN: Duration = Duration::from_secs(1);
/// Mails whose size is asked for at once.
const SIZES_AT_ONCE: usize = UIDS_AT_ONCE;

/// A logged-in session.
pub struct Session {
    pub(super) blame: Blame,
    pub(super) inner: imap::Session<Stream>,
    pub(super) allowance: Allowance,
    idle: Idle,
    pub(super) can_move: bool,
    pub(super) can_expunge_single: bool,
    can_idle: bool,
    pub(super) naming: Naming,
    /// Folders that are known to be there, as on the wire.
    pub(super) known_folders: Vec<String>,
    /// What the owner should know of the login.
    pub warnings: Vec<Said>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({:?})", self.blame)
    }
}

/// An open folder.
#[derive(Clone, Debug)]
pub struct Selected {
    /// As in the settings.
    pub folder: String,
    /// Name of the mailbox in the settings.
    pub mailbox: String,
    /// Changes when the server has numbered all mails anew.
    pub uid_validity: u32,
    /// The number that the next mail gets, where the server says it.
    pub uid_next: Option<u32>,
    /// Mails in it.
    pub mails: u32,
    /// The server keeps keywords that it does not know.
    pub keeps_keywords: bool,
}

impl Selected {
    /// Where a mail came from, for people and for the store.
    #[must_use]
    pub fn origin(&self, uid: u32) -> String {
        format!("imap:{}/{};UIDVALIDITY={};UID={uid}", self.mailbox, self.folder, self.uid_validity)
    }
}

impl Session {
    /// Connects and logs in.
    ///
    /// # Errors
    /// With the stage that failed, and what to check.
    pub fn open(mailbox: &str, settings: &MailboxSettings, limits: &Limits) -> Result<Self, MailboxError> {
        let server = format!("{}:{}", settings.host, port(settings));
        let blame = Blame { mailbox: mailbox.to_owned(), server };
        let mut warnings = Vec::new();
        let session = match Self::attempt(&blame, settings, limits, &mut warnings) {
            // A token may run out between the command that keeps it and the login.
            Err(error) if error.stage == Stage::Login && !error.is_passing && settings.token_command.is_some() => {
                Self::attempt(&blame, settings, limits, &mut warnings)
            }
            outcome => outcome,
        };
        match session {
            Ok(session) => Ok(Self { warnings, ..session }),
            // Nothing else would tell them now.
            Err(error) => Err(warnings.into_iter().fold(error, MailboxError::hint)),
        }
    }

    fn attempt(
        blame: &Blame,
        settings: &MailboxSettings,
        limits: &Limits,
        warnings: &mut Vec<Said>,
    ) -> Result<Self, MailboxError> {
        let secret = login::secret(blame, settings, limits, warnings)?;
        let (allowance, idle) = (Allowance::default(), Idle::default());
        let client = connect(blame, settings, limits, &allowance, &idle)?;
        let mut inner = login::log_in(blame, settings, &secret, client)?;
        let offered =
            inner.capabilities().map_err(|error| blame.command(Stage::Login, &said!("imap-ask-abilities"), error))?;
        let [can_move, can_expunge_single, can_idle] = ["MOVE", "UIDPLUS", "IDLE"].map(|name| offered.has_str(name));
        let is_utf8 =
            (offered.has_str("UTF8=ACCEPT") || offered.has_str("UTF8=ONLY")) && enable_utf8(blame, &mut inner)?;
        let naming = Naming { delimiter: delimiter(blame, &mut inner)?, is_utf8 };
        Ok(Self {
            blame: blame.clone(),
            inner,
            allowance,
            idle,
            can_move,
            can_expunge_single,
            can_idle,
            naming,
            known_folders: Vec::new(),
            warnings: Vec::new(),
        })
    }

    /// Opens a folder; `to_change` when mails in it may be flagged, moved or deleted.
    ///
    /// # Errors
    /// When there is no such folder: then the hints list those that there are.
    pub fn select(&mut self, folder: &str, to_change: bool) -> Result<Selected, MailboxError> {
        self.allowance.set(LIST_BYTES_MAX);
        let (wire, name) = (self.naming.wire(folder), self.naming.on_server(folder));
        let opened = if to_change { self.inner.select(&wire) } else { self.inner.examine(&wire) };
        let found = match opened {
            Ok(found) => found,
            Err(error @ imap::Error::No(_)) => {
                let error =
                    self.blame.command(Stage::Select, &said!("imap-open-folder", folder = format!("{name:?}")), error);
                return Err(match self.folders() {
                    Ok(folders) => error.hint(said!("hint-imap-folders", folders = folders.join(", "))),
                    Err(_) => error,
                });
            }
            Err(error) => {
                return Err(self.blame.command(
                    Stage::Select,
                    &said!("imap-open-folder", folder = format!("{name:?}")),
                    error,
                ));
            }
        };
        let uid_validity = found
            .uid_validity
            .ok_or_else(|| self.blame.at(Stage::Select, said!("imap-no-validity", folder = format!("{name:?}"))))?;
        Ok(Selected {
            folder: folder.to_owned(),
            mailbox: self.blame.mailbox.clone(),
            uid_validity,
            uid_next: found.uid_next,
            mails: found.exists,
            keeps_keywords: found.permanent_flags.contains(&Flag::MayCreate),
        })
    }

    /// Names of the folders that there are, for people; long lists are cut.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn folders(&mut self) -> Result<Vec<String>, MailboxError> {
        self.allowance.set(LIST_BYTES_MAX);
        let found = self.inner.list(Some(""), Some("*"));
        let names = found.map_err(|error| self.blame.command(Stage::Select, &said!("imap-list-folders"), error))?;
        let mut folders: Vec<String> = names.iter().map(|name| format!("{:?}", decoded(name.name()))).collect();
        folders.sort_unstable();
        if folders.len() > FOLDERS_SHOWN_MAX {
            folders.truncate(FOLDERS_SHOWN_MAX);
            folders.push("…".to_owned());
        }
        Ok(folders)
    }

    /// Numbers of the mails in the open folder from `first_uid` on, sorted; `since` and `unseen_only` narrow it.
    ///
    /// # Errors
    /// When the server does not answer.
    pub fn search(
        &mut self,
        first_uid: u32,
        since: Option<NaiveDate>,
        unseen_only: bool,
    ) -> Result<Vec<u32>, MailboxError> {
        self.allowance.set(LIST_BYTES_MAX);
        let mut query = format!("UID {}:*", first_uid.max(1));
        if let Some(day) = since {
            query.push_str(&day.format(" SINCE %-d-%b-%Y").to_string());
        }
        if unseen_only {
            query.push_str(" UNSEEN");
        }
        let found = self.inner.uid_search(&query);
        let found = found.map_err(|error| self.blame.command(Stage::Fetch, &said!("imap-look-new"), error))?;
        self.forget_gossip();
        // `n:*` always names the last mail, however small its number.
        let mut uids: Vec<u32> = found.into_iter().filter(|uid| *uid >= first_uid).collect();
        uids.sort_unstable();
        Ok(uids)
    }

    /// Sizes of mails in bytes; mails that are gone are left out.
    pub(super) fn sizes(&mut self, uids: &[Uid]) -> Result<BTreeMap<Uid, u64>, MailboxError> {
        let mut sizes = BTreeMap::new();
        for some in uids.chunks(SIZES_AT_ONCE) {
            self.allowance.set(LIST_BYTES_MAX);
            let found = self.inner.uid_fetch(uid_set(some), "(UID RFC822.SIZE)");
            let found = found.map_err(|error| self.blame.command(Stage::Fetch, &said!("imap-ask-sizes"), error))?;
            let told = found.iter().filter_map(|mail| Some((mail.uid?, u64::from(mail.size?))));
            sizes.extend(told.filter(|(uid, _)| some.contains(uid)));
        }
        self.forget_gossip();
        Ok(sizes)
    }

    /// Waits for mail in the open folder, at most for `most`. Servers that cannot tell are asked after `poll_every`; those
    /// that say they can and then refuse are asked from then on.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn wait(&mut self, most: Duration, poll_every: Duration) -> Result<(), MailboxError> {
        self.allowance.set(LIST_BYTES_MAX);
        let outcome = if self.can_idle {
            let begun = Instant::now();
            self.idle.begin(most);
            let outcome = self.inner.run_command_and_check_ok("IDLE");
            self.idle.end();
            std::thread::sleep(WAIT_MIN.saturating_sub(begun.elapsed()));
            self.can_idle = !matches!(outcome, Err(imap::Error::No(_) | imap::Error::Bad(_)));
            if self.can_idle { outcome } else { Ok(()) }
        } else {
            std::thread::sleep(poll_every.min(most));
            self.inner.noop()
        };
        self.forget_gossip();
        outcome.map_err(|error| self.blame.command(Stage::Fetch, &said!("imap-wait-new"), error))
    }

    /// What the server can do of what is of use here.
    #[must_use]
    pub fn abilities(&self) -> Vec<&'static str> {
        let all = [(self.can_move, "MOVE"), (self.can_expunge_single, "UIDPLUS"), (self.can_idle, "IDLE")];
        all.into_iter().filter(|(can, _)| *can).map(|(_, name)| name).collect()
    }

    /// What the server tells unasked is not needed, and must not pile up.
    pub(super) fn forget_gossip(&mut self) {
        drop(self.inner.take_all_unsolicited());
    }

    /// Says good-bye; whether the server hears it does not matter.
    pub fn close(mut self) {
        let _heard = self.inner.logout();
    }
}

/// Asks for names in UTF-8 (RFC 6855 3); whether the server agrees.
fn enable_utf8(blame: &Blame, inner: &mut imap::Session<Stream>) -> Result<bool, MailboxError> {
    match inner.run_command_and_read_response("ENABLE UTF8=ACCEPT") {
        Ok(answer) => {
            let answer = String::from_utf8_lossy(&answer).to_ascii_uppercase();
            Ok(answer.lines().any(|line| line.starts_with("* ENABLED") && line.contains("UTF8=ACCEPT")))
        }
        Err(imap::Error::No(_) | imap::Error::Bad(_)) => Ok(false),
        Err(error) => Err(blame.command(Stage::Login, &said!("imap-ask-utf8"), error)),
    }
}

/// What the server puts between levels of folders.
fn delimiter(blame: &Blame, inner: &mut imap::Session<Stream>) -> Result<Option<char>, MailboxError> {
    let found = inner.list(Some(""), None);
    let found = found.map_err(|error| blame.command(Stage::Login, &said!("imap-ask-naming"), error))?;
    Ok(found.iter().find_map(|name| name.delimiter()?.chars().next_back()))
}

/// `1:3,7`; `uids` are sorted.
pub(super) fn uid_set(uids: &[Uid]) -> String {
    let mut ranges: Vec<(Uid, Uid)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
            _ => ranges.push((*uid, *uid)),
        }
    }
    let text = |(first, last): &(Uid, Uid)| if first == last { first.to_string() } else { format!("{first}:{last}") };
    ranges.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::uid_set;

    #[test]
    fn neighbours_are_one_range() {
        assert_eq!(uid_set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(uid_set(&[u32::MAX - 1, u32::MAX]), "4294967294:4294967295");
        assert_eq!(uid_set(&[]), "");
    }
}

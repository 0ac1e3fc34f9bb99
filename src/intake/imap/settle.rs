//! Flagging, moving and deleting: only mails that are named by number, and only when their rows are committed.

use super::error::{MailboxError, Stage};
use super::folder_name::{Naming, decoded};
use super::session::{Selected, Session, UIDS_AT_ONCE, uid_set};
use crate::config::After;
use crate::intake::Fate;
use crate::words::said;

/// Bytes of an answer to a change.
const ANSWER_BYTES: u64 = 4 << 20;

/// One command's worth of an action.
#[derive(Clone, Copy)]
enum Step<'a> {
    Flag,
    Move(&'a str),
    Copy(&'a str),
    Delete,
}

impl Session {
    /// Does to the mails `uids` what the settings say; gives how many there were to act on.
    pub(super) fn act(
        &mut self,
        selected: &Selected,
        uids: &[u32],
        action: &After,
        fate: Fate,
    ) -> Result<u64, MailboxError> {
        if leaves_alone(action, &selected.folder, &self.naming) || uids.is_empty() {
            return Ok(0);
        }
        if let After::Move(folder) = action {
            self.ensure_folder(folder)?;
        }
        for some in uids.chunks(UIDS_AT_ONCE) {
            let mut left = some.to_vec();
            for step in self.steps(action) {
                self.go(step, &mut left, selected, fate)?;
            }
        }
        Ok(u64::try_from(uids.len()).unwrap_or(u64::MAX))
    }

    /// What an action comes to on this server.
    fn steps<'a>(&self, action: &'a After) -> Vec<Step<'a>> {
        match action {
            After::None => Vec::new(),
            After::Flag => vec![Step::Flag],
            After::Move(folder) if self.can_move => vec![Step::Move(folder)],
            After::Move(folder) => vec![Step::Copy(folder), Step::Delete],
            After::Delete => vec![Step::Delete],
        }
    }

    /// One step for the mails `left`. Those that are gone meanwhile are no failure: they are left out, and the others tried
    /// again.
    fn go(&mut self, step: Step<'_>, left: &mut Vec<u32>, selected: &Selected, fate: Fate) -> Result<(), MailboxError> {
        while !left.is_empty() {
            self.allowance.set(ANSWER_BYTES);
            let set = uid_set(left);
            let (doing, outcome) = match step {
                Step::Flag => (said!("imap-flag"), self.flag(&set, selected, fate)),
                Step::Move(folder) => {
                    let wire = self.naming.wire(folder);
                    (
                        said!("imap-move", folder = format!("{:?}", self.naming.on_server(folder))),
                        self.inner.uid_mv(&set, wire),
                    )
                }
                Step::Copy(folder) => {
                    let wire = quoted(&self.naming.wire(folder));
                    (
                        said!("imap-copy", folder = format!("{:?}", self.naming.on_server(folder))),
                        self.inner.uid_copy(&set, wire),
                    )
                }
                Step::Delete => (said!("imap-delete"), self.delete(&set)),
            };
            self.forget_gossip();
            let Err(error) = outcome else { return Ok(()) };
            let is_refused = matches!(error, imap::Error::No(_));
            let error = self.blame.command(Stage::Act, &doing, error);
            if !is_refused {
                return Err(error);
            }
            // Servers refuse as a whole what names a mail that another program removed (RFC 5530, EXPUNGEISSUED).
            let noticed = self.inner.noop();
            noticed.map_err(|error| self.blame.command(Stage::Act, &said!("imap-see-left"), error))?;
            let there = self.sizes(left)?;
            if there.len() == left.len() {
                return Err(error);
            }
            left.retain(|uid| there.contains_key(uid));
        }
        Ok(())
    }

    /// Says now, and not after the first mails, that the server can't do what the settings ask for.
    ///
    /// # Errors
    /// When mails can neither be moved nor be deleted one by one.
    pub fn can_do(&self, action: &After) -> Result<(), MailboxError> {
        let can = match action {
            After::None | After::Flag => true,
            After::Move(_) => self.can_move || self.can_expunge_single,
            After::Delete => self.can_expunge_single,
        };
        if can {
            return Ok(());
        }
        Err(self.blame.at(Stage::Act, said!("imap-no-removal")).hint(said!("hint-imap-no-removal")))
    }

    /// Read, and with a keyword where the server keeps it.
    fn flag(&mut self, set: &str, selected: &Selected, fate: Fate) -> imap::Result<()> {
        let keyword = match fate {
            Fate::Rejected => "ruascope-rejected",
            Fate::Stored | Fate::Ignored => "ruascope",
        };
        let flags = if selected.keeps_keywords { format!("\\Seen {keyword}") } else { "\\Seen".to_owned() };
        self.inner.uid_store(set, format!("+FLAGS.SILENT ({flags})")).map(drop)
    }

    /// By number: a bare EXPUNGE would also remove what other programs marked.
    fn delete(&mut self, set: &str) -> imap::Result<()> {
        self.inner.uid_store(set, "+FLAGS.SILENT (\\Deleted)")?;
        self.inner.uid_expunge(set).map(drop)
    }

    fn ensure_folder(&mut self, folder: &str) -> Result<(), MailboxError> {
        let wire = self.naming.wire(folder);
        if self.known_folders.contains(&wire) {
            return Ok(());
        }
        if !self.is_there(folder)? {
            match self.inner.create(&wire) {
                Ok(()) => {
                    let _subscribed = self.inner.run_command_and_check_ok(format!("SUBSCRIBE {}", quoted(&wire)));
                }
                // Another program may have made it meanwhile.
                Err(imap::Error::No(_)) if self.is_there(folder)? => {}
                Err(error) => {
                    let doing = said!("imap-make-folder", folder = format!("{:?}", self.naming.on_server(folder)));
                    let is_refused = matches!(error, imap::Error::No(_));
                    let error = self.blame.command(Stage::Act, &doing, error);
                    return Err(match is_refused.then(|| self.folders()) {
                        Some(Ok(folders)) => error.hint(said!("hint-imap-folders", folders = folders.join(", "))),
                        _ => error,
                    });
                }
            }
        }
        self.known_folders.push(wire);
        Ok(())
    }

    fn is_there(&mut self, folder: &str) -> Result<bool, MailboxError> {
        self.allowance.set(ANSWER_BYTES);
        let name = self.naming.on_server(folder);
        // A pattern finds a name with `*` or `%` in it too, beside others.
        let found = self.inner.list(Some(""), Some(&quoted(&self.naming.wire(folder))));
        let found = found.map_err(|error| self.blame.command(Stage::Act, &said!("imap-look-folder"), error))?;
        Ok(found.iter().any(|found| decoded(&unquoted(found.name())) == name))
    }
}

fn quoted(wire: &str) -> String {
    format!("\"{}\"", wire.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The library leaves names as they stand between their quotes.
fn unquoted(name: &str) -> String {
    name.replace("\\\"", "\"").replace("\\\\", "\\")
}

/// Nothing to do: also for mails that lie in the folder that they would be moved to.
fn leaves_alone(action: &After, folder: &str, naming: &Naming) -> bool {
    match action {
        After::None => true,
        After::Move(target) => naming.wire(target) == naming.wire(folder),
        After::Flag | After::Delete => false,
    }
}

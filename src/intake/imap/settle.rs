//! Flagging, moving and deleting: only mails that are named by number, and only when their rows are committed.

use super::error::{MailboxError, Stage};
use super::folder_name::encoded;
use super::session::{Selected, Session, UIDS_AT_ONCE, uid_set};
use crate::config::After;
use crate::intake::Fate;

/// Bytes of an answer to a change.
const ANSWER_BYTES: u64 = 4 << 20;

impl Session {
    /// Does to the mails `uids` what the settings say; gives how many there were to act on.
    pub(super) fn act(
        &mut self,
        selected: &Selected,
        uids: &[u32],
        action: &After,
        fate: Fate,
    ) -> Result<u64, MailboxError> {
        if leaves_alone(action, &selected.folder) || uids.is_empty() {
            return Ok(0);
        }
        if let After::Move(folder) = action {
            self.ensure_folder(folder)?;
        }
        for some in uids.chunks(UIDS_AT_ONCE) {
            self.allowance.set(ANSWER_BYTES);
            let set = uid_set(some);
            match action {
                After::None => {}
                After::Flag => self.flag(&set, selected, fate)?,
                After::Move(folder) => self.move_to(&set, folder)?,
                After::Delete => self.delete(&set)?,
            }
            self.forget_gossip();
        }
        Ok(u64::try_from(uids.len()).unwrap_or(u64::MAX))
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
        Err(self
            .blame
            .at(Stage::Act, "this server can't remove single mails (it has neither MOVE nor UIDPLUS)")
            .hint("set `after = \"flag\"`: anything else would also remove what other programs marked as deleted"))
    }

    /// Read, and with a keyword where the server keeps it.
    fn flag(&mut self, set: &str, selected: &Selected, fate: Fate) -> Result<(), MailboxError> {
        let keyword = match fate {
            Fate::Rejected => "ruascope-rejected",
            Fate::Stored | Fate::Ignored => "ruascope",
        };
        let flags = if selected.keeps_keywords { format!("\\Seen {keyword}") } else { "\\Seen".to_owned() };
        let stored = self.inner.uid_store(set, format!("+FLAGS.SILENT ({flags})"));
        stored.map(drop).map_err(|error| self.blame.command(Stage::Act, "flag mails", error))
    }

    fn move_to(&mut self, set: &str, folder: &str) -> Result<(), MailboxError> {
        let wire = encoded(folder);
        let doing = format!("move mails to {folder:?}");
        if self.can_move {
            return self.inner.uid_mv(set, wire).map_err(|error| self.blame.command(Stage::Act, &doing, error));
        }
        let quoted = format!("\"{}\"", wire.replace('\\', "\\\\").replace('"', "\\\""));
        self.inner.uid_copy(set, quoted).map_err(|error| self.blame.command(Stage::Act, &doing, error))?;
        self.delete(set)
    }

    /// By number: a bare EXPUNGE would also remove what other programs marked.
    fn delete(&mut self, set: &str) -> Result<(), MailboxError> {
        let marked = self.inner.uid_store(set, "+FLAGS.SILENT (\\Deleted)").map(drop);
        let deleted = marked.and_then(|()| self.inner.uid_expunge(set).map(drop));
        deleted.map_err(|error| self.blame.command(Stage::Act, "delete mails", error))
    }

    fn ensure_folder(&mut self, folder: &str) -> Result<(), MailboxError> {
        let wire = encoded(folder);
        if self.known_folders.contains(&wire) {
            return Ok(());
        }
        self.allowance.set(ANSWER_BYTES);
        // A pattern would find it by its wildcards too: a name with `*` or `%` in it is simply created.
        let quoted = format!("\"{}\"", wire.replace('\\', "\\\\").replace('"', "\\\""));
        let found = self.inner.list(Some(""), Some(&quoted));
        let found = found.map_err(|error| self.blame.command(Stage::Act, "look for the folder", error))?;
        if !found.iter().any(|name| name.name() == wire) {
            match self.inner.create(&wire) {
                // Another program may have made it meanwhile; if not, the move says so.
                Ok(()) | Err(imap::Error::No(_)) => {
                    let _subscribed = self.inner.run_command_and_check_ok(format!("SUBSCRIBE {quoted}"));
                }
                Err(error) => {
                    return Err(self.blame.command(Stage::Act, &format!("make the folder {folder:?}"), error));
                }
            }
        }
        self.known_folders.push(wire);
        Ok(())
    }
}

/// Nothing to do: also for mails that lie in the folder that they would be moved to.
pub(super) fn leaves_alone(action: &After, folder: &str) -> bool {
    match action {
        After::None => true,
        After::Move(target) => target == folder,
        After::Flag | After::Delete => false,
    }
}

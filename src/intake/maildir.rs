//! Maildirs whose mails are acted on: as with mailboxes, only those with a report in them, and only when it is stored.
//!
//! Every action is one rename, so that a mail is never nowhere and never torn. Stopped at any point, the next run meets
//! what was not acted on, finds its reports in the store, and acts then.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{FileError, Files};
use super::{Delivery, Fate, Intake};
use crate::limits::Limits;

/// Mails that are stored before they are acted on.
const MAILS_AT_ONCE: usize = 1_000;

/// What becomes of a mail in a Maildir.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaildirAction {
    /// It is marked as read: moved from `new` to `cur`, with the flag `S`.
    Seen,
    /// It is moved to another Maildir, which is made where it is missing; its flags stay.
    Move(PathBuf),
}

impl MaildirAction {
    /// What `seen` and `move:FOLDER` mean; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "seen" => Some(Self::Seen),
            Some(("move", folder)) if !folder.is_empty() => Some(Self::Move(PathBuf::from(folder))),
            _ => None,
        }
    }
}

/// Why nothing can become of what a path names.
#[derive(Debug, thiserror::Error)]
pub enum NotMaildir {
    /// What comes in there is nowhere afterwards.
    #[error("standard input is no Maildir")]
    StandardInput,
    /// An mbox, or any other file.
    #[error("{} is a file, and no mail in a Maildir", .0.display())]
    File(PathBuf),
    /// A folder.
    #[error("there is no Maildir in {}", .0.display())]
    Folder(PathBuf),
}

/// Paths with Maildirs in them. Gives a thousand mails at a time and ends; when those are settled it gives the next.
#[derive(Debug)]
pub struct Maildirs {
    files: Files,
    action: MaildirAction,
    /// Mails that were given and are not settled yet, by their receipts.
    at_hand: Vec<PathBuf>,
    is_done: bool,
    stuck: Vec<String>,
}

impl Maildirs {
    /// Mails out of `paths`, and everything else that is there.
    ///
    /// # Errors
    /// When a path has no Maildir: then the owner expects something that will not happen.
    pub fn new(paths: Vec<PathBuf>, limits: Limits, action: MaildirAction) -> Result<Self, NotMaildir> {
        for path in &paths {
            if path == Path::new("-") {
                return Err(NotMaildir::StandardInput);
            }
            if path.is_file() && maildir_of(path).is_none() {
                return Err(NotMaildir::File(path.clone()));
            }
            if path.is_dir() && !has_maildir(path) {
                return Err(NotMaildir::Folder(path.clone()));
            }
        }
        let files = Files::new(paths, limits);
        Ok(Self { files, action, at_hand: Vec::new(), is_done: false, stuck: Vec::new() })
    }

    /// There is nothing more to give.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Mails that could not be acted on since this was asked last, with the reason.
    pub fn take_stuck(&mut self) -> Vec<String> {
        std::mem::take(&mut self.stuck)
    }

    fn act(&self, path: &Path) -> io::Result<()> {
        let (Some(maildir), Some(name), Some(part)) =
            (maildir_of(path), path.file_name(), path.parent().and_then(Path::file_name))
        else {
            return Ok(());
        };
        let target = match &self.action {
            MaildirAction::Seen => match name.to_str().and_then(with_seen) {
                Some(name) => maildir.join("cur").join(name),
                None => return Err(io::Error::other("its name has flags of an unknown form")),
            },
            MaildirAction::Move(folder) => {
                for part in ["tmp", "new", "cur"] {
                    make_folder(&folder.join(part))?;
                }
                if folder.canonicalize()? == maildir.canonicalize()? {
                    return Ok(());
                }
                folder.join(part).join(name)
            }
        };
        if target == path {
            return Ok(());
        }
        // A rename would put the one in the place of the other.
        if target.symlink_metadata().is_ok() {
            return Err(io::Error::other(format!("{} is there already", target.display())));
        }
        match fs::rename(path, &target) {
            // A mail program gave it another name meanwhile: the next run meets it there.
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() => Ok(()),
            outcome => outcome,
        }
    }
}

impl Intake for Maildirs {
    fn next(&mut self) -> Option<Result<Delivery, FileError>> {
        if self.at_hand.len() >= MAILS_AT_ONCE {
            return None;
        }
        let Some(next) = self.files.next() else {
            self.is_done = true;
            return None;
        };
        let path = self.files.at().filter(|path| maildir_of(path).is_some()).map(Path::to_owned);
        Some(next.map(|delivery| match path {
            Some(path) => {
                let receipt = u32::try_from(self.at_hand.len()).ok();
                self.at_hand.push(path);
                Delivery { receipt, ..delivery }
            }
            None => delivery,
        }))
    }

    fn settle(&mut self, fates: &[(u32, Fate)]) {
        let at_hand = std::mem::take(&mut self.at_hand);
        for (receipt, fate) in fates {
            let path = usize::try_from(*receipt).ok().and_then(|receipt| at_hand.get(receipt));
            let Some(path) = path.filter(|_| *fate == Fate::Stored) else { continue };
            if let Err(error) = self.act(path) {
                self.stuck.push(format!("{} is stored, but stays where it is: {error}", path.display()));
            }
        }
    }
}

/// The Maildir that a mail lies in.
fn maildir_of(path: &Path) -> Option<&Path> {
    let part = path.parent()?;
    let maildir = part.parent()?;
    (["new", "cur"].iter().any(|name| part.ends_with(name)) && is_maildir(maildir)).then_some(maildir)
}

fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir() && folder.join("new").is_dir()
}

/// The folder is a Maildir, lies in one, or has one in it.
fn has_maildir(folder: &Path) -> bool {
    maildir_of(&folder.join("mail")).is_some()
        || walkdir::WalkDir::new(folder)
            .follow_links(true)
            .into_iter()
            .filter_map(Result::ok)
            .any(|entry| entry.file_type().is_dir() && is_maildir(entry.path()))
}

/// The name of a mail that was read; `None` where the name has another form.
fn with_seen(name: &str) -> Option<String> {
    let Some((unique, info)) = name.split_once(':') else { return Some(format!("{name}:2,S")) };
    let flags = info.strip_prefix("2,")?;
    if flags.contains('S') {
        return Some(name.to_owned());
    }
    // Flags stand in the order of their letters; letters in lower case are keywords, and stand behind.
    let place = flags.find(|flag| flag > 'S').unwrap_or(flags.len());
    let (before, behind) = flags.split_at_checked(place)?;
    Some(format!("{unique}:2,{before}S{behind}"))
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_its_flag_in_its_place() {
        for (name, seen) in [
            ("1.M1.host", Some("1.M1.host:2,S")),
            ("1.M1.host:2,", Some("1.M1.host:2,S")),
            ("1.M1.host,S=3:2,FRTab", Some("1.M1.host,S=3:2,FRSTab")),
            ("1.M1.host:2,RS", Some("1.M1.host:2,RS")),
            ("1.M1.host:1,x", None),
        ] {
            assert_eq!(with_seen(name).as_deref(), seen, "{name}");
        }
    }

    #[test]
    fn actions_are_two_words() {
        assert_eq!(MaildirAction::parse("seen"), Some(MaildirAction::Seen));
        assert_eq!(MaildirAction::parse("move:a:b"), Some(MaildirAction::Move("a:b".into())));
        for text in ["", "move", "move:", "seen:", "delete", "flag", "Seen"] {
            assert_eq!(MaildirAction::parse(text), None, "{text}");
        }
    }
}

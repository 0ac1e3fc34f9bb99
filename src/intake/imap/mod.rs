//! Mailboxes, reached by IMAP.
//!
//! *Takes* the settings of a mailbox. *Gives* its new mails as deliveries, and acts on them when their rows are
//! committed. *Bounds*: time for each answer, bytes for each answer, mails of a chunk. *Never* marks a mail as read by
//! reading it, downloads a mail that is too large, or expunges what it did not delete itself.

mod ascii;
mod chunk;
mod connect;
mod credential;
mod error;
mod folder_name;
mod idle;
mod login;
mod oauth;
mod session;
mod settle;
mod stream;

pub use chunk::{Actions, Chunk};
pub use error::{MailboxError, Stage};
pub use session::{Selected, Session};

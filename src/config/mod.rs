//! Settings as values: defaults, file, environment and flags, laid over each other and checked.
//!
//! - **takes** the text of a settings file with its name, environment variables and flags, as pairs of text
//! - **gives** [`Settings`], the origin of each value, and warnings; or every problem at once, with its line and a hint
//! - **bounds** nothing: all of it comes from the owner of the machine. What strangers send is bounded by
//!   [`Limits`](crate::limits::Limits), whose values are settings
//! - **never** opens a file, reads the environment or the clock, runs a command, or holds a password: secrets are only
//!   named, and whoever needs one reads it into a [`Secret`]
//!
//! A key is declared once, as a field with its type and default (`section!` in `setting.rs`); from there come the
//! keys that may be written, what is said about a wrong one, its environment variable, and how it is shown.

mod check;
mod file;
mod form;
mod gates;
mod limit;
mod node;
mod problem;
mod resolve;
mod secret;
mod setting;
mod settings;
mod word;

#[cfg(test)]
mod tests;

pub use file::File;
pub use form::{Address, Cidr, DomainName, Host, ReportUri, Selector, Since, Url, VariableName};
pub use gates::{Gates, GatesSettings};
pub use problem::{ConfigError, Origin, Problem};
pub use resolve::{Resolved, Shown, resolve};
pub use secret::Secret;
pub use settings::{
    DigestSettings, DkimSettings, DmarcSettings, DnsSettings, DomainSettings, EnrichSettings, KeysSettings,
    MailboxSettings, SenderSettings, Settings, SmtpSettings, StoreSettings, TrustSettings, WebhookSettings,
};
pub use word::{
    After, Alignment, Auth, Every, KeyState, Lang, LeftOut, Policy, Profile, SenderClass, Testing, Tls, WebhookKind,
    When,
};

/// The settings file that `config init` writes: whole, commented, and saying nothing but the defaults.
#[must_use]
pub const fn default_toml() -> &'static str {
    include_str!("default.toml")
}

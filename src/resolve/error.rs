//! Why a resolver can't be made.

use std::io;

use hickory_resolver::net::NetError;

/// Why a resolver can't be made. What becomes of a question is never an error but a
/// [`Failure`](crate::dns::Failure).
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The system's settings name no server, or can't be read.
    #[error("could not find out which DNS servers the system asks")]
    System(#[source] NetError),
    /// No thread for questions.
    #[error("could not start what asks DNS")]
    Start(#[source] io::Error),
}

impl ResolveError {
    /// What to do.
    #[must_use]
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::System(_) => Some("name servers in the settings: [dns] servers = [\"192.0.2.53\"], or use --offline"),
            Self::Start(_) => None,
        }
    }
}

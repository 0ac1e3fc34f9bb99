//! The program against a real IMAP server (Dovecot) on loopback.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests open files, run programs, and end where something is not as it should be"
)]

mod action;
mod connection;
mod corpus;
mod cron;
mod daily;
mod fake;
mod fault;
mod gone;
mod idle;
mod naming;
mod odd;
mod order;
mod refusal;
mod server;
mod silence;
mod state;
mod watch;

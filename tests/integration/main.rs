//! The program from outside: one binary, so that it links once.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests open files, run programs, and end where something is not as it should be"
)]

mod architecture;
mod browser;
mod check;
mod compare;
mod contract;
mod digest;
mod dns;
mod doctor;
mod examples;
mod generated;
mod harness;
mod metrics;
mod mmdb;
mod name_server;
mod observations;
mod packaging;
mod panel;
mod quirks;
mod readme;
mod report;
mod samples;
mod screens;
mod signing;
mod story;
mod table;
mod words;

//! The program from outside: one binary, so that it links once.

mod architecture;
mod contract;
mod generated;
mod harness;
mod quirks;
mod readme;
mod report;
mod samples;
mod story;
mod table;

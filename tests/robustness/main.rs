//! What strangers, crashes and full disks can do to ruascope, tried on the real program.
//!
//! - `world`: a temp dir, a clean environment, children with a watchdog, a memory ceiling and measured memory
//! - `forge`: reports, gzip, zip and mail made by hand, so that they can lie
//! - `hostile`: inputs made to hurt · `kill`: SIGKILL at any moment · `concurrent`: several programs, one store
//! - `disk`: full and read-only disks · `faults`: every single step of a transaction fails once
//! - `spf_property`: SPF trees out of chance, held to `check` too
//! - `replay`: inputs that once crashed a fuzz target, held to `check`, as the targets are

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests open files, run programs, say what they measured, and end where something is not as it should be"
)]

mod check;
mod concurrent;
mod disk;
mod faults;
mod forge;
mod hostile;
mod kill;
mod replay;
mod spf_property;
mod world;

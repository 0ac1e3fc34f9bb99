#![expect(clippy::disallowed_methods, reason = "secrets lie in files, variables and what commands print")]
//! Passwords, tokens and keys from where the settings say, and whom to trust on the other side.
//!
//! *Takes* the place of a secret. *Gives* the secret, or why there is none. *Bounds* its length, and how
//! long a command may take. *Never* shows it: it goes to the server and nowhere else.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::config::{Secret, VariableName};
use crate::limits::Limits;

/// Longest secret that is read, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;
/// How often to look whether a command has ended, once it has closed its output.
const EXIT_PAUSE: Duration = Duration::from_millis(10);

/// Where a secret lies. The settings hold at most one of the three.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// What it is, as its keys in the settings begin: `password` for `password_file`.
    pub what: &'static str,
    /// A file whose first line it is.
    pub file: Option<&'a Path>,
    /// An environment variable that holds it.
    pub variable: Option<&'a VariableName>,
    /// A command that prints it.
    pub command: Option<&'a str>,
}

/// Why there is no secret: a message, and what to check.
#[derive(Debug)]
pub struct NoSecret {
    /// What happened.
    pub message: String,
    /// What to check.
    pub hint: String,
    /// Why.
    pub source: Option<io::Error>,
    /// Trying again later may help by itself.
    pub is_passing: bool,
}

impl Place<'_> {
    /// The settings name a place.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.file.is_some() || self.variable.is_some() || self.command.is_some()
    }

    /// Reads the secret; a command may take as long as `limits` say.
    ///
    /// # Errors
    /// When it is not where it should be, or empty.
    pub fn read(&self, limits: &Limits) -> Result<Secret, NoSecret> {
        if let Some(path) = self.file {
            return of_file(self.what, path);
        }
        if let Some(name) = self.variable {
            return of_variable(self.what, name);
        }
        of_command(self.what, self.command.unwrap_or_default(), limits)
    }
}

/// The first line of a file.
///
/// # Errors
/// When the file can't be read, or is empty.
pub fn of_file(what: &str, path: &Path) -> Result<Secret, NoSecret> {
    let failed = |source| NoSecret {
        message: format!("could not read the {what} file {}", path.display()),
        hint: format!("`{what}_file` has to be readable for the user that runs this"),
        source,
        is_passing: false,
    };
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| failed(Some(error)))?;
    file.take(SECRET_BYTES_MAX).read_to_string(&mut text).map_err(|error| failed(Some(error)))?;
    first_line(&text).ok_or_else(|| NoSecret { message: format!("the {what} file is empty"), ..failed(None) })
}

fn of_variable(what: &str, name: &VariableName) -> Result<Secret, NoSecret> {
    let value = std::env::var(name.as_str()).ok().filter(|value| !value.is_empty());
    value.map(Secret::new).ok_or_else(|| NoSecret {
        message: format!("the environment variable for the {what} is not set"),
        hint: format!("set the variable that `{what}_env` names, also where cron or systemd starts the program"),
        source: None,
        is_passing: false,
    })
}

/// The first line that a command prints. One that takes longer than `limits.command_timeout_s` is ended, and with it,
/// where nobody sits at a terminal, all that it started.
///
/// # Errors
/// When it can't be started, does not end in time, fails, or prints nothing or far too much.
pub fn of_command(what: &str, command: &str, limits: &Limits) -> Result<Secret, NoSecret> {
    of_command_in(what, command, limits, if has_terminal() { Group::Ours } else { Group::Own })
}

/// The processes that a command belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// Ours: it may ask at the terminal, and Ctrl-C ends it with us. Others than itself can't be ended.
    Ours,
    /// Its own, with all that it starts. It would be stopped if it asked at a terminal.
    Own,
}

/// There is a terminal that a command could ask at.
fn has_terminal() -> bool {
    cfg!(not(unix)) || fs::File::open("/dev/tty").is_ok()
}

fn of_command_in(what: &str, command: &str, limits: &Limits, group: Group) -> Result<Secret, NoSecret> {
    let failed = |message: String, source| NoSecret {
        message,
        hint: format!("run the `{what}_command` of the settings by hand, as the user that runs this"),
        source,
        is_passing: false,
    };
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut starts = Command::new(shell);
    starts.args([flag, command]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    #[cfg(unix)]
    if group == Group::Own {
        std::os::unix::process::CommandExt::process_group(&mut starts, 0);
    }
    let mut child =
        starts.spawn().map_err(|error| failed(format!("could not start the {what} command"), Some(error)))?;
    let outcome = printed(&mut child, Instant::now() + Duration::from_secs(limits.command_timeout_s));
    if !matches!(outcome, Ok(_) | Err(Ended::Badly(_))) {
        end(&mut child, group);
    }
    let text = outcome.map_err(|ended| match ended {
        Ended::Late => {
            let message = format!("the {what} command did not end within {} s", limits.command_timeout_s);
            let hint = format!(
                "`{what}_command` must not wait for anybody; if it only is slow, raise `limits.command_timeout_s`"
            );
            NoSecret { hint, ..failed(message, None) }
        }
        Ended::Badly(status) => failed(format!("the {what} command failed with {status}"), None),
        Ended::Unread(error) => failed(format!("could not read what the {what} command prints"), Some(error)),
        Ended::TooMuch => failed(format!("the {what} command prints more than {SECRET_BYTES_MAX} bytes"), None),
    })?;
    first_line(&text).ok_or_else(|| failed(format!("the {what} command printed nothing"), None))
}

/// Ends a command that nobody has waited for yet: until then its number is that of no other process or group.
fn end(child: &mut Child, group: Group) {
    #[cfg(unix)]
    if group == Group::Own {
        let id = rustix::process::Pid::from_child(child);
        let _ended = rustix::process::kill_process_group(id, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = group;
    let _ended = child.kill().and_then(|()| child.wait());
}

/// Why a command gave nothing.
enum Ended {
    Late,
    Badly(std::process::ExitStatus),
    Unread(io::Error),
    TooMuch,
}

/// All that a command prints, once it has ended well.
fn printed(child: &mut Child, deadline: Instant) -> Result<String, Ended> {
    let output = child.stdout.take();
    let (to_us, from_reader) = mpsc::channel();
    // A thread of its own: what the command started may hold its output open for longer than anybody waits.
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map_or(Ok(0), |output| output.take(SECRET_BYTES_MAX + 1).read_to_end(&mut bytes));
        let _nobody_waits = to_us.send(read.map(|_| bytes));
    });
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = from_reader.recv_timeout(left).map_err(|_| Ended::Late)?.map_err(Ended::Unread)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > SECRET_BYTES_MAX {
        return Err(Ended::TooMuch);
    }
    loop {
        match child.try_wait().map_err(Ended::Unread)? {
            Some(status) if status.success() => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Some(status) => return Err(Ended::Badly(status)),
            None if Instant::now() >= deadline => return Err(Ended::Late),
            None => std::thread::sleep(EXIT_PAUSE),
        }
    }
}

fn first_line(text: &str) -> Option<Secret> {
    text.lines().next().map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty()).map(Secret::new)
}

/// TLS for requests by HTTP: the machine's authorities.
#[must_use]
pub fn http_tls() -> TlsConfig {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = roots.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build()
}

/// An address without TLS that never leaves this machine.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"].iter().any(|start| url.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a command with a second of patience; gives the secret, or message and hint.
    fn of(command: &str) -> Result<String, (String, String)> {
        let limits = Limits { command_timeout_s: 1, ..Limits::standard() };
        let outcome = of_command("password", command, &limits);
        outcome.map(|secret| secret.expose().to_owned()).map_err(|missing| (missing.message, missing.hint))
    }

    #[test]
    fn the_first_line_of_a_command_is_the_secret() {
        assert_eq!(of("printf 'one\\r\\ntwo\\n'"), Ok("one".to_owned()));
        assert_eq!(of("head -c 65535 /dev/zero | tr '\\0' x; echo").map(|secret| secret.len()), Ok(65_535));
    }

    #[test]
    fn a_command_that_does_not_end_is_given_up() {
        let late = "the password command did not end within 1 s";
        // Short ones: what a shell has started may outlive it, and holds the output of whoever runs the tests.
        for command in ["sleep 5", "echo secret; exec sleep 5", "exec >&-; exec sleep 5", "sleep 5 & echo secret"] {
            let (message, hint) = of(command).expect_err("it has to end");
            assert_eq!(message, late, "{command}");
            assert!(hint.ends_with("raise `limits.command_timeout_s`"), "{hint}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn what_a_command_has_started_ends_with_it() {
        let limits = Limits { command_timeout_s: 1, ..Limits::standard() };
        for command in ["sleep 60 >PIPE & wait", "sleep 60 >PIPE & yes", "(sleep 60; true) >PIPE; echo secret"] {
            let folder = tempfile::tempdir().expect("a folder");
            let pipe = folder.path().join("pipe");
            assert!(Command::new("mkfifo").arg(&pipe).status().expect("it has to start").success());
            let (at_end, ended) = mpsc::channel();
            let to_run = command.replace("PIPE", &pipe.display().to_string());
            // This ends when nobody is left who could write.
            let reader = std::thread::spawn(move || at_end.send(fs::read(pipe).expect("a pipe")));
            assert!(of_command_in("password", &to_run, &limits, Group::Own).is_err(), "{command}");
            let read = ended.recv_timeout(Duration::from_secs(20));
            assert_eq!(read, Ok(Vec::new()), "something that was started lives on: {command}");
            reader.join().expect("an end").expect("somebody who hears it");
        }
    }

    #[test]
    fn a_command_that_prints_without_end_is_ended() {
        let (message, _) = of("yes").expect_err("no secret is so long");
        assert_eq!(message, "the password command prints more than 65536 bytes");
        assert_eq!(of("head -c 65536 /dev/zero | tr '\\0' x").map(|secret| secret.len()), Ok(65_536));
        assert!(of("head -c 65537 /dev/zero | tr '\\0' x").is_err());
    }
}

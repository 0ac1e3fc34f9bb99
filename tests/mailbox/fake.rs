//! A server that does what a script says, for what a real one does not do when it is asked to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ruascope::config::{self, File, MailboxSettings};
use ruascope::ingest::{Options, Poll};

/// What a script says to a command.
pub(crate) enum Reply {
    /// Lines before `OK`.
    Ok(String),
    /// `NO` with this text, after these lines.
    No(String, &'static str),
    /// `BAD` with this text.
    Bad(&'static str),
    /// These bytes, and then silence.
    Stall(String),
    /// These bytes, and then the end.
    HangUp(String),
    /// What any server says.
    Usual,
}

/// A poll of the mailbox `main`: from its checkpoint on, tried again at once, of nobody else's concern.
pub(crate) fn once<'p>(settings: &'p MailboxSettings, options: &'p Options, stop: &'p AtomicBool) -> Poll<'p> {
    Poll { name: "main", settings, options, rescan: false, pause: Duration::ZERO, meeting: None, stop }
}

/// A running one.
pub(crate) struct Fake {
    pub(crate) port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Fake {
    /// `capability` is what it says it can do; `script` answers commands, without their tag.
    pub(crate) fn start(capability: &'static str, script: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::greeting("* OK ready\r\n", capability, script)
    }

    /// One that begins with another line.
    pub(crate) fn greeting(
        greeting: &'static str,
        capability: &'static str,
        script: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (script, hearing) = (Arc::new(script), Arc::clone(&heard));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, script, heard) = (client.expect("a client"), Arc::clone(&script), Arc::clone(&hearing));
                std::thread::spawn(move || {
                    let _gone = talk(&client, greeting, capability, &*script, &heard);
                });
            }
        });
        Self { port, heard }
    }

    /// All commands so far, without their tags.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("a lock").clone()
    }

    /// Settings of a mailbox on it; its password is the name of a variable that is always there.
    pub(crate) fn settings(&self, more: &str) -> MailboxSettings {
        settings(self.port, more)
    }
}

/// Settings of a mailbox on a port of this machine.
pub(crate) fn settings(port: u16, more: &str) -> MailboxSettings {
    let text = format!(
        "[mailbox.main]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\nuser = \"user\"\n\
         password_command = \"echo secret\"\n{more}\n"
    );
    let file = File { path: "ruascope.toml".into(), text };
    let mut resolved = config::resolve(Some(&file), &[], &[]).expect("settings");
    resolved.settings.mailboxes.remove("main").expect("a mailbox")
}

fn talk(
    client: &TcpStream,
    greeting: &str,
    capability: &str,
    script: &dyn Fn(&str) -> Reply,
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut out = client;
    out.write_all(greeting.as_bytes())?;
    if !greeting.starts_with("* OK") {
        return Ok(());
    }
    let mut last_tag = String::new();
    for line in BufReader::new(client).lines() {
        let line = line?;
        // `DONE` goes on with the command before it.
        let (tag, command) = line.split_once(' ').unwrap_or((&last_tag, &line));
        let tag = tag.to_owned();
        last_tag.clone_from(&tag);
        heard.lock().expect("a lock").push(command.to_owned());
        match script(command) {
            Reply::Ok(lines) => write!(out, "{lines}{tag} OK done\r\n")?,
            Reply::No(lines, text) => write!(out, "{lines}{tag} NO {text}\r\n")?,
            Reply::Bad(text) => write!(out, "{tag} BAD {text}\r\n")?,
            Reply::Stall(bytes) => out.write_all(bytes.as_bytes())?,
            Reply::HangUp(bytes) => return out.write_all(bytes.as_bytes()),
            Reply::Usual => match command.split(' ').next().unwrap_or_default() {
                "CAPABILITY" => write!(out, "* CAPABILITY {capability}\r\n{tag} OK done\r\n")?,
                "SELECT" | "EXAMINE" => write!(
                    out,
                    "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 2] next\r\n{tag} OK done\r\n"
                )?,
                "UID" if command.starts_with("UID SEARCH") => write!(out, "* SEARCH 1\r\n{tag} OK done\r\n")?,
                "UID" if command.contains("RFC822.SIZE") => {
                    write!(out, "* 1 FETCH (UID 1 RFC822.SIZE 100)\r\n{tag} OK done\r\n")?;
                }
                "LOGOUT" => write!(out, "* BYE bye\r\n{tag} OK done\r\n")?,
                _ => write!(out, "{tag} OK done\r\n")?,
            },
        }
    }
    Ok(())
}

//! From a host name to a greeting, step by step, each with its own error.

use std::io::{self, Read, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use imap::Client;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::error::{MailboxError, Stage, of_command, of_io, shown};
use super::idle::Idle;
use super::stream::{Allowance, Stream, Wire};
use crate::config::{MailboxSettings, Tls};
use crate::limits::Limits;
use crate::words::{Said, said};

/// Longest line before a session has begun, in bytes.
const LINE_BYTES_MAX: usize = 8 << 10;
/// Bytes of a login's answers, handshake included.
const LOGIN_BYTES_MAX: u64 = 1 << 20;

/// Makes errors of one mailbox.
#[derive(Clone, Debug)]
pub(super) struct Blame {
    pub(super) mailbox: String,
    pub(super) server: String,
}

impl Blame {
    pub(super) fn at(&self, stage: Stage, message: impl Into<Said>) -> MailboxError {
        MailboxError {
            mailbox: self.mailbox.clone(),
            server: self.server.clone(),
            stage,
            message: message.into(),
            hints: Vec::new(),
            is_passing: false,
            source: None,
        }
    }

    pub(super) fn command(&self, stage: Stage, doing: &Said, error: imap::Error) -> MailboxError {
        let (message, is_passing, source) = of_command(error);
        MailboxError { is_passing, source, ..self.at(stage, said!("imap-doing", doing = doing, message = message)) }
    }

    pub(super) fn io(&self, stage: Stage, error: io::Error) -> MailboxError {
        let (message, is_passing, source) = of_io(error);
        MailboxError { is_passing, source, ..self.at(stage, message) }
    }
}

impl MailboxError {
    pub(super) fn hint(mut self, hint: impl Into<Said>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// The port of a mailbox.
pub(super) fn port(settings: &MailboxSettings) -> u16 {
    settings.port.unwrap_or(if settings.tls == Tls::Implicit { 993 } else { 143 })
}

/// Connects and reads the greeting. The connection is ready for a login.
pub(super) fn connect(
    blame: &Blame,
    settings: &MailboxSettings,
    limits: &Limits,
    allowance: &Allowance,
    idle: &Idle,
) -> Result<Client<Stream>, MailboxError> {
    allowance.set(LOGIN_BYTES_MAX);
    let mut tcp = tcp(blame, settings, limits)?;
    let wire = match settings.tls {
        Tls::None => {
            greeting(blame, settings, &mut tcp)?;
            Wire::Plain(tcp)
        }
        Tls::Implicit => {
            let mut tls = handshake(blame, settings, tcp)?;
            greeting(blame, settings, &mut tls)?;
            Wire::Tls(Box::new(tls))
        }
        Tls::Starttls => {
            greeting(blame, settings, &mut tcp)?;
            start_tls(blame, &mut tcp)?;
            Wire::Tls(Box::new(handshake(blame, settings, tcp)?))
        }
    };
    let silence_max = Duration::from_secs(limits.read_timeout_s);
    Ok(Client::new(Stream::new(wire, allowance.clone(), idle.clone(), silence_max)))
}

/// A connection. Until the login the server has to answer as fast as it takes the connection: one that waits for us to speak
/// first, since the settings know its port for another, would else be waited for long.
fn tcp(blame: &Blame, settings: &MailboxSettings, limits: &Limits) -> Result<TcpStream, MailboxError> {
    let connect_timeout = Duration::from_secs(limits.connect_timeout_s);
    let silence_max = Some(Duration::from_secs(limits.read_timeout_s));
    let host = settings.host.as_str();
    let addresses: Vec<SocketAddr> = (host, port(settings))
        .to_socket_addrs()
        .map_err(|source| MailboxError {
            is_passing: true,
            source: Some(Box::new(source)),
            ..blame.at(Stage::Resolve, said!("imap-no-address", host = host)).hint(said!("hint-imap-no-address"))
        })?
        .collect();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        match TcpStream::connect_timeout(&address, connect_timeout) {
            Ok(tcp) => {
                let set = [
                    tcp.set_read_timeout(Some(connect_timeout)),
                    tcp.set_write_timeout(silence_max),
                    tcp.set_nodelay(true),
                ];
                for outcome in set {
                    outcome.map_err(|error| blame.io(Stage::Connect, error))?;
                }
                return Ok(tcp);
            }
            Err(error) => last = error,
        }
    }
    Err(MailboxError {
        is_passing: true,
        source: Some(Box::new(last)),
        ..blame.at(Stage::Connect, said!("imap-no-connection")).hint(said!("hint-imap-no-connection"))
    })
}

/// Waits for the server's first line.
fn greeting(blame: &Blame, settings: &MailboxSettings, wire: &mut impl Read) -> Result<(), MailboxError> {
    let hint = match settings.tls {
        Tls::None => said!("hint-imap-implicit"),
        Tls::Starttls => said!("hint-imap-starttls-port"),
        Tls::Implicit => said!("hint-imap-is-imap"),
    };
    let failed = |error| blame.command(Stage::Greeting, &said!("imap-first-line"), imap::Error::Io(error)).hint(hint);
    is_ready(blame, &line(wire).map_err(failed)?)
}

/// Asks for TLS on a connection that begins without. Read byte by byte: what comes behind the answer belongs to TLS.
fn start_tls(blame: &Blame, tcp: &mut TcpStream) -> Result<(), MailboxError> {
    tcp.write_all(b"s STARTTLS\r\n").map_err(|error| blame.io(Stage::Tls, error))?;
    loop {
        let answer = line(tcp).map_err(|error| blame.io(Stage::Tls, error))?;
        let text = String::from_utf8_lossy(&answer);
        match text.strip_prefix("s ") {
            Some(rest) if rest.to_ascii_uppercase().starts_with("OK") => return Ok(()),
            Some(rest) => {
                let message = said!("imap-no-starttls", text = shown(rest));
                return Err(blame.at(Stage::Tls, message).hint(said!("hint-imap-no-starttls")));
            }
            None => {}
        }
    }
}

fn line(wire: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < LINE_BYTES_MAX {
        wire.read_exact(&mut byte)?;
        line.extend(byte);
        if byte == *b"\n" {
            return Ok(line);
        }
    }
    Err(io::Error::other("the line is too long for an IMAP server"))
}

fn is_ready(blame: &Blame, greeting: &[u8]) -> Result<(), MailboxError> {
    let text = String::from_utf8_lossy(greeting);
    if text.to_ascii_uppercase().starts_with("* OK") {
        return Ok(());
    }
    let is_bye = text.to_ascii_uppercase().starts_with("* BYE");
    let text = shown(&text);
    let (message, hint) = if is_bye {
        (said!("imap-turned-away", text = text), said!("hint-imap-turned-away"))
    } else {
        (said!("imap-no-imap", text = text), said!("hint-imap-host"))
    };
    Err(MailboxError { is_passing: is_bye, ..blame.at(Stage::Greeting, message).hint(hint) })
}

fn handshake(
    blame: &Blame,
    settings: &MailboxSettings,
    mut tcp: TcpStream,
) -> Result<StreamOwned<ClientConnection, TcpStream>, MailboxError> {
    let failed = |source: rustls::Error| MailboxError {
        source: Some(Box::new(source)),
        ..blame.at(Stage::Tls, said!("imap-no-tls"))
    };
    let roots = roots(blame, settings.ca_file.as_deref())?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let host = settings.host.as_str().to_owned();
    let name = ServerName::try_from(host).map_err(|_| blame.at(Stage::Tls, said!("imap-no-name")))?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(failed)?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut tcp) {
            return Err(tls_error(blame, error));
        }
    }
    Ok(StreamOwned::new(connection, tcp))
}

/// Certificates to trust: those of the file, else the machine's.
fn roots(blame: &Blame, ca_file: Option<&Path>) -> Result<RootCertStore, MailboxError> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let unreadable = |detail: String| {
            let message = said!("imap-no-ca", path = path.display(), why = detail);
            blame.at(Stage::Secret, message).hint(said!("hint-imap-ca"))
        };
        let found = CertificateDer::pem_file_iter(path).map_err(|error| unreadable(error.to_string()))?;
        for certificate in found {
            let certificate = certificate.map_err(|error| unreadable(error.to_string()))?;
            roots.add(certificate).map_err(|error| unreadable(error.to_string()))?;
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(blame.at(Stage::Secret, said!("imap-no-roots")).hint(said!("hint-imap-roots")));
    }
    Ok(roots)
}

/// What a failed handshake means for the owner.
fn tls_error(blame: &Blame, error: io::Error) -> MailboxError {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, UnknownIssuer,
    };
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (message, hint) = match known {
        // An authority of the same name, with another key.
        Some(rustls::Error::InvalidCertificate(UnknownIssuer | BadSignature)) => {
            (said!("imap-unknown-issuer"), said!("hint-imap-unknown-issuer"))
        }
        Some(rustls::Error::InvalidCertificate(Expired | ExpiredContext { .. })) => {
            (said!("imap-expired"), said!("hint-imap-expired"))
        }
        Some(rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. })) => {
            (said!("imap-other-name"), said!("hint-imap-other-name"))
        }
        Some(rustls::Error::InvalidCertificate(_)) => {
            (said!("imap-bad-certificate"), said!("hint-imap-bad-certificate"))
        }
        Some(_) => (said!("imap-speaks-no-tls"), said!("hint-imap-speaks-no-tls")),
        None => return blame.io(Stage::Tls, error).hint(said!("hint-imap-port")),
    };
    MailboxError { source: Some(Box::new(error)), ..blame.at(Stage::Tls, message).hint(hint) }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_server_that_does_not_read_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let text = format!(
            "[mailbox.main]\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"user\"\npassword_command = \"echo\"\n"
        );
        let file = crate::config::File { path: "ruascope.toml".into(), text };
        let mut resolved = crate::config::resolve(Some(&file), &[], &[]).expect("settings");
        let settings = resolved.settings.mailboxes.remove("main").expect("a mailbox");
        let limits = Limits { read_timeout_s: 1, ..Limits::standard() };
        let blame = Blame { mailbox: "main".to_owned(), server: format!("127.0.0.1:{port}") };
        let wire = Wire::Plain(tcp(&blame, &settings, &limits).expect("a connection"));
        let mut stream = Stream::new(wire, Allowance::default(), Idle::default(), Duration::from_secs(1));
        let _silent = listener.accept().expect("a client");
        let piece = vec![b'x'; 1 << 20];
        // The kernel takes some megabytes before it says that nobody reads.
        let error = (0..1_000).find_map(|_| stream.write_all(&piece).err()).expect("it has to fail");
        let error = blame.io(Stage::Fetch, error);
        assert_eq!(error.message, "the server did not answer in time");
        assert!(error.is_passing, "it is worth trying again");
    }
}

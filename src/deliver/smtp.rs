//! Mail: to a server by SMTP, or to a program of this machine that takes mails.

use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::sendmail::SendmailTransport;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls as Protection, TlsParameters};
use lettre::{SmtpTransport, Transport as _};

use super::error::{DeliverError, shown};
use super::{Courier, Letter};
use crate::config::{SmtpSettings, Tls};
use crate::credential::Place;
use crate::limits::Limits;
use crate::words::{Said, said};

/// How long the server may be silent.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Delivers mail as `[smtp]` says.
#[derive(Debug)]
pub struct MailCourier<'a> {
    settings: &'a SmtpSettings,
    limits: &'a Limits,
}

impl<'a> MailCourier<'a> {
    /// A courier with these settings; it connects for each letter. `limits` bound the command that prints the password.
    #[must_use]
    pub fn new(settings: &'a SmtpSettings, limits: &'a Limits) -> Self {
        Self { settings, limits }
    }

    /// How errors name the way.
    fn way(&self) -> String {
        match (&self.settings.host, &self.settings.sendmail) {
            (Some(host), _) => format!("the mail server {host}:{}", self.port()),
            (None, Some(program)) => program.display().to_string(),
            (None, None) => "no mail server".to_owned(),
        }
    }

    fn port(&self) -> u16 {
        let usual = match self.settings.tls {
            Tls::Implicit => 465,
            Tls::Starttls => 587,
            Tls::None => 25,
        };
        self.settings.port.unwrap_or(usual)
    }

    fn connection(&self, hint: Said, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> DeliverError {
        DeliverError::Connection { way: self.way(), hint, source: source.into() }
    }

    fn protection(&self, host: &str) -> Result<Protection, DeliverError> {
        if self.settings.tls == Tls::None {
            return Ok(Protection::None);
        }
        let mut parameters = TlsParameters::builder(host.to_owned());
        if let Some(path) = &self.settings.ca_file {
            let hint = || said!("hint-imap-ca");
            let pem = std::fs::read(path).map_err(|error| self.connection(hint(), error))?;
            let authority = Certificate::from_pem(&pem).map_err(|error| self.connection(hint(), error))?;
            parameters = parameters.certificate_store(CertificateStore::None).add_root_certificate(authority);
        }
        let parameters = parameters.build().map_err(|error| self.connection(said!("hint-smtp-host"), error))?;
        Ok(match self.settings.tls {
            Tls::Implicit => Protection::Wrapper(parameters),
            _ => Protection::Required(parameters),
        })
    }

    fn transport(&self, host: &str) -> Result<SmtpTransport, DeliverError> {
        let mut builder =
            SmtpTransport::builder_dangerous(host).port(self.port()).tls(self.protection(host)?).timeout(Some(TIMEOUT));
        if let Some(user) = &self.settings.user {
            let password = Place {
                what: "password",
                file: self.settings.password_file.as_deref(),
                variable: self.settings.password_env.as_ref(),
                command: self.settings.password_command.as_deref(),
            };
            let password = password.read(self.limits).map_err(|missing| DeliverError::secret(&self.way(), missing))?;
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
        }
        Ok(builder.build())
    }
}

impl MailCourier<'_> {
    /// Connects and logs in as for a letter, and sends nothing. A program of this machine is only looked for. Gives the
    /// name of the way.
    ///
    /// # Errors
    /// When there is no way, or nobody answers, or the login is refused.
    pub fn try_way(&self) -> Result<String, DeliverError> {
        match (&self.settings.host, &self.settings.sendmail) {
            (Some(host), _) => {
                let answered = self.transport(host.as_str())?.test_connection();
                if answered.map_err(|error| self.smtp_error("anybody", error))? {
                    return Ok(self.way());
                }
                Err(self.connection(said!("hint-smtp-ask"), "it answers, and takes no mail"))
            }
            (None, Some(program)) => {
                let found =
                    std::fs::metadata(program).map_err(|error| self.connection(said!("hint-smtp-sendmail"), error))?;
                if found.is_file() {
                    return Ok(self.way());
                }
                Err(self.connection(said!("hint-smtp-sendmail"), "it is no program"))
            }
            (None, None) => Err(DeliverError::NoWay { receiver: "anybody".to_owned() }),
        }
    }
}

impl Courier for MailCourier<'_> {
    fn carry(&self, letter: &Letter<'_>, _now_s: i64) -> Result<(), DeliverError> {
        let receiver = letter.receiver.to_owned();
        let no_way = || DeliverError::NoWay { receiver: receiver.clone() };
        let from = self.settings.from.as_ref().ok_or_else(no_way)?;
        let unwritable = |detail: String| DeliverError::Write { receiver: receiver.clone(), detail };
        let from =
            from.as_str().parse().map_err(|error: lettre::address::AddressError| unwritable(error.to_string()))?;
        let to =
            letter.receiver.parse().map_err(|error: lettre::address::AddressError| unwritable(error.to_string()))?;
        let envelope = Envelope::new(Some(from), vec![to]).map_err(|error| unwritable(error.to_string()))?;
        match (&self.settings.host, &self.settings.sendmail) {
            (Some(host), _) => {
                let sent = self.transport(host.as_str())?.send_raw(&envelope, letter.payload);
                sent.map(drop).map_err(|error| self.smtp_error(letter.receiver, error))
            }
            (None, Some(program)) => {
                let sent = SendmailTransport::new_with_command(program).send_raw(&envelope, letter.payload);
                sent.map_err(|error| self.connection(said!("hint-smtp-by-hand"), error))
            }
            (None, None) => Err(no_way()),
        }
    }
}

impl MailCourier<'_> {
    fn smtp_error(&self, receiver: &str, error: lettre::transport::smtp::Error) -> DeliverError {
        if error.is_permanent() || error.is_transient() {
            let is_passing = error.is_transient();
            let answer = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
            return DeliverError::Refused {
                way: self.way(),
                receiver: receiver.to_owned(),
                answer: shown(&answer),
                is_passing,
            };
        }
        let hint = match self.settings.tls {
            _ if error.is_tls() || is_about_tls(&error) => {
                said!("hint-smtp-authority")
            }
            Tls::Implicit => said!("hint-smtp-implicit"),
            Tls::Starttls => said!("hint-smtp-starttls"),
            Tls::None => said!("hint-imap-host"),
        };
        self.connection(hint, error)
    }
}

/// Whether the handshake failed: the library calls that a network error.
fn is_about_tls(error: &lettre::transport::smtp::Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let inner = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if error.is::<rustls::Error>() || inner.is_some() {
            return true;
        }
        cause = error.source();
    }
    false
}

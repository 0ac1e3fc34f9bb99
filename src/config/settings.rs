//! The settings: plain structs, one a section of the file, each field a key.
//!
//! Paths are as they were written; nothing here opens them. Secrets are only named, by `*_file`, `*_env` or
//! `*_command`, of which at most one is set.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveTime;

use super::form::{Address, Cidr, DomainName, Host, ReportUri, Selector, Since, Url, VariableName};
use super::gates::GatesSettings;
use super::node::{Node, join};
use super::problem::Problem;
use super::secret::Secret;
use super::setting::{Setting, section};
use super::word::{
    After, Alignment, Auth, Every, KeyState, Lang, LeftOut, Policy, Profile, SenderClass, Testing, Tls, WebhookKind,
    When,
};
use crate::limits::Limits;

section! {
    /// All settings, in the order of the file.
    Settings {
        /// `[store]`.
        store: StoreSettings;
        /// `[limits]`.
        limits: Limits;
        /// `[mailbox.NAME]`, by name.
        mailboxes as "mailbox": BTreeMap<String, MailboxSettings>;
        /// `[dns]`.
        dns: DnsSettings;
        /// `[[domain]]`, in the order of the file.
        domains as "domain": Vec<DomainSettings>;
        /// `[keys]`.
        keys: KeysSettings;
        /// `[gates.quarantine]` and `[gates.reject]`.
        gates: GatesSettings;
        /// `[digest]`.
        digest: DigestSettings;
        /// `[smtp]`.
        smtp: SmtpSettings;
        /// `[webhook.NAME]`, by name.
        webhooks as "webhook": BTreeMap<String, WebhookSettings>;
        /// `[enrich]`.
        enrich: EnrichSettings;
        /// `[trust]`.
        trust: TrustSettings;
    }
}

impl Settings {
    /// Whether the owner waits for reports about a domain, so that silence means something: they come by mail, or the
    /// settings say what the domain is for or what policy is meant. A folder from last year gives last year's answer,
    /// also when a sender of the domain was named.
    #[must_use]
    pub fn expects_reports(&self, domain: &str) -> bool {
        let is_meant = |known: &DomainSettings| {
            known.name.as_str() == domain && (known.dmarc.is_some() || known.profile.is_some())
        };
        !self.mailboxes.is_empty() || self.domains.iter().any(is_meant)
    }

    /// Whether no domain, no mailbox and no name server is named: somebody looks at a folder of reports, and what DNS
    /// says today of whatever names are in it says nothing about them.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.domains.is_empty() && self.mailboxes.is_empty() && self.dns.servers.is_empty()
    }
}

section! {
    /// Where reports are kept, and for how long.
    StoreSettings {
        /// `sqlite:PATH` or a path; the caller's default when not set.
        url: Option<String>;
        /// Whether the bytes of reports are kept beside what was read from them.
        keep_raw: bool = true;
        /// Days after which `store prune` removes reports, at least 1; never when not set.
        retention_days: Option<u32>;
    }
}

section! {
    /// A mailbox that reports arrive in, reached by IMAP.
    MailboxSettings {
        /// Server.
        host: Host;
        /// TCP port, at least 1; by [`Tls`] when not set.
        port: Option<u16>;
        /// Protection of the connection.
        tls: Tls = Tls::Implicit;
        /// Certificates to trust in place of the usual ones, in PEM.
        ca_file: Option<PathBuf>;
        /// Login name.
        user: String;
        /// File whose first line is the password.
        password_file: Option<PathBuf>;
        /// Environment variable that holds the password.
        password_env: Option<VariableName>;
        /// Command that prints the password.
        password_command: Option<String>;
        /// Kind of login.
        auth: Auth = Auth::Login;
        /// Command that prints an access token, for [`Auth::Xoauth2`].
        token_command: Option<String>;
        /// OAuth client, for [`Auth::Xoauth2`] without a command.
        client_id: Option<String>;
        /// File that holds the OAuth client's secret, where it has one.
        client_secret_file: Option<PathBuf>;
        /// File that holds the OAuth refresh token.
        refresh_token_file: Option<PathBuf>;
        /// Where a refresh token is turned into an access token.
        token_url: Option<Url>;
        /// Folders to read, at least one.
        folders: Vec<String> = vec!["INBOX".to_owned()];
        /// Whether only mails are read that nobody has read yet.
        unseen_only: bool = false;
        /// Oldest mail that is read; all when not set.
        since: Option<Since>;
        /// What becomes of a mail whose reports are stored.
        after: After = After::None;
        /// What becomes of a mail that was kept as a rejection; never [`After::Delete`].
        rejected: After = After::None;
        /// What becomes of a mail without a report; never [`After::Delete`].
        ignored: After = After::None;
    }
}

section! {
    /// How DNS is asked.
    DnsSettings {
        /// Servers in place of the system's.
        servers: Vec<SocketAddr>;
        /// Seconds to wait for an answer, at least 1.
        timeout_s: u32 = 5;
        /// Times that a question is asked, at least 1.
        attempts: u32 = 2;
        /// Port of the name servers of zones, which `check` compares, at least 1.
        zone_port: u16 = 53;
    }
}

section! {
    /// A domain of yours.
    DomainSettings {
        /// Its name; each domain stands once.
        name: DomainName;
        /// What kind of mail it sends; worked out from the reports when not set.
        profile: Option<Profile>;
        /// Who gets a digest of this domain alone.
        digest_to: Vec<Address>;
        /// The policy that you mean to publish.
        dmarc: Option<DmarcSettings>;
        /// `[[domain.dkim]]`: the keys that sign for it.
        dkim: Vec<DkimSettings>;
        /// `[[domain.sender]]`: the streams that you declare.
        senders as "sender": Vec<SenderSettings>;
    }
}

section! {
    /// The DMARC record that you mean to publish; what is not set is left out of it.
    DmarcSettings {
        /// Policy of the domain.
        p: Policy;
        /// Policy of its subdomains.
        sp: Option<Policy>;
        /// Policy of subdomains that do not exist.
        np: Option<Policy>;
        /// Alignment of DKIM.
        adkim: Option<Alignment>;
        /// Alignment of SPF.
        aspf: Option<Alignment>;
        /// Where aggregate reports go.
        rua: Vec<ReportUri>;
        /// Whether the policy is only tested.
        t: Option<Testing>;
        /// Time to live of the record, in seconds.
        ttl: Option<u32>;
    }
}

section! {
    /// A DKIM key of a domain.
    DkimSettings {
        /// Selector.
        selector: Selector;
        /// Private key, in PEM; not set when the key lives elsewhere.
        key: Option<PathBuf>;
        /// Where it is in its life.
        state: KeyState = KeyState::Active;
    }
}

section! {
    /// A stream of mail that the owner says something about.
    SenderSettings {
        /// What you call it.
        name: String;
        /// Addresses that it sends from.
        cidr: Vec<Cidr>;
        /// SPF include names or envelope domains.
        spf: Vec<DomainName>;
        /// Domains that it signs with (`d=`).
        dkim: Vec<DomainName>;
        /// What it is.
        class: SenderClass = SenderClass::Legit;
        /// Whether a single lost mail is a reason to roll back.
        critical: bool = false;
        /// Anything worth knowing.
        note: Option<String>;
    }
}

section! {
    /// Where DKIM keys are made.
    KeysSettings {
        /// Folder of private keys; the caller's default when not set.
        folder: Option<PathBuf>;
        /// What new selectors begin with; the date follows.
        selector_prefix: Selector = Selector::standard_prefix();
    }
}

section! {
    /// The digest that is mailed.
    DigestSettings {
        /// Receivers; no mail when empty.
        to: Vec<Address>;
        /// When it is sent.
        when: When = When::Always;
        /// How much time each covers; one is sent for each.
        every: Every = Every::Day;
        /// Time of day at which `watch` sends it.
        at: NaiveTime = half_past_seven();
        /// Language; that of the command when not set.
        lang: Option<Lang>;
    }
}

section! {
    /// The server that mail is sent through.
    SmtpSettings {
        /// Server.
        host: Option<Host>;
        /// TCP port, at least 1; by [`Tls`] when not set.
        port: Option<u16>;
        /// Protection of the connection.
        tls: Tls = Tls::Implicit;
        /// Certificates to trust in place of the usual ones, in PEM.
        ca_file: Option<PathBuf>;
        /// Login name; no login when not set.
        user: Option<String>;
        /// File whose first line is the password.
        password_file: Option<PathBuf>;
        /// Environment variable that holds the password.
        password_env: Option<VariableName>;
        /// Command that prints the password.
        password_command: Option<String>;
        /// Sender of what we send.
        from: Option<Address>;
        /// A program that takes mails in place of a server, such as `/usr/sbin/sendmail`.
        sendmail: Option<PathBuf>;
    }
}

section! {
    /// An address that is told about news by HTTP.
    WebhookSettings {
        /// The address, where it is no secret.
        url: Option<Secret>;
        /// File whose first line is the address.
        url_file: Option<PathBuf>;
        /// Environment variable that holds the address.
        url_env: Option<VariableName>;
        /// Command that prints the address.
        url_command: Option<String>;
        /// File whose first line is the key that signs what we send.
        key_file: Option<PathBuf>;
        /// Environment variable that holds this key.
        key_env: Option<VariableName>;
        /// Command that prints this key.
        key_command: Option<String>;
        /// Shape of the message.
        kind: WebhookKind = WebhookKind::Json;
        /// When it is told.
        when: When = When::Problems;
    }
}

section! {
    /// Data about addresses, which somebody else makes and you download.
    EnrichSettings {
        /// Databases of countries and networks, in the MMDB format; the first that knows an address answers.
        mmdb: Vec<PathBuf>;
        /// Names of senders by reverse DNS name: CSV with the columns `base_reverse_dns,name,type`.
        names_csv: Option<PathBuf>;
    }
}

section! {
    /// Which reports that came by mail are believed.
    TrustSettings {
        /// What advice leaves out; all is counted everywhere else.
        leave_out: Vec<LeftOut>;
        /// Days for which a reporter that has not sent before is new, at least 1.
        new_days: u32 = 14;
    }
}

/// 07:30.
fn half_past_seven() -> NaiveTime {
    NaiveTime::from_hms_opt(7, 30, 0).unwrap_or(NaiveTime::MIN)
}

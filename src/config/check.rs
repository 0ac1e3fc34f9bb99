//! What single values cannot tell: keys that need, exclude or repeat each other.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{ConfigError, Origin, Problem};
use super::settings::{DomainSettings, MailboxSettings, Settings, WebhookSettings};
use super::word::{After, Auth};
use crate::words::{Said, said};

/// The warnings about `settings`, whose values were written at `origins`.
///
/// # Errors
///
/// Every contradiction in them.
pub(super) fn check(settings: &Settings, origins: &BTreeMap<String, Origin>) -> Result<Vec<Problem>, ConfigError> {
    let mut check = Check { origins, problems: Vec::new(), warnings: Vec::new() };
    check.numbers(settings);
    for (name, mailbox) in &settings.mailboxes {
        check.mailbox(&format!("mailbox.{name}"), mailbox);
    }
    check.domains(&settings.domains);
    check.mail(settings);
    for (name, webhook) in &settings.webhooks {
        check.webhook(&format!("webhook.{name}"), webhook);
    }
    ConfigError::unless_none(check.problems)?;
    Ok(check.warnings)
}

/// What was found so far.
struct Check<'a> {
    origins: &'a BTreeMap<String, Origin>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, key: &str, message: Said, hint: Said) {
        self.problems.push(Problem::new(self.origin(key), message).with_hint(hint));
    }

    /// Where `key` was written, or else the section that it would stand in.
    fn origin(&self, key: &str) -> Origin {
        let mut key = key;
        loop {
            if let Some(origin) = self.origins.get(key) {
                return origin.clone();
            }
            let Some((section, _)) = key.rsplit_once(['.', '[']) else {
                return Origin::Default;
            };
            key = section;
        }
    }

    /// Numbers that only make sense from 1 on.
    fn numbers(&mut self, settings: &Settings) {
        let mut numbers = vec![
            ("store.retention_days".to_owned(), settings.store.retention_days),
            ("dns.timeout_s".to_owned(), Some(settings.dns.timeout_s)),
            ("dns.attempts".to_owned(), Some(settings.dns.attempts)),
            ("dns.zone_port".to_owned(), Some(settings.dns.zone_port.into())),
            ("trust.new_days".to_owned(), Some(settings.trust.new_days)),
            ("smtp.port".to_owned(), settings.smtp.port.map(u32::from)),
        ];
        numbers.extend(
            settings
                .mailboxes
                .iter()
                .map(|(name, mailbox)| (format!("mailbox.{name}.port"), mailbox.port.map(u32::from))),
        );
        for (key, _) in numbers.iter().filter(|(_, number)| *number == Some(0)) {
            self.problem(key, said!("settings-not-zero", key = key), said!("hint-settings-default"));
        }
    }

    fn mailbox(&mut self, key: &str, mailbox: &MailboxSettings) {
        let passwords =
            [mailbox.password_file.is_some(), mailbox.password_env.is_some(), mailbox.password_command.is_some()];
        self.one_place(key, "password", passwords);
        let has_password = passwords.contains(&true);
        let has_token = mailbox.token_command.is_some()
            || (mailbox.client_id.is_some()
                && mailbox.token_url.is_some()
                && (mailbox.refresh_token_file.is_some() || mailbox.client_secret_file.is_some()));
        if mailbox.auth == Auth::Xoauth2 && !has_token {
            let message = said!("settings-no-token", section = key);
            self.problem(&format!("{key}.auth"), message, said!("hint-settings-token"));
        }
        if mailbox.auth != Auth::Xoauth2 && !has_password {
            let message = said!("settings-no-password", section = key);
            self.problem(key, message, said!("hint-settings-password"));
        }
        if mailbox.folders.is_empty() {
            self.problem(
                &format!("{key}.folders"),
                said!("settings-no-folder", section = key),
                said!("hint-settings-inbox"),
            );
        }
        for (name, after) in [("rejected", &mailbox.rejected), ("ignored", &mailbox.ignored)] {
            if *after == After::Delete {
                let place = format!("{key}.{name}");
                let message = said!("settings-delete", key = place);
                self.problem(&place, message, said!("hint-settings-move"));
            }
        }
    }

    fn domains(&mut self, domains: &[DomainSettings]) {
        let mut names = BTreeSet::new();
        for (index, domain) in domains.iter().enumerate() {
            let key = format!("domain[{index}]");
            if !names.insert(&domain.name) {
                let message = said!("settings-domain-twice", domain = domain.name);
                self.problem(&format!("{key}.name"), message, said!("hint-settings-one-domain"));
            }
            let mut selectors = BTreeSet::new();
            for (index, dkim) in domain.dkim.iter().enumerate() {
                if !selectors.insert(&dkim.selector) {
                    let message = said!("settings-selector-twice", selector = dkim.selector, domain = domain.name);
                    self.problem(
                        &format!("{key}.dkim[{index}].selector"),
                        message,
                        said!("hint-settings-own-selector"),
                    );
                }
            }
            for (index, sender) in domain.senders.iter().enumerate() {
                if sender.cidr.is_empty() && sender.spf.is_empty() && sender.dkim.is_empty() {
                    let origin = self.origin(&format!("{key}.sender[{index}]"));
                    let message = said!("settings-sender-nothing", sender = sender.name, domain = domain.name);
                    let hint = said!("hint-settings-sender");
                    self.warnings.push(Problem::new(origin, message).with_hint(hint));
                }
            }
        }
    }

    fn mail(&mut self, settings: &Settings) {
        let smtp = &settings.smtp;
        let passwords = [smtp.password_file.is_some(), smtp.password_env.is_some(), smtp.password_command.is_some()];
        self.one_place("smtp", "password", passwords);
        let has_way = (smtp.host.is_some() || smtp.sendmail.is_some()) && smtp.from.is_some();
        let ways = || said!("hint-settings-ways");
        if !settings.digest.to.is_empty() && !has_way {
            let message = said!("settings-no-way-to");
            self.problem("digest.to", message, ways());
        }
        for (index, domain) in settings.domains.iter().enumerate() {
            if !domain.digest_to.is_empty() && !has_way {
                let message = said!("settings-no-way-domain", domain = domain.name);
                self.problem(&format!("domain[{index}].digest_to"), message, ways());
            }
        }
        if smtp.host.is_some() && smtp.sendmail.is_some() {
            let message = said!("settings-two-ways");
            self.problem("smtp.sendmail", message, said!("hint-settings-one-way"));
        }
    }

    fn webhook(&mut self, key: &str, webhook: &WebhookSettings) {
        let places = [webhook.url_file.is_some(), webhook.url_env.is_some(), webhook.url_command.is_some()];
        self.one_place(key, "url", places);
        let keys = [webhook.key_file.is_some(), webhook.key_env.is_some(), webhook.key_command.is_some()];
        self.one_place(key, "key", keys);
        match (&webhook.url, places.contains(&true)) {
            (None, false) => {
                let message = said!("settings-no-address", section = key);
                self.problem(key, message, said!("hint-settings-url"));
            }
            (Some(_), true) => {
                let message = said!("settings-addresses", section = key);
                self.problem(key, message, said!("hint-settings-one-url"));
            }
            _ => {}
        }
    }

    /// A secret has at most one of the places file, variable and command.
    fn one_place(&mut self, key: &str, secret: &str, places: [bool; 3]) {
        if places.iter().filter(|place| **place).count() > 1 {
            let message = said!("settings-several-places", secret = secret, section = key);
            let hint = said!("hint-settings-one-place", secret = secret);
            self.problem(key, message, hint);
        }
    }
}

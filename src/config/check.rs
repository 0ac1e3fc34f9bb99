//! What single values cannot tell: keys that need, exclude or repeat each other.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{ConfigError, Origin, Problem};
use super::settings::{DomainSettings, MailboxSettings, Settings, WebhookSettings};
use super::word::{After, Auth};

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
    fn problem(&mut self, key: &str, message: String, hint: &str) {
        self.problems.push(Problem::new(self.origin(key), message).with_hint(hint.to_owned()));
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
            self.problem(
                key,
                format!("wrong value for `{key}`: expected at least 1, found 0"),
                "leave it out for its default",
            );
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
            let message = format!("missing access token in `{key}`, which has `auth = \"xoauth2\"`");
            self.problem(
                &format!("{key}.auth"),
                message,
                "set `token_command`, or `client_id`, `token_url` and `refresh_token_file` (or `client_secret_file` alone)",
            );
        }
        if mailbox.auth != Auth::Xoauth2 && !has_password {
            let message = format!("missing password in `{key}`");
            self.problem(key, message, "set one of `password_file`, `password_env` and `password_command`");
        }
        if mailbox.folders.is_empty() {
            self.problem(
                &format!("{key}.folders"),
                format!("no folder in `{key}.folders`"),
                "leave it out for `[\"INBOX\"]`",
            );
        }
        for (name, after) in [("rejected", &mailbox.rejected), ("ignored", &mailbox.ignored)] {
            if *after == After::Delete {
                let place = format!("{key}.{name}");
                let message = format!("wrong value for `{place}`: such mails are not deleted");
                self.problem(&place, message, "move them to a folder with `move:FOLDER`, and look at them there");
            }
        }
    }

    fn domains(&mut self, domains: &[DomainSettings]) {
        let mut names = BTreeSet::new();
        for (index, domain) in domains.iter().enumerate() {
            let key = format!("domain[{index}]");
            if !names.insert(&domain.name) {
                let message = format!("domain `{}` stands twice", domain.name);
                self.problem(&format!("{key}.name"), message, "put everything about it under one `[[domain]]`");
            }
            let mut selectors = BTreeSet::new();
            for (index, dkim) in domain.dkim.iter().enumerate() {
                if !selectors.insert(&dkim.selector) {
                    let message = format!("selector `{}` of `{}` stands twice", dkim.selector, domain.name);
                    self.problem(
                        &format!("{key}.dkim[{index}].selector"),
                        message,
                        "give each key a selector of its own",
                    );
                }
            }
            for (index, sender) in domain.senders.iter().enumerate() {
                if sender.cidr.is_empty() && sender.spf.is_empty() && sender.dkim.is_empty() {
                    let origin = self.origin(&format!("{key}.sender[{index}]"));
                    let message = format!("sender `{}` of `{}` matches nothing", sender.name, domain.name);
                    let hint = "say what it looks like with `cidr`, `spf` or `dkim`".to_owned();
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
        let ways = "set `from` and one of `host` and `sendmail` in `[smtp]`";
        if !settings.digest.to.is_empty() && !has_way {
            let message = "no way to send the digest to the addresses of `digest.to`".to_owned();
            self.problem("digest.to", message, ways);
        }
        for (index, domain) in settings.domains.iter().enumerate() {
            if !domain.digest_to.is_empty() && !has_way {
                let message = format!("no way to send the digest of `{}`", domain.name);
                self.problem(&format!("domain[{index}].digest_to"), message, ways);
            }
        }
        if smtp.host.is_some() && smtp.sendmail.is_some() {
            let message = "both a server and a program for mail in `smtp`".to_owned();
            self.problem("smtp.sendmail", message, "keep one of `host` and `sendmail`");
        }
    }

    fn webhook(&mut self, key: &str, webhook: &WebhookSettings) {
        let places = [webhook.url_file.is_some(), webhook.url_env.is_some(), webhook.url_command.is_some()];
        self.one_place(key, "url", places);
        let keys = [webhook.key_file.is_some(), webhook.key_env.is_some(), webhook.key_command.is_some()];
        self.one_place(key, "key", keys);
        match (&webhook.url, places.contains(&true)) {
            (None, false) => {
                let message = format!("missing address in `{key}`");
                self.problem(key, message, "set one of `url`, `url_file`, `url_env` and `url_command`");
            }
            (Some(_), true) => {
                let message = format!("several addresses in `{key}`");
                self.problem(key, message, "keep one of `url`, `url_file`, `url_env` and `url_command`");
            }
            _ => {}
        }
    }

    /// A secret has at most one of the places file, variable and command.
    fn one_place(&mut self, key: &str, secret: &str, places: [bool; 3]) {
        if places.iter().filter(|place| **place).count() > 1 {
            let message = format!("several places for the {secret} of `{key}`");
            let hint = format!("keep one of `{secret}_file`, `{secret}_env` and `{secret}_command`");
            self.problem(key, message, &hint);
        }
    }
}

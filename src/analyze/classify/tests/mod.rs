//! Small worlds of mails, and what each sender in them is.

mod causes;
mod law;
mod rule;
mod state;

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use super::super::{Class, Observation, Sender, Shape};
use super::{Inputs, ReverseName, ReverseNames, Senders, classify};
use crate::config::{self, DomainSettings};
use crate::dns::spf::Qualifier;
use crate::dns::{Answer, Published, PublishedKey, SpfCover, SpfNetwork};
use crate::model::{
    AuthResult, AuthResults, DkimResult, DmarcResult, Identifiers, OverrideType, PolicyEvaluated, PolicyOverride,
    PolicyPublished, Sent, SpfResult,
};

/// The domain of all tests.
pub(super) const DOMAIN: &str = "acme.example";

/// Mails, and all that is known beside them.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) observations: Vec<Observation>,
    names: ReverseNames,
    published: Vec<Published>,
    settings: Option<DomainSettings>,
    own_hosts: BTreeSet<IpAddr>,
}

/// Ten mails of one address on one day, without signature, SPF refused.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    ip: String,
    day: i64,
    mails: u64,
    header_from: String,
    dkim: Vec<(String, String, AuthResult)>,
    spf: Option<(String, AuthResult)>,
    reason: Option<(OverrideType, &'static str)>,
    is_strict: bool,
    word: Word,
}

/// What the reporter says of DKIM and SPF.
#[derive(Clone, Copy, Debug)]
enum Word {
    /// What follows from what it measured.
    AsMeasured,
    Says(bool),
    Nothing,
}

impl Mail {
    pub(super) fn from(ip: &str) -> Self {
        Self {
            ip: ip.to_owned(),
            day: 20_000,
            mails: 10,
            header_from: DOMAIN.to_owned(),
            dkim: Vec::new(),
            spf: Some((DOMAIN.to_owned(), AuthResult::Fail)),
            reason: None,
            is_strict: false,
            word: Word::AsMeasured,
        }
    }

    pub(super) fn day(mut self, day: i64) -> Self {
        self.day = 20_000 + day;
        self
    }

    pub(super) fn mails(mut self, mails: u64) -> Self {
        self.mails = mails;
        self
    }

    pub(super) fn header_from(mut self, name: &str) -> Self {
        name.clone_into(&mut self.header_from);
        self
    }

    pub(super) fn signed(mut self, domain: &str, selector: &str) -> Self {
        self.dkim.push((domain.to_owned(), selector.to_owned(), AuthResult::Pass));
        self
    }

    pub(super) fn broken(mut self, domain: &str, selector: &str) -> Self {
        self.dkim.push((domain.to_owned(), selector.to_owned(), AuthResult::Fail));
        self
    }

    pub(super) fn spf(mut self, domain: &str, result: AuthResult) -> Self {
        self.spf = Some((domain.to_owned(), result));
        self
    }

    pub(super) fn reason(mut self, kind: OverrideType, comment: &'static str) -> Self {
        self.reason = Some((kind, comment));
        self
    }

    pub(super) fn strict(mut self) -> Self {
        self.is_strict = true;
        self
    }

    /// The reporter says that it fails, whatever it measured.
    pub(super) fn disputed(mut self) -> Self {
        self.word = Word::Says(false);
        self
    }

    /// The reporter says that both pass, whatever it measured.
    pub(super) fn praised(mut self) -> Self {
        self.word = Word::Says(true);
        self
    }

    /// The reporter measured, and says nothing of what that means.
    pub(super) fn unjudged(mut self) -> Self {
        self.word = Word::Nothing;
        self
    }

    fn observation(&self) -> Observation {
        let aligns = |domain: &str| domain == self.header_from || !self.is_strict && domain.ends_with(DOMAIN);
        let said = |is: bool| Sent::Read(if is { DmarcResult::Pass } else { DmarcResult::Fail });
        let word = |measured: bool| match self.word {
            Word::AsMeasured => Some(said(measured)),
            Word::Says(is) => Some(said(is)),
            Word::Nothing => None,
        };
        let dkim = self.dkim.iter().any(|(domain, _, result)| aligns(domain) && *result == AuthResult::Pass);
        let spf = self.spf.as_ref().is_some_and(|(domain, result)| aligns(domain) && *result == AuthResult::Pass);
        let reason = |(kind, comment): &(OverrideType, &'static str)| PolicyOverride {
            kind: Some(Sent::Read(*kind)),
            comment: Some((*comment).into()),
        };
        let mode = self.is_strict.then_some(Sent::Read(crate::model::AlignmentMode::Strict));
        Observation {
            day: self.day,
            source_ip: self.ip.parse().expect("an address"),
            mails: self.mails,
            shape: Arc::new(Shape {
                reporter: "reporter.example".into(),
                evaluated: Arc::new(PolicyEvaluated {
                    disposition: None,
                    dkim: word(dkim),
                    spf: word(spf),
                    reasons: self.reason.iter().map(reason).collect(),
                }),
                identifiers: Arc::new(Identifiers {
                    header_from: Some(self.header_from.as_str().into()),
                    ..Identifiers::default()
                }),
                auth_results: Arc::new(AuthResults {
                    dkim: self
                        .dkim
                        .iter()
                        .map(|(domain, selector, result)| DkimResult {
                            domain: Some(domain.as_str().into()),
                            selector: Some(selector.as_str().into()),
                            result: Some(Sent::Read(*result)),
                            human_result: None,
                        })
                        .collect(),
                    spf: self
                        .spf
                        .iter()
                        .map(|(domain, result)| SpfResult {
                            domain: Some(domain.as_str().into()),
                            result: Some(Sent::Read(*result)),
                            ..SpfResult::default()
                        })
                        .collect(),
                }),
                policy: Arc::new(PolicyPublished {
                    adkim: mode.clone(),
                    aspf: mode,
                    ..PolicyPublished::of(DOMAIN.into())
                }),
            }),
        }
    }
}

impl World {
    pub(super) fn with(mut self, mail: &Mail) -> Self {
        self.observations.push(mail.observation());
        self
    }

    /// The owner's own server: signs with `s1`, SPF passes, a hundred mails on each of forty days.
    pub(super) fn own(self) -> Self {
        (0..40).fold(self, |world, day| {
            let mail = Mail::from("192.0.2.1").day(day).mails(100).signed(DOMAIN, "s1");
            world.with(&mail.spf(DOMAIN, AuthResult::Pass))
        })
    }

    /// Twelve addresses of as many networks without any sign of the owner.
    pub(super) fn swarm(self) -> Self {
        (0..12).fold(self, |world, network| world.with(&Mail::from(&format!("198.18.{network}.1")).mails(2)))
    }

    pub(super) fn named(mut self, ip: &str, name: &str, is_confirmed: bool) -> Self {
        let name = Some(name.to_owned()).filter(|name| !name.is_empty());
        self.names.insert(ip.parse().expect("an address"), ReverseName { name, is_confirmed });
        self
    }

    pub(super) fn own_host(mut self, ip: &str) -> Self {
        self.own_hosts.insert(ip.parse().expect("an address"));
        self
    }

    pub(super) fn declared(mut self, senders: &str) -> Self {
        let text = format!("[[domain]]\nname = \"{DOMAIN}\"\n{senders}");
        let file = config::File { path: "test.toml".into(), text };
        let resolved = config::resolve(Some(&file), &[], &[]).expect("settings");
        self.settings = resolved.settings.domains.into_iter().next();
        self
    }

    /// An SPF record that lets networks in, each with the terms that lead there; and keys, each with its record.
    pub(super) fn published(mut self, networks: &[(&str, &[&str])], keys: &[(&str, Option<&str>)]) -> Self {
        let network = |(network, path): &(&str, &[&str])| SpfNetwork {
            network: network.parse().expect("a network"),
            qualifier: Qualifier::Pass,
            path: path.iter().map(|term| (*term).to_owned()).collect(),
        };
        let key = |(selector, text): &(&str, Option<&str>)| PublishedKey {
            selector: (*selector).to_owned(),
            answer: text.map_or(Answer::NxDomain, |text| Answer::Found(vec![text.to_owned()])),
            aliases: Vec::new(),
        };
        self.published.push(Published {
            domain: DOMAIN.to_owned(),
            seen_s: 20_030 * 86_400,
            dmarc: Answer::NoData,
            dmarc_applies: None,
            organizational_domain: None,
            spf: Answer::NoData,
            spf_cover: Some(SpfCover { networks: networks.iter().map(network).collect(), is_complete: true }),
            dkim: keys.iter().map(key).collect(),
            mx: Answer::NoData,
        });
        self
    }

    pub(super) fn classified(&self) -> Senders {
        let elsewhere = HashMap::new();
        classify(
            &self.observations,
            &Inputs {
                domain: DOMAIN,
                settings: self.settings.as_ref(),
                published: &self.published,
                names: &self.names,
                own_hosts: &self.own_hosts,
                elsewhere: &elsewhere,
            },
        )
    }

    /// The sender that an address belongs to.
    pub(super) fn sender(&self, ip: &str) -> Sender {
        let ip = ip.parse().expect("an address");
        let senders = self.classified().senders;
        senders.into_iter().find(|sender| sender.addresses.contains(&ip)).expect("every address is of a sender")
    }

    #[track_caller]
    pub(super) fn is(&self, ip: &str, class: Class, reason: &str) {
        let sender = self.sender(ip);
        assert_eq!(sender.class, class, "{ip}: {sender:?}");
        assert!(sender.reasons.contains(&reason), "{ip}: {:?} without {reason}", sender.reasons);
    }

    #[track_caller]
    pub(super) fn is_not(&self, ip: &str, reason: &str) {
        let sender = self.sender(ip);
        assert!(!sender.reasons.contains(&reason), "{ip}: {:?} with {reason}", sender.reasons);
    }
}

//! Whole cases: mail of made-up senders over days, and what is decided.

mod decisions;
mod ladder;
mod rollback;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use super::*;
use crate::analyze::{Class, Confidence, Observation, Sender, Shape};
use crate::config::{Gates, GatesSettings, Profile};
use crate::dns::dmarc::{self, ReportUri};
use crate::model::{
    AuthResults, Disposition, DmarcResult, Identifiers, OverrideType, Policy, PolicyEvaluated, PolicyOverride,
    PolicyPublished, Sent, TestMode,
};

/// 2026-11-24, a Tuesday.
pub(crate) const TODAY: i64 = 20_781;
const RECORD: &str = "v=DMARC1; p=none; rua=mailto:dmarc@example.com";

/// How a sender's mails fared.
#[derive(Clone, Copy)]
pub(crate) enum Fate {
    Both,
    SpfOnly,
    Fails,
    Quarantined,
    Refused,
    Overridden,
}

/// A domain in the making. Four reporters see equal parts of everything, unless said otherwise.
pub(crate) struct Domain {
    pub(crate) observations: Vec<Observation>,
    pub(crate) senders: Vec<Sender>,
    pub(crate) record: Option<&'static str>,
    pub(crate) dns: DnsState,
    pub(crate) profile: Option<Profile>,
    pub(crate) gates: GatesSettings,
    pub(crate) alarms: Vec<crate::analyze::alarms::Alarm>,
    pub(crate) complaints_s: Vec<i64>,
    pub(crate) sent_per_day: Option<u32>,
    pub(crate) reporters: u64,
    pub(crate) policy: Arc<PolicyPublished>,
}

pub(crate) fn policy(p: Policy, testing: Option<TestMode>) -> Arc<PolicyPublished> {
    Arc::new(PolicyPublished {
        p: Some(Sent::Read(p)),
        testing: testing.map(Sent::Read),
        ..PolicyPublished::of("example.com".into())
    })
}

impl Domain {
    /// A domain at p=none whose DNS is fine.
    pub(crate) fn new() -> Self {
        Self {
            observations: Vec::new(),
            senders: Vec::new(),
            record: Some(RECORD),
            dns: DnsState { is_known: true, spf_lookups: Some(3), ..DnsState::default() },
            profile: Some(Profile::People),
            gates: GatesSettings { quarantine: Gates::quarantine(), reject: Gates::reject() },
            alarms: Vec::new(),
            complaints_s: Vec::new(),
            sent_per_day: None,
            reporters: 4,
            policy: policy(Policy::None, None),
        }
    }

    /// Sixty days of own mail that passes, 400 a day: ready for quarantine.
    pub(crate) fn ready() -> Self {
        let mut domain = Self::new();
        let own = domain.sender("own", Class::Own);
        domain.mails(own, TODAY - 60..TODAY, 400, Fate::Both);
        domain
    }

    /// 120 days, the last 45 at quarantine: a machine domain that is ready for reject.
    pub(crate) fn at_quarantine() -> Self {
        let mut domain = Self::new();
        domain.profile = Some(Profile::Machine);
        domain.record = Some("v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com");
        let own = domain.sender("own", Class::Own);
        domain.mails(own, TODAY - 120..TODAY - 45, 400, Fate::Both);
        domain.policy = policy(Policy::Quarantine, None);
        domain.mails(own, TODAY - 45..TODAY, 400, Fate::Both);
        domain
    }

    pub(crate) fn sender(&mut self, name: &str, class: Class) -> usize {
        self.senders.push(Sender {
            key: name.to_lowercase().replace(' ', "-"),
            name: name.to_owned(),
            class,
            confidence: Confidence::High,
            reasons: vec!["R-TEST"],
            fix: Vec::new(),
            is_declared: false,
            is_critical: false,
            addresses: Vec::new(),
            observations: Vec::new(),
        });
        self.senders.len() - 1
    }

    /// So many mails of a sender on each of some days.
    pub(crate) fn mails(&mut self, sender: usize, days: impl IntoIterator<Item = i64>, mails: u64, fate: Fate) {
        for day in days {
            for reporter in 0..self.reporters {
                let part = mails / self.reporters + u64::from(reporter < mails % self.reporters);
                self.part(sender, day, &format!("reporter {reporter}"), part, fate);
            }
        }
    }

    /// Mails as one reporter saw them.
    pub(crate) fn part(&mut self, sender: usize, day: i64, reporter: &str, mails: u64, fate: Fate) {
        let word = |is_so: bool| Some(Sent::Read(if is_so { DmarcResult::Pass } else { DmarcResult::Fail }));
        let (dkim, spf) = (matches!(fate, Fate::Both), matches!(fate, Fate::Both | Fate::SpfOnly));
        let done = match fate {
            Fate::Quarantined => Disposition::Quarantine,
            Fate::Refused => Disposition::Reject,
            _ => Disposition::None,
        };
        let reason = PolicyOverride { kind: Some(Sent::Read(OverrideType::MailingList)), comment: None };
        let reasons = if matches!(fate, Fate::Overridden) { vec![reason] } else { Vec::new() };
        let last = u8::try_from(sender + 1).expect("few senders");
        self.observations.push(Observation {
            day,
            source_ip: IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)),
            mails,
            shape: Arc::new(Shape {
                reporter: reporter.into(),
                evaluated: Arc::new(PolicyEvaluated {
                    disposition: Some(Sent::Read(done)),
                    dkim: word(dkim),
                    spf: word(spf),
                    reasons,
                }),
                identifiers: Arc::new(Identifiers {
                    header_from: Some("example.com".into()),
                    ..Identifiers::default()
                }),
                auth_results: Arc::new(AuthResults::default()),
                policy: Arc::clone(&self.policy),
            }),
        });
        self.senders[sender].observations.push(self.observations.len() - 1);
    }

    pub(crate) fn case(&self) -> Case<'_> {
        let published = |text: &str| Current::Published {
            at: "example.com".to_owned(),
            text: text.to_owned(),
            record: dmarc::read(text).expect("a record").record,
            ttl_s: Some(300),
        };
        Case {
            domain: "example.com",
            today: TODAY,
            first_day: self.observations.iter().map(|seen| seen.day).min(),
            observations: &self.observations,
            senders: &self.senders,
            tally: None,
            current: self.record.map_or(Current::Missing, published),
            dns: self.dns.clone(),
            profile: self.profile,
            rua: vec![ReportUri { uri: "mailto:dmarc@example.com".to_owned(), size_bytes_max: None }],
            alarms: &self.alarms,
            complaints_s: &self.complaints_s,
            sent_per_day: self.sent_per_day,
            gates: &self.gates,
        }
    }

    pub(crate) fn advice(&self) -> Advice {
        advise(&self.case())
    }
}

/// What is decided, and which gates are closed.
#[track_caller]
pub(crate) fn assert_decision(domain: &Domain, decision: Decision, closed: &[&str]) {
    let advice = domain.advice();
    let found: Vec<&str> = advice.gates.iter().filter(|gate| gate.is_closed()).map(|gate| gate.id).collect();
    let shown: Vec<String> = advice.gates.iter().map(|gate| format!("{} {}", gate.id, gate.value)).collect();
    assert_eq!((advice.decision, found.as_slice()), (decision, closed), "{}\n{}", advice.why, shown.join("\n"));
}

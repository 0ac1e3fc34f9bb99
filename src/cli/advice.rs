//! What advice about a domain begins with: reports, who sent, the policy that applies, and what DNS says.

use super::context::Context;
use super::dns_state;
use super::evidence;
use super::exit::Exit;
use super::side_by_side;
use crate::analyze::alarms::{Alarm, AlarmInputs, alarms};
use crate::analyze::check::Badge;
use crate::analyze::readiness::{Advice, Case, Current, Decision, DnsState, Tally, advise};
use crate::analyze::{Observation, Sender};
use crate::config::{DomainSettings, GatesSettings, Profile};
use crate::dns::dmarc::{self, DmarcRecord};
use crate::dns::{Answer, Published};
use crate::model::{AlignmentMode, Policy, PolicyPublished, Sent, TestMode};
use crate::present::advice::Badges;
use crate::resolve::Resolver;
use crate::store::{By, Filter, OwnerNoteKind, Store, StoreError, day_of};

/// Days that are looked at, at most: a year and a month, for what runs once a year …
const DAYS_MAX: i64 = 400;
/// … and at least, whatever they cost: the window, and what is compared with it.
const DAYS_MIN: i64 = 70;
/// Records that are looked at, unless fewer days than [`DAYS_MIN`] have more: reading them takes a good tenth of a second.
const RECORDS_MAX: u64 = 150_000;

/// A domain, as far as anybody knows.
pub(super) struct Known {
    pub(super) domain: String,
    pub(super) today: i64,
    pub(super) first_day: Option<i64>,
    pub(super) newest_day: Option<i64>,
    pub(super) observations: Vec<Observation>,
    pub(super) senders: Vec<Sender>,
    /// Sums of the observations by these.
    tally: Tally,
    pub(super) current: Current,
    pub(super) dns: DnsState,
    pub(super) badges: Badges,
    pub(super) published: Option<Published>,
    pub(super) alarms: Vec<Alarm>,
    /// Mails that the owner says are sent on a day.
    pub(super) sent_per_day: Option<u32>,
    complaints_s: Vec<i64>,
    profile: Option<Profile>,
    rua: Vec<dmarc::ReportUri>,
}

impl Known {
    /// Everything about a domain. The store may be missing: then there are no reports.
    pub(super) fn of(
        context: &Context,
        store: Option<&mut Store>,
        resolver: &dyn Resolver,
        domain: &str,
    ) -> anyhow::Result<Self> {
        let settings = context.resolved.settings.domains.iter().find(|known| known.name.as_str() == domain);
        let mut known = Self {
            domain: domain.to_owned(),
            today: day_of(context.now.timestamp()),
            first_day: None,
            newest_day: None,
            observations: Vec::new(),
            senders: Vec::new(),
            tally: Tally::default(),
            current: Current::Unknown,
            dns: DnsState::default(),
            badges: Badges { spf: Badge::Unknown, dkim: Badge::Unknown, dmarc: Badge::Unknown },
            published: None,
            alarms: Vec::new(),
            sent_per_day: None,
            complaints_s: Vec::new(),
            profile: settings.and_then(|settings| settings.profile),
            rua: settings.map(addresses).unwrap_or_default(),
        };
        let snapshot = match store {
            Some(store) => known.read(context, store, resolver)?,
            None => None,
        };
        let is_parked = known.profile == Some(Profile::Parked);
        let asked = dns_state::of(context, resolver, domain, &known.observations, is_parked);
        // What DNS does not answer now it may have said before.
        let newest = Some(asked.published).filter(|live| !live.dmarc.is_unknown()).or(snapshot);
        known.current = current(newest.as_ref(), asked.ttl_s, &known.observations);
        (known.dns, known.badges, known.published) = (asked.state, asked.badges, newest);
        Ok(known)
    }

    /// Reads the reports: as many days as are wanted and can be paid for. Gives the newest that DNS was seen to publish.
    fn read(
        &mut self,
        context: &Context,
        store: &mut Store,
        resolver: &dyn Resolver,
    ) -> anyhow::Result<Option<Published>> {
        let now_day = self.today;
        let now_s = context.now.timestamp();
        let notes = store.owner_notes(Some(&self.domain))?;
        let complaints = notes.iter().filter(|note| note.kind == OwnerNoteKind::Complaint && note.made_s <= now_s);
        self.complaints_s = complaints.map(|note| note.made_s).collect();
        let Some((first, last)) = store.day_range(Some(&self.domain))? else { return Ok(None) };
        if first > now_day {
            return Ok(None);
        }
        let last = last.min(now_day);
        // Where nobody waits for reports they are judged as of their own last day.
        if !context.resolved.settings.expects_reports(&self.domain) {
            self.today = (last + 1).min(now_day);
        }
        (self.first_day, self.newest_day) = (Some(first), Some(last));
        let since = last - days_back(store, &self.domain, last)?;
        let filter = Filter { domain: Some(self.domain.clone()), since_day: Some(since), until_day: Some(last) };
        let mut found = evidence::gather(context, store, resolver, &filter)?;
        (self.observations, self.senders) = (found.observations, found.senders.senders);
        found.published.retain(|seen| seen.seen_s <= now_s && !seen.dmarc.is_unknown());
        self.raise(store, since.max(first), &found.published)?;
        Ok(found.published.pop())
    }

    /// Works out the alarms and keeps them, where the store can be written.
    fn raise(&mut self, store: &mut Store, since: i64, published: &[Published]) -> anyhow::Result<()> {
        self.tally = Tally::of(&self.observations, &self.senders);
        let inputs = AlarmInputs {
            domain: &self.domain,
            today: self.today,
            observations: &self.observations,
            senders: &self.senders,
            tally: &self.tally,
            published,
        };
        self.alarms = alarms(&inputs);
        match store.keep_alarms(&self.domain, since, &self.alarms) {
            Ok(()) | Err(StoreError::ReadOnly { .. } | StoreError::Full { .. } | StoreError::Busy { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What the decision is made from.
    pub(super) fn case<'k>(&'k self, gates: &'k GatesSettings) -> Case<'k> {
        Case {
            domain: &self.domain,
            today: self.today,
            first_day: self.first_day,
            observations: &self.observations,
            senders: &self.senders,
            tally: Some(&self.tally),
            current: self.current.clone(),
            dns: self.dns.clone(),
            profile: self.profile,
            rua: self.rua.clone(),
            alarms: &self.alarms,
            complaints_s: &self.complaints_s,
            sent_per_day: self.sent_per_day,
            gates,
        }
    }

    /// The decision.
    pub(super) fn advice(&self, context: &Context) -> Advice {
        advise(&self.case(&context.resolved.settings.gates))
    }
}

/// Something of each domain out of all that is known of it, in the order of domains. The store may be missing.
pub(super) fn each<T: Send>(
    context: &Context,
    store: Option<&mut Store>,
    domains: &[String],
    make: impl Fn(Known) -> T + Sync,
) -> anyhow::Result<Vec<T>> {
    let resolver = context.resolver()?;
    let of = |store: Option<&mut Store>, domain: &str| Ok(make(Known::of(context, store, resolver.as_ref(), domain)?));
    match store {
        Some(store) => side_by_side::each(context, store, domains, |store, domain| of(Some(store), domain)),
        None => domains.iter().map(|domain| of(None, domain)).collect(),
    }
}

/// Days before the last one that are looked at.
fn days_back(store: &Store, domain: &str, last: i64) -> anyhow::Result<i64> {
    let filter = Filter { domain: Some(domain.to_owned()), since_day: Some(last - DAYS_MAX), until_day: Some(last) };
    let mut records = 0_u64;
    for group in store.groups(By::Day, &filter)?.iter().rev() {
        let back = last - group.day.unwrap_or(last);
        records = records.saturating_add(group.sums.records);
        if records > RECORDS_MAX && back > DAYS_MIN {
            return Ok(back - 1);
        }
    }
    Ok(DAYS_MAX)
}

/// Where the owner wants reports.
fn addresses(settings: &DomainSettings) -> Vec<dmarc::ReportUri> {
    let uris = settings.dmarc.iter().flat_map(|dmarc| &dmarc.rua);
    let target = |text: &str| text.split_once('!').map_or(text, |(target, _)| target).to_owned();
    uris.map(|uri| dmarc::ReportUri { uri: target(uri.as_str()), size_bytes_max: None }).collect()
}

/// The policy that applies: by DNS, now or when it answered last, else as reporters saw it. Two records at one name count for nothing, and are for
/// `check` to tell; what was in force before is what reporters saw.
fn current(published: Option<&Published>, ttl_s: Option<u32>, observations: &[Observation]) -> Current {
    if let Some(found) = published.and_then(|published| published.dmarc_applies.as_ref())
        && let Some(read) = dmarc::read(&found.text)
    {
        let mut record = read.record;
        record.p = read.standing.eq(&dmarc::Standing::InForce).then_some(record.p).flatten().or(Some(Policy::None));
        return Current::Published { at: found.domain.clone(), text: found.text.clone(), record, ttl_s };
    }
    let is_missing = |published: &Published| published.dmarc.is_missing() && published.organizational_domain.is_some();
    let is_known = published.is_some_and(is_missing);
    let newest = observations.iter().filter(|seen| seen.policy.p.is_some()).max_by_key(|seen| (seen.day, seen.mails));
    match newest {
        _ if is_known => Current::Missing,
        Some(seen) => Current::Seen(seen_record(&seen.policy)),
        None if published.is_some_and(|published| matches!(published.dmarc, Answer::Found(_))) => Current::Missing,
        None => Current::Unknown,
    }
}

fn read<T: Copy>(sent: Option<&Sent<T>>) -> Option<T> {
    sent.and_then(Sent::read)
}

/// A policy as a reporter saw it, with everything that it says nothing about left out.
fn seen_record(policy: &PolicyPublished) -> DmarcRecord {
    let unless = |mode: Option<AlignmentMode>| mode.filter(|mode| *mode != AlignmentMode::Relaxed);
    DmarcRecord {
        p: read(policy.p.as_ref()),
        // Reporters fill in what is not published, so what says nothing new is left out.
        sp: read(policy.sp.as_ref()).filter(|sp| Some(*sp) != read(policy.p.as_ref())),
        np: read(policy.np.as_ref()).filter(|np| Some(*np) != read(policy.p.as_ref())),
        adkim: unless(read(policy.adkim.as_ref())),
        aspf: unless(read(policy.aspf.as_ref())),
        t: read(policy.testing.as_ref()).filter(|t| *t == TestMode::Yes),
        pct: read(policy.pct.as_ref()).filter(|pct| *pct < 100),
        ..DmarcRecord::default()
    }
}

/// The domains that a command is about: the one named, else those of the settings, else those of the reports.
pub(super) fn domains(context: &Context, named: Option<&str>, store: Option<&Store>) -> anyhow::Result<Vec<String>> {
    if let Some(text) = named {
        return Ok(vec![super::command::domain_name(text)?.to_string()]);
    }
    let domains: Vec<String> = context.resolved.settings.domains.iter().map(|domain| domain.name.to_string()).collect();
    if !domains.is_empty() {
        return Ok(domains);
    }
    let Some(store) = store else { return Ok(domains) };
    let groups = store.groups(By::Domain, &Filter::default())?;
    let found = groups.into_iter().filter_map(|group| group.name);
    Ok(found.filter(|name| super::command::domain_name(name).is_ok()).collect())
}

/// The store, if there is one.
pub(super) fn store(context: &Context) -> anyhow::Result<Option<Store>> {
    if context.store_path()?.exists() { Ok(Some(context.read_store()?)) } else { Ok(None) }
}

/// Works out and keeps the alarms of the domains in the settings.
pub(super) fn keep_alarms(context: &Context, store: &mut Store) -> anyhow::Result<()> {
    let resolver = context.resolver()?;
    for domain in &context.resolved.settings.domains {
        Known::of(context, Some(&mut *store), resolver.as_ref(), domain.name.as_str())?;
    }
    Ok(())
}

/// The exit code for a decision.
pub(super) fn exit(advice: &Advice) -> Exit {
    match advice.decision {
        Decision::Rollback => Exit::Critical,
        Decision::Investigate if advice.is_blind => Exit::Critical,
        Decision::Investigate => Exit::Unknown,
        Decision::Fix => Exit::Warning,
        // A sender that nobody knows, at the target, is to be named.
        Decision::Done if !advice.questions.is_empty() => Exit::Warning,
        Decision::Hold if !advice.blockers.is_empty() => Exit::Warning,
        Decision::Hold | Decision::Advance | Decision::Done => Exit::Done,
    }
}

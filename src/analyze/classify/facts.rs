//! What one kind of record says: worked out once for all observations that share their parts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::super::alignment::{self, Alignment, Organizations, is_pass};
use super::super::observation::Observation;
use super::few::FewMap;
use crate::model::{AlignmentMode, AuthResult, OverrideType, PolicyEvaluated, Sent, SpfScope, Text};

/// A name as a number; names are equal when their numbers are.
pub(super) type Name = u32;

/// Names as numbers, so that counting by name costs little.
#[derive(Debug, Default)]
pub(super) struct Names {
    numbers: HashMap<Text, Name, RandomState>,
    list: Vec<Text>,
}

impl Names {
    /// All names of observations, numbered in their order: ties are then broken by name, whatever the order of records.
    pub(super) fn of(observations: &[Observation]) -> Self {
        let (mut seen, mut found) = (HashSet::<usize, RandomState>::default(), BTreeSet::from([""]));
        let mut is_new = |part: usize| seen.insert(part);
        for observation in observations {
            if !is_new(Arc::as_ptr(&observation.shape).addr()) {
                continue;
            }
            let shape = &observation.shape;
            if is_new(shape.reporter.as_ptr().addr()) {
                found.insert(&shape.reporter);
            }
            if is_new(Arc::as_ptr(&shape.identifiers).addr()) {
                let names = &shape.identifiers;
                found.extend([names.header_from.as_deref(), names.envelope_from.as_deref()].into_iter().flatten());
            }
            if is_new(Arc::as_ptr(&shape.auth_results).addr()) {
                let results = &shape.auth_results;
                let dkim = results.dkim.iter().flat_map(|dkim| [dkim.domain.as_deref(), dkim.selector.as_deref()]);
                found.extend(dkim.chain(results.spf.iter().map(|spf| spf.domain.as_deref())).flatten());
            }
        }
        let mut names = Self::default();
        for name in found {
            names.number(name);
        }
        names
    }

    /// The number of a name.
    pub(super) fn number(&mut self, name: &str) -> Name {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = Name::try_from(self.list.len()).unwrap_or(Name::MAX);
        let name = Text::from(name);
        self.numbers.insert(Text::clone(&name), number);
        self.list.push(name);
        number
    }

    /// The number of a name that was met before.
    pub(super) fn find(&self, name: &str) -> Option<Name> {
        self.numbers.get(name).copied()
    }

    /// The name of a number.
    pub(super) fn name(&self, number: Name) -> &str {
        usize::try_from(number).ok().and_then(|place| self.list.get(place)).map_or("", |name| name)
    }
}

/// Mails by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts(pub(super) FewMap<Name, u64>);

impl Counts {
    pub(super) fn add(&mut self, name: Name, mails: u64) {
        let sum = self.0.value_or(name, 0);
        *sum = sum.saturating_add(mails);
    }

    pub(super) fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, mails| sum.saturating_add(*mails))
    }

    /// The name with most mails, and how many; the lower number of equal ones.
    pub(super) fn most(&self) -> Option<(Name, u64)> {
        self.0
            .iter()
            .map(|(name, mails)| (*name, *mails))
            .max_by_key(|(name, mails)| (*mails, std::cmp::Reverse(*name)))
    }
}

/// What SPF said about the envelope sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spf {
    Pass,
    /// `fail` or `softfail`: the owner of the name does not let this address in.
    Refused,
    /// `neutral`: the owner of the name does not say.
    Neutral,
    /// Anything else, or nothing.
    Open,
}

/// What the reporter believes about mail that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// `mailing_list`.
    List,
    /// `forwarded`, `trusted_forwarder`, or `local_policy` with a comment that says so.
    Forwarded,
}

/// What one kind of record says.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Facts {
    /// By the reporter's word: DKIM and SPF aligned.
    pub(super) dkim: bool,
    pub(super) spf: bool,
    /// The reporter says of DKIM or SPF whether it aligns.
    pub(super) is_judged: bool,
    /// By our own reckoning.
    pub(super) alignment: Alignment,
    /// The modes that the reporter saw, DKIM first.
    pub(super) modes: (AlignmentMode, AlignmentMode),
    /// Selectors of the domain's signatures that passed; empty names where none was sent.
    pub(super) own_pass: Vec<Name>,
    /// Selectors of the domain's signatures that did not pass.
    pub(super) own_broken: Vec<Name>,
    /// Domains of other signatures that passed.
    pub(super) foreign_pass: Vec<Name>,
    /// Domains of other signatures that did not pass.
    pub(super) foreign_broken: Vec<Name>,
    /// Domain of the envelope sender.
    pub(super) envelope: Option<Name>,
    /// The envelope sender's domain is the author's organisation.
    pub(super) is_envelope_ours: bool,
    /// What SPF said.
    pub(super) spf_result: Spf,
    /// What the reporter believes of mail that failed.
    pub(super) claim: Option<Claim>,
    /// Author domain.
    pub(super) header_from: Name,
}

impl Facts {
    pub(super) const fn passes(&self) -> bool {
        self.dkim || self.spf
    }

    /// Passes by the reporter's word, and where it gave none, by what it measured.
    pub(super) fn passes_as_measured(&self) -> bool {
        if self.is_judged { self.passes() } else { self.alignment.passes(self.modes.0, self.modes.1) }
    }

    /// DKIM aligns relaxed, by what was measured; by the reporter's word unless all that it measured is somebody else's:
    /// some reporters write what the check of a signature gave in the place of what aligns.
    pub(super) const fn dkim_is_ours(&self) -> bool {
        let is_others = self.own_pass.is_empty() && self.own_broken.is_empty() && !self.foreign_pass.is_empty();
        self.alignment.dkim.is_some() || self.dkim && !is_others
    }

    /// SPF aligns relaxed, likewise.
    pub(super) const fn spf_is_ours(&self) -> bool {
        let is_others = self.envelope.is_some() && !self.is_envelope_ours;
        self.alignment.spf.is_some() || self.spf && !is_others
    }

    /// There is no signature of anybody.
    pub(super) const fn is_unsigned(&self) -> bool {
        self.own_pass.is_empty()
            && self.own_broken.is_empty()
            && self.foreign_pass.is_empty()
            && self.foreign_broken.is_empty()
    }

    pub(super) fn of(observation: &Observation, organizations: Organizations<'_>, names: &mut Names) -> Self {
        let (identifiers, results) = (&*observation.identifiers, &*observation.auth_results);
        let author = identifiers.header_from.as_deref().unwrap_or_default();
        let is_ours = |domain: &str| alignment::authors(author).any(|author| organizations.are_one(domain, author));
        let (mut own_pass, mut own_broken) = (Vec::new(), Vec::new());
        let (mut foreign_pass, mut foreign_broken) = (Vec::new(), Vec::new());
        for signature in &results.dkim {
            let Some(domain) = signature.domain.as_deref().filter(|domain| !domain.is_empty()) else { continue };
            let result = signature.result.as_ref();
            if result == Some(&Sent::Read(AuthResult::None)) {
                continue;
            }
            let selector = names.number(signature.selector.as_deref().unwrap_or_default());
            match (is_ours(domain), is_pass(result)) {
                (true, true) => own_pass.push(selector),
                (true, false) => own_broken.push(selector),
                (false, true) => foreign_pass.push(names.number(domain)),
                (false, false) => foreign_broken.push(names.number(domain)),
            }
        }
        let is_helo = |scope: Option<&Sent<SpfScope>>| scope == Some(&Sent::Read(SpfScope::Helo));
        let spf = results.spf.iter().find(|spf| !is_helo(spf.scope.as_ref()));
        let envelope = spf.and_then(|spf| spf.domain.as_deref()).or(identifiers.envelope_from.as_deref());
        let spf_result = match spf.and_then(|spf| spf.result.as_ref()).and_then(Sent::read) {
            Some(AuthResult::Pass) => Spf::Pass,
            Some(AuthResult::Fail | AuthResult::SoftFail) => Spf::Refused,
            Some(AuthResult::Neutral) => Spf::Neutral,
            _ => Spf::Open,
        };
        let (dkim, spf_aligned) = (observation.evaluated.dkim_aligned(), observation.evaluated.spf_aligned());
        Self {
            dkim,
            spf: spf_aligned,
            is_judged: observation.evaluated.dkim.is_some() || observation.evaluated.spf.is_some(),
            alignment: Alignment::of(identifiers, results, organizations),
            modes: alignment::modes(&observation.policy),
            own_pass,
            own_broken,
            foreign_pass,
            foreign_broken,
            is_envelope_ours: envelope.is_some_and(is_ours),
            envelope: envelope.filter(|name| !name.is_empty()).map(|name| names.number(name)),
            spf_result,
            claim: claim(&observation.evaluated).filter(|_| !(dkim || spf_aligned)),
            header_from: names.number(author),
        }
    }
}

/// What a reporter believes. A reason that only says that ARC failed is none, nor is one without a word about forwarding.
fn claim(evaluated: &PolicyEvaluated) -> Option<Claim> {
    evaluated.reasons.iter().find_map(|reason| {
        let comment = reason.comment.as_deref().unwrap_or_default().to_lowercase();
        match reason.kind.as_ref().and_then(Sent::read)? {
            OverrideType::MailingList => Some(Claim::List),
            OverrideType::Forwarded | OverrideType::TrustedForwarder => Some(Claim::Forwarded),
            OverrideType::LocalPolicy if comment.contains("arc=pass") || comment.contains("forward") => {
                Some(Claim::Forwarded)
            }
            _ => None,
        }
    })
}

/// Facts of observations, each kind once.
#[derive(Debug, Default)]
pub(super) struct FactList {
    /// By shape and period.
    of_shapes: HashMap<(usize, usize), u32, RandomState>,
    /// By those parts of a shape that count, and period.
    places: HashMap<[usize; 5], u32, RandomState>,
    list: Vec<Facts>,
}

impl FactList {
    /// The place of an observation's facts. `period` tells snapshots of DNS apart.
    pub(super) fn place(
        &mut self,
        observation: &Observation,
        period: usize,
        organizations: Organizations<'_>,
        names: &mut Names,
    ) -> u32 {
        // The parts are held by the observations for as long as this list is, so an address stands for its value.
        let of_shape = (Arc::as_ptr(&observation.shape).addr(), period);
        if let Some(place) = self.of_shapes.get(&of_shape) {
            return *place;
        }
        // Reporters see the same, and it is worked out once for all of them.
        let key = [
            Arc::as_ptr(&observation.evaluated).addr(),
            Arc::as_ptr(&observation.identifiers).addr(),
            Arc::as_ptr(&observation.auth_results).addr(),
            Arc::as_ptr(&observation.policy).addr(),
            period,
        ];
        let list = &mut self.list;
        let place = *self.places.entry(key).or_insert_with(|| {
            list.push(Facts::of(observation, organizations, names));
            u32::try_from(list.len() - 1).unwrap_or(u32::MAX)
        });
        self.of_shapes.insert(of_shape, place);
        place
    }

    pub(super) fn get(&self, place: u32) -> Option<&Facts> {
        self.list.get(usize::try_from(place).ok()?)
    }
}

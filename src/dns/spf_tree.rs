//! Everything that an SPF record leads to, and what it costs.

mod flat;

#[cfg(test)]
mod tests;

use ipnet::IpNet;

use super::answer::{Answer, Failure};
use super::spf::{Kind, Modifier, Term};

/// What came of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpfOutcome {
    /// There is what it names.
    Fine,
    /// It names addresses, and there are none.
    Nothing,
    /// The target of `include` or `redirect` has no SPF record: receivers end here as permerror (RFC 7208 5.2, 6.1).
    NoRecord,
    /// The target of `include` or `redirect` has so many SPF records: permerror (RFC 7208 4.5).
    SeveralRecords(usize),
    /// The record of the target has a wrong term: permerror (RFC 7208 4.6).
    InvalidRecord,
    /// It leads back to a record that is being evaluated: permerror once the look-ups are used up.
    Loop,
    /// `mx` leads to so many hosts, and more than ten end as permerror (RFC 7208 4.6.4).
    TooManyHosts(usize),
    /// It depends on the mail (macros, `ptr`), so nobody was asked.
    Dynamic,
    /// So many look-ups came before it that nobody was asked.
    NotAsked,
    /// DNS did not answer.
    Failed(Failure),
}

impl SpfOutcome {
    /// Whether receivers that get here end as permerror.
    #[must_use]
    pub const fn is_permanent_error(self) -> bool {
        matches!(
            self,
            Self::NoRecord | Self::SeveralRecords(_) | Self::InvalidRecord | Self::Loop | Self::TooManyHosts(_)
        )
    }
}

/// One term in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfStep {
    /// The term, and where in the record it stands.
    pub term: Term,
    /// The name that is asked for, where it asks and the record alone says it.
    pub target: Option<String>,
    /// Which look-up of the whole evaluation this is when nothing matches before, from 1 on; `None` for terms that ask
    /// nothing. What is over [`LOOKUPS_MAX`](super::spf::LOOKUPS_MAX) is never looked at.
    pub lookup: Option<usize>,
    /// Whether it is a void look-up: the name does not exist, or has no record of the type (RFC 7208 4.6.4).
    pub is_void: bool,
    /// What came of it.
    pub outcome: SpfOutcome,
    /// The networks that it names itself: of `ip4`, `ip6`, `a` and `mx`.
    pub networks: Vec<IpNet>,
    /// The record that it leads to: of `include` and `redirect`.
    pub below: Option<SpfNode>,
}

impl SpfStep {
    /// Look-ups of this term and everything below it.
    #[must_use]
    pub fn lookups(&self) -> usize {
        usize::from(self.lookup.is_some()) + self.below.as_ref().map_or(0, SpfNode::lookups)
    }

    /// Void look-ups of this term and everything below it.
    #[must_use]
    pub fn void_lookups(&self) -> usize {
        usize::from(self.is_void) + self.below.as_ref().map_or(0, SpfNode::void_lookups)
    }

    /// Whether it is a redirect.
    #[must_use]
    pub const fn is_redirect(&self) -> bool {
        matches!(self.term.kind, Kind::Modifier(Modifier::Redirect(_)))
    }
}

/// One domain's record, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpfNode {
    /// The domain.
    pub domain: String,
    /// Its SPF records; other TXT records are left out, so `NoData` also stands for "only others".
    pub answer: Answer<String>,
    /// Names that aliases led through.
    pub aliases: Vec<String>,
    /// No term is wrong. Only with exactly one record.
    pub is_valid: bool,
    /// Terms in the order in which receivers look at them: without what stands behind `all` and `redirect` beside it,
    /// and with `redirect` last. Empty unless there is one valid record.
    pub steps: Vec<SpfStep>,
    /// Terms that receivers never look at, as written.
    pub unused: Vec<String>,
}

impl SpfNode {
    /// The record, where there is exactly one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.answer.records() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Look-ups of all its terms, when nothing matches before the last.
    #[must_use]
    pub fn lookups(&self) -> usize {
        self.steps.iter().map(SpfStep::lookups).sum()
    }

    /// Void look-ups of all its terms.
    #[must_use]
    pub fn void_lookups(&self) -> usize {
        self.steps.iter().map(SpfStep::void_lookups).sum()
    }

    /// All steps, each with the terms that lead to it and itself, in the order of evaluation.
    #[must_use]
    pub fn walk(&self) -> Vec<(Vec<String>, &SpfStep)> {
        let mut all = Vec::new();
        for step in &self.steps {
            let own = step.term.to_string();
            all.push((vec![own.clone()], step));
            for (path, below) in step.below.iter().flat_map(Self::walk) {
                all.push((std::iter::once(own.clone()).chain(path).collect(), below));
            }
        }
        all
    }

    /// Records of other domains on the way: domain and text, in the order of evaluation.
    #[must_use]
    pub fn included(&self) -> Vec<(&str, &str)> {
        let nodes = self.walk().into_iter().filter_map(|(_, step)| step.below.as_ref());
        nodes.filter_map(|node| Some((node.domain.as_str(), node.text()?))).collect()
    }

    /// Whether DNS left a question without an answer.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let is_failed = |step: &SpfStep| matches!(step.outcome, SpfOutcome::Failed(_));
        self.answer.is_unknown() || self.walk().iter().any(|(_, step)| is_failed(step))
    }
}

/// What a domain's SPF record comes to.
pub type SpfTree = SpfNode;

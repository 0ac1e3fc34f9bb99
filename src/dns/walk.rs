//! The tree walk of RFC 9989 4.10: which record applies to a domain, and which domain is its organisation.

use super::answer::Answer;
use super::dmarc::{self, Psd};
use super::published::DmarcFound;

/// Most names that one walk asks for (RFC 9989 4.10).
pub const QUERIES_MAX: usize = 8;

/// The names whose `_dmarc.` a walk asks for, the domain itself first. It ends early where a record says `psd=y` or
/// `psd=n`.
#[must_use]
pub fn names(domain: &str) -> Vec<&str> {
    let mut names = vec![domain];
    let labels = domain.split('.').count();
    let mut rest = domain;
    // Of long names the middle is left out: after the name itself, its last seven labels.
    for _ in 0..labels.saturating_sub(QUERIES_MAX) {
        rest = rest.split_once('.').map_or(rest, |(_, rest)| rest);
    }
    while let Some((_, above)) = rest.split_once('.') {
        names.push(above);
        rest = above;
    }
    names
}

/// What one name answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkStep {
    /// The domain whose `_dmarc.` was asked for.
    pub domain: String,
    /// Its DMARC records; other TXT records are left out.
    pub answer: Answer<String>,
    /// Names that aliases led through.
    pub aliases: Vec<String>,
}

impl WalkStep {
    /// The record, where there is exactly one: several at a name count for nothing (RFC 9989 4.10).
    fn record(&self) -> Option<&str> {
        match self.answer.records() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What the record says about its name being a public suffix.
    #[must_use]
    pub fn psd(&self) -> Option<Psd> {
        dmarc::read(self.record()?).and_then(|read| read.record.psd)
    }

    /// Whether the walk ends here.
    #[must_use]
    pub fn is_last(&self) -> bool {
        matches!(self.psd(), Some(Psd::Yes | Psd::No))
    }

    fn labels(&self) -> usize {
        self.domain.split('.').count()
    }
}

/// A whole walk, from the domain upwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// What was asked, in order; at least the domain itself.
    pub steps: Vec<WalkStep>,
}

impl Walk {
    fn start(&self) -> Option<&WalkStep> {
        self.steps.first()
    }

    /// Whether every name answered.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.steps.iter().all(|step| !step.answer.is_unknown())
    }

    /// The organisational domain (RFC 9989 4.10.2); `None` when a name did not answer.
    #[must_use]
    pub fn organizational_domain(&self) -> Option<&str> {
        let start = self.start().filter(|_| self.is_complete())?;
        for step in &self.steps {
            match step.psd() {
                Some(Psd::No) => return Some(&step.domain),
                Some(Psd::Yes) if step.domain != start.domain => {
                    return Some(last_labels(&start.domain, step.labels() + 1));
                }
                _ => {}
            }
        }
        let highest = self.steps.iter().filter(|step| step.record().is_some()).min_by_key(|step| step.labels());
        Some(highest.map_or(&start.domain, |step| &step.domain))
    }

    /// The record that applies (RFC 9989 4.10.1): the domain's own, else the one of its organisation, else the one of
    /// the public suffix above it. `None` when there is none, or when it is not known.
    #[must_use]
    pub fn applies(&self) -> Option<DmarcFound> {
        let found = |step: &WalkStep| {
            step.record().map(|text| DmarcFound { domain: step.domain.clone(), text: text.to_owned() })
        };
        let start = self.start()?;
        if start.answer.is_unknown() {
            return None;
        }
        if let Some(own) = found(start) {
            return Some(own);
        }
        let organization = self.organizational_domain()?;
        let of_organization = self.steps.iter().find(|step| step.domain == organization).and_then(found);
        let of_suffix = || self.steps.iter().find(|step| step.psd() == Some(Psd::Yes)).and_then(found);
        of_organization.or_else(of_suffix)
    }
}

/// The last labels of a name.
fn last_labels(name: &str, count: usize) -> &str {
    let cut = name.rmatch_indices('.').nth(count.saturating_sub(1)).map(|(dot, _)| dot + 1);
    cut.and_then(|start| name.get(start..)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Failure;

    /// A walk over records, as a resolver would make it.
    fn walk(domain: &str, records: &[(&str, &str)]) -> Walk {
        let mut steps = Vec::new();
        for name in names(domain) {
            let texts: Vec<String> =
                records.iter().filter(|(at, _)| *at == name).map(|(_, text)| (*text).to_owned()).collect();
            let answer = match texts.first().map(String::as_str) {
                None => Answer::NxDomain,
                Some("?") => Answer::Failed(Failure::TimedOut),
                Some(_) => Answer::Found(texts),
            };
            let step = WalkStep { domain: name.to_owned(), answer, aliases: Vec::new() };
            let is_last = step.is_last();
            steps.push(step);
            if is_last {
                break;
            }
        }
        Walk { steps }
    }

    #[track_caller]
    fn assert_walk(domain: &str, records: &[(&str, &str)], organization: Option<&str>, applies: Option<&str>) {
        let walk = walk(domain, records);
        assert_eq!(walk.organizational_domain(), organization, "organisation of {domain}");
        assert_eq!(walk.applies().map(|found| found.domain), applies.map(str::to_owned), "record for {domain}");
    }

    #[test]
    fn long_names_take_eight_questions() {
        assert_eq!(
            names("a.b.c.d.e.f.g.h.i.j.mail.example.com"),
            [
                "a.b.c.d.e.f.g.h.i.j.mail.example.com",
                "g.h.i.j.mail.example.com",
                "h.i.j.mail.example.com",
                "i.j.mail.example.com",
                "j.mail.example.com",
                "mail.example.com",
                "example.com",
                "com"
            ]
        );
        assert_eq!(names("mail.a.b.c.d.e.f.g.example.com")[1], "c.d.e.f.g.example.com");
        let eight = names("a.b.c.d.e.f.g.com");
        assert_eq!((eight.len(), eight[1]), (8, "b.c.d.e.f.g.com"));
        let nine = names("a.b.c.d.e.f.g.h.com");
        assert_eq!((nine.len(), nine[1]), (8, "c.d.e.f.g.h.com"));
        assert_eq!(names("com"), ["com"]);
    }

    #[test]
    fn the_record_with_the_fewest_labels_is_the_organisation() {
        let p = "v=DMARC1; p=none";
        assert_walk("example.com", &[], Some("example.com"), None);
        assert_walk("a.example.com", &[], Some("a.example.com"), None);
        assert_walk("example.com", &[("example.com", p)], Some("example.com"), Some("example.com"));
        let both = [("mail.example.com", p), ("example.com", p)];
        assert_walk("a.mail.example.com", &both, Some("example.com"), Some("example.com"));
        assert_walk("mail.example.com", &both, Some("example.com"), Some("mail.example.com"));
        // A top level that publishes a record without psd=y is the organisation of all below it (RFC 9989 11.8).
        assert_walk("a.example.com", &[("com", p)], Some("com"), Some("com"));
    }

    #[test]
    fn psd_says_where_an_organisation_ends() {
        let (p, y, n) = ("v=DMARC1; p=none", "v=DMARC1; p=reject; psd=y", "v=DMARC1; p=none; psd=n");
        let suffix = [("bank.example", y)];
        assert_walk("mail.giant.bank.example", &suffix, Some("giant.bank.example"), Some("bank.example"));
        assert_walk("giant.bank.example", &suffix, Some("giant.bank.example"), Some("bank.example"));
        assert_walk("bank.example", &suffix, Some("bank.example"), Some("bank.example"));
        let with_own = [("bank.example", y), ("giant.bank.example", p)];
        assert_walk("mail.giant.bank.example", &with_own, Some("giant.bank.example"), Some("giant.bank.example"));
        let closed = [("sub.example.com", n), ("example.com", p)];
        assert_walk("a.sub.example.com", &closed, Some("sub.example.com"), Some("sub.example.com"));
        assert_walk("b.example.com", &closed, Some("example.com"), Some("example.com"));
        // Behind the eighth question a record is not seen.
        let deep = [("b.c.d.e.f.g.example.com", n), ("example.com", p)];
        assert_walk("mail.a.b.c.d.e.f.g.example.com", &deep, Some("example.com"), Some("example.com"));
    }

    #[test]
    fn several_records_at_a_name_count_for_nothing() {
        let p = "v=DMARC1; p=none";
        let records = [("a.example.com", p), ("a.example.com", p), ("example.com", p)];
        assert_walk("a.example.com", &records, Some("example.com"), Some("example.com"));
    }

    #[test]
    fn what_did_not_answer_is_not_known() {
        let p = "v=DMARC1; p=none";
        assert_walk("a.example.com", &[("example.com", "?"), ("com", p)], None, None);
        assert_walk("a.example.com", &[("a.example.com", p), ("example.com", "?")], None, Some("a.example.com"));
        assert_walk("a.example.com", &[("a.example.com", "?"), ("example.com", p)], None, None);
    }
}

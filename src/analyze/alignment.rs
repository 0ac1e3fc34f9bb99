//! Alignment, made again from what reporters measured (RFC 9989 4.4): which names fit the author domain.

use crate::dns::{Published, public_suffix};
use crate::model::{AlignmentMode, AuthResult, AuthResults, Identifiers, PolicyPublished, Sent, SpfScope};

/// The organisational domain of a name by the public suffix list; a name that is none (a suffix, an address) is its own.
#[must_use]
pub fn organizational_domain(name: &str) -> &str {
    public_suffix::organizational_domain(name).unwrap_or(name)
}

/// Whether a name is a domain or stands below it.
#[must_use]
pub fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// How organisational domains are found on one day: by what DNS published then, else by the public suffix list.
#[derive(Clone, Copy, Debug, Default)]
pub struct Organizations<'a> {
    published: Option<&'a Published>,
}

impl<'a> Organizations<'a> {
    /// By a snapshot of the policy domain; by the public suffix list where there is none.
    #[must_use]
    pub const fn new(published: Option<&'a Published>) -> Self {
        Self { published }
    }

    /// The organisational domain of a name. A snapshot speaks for the names at and below the domain that it found.
    #[must_use]
    pub fn of<'n>(&self, name: &'n str) -> &'n str {
        let found = self.published.and_then(|published| published.organizational_domain.as_deref());
        match found.filter(|found| is_within(name, found)) {
            Some(found) => name.get(name.len() - found.len()..).unwrap_or(name),
            None => organizational_domain(name),
        }
    }

    /// Whether two names align relaxed: same organisational domain.
    #[must_use]
    pub fn are_one(&self, one: &str, other: &str) -> bool {
        one == other || self.of(one) == self.of(other)
    }
}

/// What aligns in a record: for each mechanism the strictest mode in which it does. What aligns strictly also aligns
/// relaxed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// By a passing signature.
    pub dkim: Option<AlignmentMode>,
    /// By SPF, which passed for the envelope sender.
    pub spf: Option<AlignmentMode>,
}

impl Alignment {
    /// Makes the verdict of a record again. The name in HELO never aligns by itself.
    #[must_use]
    pub fn of(names: &Identifiers, results: &AuthResults, organizations: Organizations<'_>) -> Self {
        let Some(author) = names.header_from.as_deref() else { return Self::default() };
        let aligns_with = |domain: &str, author: &str| {
            let relaxed = || organizations.are_one(domain, author).then_some(AlignmentMode::Relaxed);
            if domain == author { Some(AlignmentMode::Strict) } else { relaxed() }
        };
        let aligns = |domain: &str| authors(author).filter_map(|author| aligns_with(domain, author)).max();
        let mut alignment = Self::default();
        for signature in results.dkim.iter().filter(|signature| is_pass(signature.result.as_ref())) {
            // `Strict` is the greater of the two.
            alignment.dkim = alignment.dkim.max(signature.domain.as_deref().and_then(aligns));
        }
        let counts = |scope: Option<&Sent<SpfScope>>| scope != Some(&Sent::Read(SpfScope::Helo));
        for spf in results.spf.iter().filter(|spf| is_pass(spf.result.as_ref()) && counts(spf.scope.as_ref())) {
            alignment.spf = alignment.spf.max(spf.domain.as_deref().and_then(aligns));
        }
        alignment
    }

    /// Whether DKIM aligns in a mode.
    #[must_use]
    pub fn dkim(self, mode: AlignmentMode) -> bool {
        self.dkim.is_some_and(|aligned| aligned >= mode)
    }

    /// Whether SPF aligns in a mode.
    #[must_use]
    pub fn spf(self, mode: AlignmentMode) -> bool {
        self.spf.is_some_and(|aligned| aligned >= mode)
    }

    /// Whether DMARC would pass in these modes.
    #[must_use]
    pub fn passes(self, adkim: AlignmentMode, aspf: AlignmentMode) -> bool {
        self.dkim(adkim) || self.spf(aspf)
    }
}

/// The modes of a policy as a reporter saw it, DKIM first: relaxed where nothing, or something odd, was sent.
#[must_use]
pub fn modes(policy: &PolicyPublished) -> (AlignmentMode, AlignmentMode) {
    let mode = |sent: Option<&Sent<AlignmentMode>>| sent.and_then(Sent::read).unwrap_or(AlignmentMode::Relaxed);
    (mode(policy.adkim.as_ref()), mode(policy.aspf.as_ref()))
}

/// The author domains of a record: more than one where mail had several authors and its reporter wrote them all down.
pub(super) fn authors(header_from: &str) -> impl Iterator<Item = &str> {
    header_from.split(',').map(str::trim).filter(|author| !author.is_empty())
}

/// A result that says "pass", and nothing else.
pub(super) fn is_pass(result: Option<&Sent<AuthResult>>) -> bool {
    result == Some(&Sent::Read(AuthResult::Pass))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dns::{Answer, Failure};
    use crate::model::{DkimResult, SpfResult};

    fn names(header_from: &str) -> Identifiers {
        Identifiers { header_from: Some(header_from.into()), ..Identifiers::default() }
    }

    fn signed(domain: &str, result: AuthResult) -> AuthResults {
        let dkim =
            DkimResult { domain: Some(domain.into()), result: Some(Sent::Read(result)), ..DkimResult::default() };
        AuthResults { dkim: vec![dkim], spf: Vec::new() }
    }

    fn sent_by(domain: &str, scope: Option<SpfScope>) -> AuthResults {
        let spf = SpfResult {
            domain: Some(domain.into()),
            scope: scope.map(Sent::Read),
            result: Some(Sent::Read(AuthResult::Pass)),
            human_result: None,
        };
        AuthResults { dkim: Vec::new(), spf: vec![spf] }
    }

    fn published(organizational_domain: &str) -> Published {
        let unknown = || Answer::Failed(Failure::Offline);
        Published {
            domain: "news.example.co.jp".into(),
            seen_s: 0,
            dmarc: unknown(),
            dmarc_applies: None,
            organizational_domain: Some(organizational_domain.into()),
            spf: unknown(),
            spf_cover: None,
            dkim: Vec::new(),
            mx: unknown(),
        }
    }

    #[test]
    fn organisational_domains_follow_the_public_suffix_list() {
        for (name, domain) in [
            ("a.b.example.co.jp", "example.co.jp"),
            ("example.com", "example.com"),
            ("co.jp", "co.jp"),
            ("x.acme.example", "acme.example"),
            ("", ""),
        ] {
            assert_eq!(organizational_domain(name), domain);
        }
    }

    #[test]
    fn a_passing_signature_of_the_organisation_aligns_relaxed_and_one_of_the_name_strictly() {
        let of = |results: &AuthResults| Alignment::of(&names("news.example.co.jp"), results, Organizations::default());
        let same = of(&signed("news.example.co.jp", AuthResult::Pass));
        assert_eq!(same, Alignment { dkim: Some(AlignmentMode::Strict), spf: None });
        let above = of(&signed("example.co.jp", AuthResult::Pass));
        assert_eq!(above.dkim, Some(AlignmentMode::Relaxed));
        assert_eq!(of(&signed("example.co.jp", AuthResult::Fail)), Alignment::default());
        assert_eq!(of(&signed("other.co.jp", AuthResult::Pass)), Alignment::default());
    }

    #[test]
    fn of_several_authors_one_that_aligns_is_enough() {
        let names = names("pages.example.com, example.com");
        let passes = |domain: &str| {
            let alignment = Alignment::of(&names, &signed(domain, AuthResult::Pass), Organizations::default());
            alignment.dkim
        };
        assert_eq!(passes("example.com"), Some(AlignmentMode::Strict));
        assert_eq!(passes("news.example.com"), Some(AlignmentMode::Relaxed));
        assert_eq!(passes("other.example.net"), None);
    }

    #[test]
    fn the_envelope_sender_aligns_and_the_name_in_helo_does_not() {
        let of = |results: &AuthResults| Alignment::of(&names("example.com"), results, Organizations::default());
        assert_eq!(of(&sent_by("bounce.example.com", None)).spf, Some(AlignmentMode::Relaxed));
        assert_eq!(of(&sent_by("example.com", Some(SpfScope::Mfrom))).spf, Some(AlignmentMode::Strict));
        assert_eq!(of(&sent_by("example.com", Some(SpfScope::Helo))), Alignment::default());
    }

    #[test]
    fn what_dns_published_on_the_day_goes_before_the_public_suffix_list() {
        let snapshot = published("news.example.co.jp");
        let day = Organizations::new(Some(&snapshot));
        let results = signed("example.co.jp", AuthResult::Pass);
        assert_eq!(Alignment::of(&names("a.news.example.co.jp"), &results, day).dkim, None);
        assert!(day.are_one("a.news.example.co.jp", "b.news.example.co.jp"));
        assert!(day.are_one("x.other.com", "other.com"), "other names still go by the list");
    }

    proptest! {
        #[test]
        fn strict_is_never_more_than_relaxed(author in "[ab]\\.(x|y)\\.(com|co\\.jp)", other in "([ab]\\.)?(x|y)\\.(com|co\\.jp)") {
            for results in [signed(&other, AuthResult::Pass), sent_by(&other, None)] {
                let alignment = Alignment::of(&names(&author), &results, Organizations::default());
                for (strict, relaxed) in [
                    (alignment.dkim(AlignmentMode::Strict), alignment.dkim(AlignmentMode::Relaxed)),
                    (alignment.spf(AlignmentMode::Strict), alignment.spf(AlignmentMode::Relaxed)),
                ] {
                    prop_assert!(relaxed >= strict);
                    prop_assert!(!strict || author == other);
                }
            }
        }
    }
}

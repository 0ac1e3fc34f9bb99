//! Names of domains as people read them.

use super::escape;

/// An international name in its own letters with the form of DNS behind it, `例え.jp (xn--r8jz45g.jp)`; other names as
/// they are. Safe for a terminal.
#[must_use]
pub fn shown(domain: &str) -> String {
    let plain = escape::terminal(domain);
    match unicode(domain) {
        Some(own) => format!("{} ({plain})", escape::terminal(&own)),
        None => plain.into_owned(),
    }
}

/// The name in its own letters; `None` when it has no others, or is not the name that these letters stand for.
#[must_use]
pub fn unicode(domain: &str) -> Option<String> {
    let (own, read) = idna::domain_to_unicode(domain);
    let is_same = read.is_ok() && idna::domain_to_ascii(&own).is_ok_and(|back| back == domain);
    (is_same && own != domain).then_some(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn international_names_are_shown_in_both_forms() {
        assert_eq!(shown("xn--r8jz45g.jp"), "例え.jp (xn--r8jz45g.jp)");
        assert_eq!(shown("mail.example.com"), "mail.example.com");
        assert_eq!(shown("_dmarc.example.com"), "_dmarc.example.com");
    }

    #[test]
    fn what_stands_for_nothing_is_shown_as_it_is() {
        assert_eq!(shown("xn--a.example"), "xn--a.example");
        assert_eq!(shown("xn--example-\u{1b}.test"), "xn--example-\\u{1b}.test");
    }
}

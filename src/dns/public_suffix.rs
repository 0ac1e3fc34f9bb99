//! The organisational domain by the list of public suffixes, as receivers before RFC 9989 find it (RFC 7489 3.2).

/// The public suffix of a name and one more label; `None` when the name is itself a suffix. The list is compiled in.
#[must_use]
pub fn organizational_domain(domain: &str) -> Option<&str> {
    psl::domain_str(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_more_than_the_public_suffix() {
        assert_eq!(organizational_domain("example.com"), Some("example.com"));
        assert_eq!(organizational_domain("a.b.example.co.jp"), Some("example.co.jp"));
        assert_eq!(organizational_domain("co.jp"), None);
        assert_eq!(organizational_domain("a.example.kawasaki.jp"), Some("a.example.kawasaki.jp"), "*.kawasaki.jp");
        assert_eq!(organizational_domain("a.city.kawasaki.jp"), Some("city.kawasaki.jp"), "!city.kawasaki.jp");
        assert_eq!(organizational_domain("mail.example.test"), Some("example.test"), "a top level of no list");
        assert_eq!(organizational_domain("a.xn--r8jz45g.jp"), Some("xn--r8jz45g.jp"));
    }
}

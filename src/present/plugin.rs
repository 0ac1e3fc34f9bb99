//! The first line that Nagios and its kin read: a state, a short text, and numbers behind a bar.

use super::escape;

/// Names in the line; the rest is counted.
const NAMES_MAX: usize = 5;
/// Numbers behind the bar: every one is a series in somebody's database.
const NUMBERS_MAX: usize = 100;

/// A number behind the bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A share in per cent.
    Percent(f64),
    /// How many.
    Count(usize),
}

/// `DMARC WARNING: 1 of 3 domains: example.com fix | 'example.com'=99.82%;;;0;100`, and a line feed.
#[must_use]
pub fn line(level: &str, domains: usize, bad: &[String], numbers: &[(String, Value)]) -> String {
    let names: Vec<String> = bad.iter().take(NAMES_MAX).map(|name| safe(name)).collect();
    let more = if bad.len() > NAMES_MAX { format!(" and {} more", bad.len() - NAMES_MAX) } else { String::new() };
    let text = match (domains, bad.len()) {
        (0, _) => "no domains".to_owned(),
        (domains, 0) => format!("{domains} domain{} checked", if domains == 1 { "" } else { "s" }),
        (domains, found) => format!("{found} of {domains} domains: {}{more}", names.join(", ")),
    };
    let number = |(name, value): &(String, Value)| match value {
        Value::Percent(share) => format!(" '{}'={share:.2}%;;;0;100", label(name)),
        Value::Count(count) => format!(" '{}'={count};;;0", label(name)),
    };
    let numbers: String = numbers.iter().take(NUMBERS_MAX).map(number).collect();
    let bar = if numbers.is_empty() { "" } else { " |" };
    format!("DMARC {level}: {text}{bar}{numbers}\n")
}

/// What is said where nothing could be found out.
#[must_use]
pub fn failure(text: &str) -> String {
    format!("DMARC UNKNOWN: {}\n", safe(text))
}

/// A text in which nothing ends the line or begins the numbers.
fn safe(text: &str) -> String {
    escape::terminal(text).replace('|', "/")
}

/// A name between single quotes, in which `=` and quotes mean something.
fn label(text: &str) -> String {
    safe(text).replace(['\'', '='], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_short_and_numbers_stand_behind_the_bar() {
        let bad: Vec<String> = (1..=7).map(|number| format!("d{number}.example fix")).collect();
        let numbers = [("a.example".to_owned(), Value::Percent(99.824)), ("warnings".to_owned(), Value::Count(3))];
        assert_eq!(
            line("WARNING", 9, &bad, &numbers),
            "DMARC WARNING: 7 of 9 domains: d1.example fix, d2.example fix, d3.example fix, d4.example fix, d5.example fix \
             and 2 more | 'a.example'=99.82%;;;0;100 'warnings'=3;;;0\n"
        );
        assert_eq!(line("OK", 1, &[], &[]), "DMARC OK: 1 domain checked\n");
        assert_eq!(line("UNKNOWN", 0, &[], &[]), "DMARC UNKNOWN: no domains\n");
    }

    #[test]
    fn a_stranger_adds_no_number() {
        assert_eq!(failure("x | a=1\ny"), "DMARC UNKNOWN: x / a=1\\u{a}y\n");
        let numbers = [("a'=1 |b".to_owned(), Value::Count(1))];
        assert_eq!(line("OK", 2, &[], &numbers), "DMARC OK: 2 domains checked | 'a__1 /b'=1;;;0\n");
    }
}

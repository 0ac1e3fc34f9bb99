//! Numbers for Prometheus: its text format (version 0.0.4), as the textfile collector reads it.

use serde_json::{Map, Value, json};

use super::escape;

/// Longest value of a label, in characters; the rest becomes an ellipsis. Domain names have up to 253.
const LABEL_CHARS_MAX: usize = 253;

/// A label with its value.
pub type Label = (&'static str, String);

/// One number with its labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Labels in their order; every sample of a family has the same names.
    pub labels: Vec<Label>,
    /// The number.
    pub value: f64,
}

/// All samples of one name. All are gauges: reports can be pruned, so no number only grows.
#[derive(Clone, Debug, PartialEq)]
pub struct Family {
    /// Its name, with the unit at the end.
    pub name: &'static str,
    /// What it counts, in a sentence.
    pub help: &'static str,
    /// Its samples; a number that is not known has none.
    pub samples: Vec<Sample>,
}

impl Family {
    /// A family without samples.
    #[must_use]
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self { name, help, samples: Vec::new() }
    }

    /// A family with one number that has no labels; none where it is not known.
    #[must_use]
    pub fn one(name: &'static str, help: &'static str, value: Option<f64>) -> Self {
        let samples = value.map(|value| Sample { labels: Vec::new(), value }).into_iter().collect();
        Self { name, help, samples }
    }

    /// Adds a number. Where another one has the same labels (a stranger may have chosen them) both are added up, so
    /// that no series stands there twice: Prometheus would refuse the whole file.
    pub fn add(&mut self, labels: &[(&'static str, &str)], value: f64) {
        let labels: Vec<Label> = labels.iter().map(|(name, text)| (*name, bounded(text))).collect();
        match self.samples.iter_mut().find(|known| known.labels == labels) {
            Some(known) => known.value += value,
            None => self.samples.push(Sample { labels, value }),
        }
    }

    /// As [`Self::add`]; of two numbers with the same labels the larger one stays. For times.
    pub fn latest(&mut self, labels: &[(&'static str, &str)], value: f64) {
        let labels: Vec<Label> = labels.iter().map(|(name, text)| (*name, bounded(text))).collect();
        match self.samples.iter_mut().find(|known| known.labels == labels) {
            Some(known) => known.value = known.value.max(value),
            None => self.samples.push(Sample { labels, value }),
        }
    }
}

/// The text that Prometheus reads. Families without samples are left out.
#[must_use]
pub fn prometheus(families: &[Family]) -> String {
    let mut out = String::new();
    for family in families.iter().filter(|family| !family.samples.is_empty()) {
        let Family { name, help, .. } = family;
        out.push_str(&format!("# HELP {name} {}\n# TYPE {name} gauge\n", help_text(help)));
        for sample in &family.samples {
            let labels: Vec<String> =
                sample.labels.iter().map(|(name, text)| format!("{name}=\"{}\"", label_text(text))).collect();
            let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
            out.push_str(&format!("{name}{labels} {}\n", sample.value));
        }
    }
    out
}

/// The same for programs that read JSON.
#[must_use]
pub fn json(families: &[Family]) -> Value {
    let sample = |sample: &Sample| {
        let labels: Map<String, Value> =
            sample.labels.iter().map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
        json!({"labels": labels, "value": sample.value})
    };
    let family = |family: &Family| {
        let samples: Vec<Value> = family.samples.iter().map(sample).collect();
        json!({"name": family.name, "type": "gauge", "help": family.help, "samples": samples})
    };
    let shown = families.iter().filter(|family| !family.samples.is_empty());
    json!({"schema": "ruascope.metrics/1", "metrics": shown.map(family).collect::<Vec<_>>()})
}

/// A text of bounded length in which nothing acts or hides.
fn bounded(text: &str) -> String {
    let visible = escape::terminal(text);
    match visible.char_indices().nth(LABEL_CHARS_MAX) {
        Some((end, _)) => format!("{}…", visible.get(..end).unwrap_or_default()),
        None => visible.into_owned(),
    }
}

/// The value of a label between its quotes.
fn label_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// What stands behind `# HELP name`.
fn help_text(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_ends_where_its_owner_wanted() {
        let mut family = Family::new("ruascope_reporter_mails", "Mails.");
        family.add(&[("reporter", "a\"} 1\nruascope_up{x=\"\\")], 2.0);
        let text = prometheus(&[family]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        // The line feed is made visible first, and its backslash is escaped as any other.
        assert_eq!(lines[2], r#"ruascope_reporter_mails{reporter="a\"} 1\\u{a}ruascope_up{x=\"\\"} 2"#);
    }

    #[test]
    fn the_same_labels_stand_there_once() {
        let mut family = Family::new("m", "Mails.");
        let (long, longer) = ("x".repeat(300), "x".repeat(301));
        for name in ["other", "other", long.as_str(), longer.as_str()] {
            family.add(&[("reporter", name)], 1.5);
        }
        let text = prometheus(&[family.clone()]);
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(text.contains("m{reporter=\"other\"} 3\n") && text.ends_with("x…\"} 3\n"), "{text}");
        family.latest(&[("reporter", "other")], 2.0);
        assert!(prometheus(&[family]).contains("{reporter=\"other\"} 3\n"));
    }

    #[test]
    fn what_is_not_known_is_not_there() {
        let unknown = Family::one("a_seconds", "A time.", None);
        let known = Family::one("b_seconds", "A time\nof day.", Some(1_700_000_000.25));
        assert_eq!(
            prometheus(&[unknown.clone(), known.clone()]),
            "# HELP b_seconds A time\\nof day.\n# TYPE b_seconds gauge\nb_seconds 1700000000.25\n"
        );
        assert_eq!(json(&[unknown, known])["metrics"][0]["samples"][0]["value"], 1_700_000_000.25);
    }
}

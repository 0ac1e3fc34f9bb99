//! The summary as Markdown, for tickets, chats and wikis.

use super::number::{share, thousands};
use super::teller::{Hint, More, Teller};
use super::view::{SummaryView, Sums};
use super::{DOMAINS_LISTED, REPORTERS_LISTED, rest};
use crate::present::escape;
use crate::words::{Words, say};

/// The summary as Markdown with tables. Every word of a stranger stands in a code span.
#[must_use]
pub fn markdown(view: &SummaryView, words: &Words) -> String {
    let teller = Teller { view, words, name: &escape::markdown, sentence: &escape::markdown };
    let told = Told { view, teller: &teller };
    if view.period.is_none() {
        let (sentence, hint) = teller.no_data();
        let title = format!("# {}", teller.say("title"));
        return joined([title, sentence, told.hints("heading-next", &[hint]), told.left_aside()]);
    }
    joined([
        format!("# {}", say!(words, "title-of", scope = teller.scope())),
        format!("**{}**", teller.verdict()),
        teller.about_period(),
        teller.comparison().unwrap_or_default(),
        told.domains(),
        told.changes(),
        told.list("heading-alarms", &teller.alarms()),
        told.tasks(),
        told.list("heading-readiness", &teller.readiness()),
        told.paragraph("heading-spoofing", teller.spoofing()),
        told.senders(),
        told.sources(),
        told.dispositions(),
        told.reporters(),
        told.paragraph("heading-days", teller.days()),
        told.left_aside(),
        told.hints("heading-next", &teller.next()),
    ])
}

struct Told<'a> {
    view: &'a SummaryView,
    teller: &'a Teller<'a>,
}

impl Told<'_> {
    fn share(&self, part: u64, whole: u64) -> String {
        share(self.teller.words, part, whole)
    }

    fn domains(&self) -> String {
        let has_verdicts = self.view.domains.iter().any(|domain| domain.decision.is_some());
        let rows = self.view.domains.iter().take(DOMAINS_LISTED).map(|domain| {
            let sums = &domain.sums;
            let policy = domain.policy.as_deref().map(escape::markdown).unwrap_or_default();
            let mut cells = vec![escape::markdown(&domain.name), policy];
            if has_verdicts {
                cells.push(self.teller.verdict_on(domain).unwrap_or_default());
            }
            cells.extend([domain.reports, sums.mails, sums.neither].map(thousands));
            if has_verdicts {
                cells.push(domain.own.map(|own| self.share(own.passed, own.mails)).unwrap_or_default());
            }
            let parts = [sums.dmarc_pass(), sums.dkim_aligned(), sums.spf_aligned()];
            cells.extend(parts.map(|part| self.share(part, sums.mails)));
            cells
        });
        let mut headings = vec!["column-domain", "column-policy"];
        headings.extend(has_verdicts.then_some("column-verdict"));
        headings.extend([">column-reports", ">column-mails", ">column-failed"]);
        headings.extend(has_verdicts.then_some(">column-own"));
        headings.extend([">DMARC", ">DKIM", ">SPF"]);
        let rest = rest(&self.view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
        self.section("heading-domains", &headings, rows.collect(), self.teller.more(More::Domains, rest))
    }

    fn changes(&self) -> String {
        let Some(title) = self.teller.changes_title() else { return String::new() };
        let item = |line: super::news::Line| format!("- {}{}", if line.is_problem { "**!** " } else { "" }, line.text);
        let items: Vec<String> = self.teller.changes().into_iter().map(item).collect();
        format!("## {title}\n\n{}", items.join("\n"))
    }

    fn tasks(&self) -> String {
        let (tasks, more) = self.teller.tasks();
        if tasks.is_empty() {
            return String::new();
        }
        let item = |(task, number): (&super::news::Task, usize)| {
            let steps: String = task.steps.iter().map(|step| format!("\n   - {step}")).collect();
            format!("{number}. {}{steps}\n   - `{}`", task.title, task.command)
        };
        let items: Vec<String> = tasks.iter().zip(1..).map(item).collect();
        let more = more.map(|more| format!("\n\n{more}")).unwrap_or_default();
        format!("## {}\n\n{}{more}", self.teller.say("heading-tasks"), items.join("\n"))
    }

    fn list(&self, title: &str, items: &[String]) -> String {
        if items.is_empty() {
            return String::new();
        }
        let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
        format!("## {}\n\n{}", self.teller.say(title), items.join("\n"))
    }

    fn paragraph(&self, title: &str, text: Option<String>) -> String {
        text.map(|text| format!("## {}\n\n{text}", self.teller.say(title))).unwrap_or_default()
    }

    fn senders(&self) -> String {
        let (senders, more) = self.teller.senders();
        let headings = ["column-sender", "column-class", ">column-mails", ">column-passed"];
        self.section("column-sender", &headings, senders.into_iter().map(Vec::from).collect(), more)
    }

    fn sources(&self) -> String {
        let rows = self.view.sources.iter().map(|source| {
            let Sums { mails, both, dkim_only, spf_only, neither } = source.sums;
            let mut cells = vec![escape::markdown(&source.ip)];
            cells.extend([mails, neither, both, dkim_only, spf_only, source.reporters].map(thousands));
            cells.extend([source.days.0, source.days.1].map(|day| day.to_string()));
            cells
        });
        let headings = [
            "column-address",
            ">column-mails",
            ">column-failed",
            ">column-both",
            ">column-dkim-only",
            ">column-spf-only",
            ">column-reporters",
            "column-first-day",
            "column-last-day",
        ];
        let more = self.teller.more(More::Sources, self.view.sources_more);
        let table = self.section("heading-sources", &headings, rows.collect(), more);
        let is_told_apart = self.view.domains.iter().any(|domain| domain.decision.is_some());
        let note = self.view.sums.neither > 0 && !is_told_apart;
        let note = if note { self.teller.say("failed-means") } else { String::new() };
        joined([table, note]).trim_end().to_owned()
    }

    fn dispositions(&self) -> String {
        let rows = self.view.dispositions.iter().map(|did| {
            let sums = &did.sums;
            let word = self.teller.disposition(did.word.as_deref());
            std::iter::once(word).chain([sums.mails, sums.dmarc_pass(), sums.neither].map(thousands)).collect()
        });
        let headings = ["column-done", ">column-mails", ">column-passed", ">column-failed"];
        self.section("heading-dispositions", &headings, rows.collect(), None)
    }

    fn reporters(&self) -> String {
        let rows = self.view.reporters.iter().take(REPORTERS_LISTED).map(|reporter| {
            let sums = &reporter.sums;
            let mut cells = vec![self.teller.reporter(reporter.name.as_deref())];
            cells.extend([reporter.reports, sums.mails, sums.neither].map(thousands));
            cells.push(self.share(sums.dmarc_pass(), sums.mails));
            cells
        });
        let rest = rest(&self.view.reporters, REPORTERS_LISTED, |reporter| reporter.sums.mails);
        let headings = ["column-reporter", ">column-reports", ">column-mails", ">column-failed", ">DMARC"];
        self.section("heading-reporters", &headings, rows.collect(), self.teller.more(More::Reporters, rest))
    }

    fn left_aside(&self) -> String {
        self.hints("heading-left-aside", &self.teller.left_aside())
    }

    fn hints(&self, title: &str, hints: &[Hint]) -> String {
        let items: Vec<String> = hints.iter().map(|hint| format!("{}: `{}`", hint.what, hint.command)).collect();
        self.list(title, &items)
    }

    /// A table under its title; nothing where it has no rows. A heading that begins with `>` is of numbers.
    fn section(&self, title: &str, headings: &[&str], rows: Vec<Vec<String>>, more: Option<String>) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let names = headings.iter().map(|heading| self.teller.say(heading.trim_start_matches('>')));
        let rules = headings.iter().map(|heading| if heading.starts_with('>') { "---:" } else { "---" }.to_owned());
        let head = line(names.collect()) + &line(rules.collect());
        let body: String = rows.into_iter().map(line).collect();
        let more = more.map(|more| format!("\n{more}\n")).unwrap_or_default();
        format!("## {}\n\n{head}{body}{more}", self.teller.say(title)).trim_end().to_owned()
    }
}

/// Sections with an empty line between them.
fn joined(sections: impl IntoIterator<Item = String>) -> String {
    let sections: Vec<String> = sections.into_iter().filter(|section| !section.is_empty()).collect();
    sections.join("\n\n") + "\n"
}

//! The summary as the page of a mail: tables and inline styles, which every mail client shows; nothing from elsewhere.

use super::number::{share, tenths, thousands};
use super::teller::{Hint, More, Teller};
use super::view::{DomainView, SummaryView};
use super::{DOMAINS_LISTED, rest};
use crate::present::escape;
use crate::words::{Words, say};

/// A picture that the mail carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPicture {
    /// Its content id.
    pub id: String,
    /// What it shows, in words.
    pub alt: String,
}

/// For clients that know it: dark colours, in place of those that stand beside each element.
const STYLE: &str = "@media (prefers-color-scheme: dark) { .page { background: #16181d !important; color: #e8eaed !important } \
     .soft { color: #a3aab4 !important } .line { border-color: #393e47 !important } \
     .box { background: #20232a !important } .bad { color: #ff9a5c !important } .good { color: #8fd6a9 !important } }";
const SANS: &str = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Hiragino Sans','Noto Sans JP',sans-serif";
const MONO: &str = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:13px;word-break:break-all";

/// The page, which shows `pictures` by their content ids.
#[must_use]
pub fn mail_page(view: &SummaryView, words: &Words, pictures: &[MailPicture]) -> String {
    let name = |text: &str| escape::html(text).into_owned();
    let teller = Teller { view, words, name: &name, sentence: &name };
    let page = Page { view, teller: &teller };
    let body = if view.period.is_some() { page.body(pictures) } else { page.no_data() };
    let (title, language) = (say!(words, "title-of", scope = teller.scope()), words.language().as_str());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body class=\"page\" style=\"margin:0;padding:0;background:#ffffff;color:#1f2328\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr><td align=\"center\" style=\"padding:16px 12px\">\n\
         <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"max-width:680px;text-align:left;{SANS};font-size:15px;line-height:1.5\"><tr><td>\n{body}\
         <p class=\"soft\" style=\"margin:28px 0 0;font-size:13px;color:#565e68\">{}</p>\n</td></tr></table>\n</td></tr></table>\n</body>\n</html>\n",
        teller.say("footer")
    )
}

struct Page<'a> {
    view: &'a SummaryView,
    teller: &'a Teller<'a>,
}

impl Page<'_> {
    fn body(&self, pictures: &[MailPicture]) -> String {
        let teller = self.teller;
        let spoofing: Vec<String> = teller.spoofing().into_iter().collect();
        let coverage: Vec<String> = teller.coverage_line().into_iter().collect();
        let days: Vec<String> = teller.days().into_iter().collect();
        [
            self.head(),
            self.domains(),
            self.changes(),
            self.paragraphs("heading-alarms", &teller.alarms()),
            self.tasks(),
            self.paragraphs("heading-readiness", &teller.readiness()),
            self.paragraphs("heading-spoofing", &spoofing),
            self.senders(),
            self.pictures(pictures),
            self.paragraphs("heading-coverage", &coverage),
            self.paragraphs("heading-days", &days),
            self.hints("heading-left-aside", &teller.left_aside()),
            self.hints("heading-next", &teller.next()),
        ]
        .concat()
    }

    fn head(&self) -> String {
        let is_bad = !self.teller.is_fine();
        let (sign, class, color) = if is_bad { ("!", "bad", "#b3261e") } else { ("✓", "good", "#1d5c3a") };
        let comparison = self.teller.comparison().map(|text| soft(&text)).unwrap_or_default();
        format!(
            "<h1 style=\"margin:0 0 10px;font-size:20px;line-height:1.3\">{}</h1>\n\
             <table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\
             <td class=\"box\" style=\"padding:14px 16px;background:#f4f5f7;font-size:17px\"><b class=\"{class}\" style=\"color:{color}\">{sign}</b> {}</td>\
             </tr></table>\n{}{comparison}",
            say!(self.teller.words, "title-of", scope = self.teller.scope()),
            self.teller.verdict(),
            soft(&self.teller.about_period())
        )
    }

    fn domains(&self) -> String {
        let has_verdicts = self.view.domains.iter().any(|domain| domain.decision.is_some());
        let mut headings = vec!["column-domain"];
        headings.extend(has_verdicts.then_some("column-verdict"));
        headings.extend(["column-mails", "column-failed", "DMARC"]);
        let cell = |(id, place): (&&str, usize)| {
            let align = if place == 0 || *id == "column-verdict" { "left" } else { "right" };
            format!(
                "<th class=\"soft line\" align=\"{align}\" style=\"padding:4px 6px 4px 0;border-bottom:1px solid #dfe2e6;font-size:12px;font-weight:500;color:#565e68\">{}</th>",
                self.teller.say(id)
            )
        };
        let head: String = headings.iter().zip(0..).map(cell).collect();
        let rows: String =
            self.view.domains.iter().take(DOMAINS_LISTED).map(|domain| self.domain(domain, has_verdicts)).collect();
        let rest = rest(&self.view.domains, DOMAINS_LISTED, |domain| domain.sums.mails);
        let more = self.teller.more(More::Domains, rest).map(|text| soft(&text)).unwrap_or_default();
        let table = format!(
            "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;font-size:14px\">\n<tr>{head}</tr>\n{rows}</table>\n{more}"
        );
        self.section("heading-domains", &table)
    }

    fn domain(&self, domain: &DomainView, has_verdicts: bool) -> String {
        let sums = &domain.sums;
        let policy = domain.policy.as_deref().map(|policy| format!("p={}", self.teller.named(policy)));
        let policy = policy.map(|policy| soft_inline(&policy)).unwrap_or_default();
        let name = self.teller.named(&domain.name).replace('.', ".<wbr>");
        let mut cells = td("left", &format!("<b>{name}</b><br>{policy}"));
        if has_verdicts {
            let decision = domain.decision.map(|decision| {
                let (class, color) = if decision.is_problem() { ("bad", "#b3261e") } else { ("good", "#1d5c3a") };
                format!(
                    "<b class=\"{class}\" style=\"color:{color}\">{}</b>",
                    self.teller.verdict_on(domain).unwrap_or_default()
                )
            });
            cells += &td("left", &decision.unwrap_or_else(|| "-".to_owned()));
        }
        cells += &td("right", &thousands(sums.mails));
        let failed = thousands(sums.neither);
        let failed =
            if sums.neither > 0 { format!("<b class=\"bad\" style=\"color:#b3261e\">{failed}</b>") } else { failed };
        cells += &td("right", &failed);
        let passed = share(self.teller.words, sums.dmarc_pass(), sums.mails);
        cells += &td("right", &format!("{passed}{}", bar(sums.dmarc_pass(), sums.mails)));
        format!("<tr>{cells}</tr>\n")
    }

    fn changes(&self) -> String {
        let Some(title) = self.teller.changes_title() else { return String::new() };
        let items = self.teller.changes().into_iter().map(|line| {
            let sign = if line.is_problem { "<b class=\"bad\" style=\"color:#b3261e\">!</b> " } else { "" };
            format!("<li style=\"margin:0 0 4px\">{sign}{}</li>\n", line.text)
        });
        heading(&title) + &format!("<ul style=\"margin:0;padding:0 0 0 20px\">\n{}</ul>\n", items.collect::<String>())
    }

    fn tasks(&self) -> String {
        let (tasks, more) = self.teller.tasks();
        if tasks.is_empty() {
            return String::new();
        }
        let items = tasks.iter().map(|task| {
            let steps: String = task.steps.iter().map(|step| format!("<br>{step}\n")).collect();
            let command = escape::html(&task.command);
            format!(
                "<li style=\"margin:0 0 10px\"><b>{}</b>\n{steps}<br><code style=\"{MONO}\">{command}</code></li>\n",
                task.title
            )
        });
        let list = format!("<ol style=\"margin:0;padding:0 0 0 24px\">\n{}</ol>\n", items.collect::<String>());
        self.section("heading-tasks", &(list + &more.map(|text| soft(&text)).unwrap_or_default()))
    }

    fn senders(&self) -> String {
        let (senders, more) = self.teller.senders();
        if senders.is_empty() {
            return String::new();
        }
        let row = |[name, class, mails, passed]: [String; 4]| {
            let (name, class) = (td("left", &format!("<b>{name}</b>")), td("left", &class));
            format!("<tr>{name}{class}{}{}</tr>\n", td("right", &mails), td("right", &passed))
        };
        let rows: String = senders.into_iter().map(row).collect();
        let more = more.map(|text| soft(&text)).unwrap_or_default();
        let table = format!(
            "<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;font-size:14px\">\n{rows}</table>\n{more}"
        );
        self.section("heading-sources", &table)
    }

    fn pictures(&self, pictures: &[MailPicture]) -> String {
        let image = |picture: &MailPicture| {
            format!(
                "<p style=\"margin:0 0 12px\"><img src=\"cid:{}\" alt=\"{}\" width=\"100%\" style=\"display:block;width:100%;height:auto;border:0\"></p>\n",
                picture.id,
                escape::html(&picture.alt)
            )
        };
        self.section("heading-charts", &pictures.iter().map(image).collect::<String>())
    }

    fn paragraphs(&self, title: &str, texts: &[String]) -> String {
        let texts: String = texts.iter().map(|text| format!("<p style=\"margin:0 0 6px\">{text}</p>\n")).collect();
        self.section(title, &texts)
    }

    fn hints(&self, title: &str, hints: &[Hint]) -> String {
        let hint = |hint: &Hint| {
            let command = escape::html(&hint.command);
            format!("<p style=\"margin:0 0 8px\">{}<br><code style=\"{MONO}\">{command}</code></p>\n", hint.what)
        };
        self.section(title, &hints.iter().map(hint).collect::<String>())
    }

    fn section(&self, title: &str, content: &str) -> String {
        if content.is_empty() { String::new() } else { heading(&self.teller.say(title)) + content }
    }

    fn no_data(&self) -> String {
        let (sentence, hint) = self.teller.no_data();
        let title = say!(self.teller.words, "title-of", scope = self.teller.scope());
        format!(
            "<h1 style=\"margin:0 0 10px;font-size:20px\">{title}</h1>\n<p style=\"margin:0\">{sentence}</p>\n{}{}",
            self.hints("heading-next", &[hint]),
            self.hints("heading-left-aside", &self.teller.left_aside())
        )
    }
}

fn heading(title: &str) -> String {
    format!("<h2 style=\"margin:26px 0 8px;font-size:16px;line-height:1.3\">{title}</h2>\n")
}

fn soft(text: &str) -> String {
    format!("<p class=\"soft\" style=\"margin:10px 0 0;font-size:13px;color:#565e68\">{text}</p>\n")
}

fn soft_inline(text: &str) -> String {
    format!("<span class=\"soft\" style=\"font-size:13px;color:#565e68\">{text}</span>")
}

fn td(align: &str, content: &str) -> String {
    let wrapping = if align == "right" { "nowrap" } else { "normal" };
    format!(
        "<td class=\"line\" align=\"{align}\" valign=\"top\" style=\"padding:7px 6px 7px 0;border-bottom:1px solid #dfe2e6;white-space:{wrapping};overflow-wrap:break-word\">{content}</td>"
    )
}

/// A bar of what passed and what did not, as a table of two cells: what old clients draw.
fn bar(part: u64, whole: u64) -> String {
    if whole == 0 {
        return String::new();
    }
    let passed = tenths(part, whole).div_ceil(10).min(100);
    let cell = |percent: u64, color: &str| match percent {
        0 => String::new(),
        _ => format!(
            "<td width=\"{percent}%\" bgcolor=\"{color}\" style=\"height:4px;line-height:4px;font-size:1px\">&nbsp;</td>"
        ),
    };
    let cells = cell(passed, "#234d85") + &cell(100 - passed, "#e5402a");
    format!(
        "<table role=\"presentation\" width=\"64\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"margin:3px 0 0 auto\"><tr>{cells}</tr></table>"
    )
}

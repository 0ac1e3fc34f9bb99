//! The summary as a message for a chat: Slack's blocks, and the adaptive cards of Teams.
//!
//! Both get plain text only, in which nothing is a link: names are shown as `example[.]com` where a chat would make one.

use serde_json::{Value, json};

use super::news::subject;
use super::teller::Teller;
use super::view::SummaryView;
use crate::present::escape;
use crate::words::Words;

/// Longest text of one block, in characters: both take about 3,000.
const TEXT_CHARACTERS_MAX: usize = 2_500;
/// Longest title, in characters: Slack takes 150.
const TITLE_CHARACTERS_MAX: usize = 150;

/// A message by Slack's incoming webhooks.
#[must_use]
pub fn slack(view: &SummaryView, words: &Words) -> Value {
    let title = cut(&subject(view, words), TITLE_CHARACTERS_MAX);
    let text = |text: &str| json!({"type": "plain_text", "text": text, "emoji": false});
    let mut blocks = vec![json!({"type": "header", "text": text(&title)})];
    blocks.extend(paragraphs(view, words).iter().map(|paragraph| json!({"type": "section", "text": text(paragraph)})));
    json!({"text": plain(&title), "blocks": blocks, "unfurl_links": false, "unfurl_media": false})
}

/// A message by the webhooks of Teams (workflows): an adaptive card.
#[must_use]
pub fn teams(view: &SummaryView, words: &Words) -> Value {
    let title = cut(&subject(view, words), TITLE_CHARACTERS_MAX);
    let block = |text: &str| json!({"type": "TextBlock", "text": unmarked(text), "wrap": true});
    let head =
        json!({"type": "TextBlock", "text": unmarked(&title), "wrap": true, "weight": "bolder", "size": "medium"});
    let body: Vec<Value> =
        std::iter::once(head).chain(paragraphs(view, words).iter().map(|paragraph| block(paragraph))).collect();
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    });
    let content_type = "application/vnd.microsoft.card.adaptive";
    json!({"type": "message", "attachments": [{"contentType": content_type, "content": card}]})
}

/// Verdict, changes, what to do, and commands that show more.
fn paragraphs(view: &SummaryView, words: &Words) -> Vec<String> {
    let name = |text: &str| escape::defang(&escape::terminal(text)).into_owned();
    let teller = Teller { view, words, name: &name, sentence: &name };
    if view.period.is_none() {
        return vec![teller.no_data().0];
    }
    let mut paragraphs = vec![teller.verdict(), teller.about()];
    if let Some(title) = teller.changes_title() {
        let lines = teller.changes().into_iter().map(|line| {
            let sign = if line.is_problem { "!" } else { "+" };
            format!("\n{sign} {}", line.text)
        });
        paragraphs.push(title + &lines.collect::<String>());
    }
    let (tasks, _) = teller.tasks();
    if !tasks.is_empty() {
        let lines = tasks.iter().zip(1..).map(|(task, number)| format!("\n{number}. {}", task.title));
        paragraphs.push(teller.say("heading-tasks") + &lines.collect::<String>());
    }
    let next = teller.next().into_iter().map(|hint| format!("\n{}: {}", hint.what, hint.command));
    paragraphs.push(teller.say("heading-next") + &next.collect::<String>());
    paragraphs.iter().map(|paragraph| cut(paragraph, TEXT_CHARACTERS_MAX)).collect()
}

fn cut(text: &str, characters_max: usize) -> String {
    text.chars().take(characters_max).collect()
}

/// For Slack's fallback text, in which `<…>` and `&` mean something.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// For a card, whose texts are Markdown.
fn unmarked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '*' | '_' | '[' | ']' | '(' | ')' | '`' | '~' | '#' | '<' | '>' | '|' | '!') {
            shown.push('\\');
        }
        shown.push(character);
        // One line end is none in Markdown.
        if character == '\n' {
            shown.push('\n');
        }
    }
    shown
}

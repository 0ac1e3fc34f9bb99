//! Who gets a digest, whether one is due, and sending what waits in the outbox.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, NaiveDate};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::args::language_of;
use super::command::{chart, summary as command};
use super::context::Context;
use super::exit::{Exit, Failure};
use super::output;
use super::period::{Last, span};
use crate::config::{Address, WebhookKind, When};
use crate::deliver::{Courier, DeliverError, HookCourier, KEPT_S_MAX, Letter, Mail, MailCourier, Picture, pause_s};
use crate::digest::{Rule, Snapshot, changes, is_due, level};
use crate::present::chart::{Canvas, ImageFormat, Theme};
use crate::present::summary::{self, MailPicture, SummaryView, TextStyle};
use crate::store::{Filter, LetterRow, NewLetter, Store};
use crate::words::{Language, Said, Words, said};

/// How often a letter is tried in one go, and the pause between: a server that restarts is back by then.
const TRIES: u32 = 2;
const TRY_PAUSE: Duration = Duration::from_secs(1);
/// Width of the text of a mail, in cells.
const MAIL_CELLS: usize = 76;

/// A digest that is asked for.
pub(super) struct Call<'a> {
    /// Who gets it; those of the settings when empty.
    pub(super) to: &'a [Address],
    /// When; as the settings say when not given.
    pub(super) when: Option<Rule>,
    /// Its period, and the one before where that is not as long.
    pub(super) filter: &'a Filter,
    pub(super) before: Option<&'a Filter>,
}

/// What became of letters.
#[derive(Debug, Default)]
pub(super) struct Posted {
    /// Receivers whose digest was made.
    pub(super) made: Vec<String>,
    /// Receivers for whom nothing was new.
    pub(super) quiet: Vec<String>,
    /// Receivers who took a letter.
    pub(super) sent: Vec<String>,
    /// Letters that still wait.
    pub(super) waiting: u64,
    /// They wait because nothing is to be sent: `--offline`.
    pub(super) is_held: bool,
}

/// Somebody who gets digests.
struct Receiver {
    channel: &'static str,
    name: String,
    scope: Option<String>,
    rule: Rule,
    language: Language,
}

/// The UTC day of a time.
pub(super) fn day(time_s: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp(time_s, 0).map(|time| time.date_naive())
}

/// The settings name somebody who gets digests by themselves.
pub(super) fn is_wanted(context: &Context) -> bool {
    !receivers(context, &[], None).is_empty()
}

/// Sends the digest of the day, the week or the month, once in each, and what waits; `run` and `watch` do it.
pub(super) fn send_scheduled(context: &Context, store: &mut Store) -> anyhow::Result<Posted> {
    let last = Last::of(context.resolved.settings.digest.every);
    let mut posted = Posted::default();
    for receiver in receivers(context, &[], None) {
        let (filter, before) = last.resolve(store, receiver.scope.as_deref(), context.now)?;
        let made = newest(store, &receiver, &filter)?.and_then(|(made_s, _)| day(made_s));
        let today = context.now.date_naive();
        if made.is_some_and(|made| last.is_same(made, today)) {
            posted.quiet.push(receiver.name);
            continue;
        }
        make(context, store, &receiver, &filter, before.as_ref(), &mut posted)?;
    }
    deliver(context, store, posted)
}

/// Makes the digests that are asked for and due, and sends what waits.
pub(super) fn send(context: &Context, store: &mut Store, call: &Call<'_>) -> anyhow::Result<Posted> {
    let receivers = receivers(context, call.to, call.when);
    if receivers.is_empty() {
        return Err(command::nobody());
    }
    let mut posted = Posted::default();
    for mut receiver in receivers {
        receiver.scope = receiver.scope.or_else(|| call.filter.domain.clone());
        let of_scope = |filter: &Filter| Filter { domain: receiver.scope.clone(), ..filter.clone() };
        let (filter, before) = (of_scope(call.filter), call.before.map(of_scope));
        make(context, store, &receiver, &filter, before.as_ref(), &mut posted)?;
    }
    deliver(context, store, posted)
}

/// Sends what waits.
pub(super) fn flush(context: &Context, store: &mut Store) -> anyhow::Result<Posted> {
    deliver(context, store, Posted::default())
}

/// Addresses that were given, else everybody in the settings: `[digest]`, owners of single domains, webhooks.
fn receivers(context: &Context, to: &[Address], when: Option<Rule>) -> Vec<Receiver> {
    let settings = &context.resolved.settings;
    let language = settings.digest.lang.map_or_else(|| context.language(), language_of);
    let rule = when.unwrap_or_else(|| rule_of(settings.digest.when));
    let by_mail = |address: &Address, scope: Option<&str>| Receiver {
        channel: "mail",
        name: address.to_string(),
        scope: scope.map(str::to_owned),
        rule,
        language,
    };
    if !to.is_empty() {
        return to.iter().map(|address| by_mail(address, None)).collect();
    }
    let mut receivers: Vec<Receiver> = settings.digest.to.iter().map(|address| by_mail(address, None)).collect();
    for domain in &settings.domains {
        receivers.extend(domain.digest_to.iter().map(|address| by_mail(address, Some(domain.name.as_str()))));
    }
    receivers.extend(settings.webhooks.iter().map(|(name, webhook)| Receiver {
        channel: "webhook",
        name: name.clone(),
        scope: None,
        rule: when.unwrap_or_else(|| rule_of(webhook.when)),
        language,
    }));
    receivers
}

fn rule_of(when: When) -> Rule {
    match when {
        When::Always => Rule::Always,
        When::Changes => Rule::Changes,
        When::Problems => Rule::Problems,
    }
}

/// What the last digest of such a period said to a receiver, and when.
fn newest(store: &Store, receiver: &Receiver, filter: &Filter) -> anyhow::Result<Option<(i64, String)>> {
    Ok(store.last_digest(&about(filter), &receiver.name)?)
}

/// What a digest is about, as the store remembers it: five weeks are not compared with a day.
pub(super) fn about(filter: &Filter) -> String {
    format!("{} {}", filter.domain.as_deref().unwrap_or_default(), span(filter)).trim_end().to_owned()
}

/// Puts a digest into the outbox, when the receiver wants to hear it.
fn make(
    context: &Context,
    store: &mut Store,
    receiver: &Receiver,
    filter: &Filter,
    before: Option<&Filter>,
    posted: &mut Posted,
) -> anyhow::Result<()> {
    let (mut view, facts) = command::judged(context, store, filter, before)?;
    let last = newest(store, receiver, filter)?;
    let remembered = last.as_ref().and_then(|(_, snapshot)| Snapshot::from_json(snapshot));
    let last_day = last.as_ref().and_then(|(made_s, _)| day(*made_s));
    let changes = changes(remembered.as_ref(), &facts);
    let level = level(&facts, &changes);
    let is_due = is_due(receiver.rule, level, &changes, context.now.date_naive(), last_day);
    view.digest.level = Some(level);
    view.digest.changes = changes;
    view.digest.last = last_day;
    if !is_due {
        posted.quiet.push(receiver.name.clone());
        return Ok(());
    }
    let words = Words::new(receiver.language);
    let now_s = context.now.timestamp();
    let name = letter_name(&view, receiver, now_s);
    let payload = match receiver.channel {
        "mail" => mail(context, store, filter, &view, &words, (&name, &receiver.name))?,
        _ => hook(context, &view, &words, &receiver.name),
    };
    let letter = NewLetter { name, channel: receiver.channel.to_owned(), receiver: receiver.name.clone(), payload };
    store.post(&about(filter), &Snapshot::of(&facts, remembered.as_ref()).to_json(), &letter, now_s)?;
    posted.made.push(receiver.name.clone());
    Ok(())
}

/// A name that no other letter has, and that the same letter has again.
fn letter_name(view: &SummaryView, receiver: &Receiver, now_s: i64) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{:?} {:?} {} {} {now_s}", view.domain, view.period, receiver.channel, receiver.name));
    let mut name = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        let _written = write!(name, "{byte:02x}");
    }
    name
}

fn mail(
    context: &Context,
    store: &Store,
    filter: &Filter,
    view: &SummaryView,
    words: &Words,
    (name, to): (&str, &str),
) -> anyhow::Result<Vec<u8>> {
    let Some(from) = &context.resolved.settings.smtp.from else {
        return Err(Failure::from(DeliverError::NoWay { receiver: to.to_owned() }).into());
    };
    let (mut pictures, mut shown) = (Vec::new(), Vec::new());
    if view.period.is_some() {
        // One day is no chart: the weeks before it show what it means.
        let since_day = filter.since_day.zip(filter.until_day).map(|(since, until)| since.min(until - 34));
        let charted = Filter { since_day, ..filter.clone() };
        let canvas = Canvas { width_px: 960, height_px: 480, theme: Theme::Light, format: ImageFormat::Png };
        let drawing = command::for_charts(context, view, words.language())?;
        for (kind, name, alt) in chart::OF_MAILS {
            let png = chart::Material::new(&drawing, store, &charted).view(kind)?.draw(&canvas)?;
            pictures.push(Picture { name: name.to_owned(), png });
            shown.push(MailPicture { id: name.to_owned(), alt: words.say(alt) });
        }
    }
    let style = TextStyle { width: MAIL_CELLS, color: false, unicode: true };
    let mail = Mail {
        from: from.as_str(),
        to,
        subject: &summary::subject(view, words),
        text: &summary::text(view, words, &style),
        html: &summary::mail_page(view, words, &shown),
        pictures: &pictures,
        name,
        date_s: context.now.timestamp(),
    };
    Ok(mail.bytes().map_err(Failure::from)?)
}

fn hook(context: &Context, view: &SummaryView, words: &Words, name: &str) -> Vec<u8> {
    let kind = context.resolved.settings.webhooks.get(name).map_or(WebhookKind::Json, |webhook| webhook.kind);
    let body = match kind {
        WebhookKind::Slack => summary::slack(view, words),
        WebhookKind::Teams => summary::teams(view, words),
        WebhookKind::Json => {
            let mut body = summary::json(view);
            if let Some(fields) = body.as_object_mut() {
                fields.insert("subject".to_owned(), json!(summary::subject(view, words)));
            }
            body
        }
    };
    body.to_string().into_bytes()
}

/// Tries every letter that is due. One that can't be delivered does not keep the others. Offline they wait in the store.
fn deliver(context: &Context, store: &mut Store, mut posted: Posted) -> anyhow::Result<Posted> {
    if context.global.offline {
        (posted.waiting, posted.is_held) = (store.letters_waiting()?, true);
        return Ok(posted);
    }
    let now_s = context.now.timestamp();
    while let Some(row) = store.take_letter(now_s)? {
        match carry(context, &row, now_s) {
            Ok(()) => {
                store.close_letter(row.id)?;
                posted.sent.push(row.letter.receiver);
            }
            Err(error) => {
                tell(context, &error);
                if now_s - row.made_s > KEPT_S_MAX {
                    output::complain(&context.told(&said!("line-warning", what = said!("post-given-up"))));
                    store.close_letter(row.id)?;
                } else {
                    store.put_back_letter(row.id, now_s + pause_s(row.attempts + 1))?;
                }
            }
        }
    }
    posted.waiting = store.letters_waiting()?;
    Ok(posted)
}

fn carry(context: &Context, row: &LetterRow, now_s: i64) -> Result<(), DeliverError> {
    let settings = &context.resolved.settings;
    let NewLetter { name, channel, receiver, payload } = &row.letter;
    let letter = Letter { name, receiver, payload };
    let mut tries = 1;
    loop {
        let outcome = match (channel.as_str(), settings.webhooks.get_key_value(receiver)) {
            ("mail", _) => MailCourier::new(&settings.smtp, &settings.limits).carry(&letter, now_s),
            (_, Some((name, webhook))) => HookCourier::new(name, webhook, &settings.limits).carry(&letter, now_s),
            (_, None) => Err(DeliverError::NoWay { receiver: receiver.clone() }),
        };
        match outcome {
            Err(error) if error.is_passing() && tries < TRIES => {
                tries += 1;
                std::thread::sleep(TRY_PAUSE);
            }
            other => return other,
        }
    }
}

/// Says why a letter waits.
fn tell(context: &Context, error: &DeliverError) {
    let mut text = if context.as_json() { error.to_string() } else { context.told(&error.said()) };
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        // Libraries repeat their causes.
        let said = source.to_string();
        if !text.ends_with(&said) {
            let _written = write!(text, ": {said}");
        }
        cause = source.source();
    }
    if context.as_json() {
        let hints: Vec<_> = error.hint().into_iter().collect();
        let object =
            json!({"schema": "ruascope.error/1", "kind": "unavailable", "message": text, "causes": [], "hints": hints});
        output::complain(&object.to_string());
        return;
    }
    output::complain(&context.told(&said!("line-warning", what = text)));
    if let Some(hint) = error.hint() {
        output::complain(&context.told(&said!("hint-line", hint = hint)));
    }
}

impl Posted {
    /// One line for people.
    pub(super) fn told(&self) -> Said {
        let mut parts = Vec::new();
        if !self.sent.is_empty() {
            parts.push(said!("post-sent", names = self.sent.join(", ")));
        }
        if !self.quiet.is_empty() {
            parts.push(said!("post-quiet", names = self.quiet.join(", ")));
        }
        if self.waiting > 0 {
            let (held, waiting) =
                (said!("post-held", count = self.waiting), said!("post-waiting", count = self.waiting));
            parts.push(if self.is_held { held } else { waiting });
        }
        if parts.is_empty() {
            parts.push(said!("post-nothing"));
        }
        Said::parts(parts)
    }

    /// Letters wait that were to be sent.
    pub(super) const fn is_late(&self) -> bool {
        self.waiting > 0 && !self.is_held
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        json!({"made": self.made, "nothing_new": self.quiet, "sent": self.sent, "waiting": self.waiting})
    }
}

impl Last {
    /// Both days are in the same day, week or month, so that one digest is enough.
    fn is_same(self, one: NaiveDate, other: NaiveDate) -> bool {
        match self {
            Self::Day => one == other,
            Self::Week => one.iso_week() == other.iso_week(),
            Self::Month => (one.year(), one.month()) == (other.year(), other.month()),
        }
    }
}

impl From<DeliverError> for Failure {
    fn from(error: DeliverError) -> Self {
        Self { exit: Exit::Configuration, message: error.said(), hint: error.hint() }
    }
}

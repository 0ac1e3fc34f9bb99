//! Rows of `ruascope sources`: sums out of the store with what analysis says about them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use foldhash::fast::RandomState;
use serde_json::{Value, json};

use crate::analyze::{Cause, Class, Sender, Senders, title};
use crate::cli::period::date;
use crate::enrich::{Network, Networks};
use crate::model::Text;
use crate::present::advice::class;
use crate::present::table::Table;
use crate::present::wrap::item;
use crate::present::{domain_name, escape, invocation};
use crate::store::{SourceRow, Sums};
use crate::words::{Words, say, thousands};

/// A source, or an address of one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) domain: Option<String>,
    pub(super) sums: Sums,
    pub(super) dispositions: [u64; 5],
    pub(super) addresses: Vec<String>,
    pub(super) reporters: BTreeSet<Text>,
    pub(super) first_day: i64,
    pub(super) last_day: i64,
    /// Country and network that all its addresses share.
    pub(super) network: Network,
    /// What it is; `None` where that was not asked.
    pub(super) judged: Option<Judged>,
}

/// A sender with the causes of its failing mails.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) sender: Arc<Sender>,
    pub(super) causes: Arc<BTreeMap<Cause, u64>>,
}

impl Row {
    fn new(domain: Option<String>, source: SourceRow, judged: Option<Judged>) -> Self {
        Self {
            domain,
            sums: source.sums,
            dispositions: source.dispositions,
            addresses: vec![source.ip],
            reporters: source.reporters.into_iter().collect(),
            first_day: source.first_day,
            last_day: source.last_day,
            network: Network::default(),
            judged,
        }
    }

    fn add(&mut self, other: SourceRow) {
        self.sums += other.sums;
        for (sum, more) in self.dispositions.iter_mut().zip(other.dispositions) {
            *sum = sum.saturating_add(more);
        }
        self.addresses.push(other.ip);
        for reporter in other.reporters {
            if !self.reporters.contains(&reporter) {
                self.reporters.insert(reporter);
            }
        }
        self.first_day = self.first_day.min(other.first_day);
        self.last_day = self.last_day.max(other.last_day);
    }

    pub(super) fn mails(&self) -> u64 {
        self.sums.mails()
    }

    fn sender(&self) -> Option<&Sender> {
        self.judged.as_ref().map(|judged| &*judged.sender)
    }

    fn first_address(&self) -> &str {
        self.addresses.first().map_or("", String::as_str)
    }

    fn name(&self) -> &str {
        self.sender().map_or(self.first_address(), |sender| &sender.name)
    }

    /// Its name for people.
    fn title(&self, words: &Words) -> String {
        self.sender()
            .map_or_else(|| self.first_address().to_owned(), |sender| title(&sender.key, &sender.name).in_words(words))
    }

    /// What names it in a command.
    fn key(&self) -> &str {
        self.sender().map_or(self.first_address(), |sender| &sender.key)
    }

    /// Whether it is listed below the table, with what to do.
    fn is_to_mend(&self) -> bool {
        let is_well = |class| matches!(class, Class::Own | Class::Authorised);
        self.sender().is_some_and(|sender| !sender.fix.is_empty() && !is_well(sender.class))
    }

    fn class(&self) -> Option<&'static str> {
        Some(self.sender()?.class.as_str())
    }

    /// The row as the contract has it.
    pub(super) fn json(&self) -> Value {
        let sender = self.sender();
        let [none, pass, quarantine, reject, other] = self.dispositions;
        let day = |day: i64| date(day).map(|date| date.to_string());
        let causes = self.judged.as_ref().map(|judged| {
            judged.causes.iter().map(|(cause, mails)| (cause.as_str(), *mails)).collect::<BTreeMap<_, _>>()
        });
        json!({
            "source": self.name(),
            "key": self.key(),
            "domain": self.domain,
            "class": self.class(),
            "confidence": sender.map(|sender| sender.confidence.as_str()),
            "reasons": sender.map(|sender| &*sender.reasons).unwrap_or_default(),
            "declared": sender.map(|sender| sender.is_declared),
            "critical": sender.map(|sender| sender.is_critical),
            "records": self.sums.records,
            "mails": self.sums.mails(),
            "dmarc_pass": self.sums.dmarc_pass(),
            "dkim_aligned": self.sums.dkim_aligned(),
            "spf_aligned": self.sums.spf_aligned(),
            "ips": self.addresses,
            "country": self.network.country,
            "as_number": self.network.as_number,
            "as_name": self.network.as_name,
            "reporters": self.reporters,
            "first_day": day(self.first_day),
            "last_day": day(self.last_day),
            "disposition": {"none": none, "pass": pass, "quarantine": quarantine, "reject": reject, "other": other},
            "causes": causes,
            "fix": sender.map(|sender| &*sender.fix).unwrap_or_default(),
        })
    }
}

/// Puts down country and network, as far as all addresses of a row share them.
pub(super) fn locate(rows: &mut [Row], networks: &Networks) {
    for row in rows {
        let found = row.addresses.iter().filter_map(|address| address.parse().ok()).map(|address| networks.of(address));
        row.network = found.reduce(|all, one| all.shared(&one)).unwrap_or_default();
    }
}

/// Addresses without a word about what they are.
pub(super) fn plain(addresses: Vec<SourceRow>) -> Vec<Row> {
    addresses.into_iter().map(|source| Row::new(None, source, None)).collect()
}

/// Rows by address, or by sender, with what each is: out of all addresses of a domain, one after another.
pub(super) struct Judging {
    domain: String,
    by_address: bool,
    of_address: HashMap<IpAddr, u32, RandomState>,
    all: Vec<Judged>,
    rows: Vec<Row>,
    /// By sender, the place of its row.
    together: HashMap<u32, usize>,
}

impl Judging {
    pub(super) fn new(domain: &str, senders: Senders, by_address: bool) -> Self {
        let mut of_address: HashMap<IpAddr, u32, RandomState> = HashMap::default();
        of_address.reserve(senders.senders.iter().map(|sender| sender.addresses.len()).sum());
        let mut all: Vec<Judged> = Vec::new();
        for (number, (sender, causes)) in (0..).zip(senders.senders.into_iter().zip(senders.causes)) {
            of_address.extend(sender.addresses.iter().map(|address| (*address, number)));
            all.push(Judged { sender: Arc::new(sender), causes: Arc::new(causes) });
        }
        let (rows, together) = (Vec::new(), HashMap::new());
        Self { domain: domain.to_owned(), by_address, of_address, all, rows, together }
    }

    /// The next address.
    pub(super) fn add(&mut self, source: SourceRow) {
        let number = source.ip.parse().ok().and_then(|address: IpAddr| self.of_address.get(&address)).copied();
        let known = number.filter(|_| !self.by_address).and_then(|number| self.together.get(&number));
        if let Some(row) = known.and_then(|known| self.rows.get_mut(*known)) {
            return row.add(source);
        }
        let judged = number.and_then(|number| self.all.get(usize::try_from(number).ok()?)).cloned();
        self.together.extend(number.map(|number| (number, self.rows.len())));
        self.rows.push(Row::new(Some(self.domain.clone()), source, judged));
    }

    /// All rows, most mails first.
    pub(super) fn rows(mut self) -> Vec<Row> {
        self.rows.sort_by_key(|row| std::cmp::Reverse(row.mails()));
        self.rows
    }
}

/// Columns where sources were judged.
const JUDGED_COLUMNS: [&str; 10] = [
    "column-class",
    "column-source",
    ">column-mails",
    ">column-pass",
    ">column-dkim",
    ">column-spf",
    ">column-ips",
    "column-first",
    "column-last",
    "column-why",
];
/// Those that a narrow terminal can do without.
const JUDGED_SPARE: [&str; 6] =
    ["column-why", "column-first", ">column-ips", "column-last", ">column-spf", ">column-dkim"];
const PLAIN_SPARE: [&str; 2] = ["column-reporters-all", "column-first"];
/// Columns of addresses alone.
const PLAIN_COLUMNS: [&str; 9] = [
    "column-source",
    ">column-mails",
    ">column-pass",
    ">column-fail",
    ">column-dkim",
    ">column-spf",
    "column-first",
    "column-last",
    "column-reporters-all",
];

/// A table for the screen.
pub(super) fn text(rows: &[Row], width: usize, words: &Words) -> String {
    if rows.is_empty() {
        return words.say("sources-none") + "\n";
    }
    let is_judged = rows.iter().any(|row| row.judged.is_some());
    // What a sender is depends on in whose name it sends.
    let with_domain = rows.iter().any(|row| row.domain != rows.first().and_then(|first| first.domain.clone()));
    let mut headings: Vec<&str> = if is_judged { JUDGED_COLUMNS.to_vec() } else { PLAIN_COLUMNS.to_vec() };
    if with_domain {
        headings.insert(0, "column-domain");
    }
    let mut table = Table::titled(words, &headings);
    let day = |day: i64| date(day).map(|date| date.to_string()).unwrap_or_default();
    let percent = |part: u64, whole: u64| {
        #[expect(clippy::cast_precision_loss, reason = "a percentage with one digit behind the point")]
        let percent = part as f64 * 100.0 / whole.max(1) as f64;
        // Never rounded up to all, nor down to nothing.
        let percent = if part < whole { percent.min(99.9) } else { percent };
        format!("{:.1} %", if part > 0 { percent.max(0.1) } else { percent })
    };
    for row in rows {
        let (sums, mails) = (&row.sums, row.mails());
        if is_judged {
            let name = if row.addresses.len() == 1 && row.name() != row.first_address() {
                format!("{} {}", row.title(words), row.first_address())
            } else {
                row.title(words)
            };
            let mut cells = vec![
                class(row.sender().map_or(Class::Unknown, |sender| sender.class), words),
                name,
                thousands(mails),
                percent(sums.dmarc_pass(), mails),
                percent(sums.dkim_aligned(), mails),
                percent(sums.spf_aligned(), mails),
                row.addresses.len().to_string(),
                day(row.first_day),
                day(row.last_day),
                row.sender().map(|sender| sender.reasons.join(" ")).unwrap_or_default(),
            ];
            if with_domain {
                cells.insert(0, domain_name::shown(row.domain.as_deref().unwrap_or_default()));
            }
            table.row(&cells);
        } else {
            table.row(&[
                row.first_address().to_owned(),
                thousands(mails),
                thousands(sums.dmarc_pass()),
                thousands(sums.neither),
                thousands(sums.dkim_aligned()),
                thousands(sums.spf_aligned()),
                day(row.first_day),
                day(row.last_day),
                row.reporters.iter().map(|reporter| &**reporter).collect::<Vec<_>>().join(", "),
            ]);
        }
    }
    // The least telling first; `sources DOMAIN SOURCE` and CSV have all.
    let order = if is_judged { JUDGED_SPARE.as_slice() } else { &PLAIN_SPARE };
    let spare: Vec<usize> = order.iter().filter_map(|id| headings.iter().position(|heading| heading == id)).collect();
    table.narrowed(width, &spare).text(width) + &fixes(rows, with_domain, width, words) + "\n" + &next(rows, words)
}

/// The command that shows more: of the first source with something to do, else of the largest.
fn next(rows: &[Row], words: &Words) -> String {
    let Some(row) = rows.first() else { return String::new() };
    match (&row.domain, row.sender()) {
        (Some(domain), Some(_)) => {
            let asked = rows.iter().find(|row| row.is_to_mend() && row.domain.as_ref() == Some(domain)).unwrap_or(row);
            invocation::next(words, &["sources", domain, asked.key()])
        }
        _ => invocation::next(words, &["sources", row.domain.as_deref().unwrap_or("DOMAIN")]),
    }
}

/// Unknown sources that are asked about by name.
const QUESTIONS_MAX: usize = 5;

/// What to do about the sources that need something, largest first.
fn fixes(rows: &[Row], with_domain: bool, width: usize, words: &Words) -> String {
    let mut out = String::new();
    let mut told: BTreeSet<(Option<&str>, &str)> = BTreeSet::new();
    let (mut questions, mut more_mails) = (0_usize, 0_u64);
    for row in rows {
        let Some(sender) = row.sender().filter(|_| row.is_to_mend()) else { continue };
        if !told.insert((row.domain.as_deref(), &sender.key)) {
            continue;
        }
        questions += usize::from(sender.class == Class::Unknown);
        if sender.class == Class::Unknown && questions > QUESTIONS_MAX {
            more_mails = more_mails.saturating_add(row.mails());
            continue;
        }
        let title = title(&sender.key, &sender.name).in_words(words);
        let name = escape::terminal(&title);
        let (failing, mails) = (thousands(row.sums.neither), thousands(row.mails()));
        let about = row
            .domain
            .as_deref()
            .filter(|_| with_domain)
            .map(|domain| escape::terminal(&domain_name::shown(domain)).into_owned() + ": ");
        out.push('\n');
        out.push_str(&about.unwrap_or_default());
        out.push_str(&format!("{}\n", say!(words, "sources-failing", name = name, failing = failing, mails = mails)));
        for step in &sender.fix {
            out.push_str(&item("  - ", &escape::terminal(&step.in_words(words)), width));
        }
    }
    if let Some(more) = questions.checked_sub(QUESTIONS_MAX).filter(|more| *more > 0) {
        let (more, mails) = (more.to_string(), thousands(more_mails));
        out.push_str(&format!("\n{}\n", say!(words, "sources-more-unknown", more = more, mails = mails)));
    }
    out
}

/// Rows for spreadsheets.
pub(super) fn csv(rows: &[Row]) -> anyhow::Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([
        "source",
        "mails",
        "dmarc_pass",
        "dkim_aligned",
        "spf_aligned",
        "first_day",
        "last_day",
        "reporters",
        "key",
        "class",
        "confidence",
        "reasons",
        "ips",
        "fix",
    ])?;
    let day = |day: i64| date(day).map(|date| date.to_string()).unwrap_or_default();
    for row in rows {
        let sender = row.sender();
        let cell = |text: &str| escape::csv_cell(text).into_owned();
        out.write_record([
            cell(row.name()),
            row.mails().to_string(),
            row.sums.dmarc_pass().to_string(),
            row.sums.dkim_aligned().to_string(),
            row.sums.spf_aligned().to_string(),
            day(row.first_day),
            day(row.last_day),
            escape::json(&serde_json::to_string(&row.reporters)?).into_owned(),
            cell(row.key()),
            row.class().unwrap_or_default().to_owned(),
            sender.map(|sender| sender.confidence.as_str()).unwrap_or_default().to_owned(),
            sender.map(|sender| sender.reasons.join(" ")).unwrap_or_default(),
            escape::json(&serde_json::to_string(&row.addresses)?).into_owned(),
            cell(
                &sender
                    .map(|sender| sender.fix.iter().map(ToString::to_string).collect::<Vec<_>>().join(" / "))
                    .unwrap_or_default(),
            ),
        ])?;
    }
    Ok(String::from_utf8(out.into_inner().map_err(csv::IntoInnerError::into_error)?)?)
}

#![expect(clippy::disallowed_methods, clippy::print_stdout, reason = "a benchmark reads arguments, clock and files")]
//! How long the store takes for each question, over a store of N made records.
//!
//!     cargo bench --bench questions -- [--records N] [--store FILE] [--keep]
//!
//! The store is made first (12 domains, 365 days, 67 records a report, from a fixed seed) and deleted at the end.
//! With `--keep` it stays, and a later run uses it again.

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ruascope::model::{
    AggregateReport, AuthResult, AuthResults, DateRange, Disposition, DkimResult, DmarcResult, Identifiers, Policy,
    PolicyEvaluated, PolicyPublished, Record, ReportMetadata, Sent, SpfResult, Text,
};
use ruascope::parse::Parsed;
use ruascope::store::{By, Entry, Filter, PackedItem, RawPart, SourceOrder, Store, pack};

#[path = "shared/process.rs"]
mod process;

const DOMAINS: u64 = 12;
const DAYS: i64 = 365;
const FIRST_DAY: i64 = 20_089;
const RECORDS_A_REPORT: u64 = 67;
const REPORTERS: u64 = 34;
/// Times that a question is asked; the median is told.
const TIMES: usize = 9;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut records, mut path, mut keep) = (1_000_000, None, false);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--records" => records = arguments.next().unwrap_or_default().parse()?,
            "--store" => path = arguments.next().map(PathBuf::from),
            "--keep" => keep = true,
            _ => {}
        }
    }
    let path = path.unwrap_or_else(|| std::env::temp_dir().join(format!("ruascope-questions-{records}.db")));
    if !keep || !path.exists() {
        make(&path, records)?;
    }
    ask_all(&path)?;
    if !keep {
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

/// Asks every question that commands ask.
fn ask_all(path: &Path) -> anyhow::Result<()> {
    let opened = Instant::now();
    let store = Store::open_to_read(path)?;
    let opened = opened.elapsed();
    let (_, last) = store.day_range(None)?.unwrap_or_default();
    let totals = store.totals(&Filter::default())?;
    println!(
        "{} reports, {} records, {:.1} MiB, {} bytes a record, opened in {}",
        totals.reports,
        totals.sums.records,
        f64::from(u32::try_from(totals.size_bytes >> 10)?) / 1_024.0,
        totals.size_bytes / totals.sums.records.max(1),
        millis(opened),
    );
    println!(
        "| question | one domain, 30 d | one domain, 90 d | one domain, 365 d | all domains, 365 d |\n|---|---|---|---|---|"
    );
    let domain = Some("d0.example".to_owned());
    let filters = [(domain.clone(), 30), (domain.clone(), 90), (domain, DAYS), (None, DAYS)]
        .map(|(domain, days)| Filter { domain, since_day: Some(last - days + 1), until_day: Some(last) });
    let line = |name: &str, ask: &dyn Fn(&Filter) -> anyhow::Result<usize>| -> anyhow::Result<()> {
        let mut line = format!("| {name} |");
        for filter in &filters {
            line.push_str(&format!(" {} |", median(|| ask(filter))?));
        }
        println!("{line}");
        Ok(())
    };
    for (name, by) in [
        ("per day", By::Day),
        ("per domain", By::Domain),
        ("per reporter", By::Reporter),
        ("per header_from", By::HeaderFrom),
        ("per disposition", By::Disposition),
    ] {
        line(name, &|filter| Ok(store.groups(by, filter)?.len()))?;
    }
    line("20 largest sources", &|filter| Ok(store.sources(filter, SourceOrder::Mails, 20)?.rows.len()))?;
    line("newest 50 reports", &|filter| Ok(store.reports(filter, 50, false)?.len()))?;
    line("totals", &|filter| Ok(usize::try_from(store.totals(filter)?.reports)?))?;
    let newest = store.reports(&Filter::default(), 1, false)?.first().map_or(0, |report| report.id);
    println!("\none report with its records: {}", median(|| Ok(store.report(newest)?.1.len()))?);
    println!("peak memory: {:.0} MiB", f64::from(u32::try_from(process::peak_kib())?) / 1_024.0);
    println!("processor time: {:.1} s", f64::from(u32::try_from(process::cpu_centis())?) / 100.0);
    Ok(())
}

/// The median time of an answer.
fn median(mut ask: impl FnMut() -> anyhow::Result<usize>) -> anyhow::Result<String> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let start = Instant::now();
        std::hint::black_box(ask()?);
        times.push(start.elapsed());
        if times.iter().sum::<Duration>() > Duration::from_secs(5) {
            break;
        }
    }
    times.sort();
    Ok(millis(times.get(times.len() / 2).copied().unwrap_or_default()))
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

/// Makes a store, report by report.
fn make(path: &Path, records: u64) -> anyhow::Result<()> {
    for end in ["", "-wal", "-shm"] {
        // It need not be there.
        let _removed = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    let start = Instant::now();
    let mut store = Store::open(path)?;
    let reports = records.div_ceil(RECORDS_A_REPORT);
    let mut chance = Chance(7);
    let mut batch = Vec::new();
    for number in 0..reports {
        batch.push(entry(&report(number, reports, &mut chance)));
        if batch.len() == 600 || number + 1 == reports {
            store.insert(&batch)?;
            batch.clear();
        }
    }
    println!("made {} in {:.1} s", path.display(), start.elapsed().as_secs_f64());
    Ok(())
}

fn entry(report: &AggregateReport) -> Entry {
    let id = &report.metadata.report_id;
    let mut sha256 = [0; 32];
    sha256.iter_mut().zip(id.bytes().rev()).for_each(|(to, from)| *to = from);
    let mut parsed = Parsed { value: report.clone(), notes: Vec::new(), bytes: 0 };
    let item = PackedItem::Report(Box::new(pack("", &mut parsed, None)));
    let part = RawPart {
        name: None,
        sha256,
        bytes: None,
        is_packed: false,
        size_bytes: 0,
        accepted: false,
        items: vec![item],
    };
    Entry {
        origin: "made".to_owned(),
        size_bytes: 0,
        received_s: report.metadata.date_range.end_s + 3_600,
        mail: None,
        parts: vec![part],
        refused: None,
    }
}

/// The report of a number: days in order, domains and reporters in turn.
fn report(number: u64, reports: u64, chance: &mut Chance) -> AggregateReport {
    let day = FIRST_DAY + i64::try_from(number * DAYS.unsigned_abs() / reports.max(1)).unwrap_or(0);
    let domain_number = number % DOMAINS;
    let domain = Text::from(format!("d{domain_number}.example"));
    let conclusions = conclusions();
    let records = (0..RECORDS_A_REPORT).map(|_| record(domain_number, &domain, &conclusions, chance)).collect();
    AggregateReport {
        version: Some("1.0".into()),
        namespace: None,
        metadata: ReportMetadata {
            org_name: Some(format!("reporter{}.example", number / DOMAINS % REPORTERS).into()),
            email: Some("dmarc@reporter.example".into()),
            extra_contact_info: None,
            report_id: format!("{number:020}").into(),
            date_range: DateRange { begin_s: day * 86_400, end_s: (day + 1) * 86_400 },
            errors: Vec::new(),
            generator: None,
        },
        policy_published: PolicyPublished {
            domain,
            discovery_method: None,
            adkim: None,
            aspf: None,
            p: Some(Sent::Read(Policy::None)),
            sp: None,
            np: None,
            pct: None,
            fo: None,
            testing: None,
        },
        records,
    }
}

/// Passed by both, by DKIM, by SPF, by neither, and neither with a disposition.
fn conclusions() -> Vec<Arc<PolicyEvaluated>> {
    use DmarcResult::{Fail, Pass};
    [
        (Pass, Pass, Disposition::None),
        (Pass, Fail, Disposition::None),
        (Fail, Pass, Disposition::None),
        (Fail, Fail, Disposition::None),
        (Fail, Fail, Disposition::Quarantine),
    ]
    .into_iter()
    .map(|(dkim, spf, disposition)| {
        Arc::new(PolicyEvaluated {
            disposition: Some(Sent::Read(disposition)),
            dkim: Some(Sent::Read(dkim)),
            spf: Some(Sent::Read(spf)),
            reasons: Vec::new(),
        })
    })
    .collect()
}

/// Over half own servers and services, a fifth forwarders, a quarter strangers who come once.
fn record(domain_number: u64, domain: &Text, conclusions: &[Arc<PolicyEvaluated>], chance: &mut Chance) -> Record {
    let kind = chance.below(100);
    let (host, verdict) = match kind {
        0..55 => (chance.below(20), kind % 3),
        55..75 => (1_000 + chance.below(3_000), 1 + kind % 2),
        _ => (10_000 + chance.below(300_000), 3 + kind % 2),
    };
    let address = u32::try_from((domain_number << 20) + host).unwrap_or(0) | 0x0a00_0000;
    let header_from = if chance.below(10) == 0 { format!("news.{domain}").into() } else { domain.clone() };
    let signer = Text::from(if verdict < 2 { domain.to_string() } else { format!("esp{}.example", chance.below(30)) });
    let results = AuthResults {
        dkim: vec![DkimResult {
            domain: Some(signer.clone()),
            selector: Some(format!("s{}", chance.below(3)).into()),
            result: Some(Sent::Read(if verdict < 2 { AuthResult::Pass } else { AuthResult::Fail })),
            human_result: None,
        }],
        spf: vec![SpfResult {
            domain: Some(signer),
            scope: None,
            result: Some(Sent::Read(if verdict == 0 { AuthResult::Pass } else { AuthResult::Fail })),
            human_result: None,
        }],
    };
    let conclusion = usize::try_from(verdict).ok().and_then(|at| conclusions.get(at));
    Record {
        source_ip: Some(Sent::Read(IpAddr::V4(Ipv4Addr::from(address)))),
        count: Some(Sent::Read(1 + chance.below(9))),
        policy_evaluated: conclusion.cloned().unwrap_or_default(),
        identifiers: Identifiers {
            header_from: Some(header_from),
            envelope_from: Some(domain.clone()),
            envelope_to: None,
        }
        .into(),
        auth_results: Arc::new(results),
    }
}

/// Numbers that look random and are the same on every run (`xorshift64*`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}

//! `ruascope watch`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, Local, NaiveDate, Utc};
use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::verdict::Verdict;
use super::{fetch, ingest as shared, since_change, snapshot};
use crate::cli::advice;
use crate::cli::context::Context;
use crate::cli::exit::{self, Exit, Failure, While as _};
use crate::cli::output;
use crate::cli::post;
use crate::config::MailboxSettings;
use crate::ingest::{self, MailboxFailure, Options, Poll, Tally};
use crate::store::Store;
use crate::words::{Language, Said, Words, said};

/// How often signals and the state are looked at.
const TICK: Duration = Duration::from_millis(200);
/// How often letters that could not be delivered are looked at.
const FLUSH_EVERY: Duration = Duration::from_mins(1);
/// Before a connection that failed is tried again.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  ruascope watch\n  ruascope watch main --heartbeat /run/ruascope/alive\n  ruascope watch --since-change example.com\n\nReconnects for ever. SIGTERM and SIGINT end it when the mails at hand are stored; SIGHUP reads the settings again.\nUnder systemd it says when it is ready and that it is alive (Type=notify, WatchdogSec=20min)."
)]
pub(in crate::cli) struct Arguments {
    /// Names of mailboxes in the settings [default: all]; with --since-change, domains
    mailboxes: Vec<String>,
    /// Look once whether a policy that was just tightened has to go back (rules R1 to R5), and end: 2 when it has
    #[arg(long)]
    since_change: bool,
    /// Seconds between two lines of state on standard error
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600)]
    status_every: u64,
    /// File to touch whenever all mailboxes were read; it is at most about six minutes old while all is well
    #[arg(long, value_name = "FILE")]
    heartbeat: Option<PathBuf>,
    #[command(flatten)]
    verdict: Verdict,
}

/// One mailbox that is watched.
struct Watched {
    name: String,
    settings: MailboxSettings,
    state: Mutex<State>,
}

/// How it goes with one mailbox.
#[derive(Default)]
struct State {
    /// What it brought.
    taken: Tally,
    /// When all of it was read last.
    read_at: Option<DateTime<Utc>>,
    /// When something came of it last: mails, or an attempt that failed.
    alive_at: Option<DateTime<Utc>>,
}

impl Watched {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Mailboxes that are watched with the same settings.
struct Round {
    mailboxes: Vec<Arc<Watched>>,
    stop: Arc<AtomicBool>,
}

/// What the threads share.
struct Shared {
    store: PathBuf,
    options: Options,
    meeting: Option<PathBuf>,
    quiet: bool,
    as_json: bool,
    language: Language,
    /// Held by each poll; whoever wants to end waits for it.
    at_work: Arc<RwLock<()>>,
    stop: Arc<AtomicBool>,
}

pub(super) fn run(context: Context, arguments: &Arguments) -> anyhow::Result<Exit> {
    if arguments.since_change {
        return since_change::run(&context, &arguments.mailboxes, arguments.verdict);
    }
    let (end, reload) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    for signal in [SIGTERM, SIGINT] {
        signal_hook::flag::register(signal, Arc::clone(&end)).doing(|| said!("error-signals"))?;
    }
    #[cfg(unix)]
    signal_hook::flag::register(signal_hook::consts::SIGHUP, Arc::clone(&reload)).doing(|| said!("error-signals"))?;
    let at_work = Arc::new(RwLock::new(()));
    let mut context = context;
    let mut round = start(&context, arguments, &at_work)?;
    tell_system("READY=1");
    let (mut last_status, mut last_read, mut last_alive) = (Instant::now(), None, None);
    let mut schedule = Schedule { done_on: None, looked_on: None, flushed: Instant::now() };
    while !end.load(Ordering::Relaxed) {
        std::thread::sleep(TICK);
        if reload.swap(false, Ordering::Relaxed) {
            match Context::new(context.global.clone())
                .and_then(|fresh| start(&fresh, arguments, &at_work).map(|round| (fresh, round)))
            {
                Ok((fresh, next)) => {
                    round.stop.store(true, Ordering::Relaxed);
                    (context, round) = (fresh, next);
                    output::complain(&context.told(&said!("watch-reread")));
                }
                // A slip in the settings must not end what works.
                Err(error) => drop(exit::report(&error, context.as_json(), &context.words())),
            }
        }
        let (read, alive) = (round.oldest(|state| state.read_at), round.oldest(|state| state.alive_at));
        if alive > last_alive {
            last_alive = alive;
            tell_system("WATCHDOG=1");
        }
        if read > last_read {
            last_read = read;
            if let (Some(path), Some(time)) = (&arguments.heartbeat, read) {
                beat(&context, path, time);
            }
        }
        schedule.look(&context);
        schedule.tick(&mut context);
        if last_status.elapsed() >= Duration::from_secs(arguments.status_every) {
            last_status = Instant::now();
            output::complain(&context.told(&round.status()));
        }
    }
    tell_system("STOPPING=1");
    round.stop.store(true, Ordering::Relaxed);
    // Threads that wait for news have nothing in hand; those that do are waited for.
    let _all_done = at_work.write().unwrap_or_else(PoisonError::into_inner);
    context.complain(&round.status());
    Ok(Exit::Done)
}

/// When the digest goes out, and letters that wait are tried again.
struct Schedule {
    /// The local day whose digest was made.
    done_on: Option<NaiveDate>,
    /// The UTC day on which DNS was looked at.
    looked_on: Option<NaiveDate>,
    flushed: Instant,
}

impl Schedule {
    /// Keeps what the domains publish, once a day, beside everything else: DNS may be slow.
    fn look(&mut self, context: &Context) {
        let today = Utc::now().date_naive();
        if context.global.offline || self.looked_on == Some(today) {
            return;
        }
        self.looked_on = Some(today);
        let (global, as_json, language) = (context.global.clone(), context.as_json(), context.language());
        std::thread::spawn(move || {
            let taken = Context::new(global).and_then(|context| {
                let mut store = context.open_store()?;
                snapshot::take(&context, &mut store)?;
                advice::keep_alarms(&context, &mut store)
            });
            if let Err(error) = taken {
                exit::report(&error, as_json, &Words::new(language));
            }
        });
    }

    /// Sends what is due. What fails is said and tried again later: it must not end the watch.
    fn tick(&mut self, context: &mut Context) {
        if !post::is_wanted(context) {
            return;
        }
        let now = Utc::now();
        let local = now.with_timezone(&Local);
        let at = context.resolved.settings.digest.at;
        let is_time = local.time() >= at && self.done_on != Some(local.date_naive());
        if !is_time && self.flushed.elapsed() < FLUSH_EVERY {
            return;
        }
        self.flushed = Instant::now();
        context.now = now;
        let sent = context.open_store().and_then(|mut store| {
            if is_time { post::send_scheduled(context, &mut store) } else { post::flush(context, &mut store) }
        });
        match sent {
            Ok(posted) => {
                if is_time {
                    self.done_on = Some(local.date_naive());
                }
                if !posted.sent.is_empty() {
                    context.complain(&posted.told());
                }
            }
            Err(error) => drop(exit::report(&error, context.as_json(), &context.words())),
        }
    }
}

/// Starts a thread for each mailbox.
fn start(context: &Context, arguments: &Arguments, at_work: &Arc<RwLock<()>>) -> anyhow::Result<Round> {
    let chosen = fetch::chosen(context, &arguments.mailboxes)?;
    if context.global.now.is_some() {
        return Err(Failure::new(Exit::Usage, said!("error-watch-now")).into());
    }
    drop(context.open_store()?);
    let stop = Arc::new(AtomicBool::new(false));
    let mut mailboxes = Vec::new();
    for (name, settings) in chosen {
        fetch::warn_of_plain(context, name, settings);
        let watched = Arc::new(Watched { name: name.clone(), settings: settings.clone(), state: Mutex::default() });
        let shared = Shared {
            store: context.store_path()?,
            options: context.ingest_options(),
            meeting: Context::meeting_folder(),
            quiet: context.global.quiet,
            as_json: context.as_json(),
            language: context.language(),
            at_work: Arc::clone(at_work),
            stop: Arc::clone(&stop),
        };
        mailboxes.push(Arc::clone(&watched));
        std::thread::spawn(move || watch(&watched, &shared));
    }
    Ok(Round { mailboxes, stop })
}

/// Stays with one mailbox, and comes back whenever the connection fails.
fn watch(watched: &Watched, shared: &Shared) {
    let mut attempts = 0;
    while !shared.stop.load(Ordering::Relaxed) {
        let outcome = stay(watched, shared, &mut attempts);
        if shared.stop.load(Ordering::Relaxed) {
            return;
        }
        if let Err(error) = outcome {
            attempts += 1;
            watched.state().alive_at = Some(Utc::now());
            exit::report(&error, shared.as_json, &Words::new(shared.language));
            let until = Instant::now() + ingest::pause(PAUSE, attempts);
            while Instant::now() < until && !shared.stop.load(Ordering::Relaxed) {
                std::thread::sleep(TICK);
            }
        }
    }
}

fn stay(watched: &Watched, shared: &Shared, attempts: &mut u32) -> anyhow::Result<()> {
    let mut store = Store::open(&shared.store)?;
    let poll = Poll {
        name: &watched.name,
        settings: &watched.settings,
        options: &shared.options,
        rescan: false,
        pause: PAUSE,
        meeting: shared.meeting.as_deref(),
        stop: &shared.stop,
    };
    let words = Words::new(shared.language);
    let mut told = |tally: &Tally| {
        *attempts = 0;
        if tally.deliveries > 0 && !shared.quiet {
            let what = shared::told(tally, shared::MAILS);
            output::complain(&said!("watch-of", mailbox = watched.name, what = what).in_words(&words));
        }
        shared::warn(tally, &words);
        let (mut state, now) = (watched.state(), Some(Utc::now()));
        state.taken.merge(tally.clone());
        state.taken.unreadable.clear();
        state.taken.warnings.clear();
        state.taken.stuck.clear();
        (state.read_at, state.alive_at) = (now, now);
    };
    let mut progress = |_: &Tally, _| watched.state().alive_at = Some(Utc::now());
    match ingest::stay(&poll, &mut store, &shared.at_work, &|| Utc::now().timestamp(), &mut progress, &mut told) {
        Ok(()) => Ok(()),
        Err(MailboxFailure::Store(error)) => Err(error.into()),
        Err(MailboxFailure::Mailbox(error)) => Err(error.into()),
    }
}

impl Round {
    /// The oldest of the times of all mailboxes; `None` when one has none.
    fn oldest(&self, of: impl Fn(&State) -> Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        self.mailboxes.iter().map(|watched| of(&watched.state())).min().flatten()
    }

    /// One line about all mailboxes.
    fn status(&self) -> Said {
        let line = |watched: &Arc<Watched>| {
            let state = watched.state();
            let (mailbox, new) = (&watched.name, &state.taken.delivered);
            let (reports, rejected) = (new.reports_new, new.rejected);
            match state.read_at.map(|time| time.format("%FT%TZ").to_string()) {
                None => said!("watch-unread", mailbox = mailbox, reports = reports, rejected = rejected),
                Some(time) => {
                    said!("watch-read", mailbox = mailbox, time = time, reports = reports, rejected = rejected)
                }
            }
        };
        said!("watch-state", mailboxes = Said::parts(self.mailboxes.iter().map(line).collect()))
    }
}

/// Touches the heartbeat file; a full disk must not end the watch.
fn beat(context: &Context, path: &Path, time: DateTime<Utc>) {
    if let Err(error) = std::fs::write(path, format!("{}\n", time.format("%FT%TZ"))) {
        let error = exit::doing(error, said!("error-write", path = path.display()));
        let what = exit::in_words(&error, &context.words());
        output::complain(&context.told(&said!("line-warning", what = what)));
    }
}

/// Tells systemd, where it listens.
fn tell_system(state: &str) {
    #[cfg(target_os = "linux")]
    if let Some(address) = std::env::var_os("NOTIFY_SOCKET") {
        use std::os::linux::net::SocketAddrExt as _;
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::net::{SocketAddr, UnixDatagram};
        let address = match address.as_bytes().strip_prefix(b"@") {
            Some(name) => SocketAddr::from_abstract_name(name),
            None => SocketAddr::from_pathname(&address),
        };
        let _told = address.and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    }
    #[cfg(not(target_os = "linux"))]
    let _ = state;
}

//! Runs the program as a stranger would, and compares everything that comes out.
//!
//! The environment is empty but for what is listed in [`Run::command`]; `TZ` is odd on purpose, so that a slip into
//! local time shows. What a test doesn't state must be empty, and the exit code must be 0.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// All charts.
pub(crate) const CHARTS: [&str; 10] = [
    "volume",
    "failures",
    "alignment",
    "sources",
    "impact",
    "coverage",
    "selectors",
    "new-sources",
    "ladder",
    "dispositions",
];

/// The folder with `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Something in `fixtures/`, which has to be there.
#[track_caller]
pub(crate) fn fixture(path: &str) -> PathBuf {
    let path = root().join("fixtures").join(path);
    assert!(path.exists(), "{} has to be there", path.display());
    path
}

/// Something in `../shared`, which need not be there; on CI it must.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    let is_ci = std::env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "{} has to be there when CI=true", found.display());
    skipped(&format!("{} is not there", found.display()));
    None
}

/// Says that something was not tested, past the capture that hides what passing tests say.
pub(crate) fn skipped(why: &str) {
    let _told = writeln!(std::io::stderr(), "SKIPPED: {why}");
}

/// All files in a folder and below, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The last part of a path.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().expect("a file name").to_string_lossy().into_owned()
}

/// Reads a file of text.
#[track_caller]
pub(crate) fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The columns of a TSV below its header line.
#[track_caller]
pub(crate) fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = read(path);
    let rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    assert!(!rows.is_empty(), "{} has to have rows", path.display());
    rows
}

/// Fails with all problems at once.
#[track_caller]
pub(crate) fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

/// A temporary folder below `target`, where a folder that a static keeps bothers nobody.
pub(crate) fn temporary() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder")
}

/// A folder for several runs, with a store in it.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: temporary() }
    }

    /// A folder whose store holds what was taken in from `paths`, without a rejection and without a word.
    #[track_caller]
    pub(crate) fn with(paths: &[&Path]) -> Self {
        let place = Self::new();
        place.run(["ingest", "--quiet", "--fail-on-rejected"]).args(paths).check();
        place
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Its store.
    pub(crate) fn store(&self) -> PathBuf {
        self.path().join("store.db")
    }

    /// Writes a file, and the folders that it needs.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        let folder = path.parent().expect("a folder above the file");
        std::fs::create_dir_all(folder).expect("a new folder");
        std::fs::write(&path, content).expect("a new file");
        path
    }

    /// A run in this folder, on its store.
    pub(crate) fn run<A: Into<OsString>>(&self, args: impl IntoIterator<Item = A>) -> Run {
        Run::new(args).folder(self.path()).store(self.store())
    }

    /// `store stats`.
    #[track_caller]
    pub(crate) fn stats(&self) -> Value {
        self.run(["store", "stats"]).json()
    }

    /// `reports`, only the list.
    #[track_caller]
    pub(crate) fn reports(&self) -> Vec<Value> {
        list(&self.run(["reports"]).json(), "reports")
    }
}

/// A list in a JSON object.
#[track_caller]
pub(crate) fn list(object: &Value, name: &str) -> Vec<Value> {
    object[name].as_array().unwrap_or_else(|| panic!("{name} has to be a list in {object:#}")).clone()
}

/// A number in a JSON object.
#[track_caller]
pub(crate) fn number(object: &Value, name: &str) -> u64 {
    object[name].as_u64().unwrap_or_else(|| panic!("{name} has to be a number in {object:#}"))
}

/// One run of the program, and what is expected of it.
#[must_use = "a run does nothing before check, json, text, bytes or error"]
pub(crate) struct Run {
    args: Vec<OsString>,
    store: Option<OsString>,
    stdin: Vec<u8>,
    env: Vec<(OsString, OsString)>,
    own_folder: Option<TempDir>,
    folder: PathBuf,
    stdout: String,
    stderr: String,
    exit: i32,
}

impl Run {
    /// A run in a temporary folder of its own.
    pub(crate) fn new<A: Into<OsString>>(args: impl IntoIterator<Item = A>) -> Self {
        let own_folder = temporary();
        Self {
            args: args.into_iter().map(Into::into).collect(),
            store: None,
            stdin: Vec::new(),
            env: Vec::new(),
            folder: own_folder.path().to_owned(),
            own_folder: Some(own_folder),
            stdout: String::new(),
            stderr: String::new(),
            exit: 0,
        }
    }

    /// One more argument.
    pub(crate) fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// More arguments.
    pub(crate) fn args<A: Into<OsString>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// What stands on standard input.
    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// `RUASCOPE_STORE`.
    pub(crate) fn store(mut self, path: impl Into<OsString>) -> Self {
        self.store = Some(path.into());
        self
    }

    /// No `--store`: the one that settings, environment or home name.
    pub(crate) fn no_store(mut self) -> Self {
        self.store = None;
        self
    }

    /// `--now`.
    pub(crate) fn now(self, time: &str) -> Self {
        self.arg("--now").arg(time)
    }

    /// One more variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// May ask DNS: the servers of the settings.
    pub(crate) fn online(self) -> Self {
        self.env("RUASCOPE_OFFLINE", "false")
    }

    /// The working folder and home, in place of one of its own.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.folder);
        self.own_folder = None;
        self
    }

    /// All that has to come out on standard output, filtered.
    pub(crate) fn stdout(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdout);
        self
    }

    /// All that has to come out on standard error, filtered.
    pub(crate) fn stderr(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stderr);
        self
    }

    /// The exit code that has to come out.
    pub(crate) fn exit(mut self, code: i32) -> Self {
        self.exit = code;
        self
    }

    /// The command as it will be run.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ruascope"));
        command.args(&self.args).current_dir(&self.folder).env_clear();
        // Not as a flag: screens repeat flags in the commands that they name.
        command.envs(self.store.iter().map(|store| ("RUASCOPE_STORE", store)));
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", &self.folder).env("COLUMNS", "100").env("LANG", "C.UTF-8").env("TZ", "Pacific/Chatham");
        // No test asks the machine's name servers; those about DNS bring their own.
        command.env("RUASCOPE_OFFLINE", "true");
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    fn output(&self) -> Output {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe to standard input");
        std::thread::scope(|scope| {
            // The program may close it early: not an error of the test.
            scope.spawn(move || drop(stdin.write_all(&self.stdin)));
            child.wait_with_output().expect("the program ends")
        })
    }

    /// Compares exit code and standard error.
    #[track_caller]
    fn ended(&self) -> Output {
        let output = self.output();
        let stderr = self.filtered(&output.stderr);
        let found = (output.status.code(), stderr.as_str());
        let expected = (Some(self.exit), self.stderr.as_str());
        assert!(found == expected, "{self}\n--- found\n{}--- expected\n{}", shown(found), shown(expected));
        output
    }

    /// Compares everything.
    #[track_caller]
    pub(crate) fn check(self) {
        let output = self.ended();
        let stdout = self.filtered(&output.stdout);
        assert!(stdout == self.stdout, "{self}\n--- found on standard output\n{stdout}\n--- expected\n{}", self.stdout);
    }

    /// Compares all but standard output, which comes back.
    #[track_caller]
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.ended().stdout
    }

    /// Compares all but standard error, which comes back, filtered.
    #[track_caller]
    pub(crate) fn error_text(self) -> String {
        let output = self.output();
        let stderr = self.filtered(&output.stderr);
        assert!(output.status.code() == Some(self.exit), "{self}: {}, not {}\n{stderr}", output.status, self.exit);
        let stdout = self.filtered(&output.stdout);
        assert!(stdout == self.stdout, "{self}\n--- found on standard output\n{stdout}");
        stderr
    }

    /// As [`Self::bytes`], as text, word for word.
    #[track_caller]
    pub(crate) fn exact(self) -> String {
        String::from_utf8(self.bytes()).expect("UTF-8 on standard output")
    }

    /// As [`Self::bytes`], as text, filtered.
    #[track_caller]
    pub(crate) fn text(self) -> String {
        let output = self.ended();
        self.filtered(&output.stdout)
    }

    /// As [`Self::bytes`], with `--format json`, and read.
    #[track_caller]
    pub(crate) fn json(self) -> Value {
        let run = self.args(["--format", "json"]);
        let output = run.ended();
        parse(&run, &output.stdout)
    }

    /// With `--format json`: the error object; nothing may stand on standard output.
    #[track_caller]
    pub(crate) fn error(self) -> Value {
        let run = self.args(["--format", "json"]);
        let output = run.output();
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.code() == Some(run.exit), "{run}: {}, not {}\n{stderr}", output.status, run.exit);
        assert!(stdout.is_empty(), "{run}: nothing should stand on standard output: {stdout}");
        parse(&run, &output.stderr)
    }

    /// Everything that a person sees, filtered: standard output, standard error, and the exit code where it is not 0.
    pub(crate) fn screen(self) -> String {
        let output = self.output();
        let exit = output.status.code().filter(|code| *code != 0);
        let exit = exit.map_or_else(String::new, |code| format!("exit {code}\n"));
        format!("{}{}{exit}", self.filtered(&output.stdout), self.filtered(&output.stderr))
    }

    /// What differs from run to run gets a name.
    fn filtered(&self, bytes: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        let own = self.folder.to_string_lossy();
        for (found, name) in [(&*own, "[TEMP]"), (&root().to_string_lossy(), "[ROOT]")] {
            text = text.replace(found, name);
        }
        let text = text.replace(concat!("ruascope ", env!("CARGO_PKG_VERSION")), "ruascope [VERSION]");
        without_measures(&text)
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ruascope")?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", arg.to_string_lossy()))
    }
}

#[track_caller]
fn parse(run: &Run, bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{run}: no JSON ({error}):\n{text}"))
}

fn shown((exit, stderr): (Option<i32>, &str)) -> String {
    format!("exit {exit:?}, standard error:\n{stderr}\n")
}

/// Durations and sizes, `12 ms` and `1.5 MiB`, become `[TIME]` and `[SIZE]`.
fn without_measures(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let end = from.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(from.len());
        let (digits, after) = from.split_at(end);
        let unit = [("ms", "[TIME]"), (" ms", "[TIME]"), ("s", "[TIME]"), (" s", "[TIME]"), (" MiB", "[SIZE]")]
            .into_iter()
            .find_map(|(unit, name)| {
                let after = after.strip_prefix(unit)?;
                (!after.starts_with(|c: char| c.is_alphanumeric())).then_some((name, after))
            });
        match unit.filter(|_| !before.ends_with(|c: char| c.is_alphanumeric())) {
            Some((name, after)) => {
                out.push_str(name);
                rest = after;
            }
            None => {
                out.push_str(digits);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn the_filter_names_what_differs_from_run_to_run_and_nothing_else() {
    let filtered =
        without_measures("1.5 MiB in 12ms, 0.3 s; --days 7d, 192.0.2.1 sent 12 mails, k1s\n2026-10-31T06:00:00Z");
    assert_eq!(filtered, "[SIZE] in [TIME], [TIME]; --days 7d, 192.0.2.1 sent 12 mails, k1s\n2026-10-31T06:00:00Z");
}

#[test]
fn a_run_has_no_environment_but_its_own() {
    let run = Run::new(["man"]);
    let mut names: Vec<String> =
        run.command().get_envs().map(|(name, _)| name.to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["COLUMNS", "HOME", "LANG", "PATH", "RUASCOPE_OFFLINE", "TZ"]);
}

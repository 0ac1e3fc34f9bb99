//! The rules of ARCHITECTURE.md that a machine can hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::harness::{assert_none, files_below, fixture, name_of, read, root};

mod source;

use source::{Function, code_only, functions};

/// Layers from the ground up: a module imports only from layers below its own.
const LAYERS: [&[&str]; 11] = [
    &["model", "limits", "words"],
    &["decode", "mail", "dns"],
    &["parse", "config"],
    &["analyze"],
    &["digest"],
    &["present"],
    &["credential"],
    &["intake", "store", "resolve", "keys", "deliver"],
    &["enrich", "ingest"],
    &["web"],
    &["cli"],
];
/// Layers that open nothing, ask nobody and know no clock.
const PURE_LAYERS: usize = 6;
/// What pure modules can't have in their code.
const IMPURE: [&str; 17] = [
    "std::fs",
    "File::open",
    "File::create",
    "std::env",
    "std::process",
    "std::thread",
    "thread::spawn",
    "TcpStream",
    "UdpSocket",
    "SystemTime::now",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "println!",
    "eprintln!",
    "print!(",
    "stdin()",
];
/// Files have fewer lines than this …
const FILE_LINES: usize = 400;
/// … and functions fewer than this.
const FUNCTION_LINES: usize = 70;
/// Longer files: the most that each may have, and why.
const LONG_FILES: [(&str, usize, &str); 0] = [];
/// Longer functions: the most that each may have, and why.
const LONG_FUNCTIONS: [(&str, usize, &str); 0] = [];

/// A file of `src/`.
struct Source {
    /// Its path in `src/`, with `/`.
    name: String,
    text: String,
    code: String,
}

impl Source {
    /// The folder or file right below `src/`; none for `lib.rs` and `main.rs`.
    fn module(&self) -> Option<&str> {
        let first = self.name.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        (first != "lib" && first != "main").then_some(first)
    }
}

/// All Rust files of a folder in the project.
#[track_caller]
fn sources(folder: &str) -> Vec<Source> {
    let folder = root().join(folder);
    let is_built = |path: &Path| path.components().any(|part| part.as_os_str() == "target");
    let below = |path: &PathBuf| path.strip_prefix(&folder).expect("a file in the folder").to_owned();
    let is_rust =
        |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs") && !is_built(&below(path));
    let source = |path: PathBuf| {
        let name = below(&path).to_string_lossy().replace('\\', "/");
        let text = read(&path);
        Source { name, code: code_only(&text), text }
    };
    let sources: Vec<Source> = files_below(&folder).into_iter().filter(is_rust).map(source).collect();
    assert!(!sources.is_empty(), "{} has to have files", folder.display());
    sources
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules that stand behind `crate::` in code, also in `crate::{a, b::c}`.
fn imports(code: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let first_name = |text: &str| text.trim_start().chars().take_while(|c| is_name(*c)).collect::<String>();
    let mut found = BTreeSet::new();
    for (start, _) in code.match_indices("crate::") {
        let before = code.get(..start).unwrap_or_default();
        let after = code.get(start + "crate::".len()..).unwrap_or_default();
        if before.ends_with(|c| is_name(c) || c == '$') {
            continue;
        }
        match after.strip_prefix('{') {
            None => found.extend(Some(first_name(after))),
            Some(group) => found.extend(top_level(group).map(first_name)),
        }
    }
    found
}

/// The parts of `a, b::{c, d}, e}`: up to the brace that closes the group.
fn top_level(group: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    let end = group.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth < 0
    });
    let mut depth = 0_i32;
    group.get(..end.unwrap_or(group.len())).unwrap_or_default().split(move |c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    })
}

#[test]
fn modules_import_only_from_layers_below() {
    let mut problems = Vec::new();
    let mut seen = 0;
    for source in sources("src") {
        let Some(module) = source.module() else { continue };
        let Some(own) = layer(module) else {
            problems.push(format!("src/{}: `{module}` stands in no layer", source.name));
            continue;
        };
        for import in imports(&source.code).iter().filter(|import| *import != module) {
            seen += 1;
            if layer(import).is_none_or(|layer| layer >= own) {
                problems.push(format!("src/{}: `{module}` must not import from `{import}`", source.name));
            }
        }
    }
    assert!(seen > 20, "only {seen} imports were found");
    assert_none(&problems);
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::store::Store; use crate::{model::{A, B}, parse, cli as c}; let x = crate::mail::open(); use $crate::no; mycrate::no";
    let found: Vec<String> = imports(code).into_iter().collect();
    assert_eq!(found, ["cli", "mail", "model", "parse", "store"]);
}

#[test]
fn pure_modules_open_nothing() {
    let mut problems = Vec::new();
    for source in sources("src") {
        let is_pure = source.module().and_then(layer).is_some_and(|layer| layer < PURE_LAYERS);
        let found = IMPURE.iter().filter(|word| is_pure && source.code.contains(**word));
        problems.extend(found.map(|word| format!("src/{}: {word}", source.name)));
    }
    assert_none(&problems);
}

#[test]
fn files_are_short() {
    let mut problems = Vec::new();
    for source in sources("src") {
        let lines = source.text.lines().count();
        let exception = LONG_FILES.iter().find(|(name, ..)| *name == source.name);
        let most = exception.map_or(FILE_LINES, |(_, lines, _)| *lines);
        if lines >= most {
            problems.push(format!("src/{}: {lines} lines, {most} are too many", source.name));
        }
        if exception.is_some() && lines < FILE_LINES {
            problems.push(format!("src/{}: {lines} lines need no exception any more", source.name));
        }
    }
    assert_none(&problems);
}

#[test]
fn functions_are_short() {
    let mut problems = Vec::new();
    let mut seen = 0;
    for source in sources("src").into_iter().chain(sources("tests")) {
        for Function { name, line, lines } in functions(&source.code) {
            seen += 1;
            let exception =
                LONG_FUNCTIONS.iter().find(|(exception, ..)| *exception == format!("{}:{name}", source.name));
            let most = exception.map_or(FUNCTION_LINES, |(_, lines, _)| *lines);
            if lines >= most {
                problems.push(format!("{}:{line}: fn {name} has {lines} lines, {most} are too many", source.name));
            }
        }
    }
    assert!(seen > 300, "only {seen} functions were found");
    assert_none(&problems);
}

/// Words that are not to be left in code or comments; put together here so that they don't stand in this file.
fn forbidden() -> Vec<String> {
    [("to", "do!"), ("unimple", "mented!"), ("db", "g!"), ("FIX", "ME"), ("XX", "X"), ("#[ig", "nore")]
        .into_iter()
        .map(|(a, b)| format!("{a}{b}"))
        .collect()
}

#[test]
fn nothing_is_left_undone() {
    let mut problems = Vec::new();
    for folder in ["src", "tests", "fixtures/make"] {
        for source in sources(folder) {
            for (line, text) in (1..).zip(source.text.lines()) {
                let found = forbidden().into_iter().filter(|word| text.contains(word.as_str()));
                problems.extend(found.map(|word| format!("{folder}/{}:{line}: {word}", source.name)));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn every_fixture_is_explained() {
    let explained = read(&fixture("README.md"));
    let mut problems = Vec::new();
    for folder in ["quirk", "malformed"] {
        let files = files_below(&fixture(folder));
        assert!(!files.is_empty(), "{folder} has to have files");
        let names = files.iter().map(|path| name_of(path)).filter(|name| name != "expected.tsv");
        problems.extend(
            names.filter(|name| !explained.contains(&format!("| `{name}` |"))).map(|name| format!("{folder}/{name}")),
        );
    }
    assert_none(&problems);
}

/// Types of the model with a default: it says "not sent", and their fields show it.
const NOT_SENT_BY_DEFAULT: [&str; 5] = ["PolicyEvaluated", "Identifiers", "AuthResults", "DkimResult", "SpfResult"];

#[test]
fn the_model_invents_no_values() {
    let mut problems = Vec::new();
    for source in sources("src/model") {
        for word in ["serde", "Serialize", "Deserialize", "impl Default for", "unwrap_or_default"] {
            problems.extend(source.code.contains(word).then(|| format!("model/{}: {word}", source.name)));
        }
        for (start, _) in source.code.match_indices("#[derive(") {
            let rest = source.code.get(start..).unwrap_or_default();
            let derived = rest.split(']').next().unwrap_or_default();
            if derived.contains("Default") {
                problems.extend(not_empty_by_default(rest).map(|what| format!("model/{}: {what}", source.name)));
            }
        }
    }
    assert_none(&problems);
}

/// What speaks against the default of the type declared behind a `derive`.
fn not_empty_by_default(code: &str) -> Option<String> {
    let (_, declared) = code.split_once("struct ").unwrap_or_default();
    let name: String = declared.chars().take_while(|c| c.is_alphanumeric()).collect();
    if !NOT_SENT_BY_DEFAULT.contains(&name.as_str()) {
        return Some(format!("{name} has a default"));
    }
    let fields = declared.split(['{', '}']).nth(1).unwrap_or_default();
    let types = fields.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "));
    let invents = |(_, kind): &(&str, &str)| !kind.starts_with("Option<") && !kind.starts_with("Vec<");
    let invented = types.clone().find(invents).map(|(field, kind)| format!("{name}.{field}: {kind} would be invented"));
    invented.or_else(|| (types.count() == 0).then(|| format!("{name}: no fields found")))
}

#[test]
fn a_stage_says_what_it_takes_and_gives() {
    let mut problems = Vec::new();
    for source in
        sources("src").iter().filter(|source| source.name.matches('/').count() == 1 && source.name.ends_with("/mod.rs"))
    {
        let doc = source.text.lines().filter(|line| line.starts_with("//!")).collect::<String>().to_lowercase();
        let missing = ["*takes*", "*gives*"].into_iter().filter(|word| !doc.contains(word));
        problems.extend(missing.map(|word| format!("src/{}: its opening says nothing of what it {word}", source.name)));
    }
    assert_none(&problems);
}

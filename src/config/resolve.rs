//! Defaults, file, environment and flags, laid over each other.

use std::collections::BTreeMap;

use super::check::check;
use super::file::{self, File};
use super::node::{Node, heading};
use super::problem::{ConfigError, Origin, Problem, did_you_mean};
use super::setting::{Setting as _, quoted};
use super::settings::Settings;
use crate::words::said;

/// What the variables of ruascope begin with.
const PREFIX: &str = "RUASCOPE_";

/// The setting that has a flag and a variable of its own: `--store` and `RUASCOPE_STORE`.
const STORE_KEY: &str = "store.url";

/// See [`STORE_KEY`].
const STORE_VARIABLE: &str = "RUASCOPE_STORE";

/// Variables that stand for flags without a key in the file: whoever reads the flags reads them too.
const FLAG_VARIABLES: [&str; 6] =
    ["RUASCOPE_COLOR", "RUASCOPE_CONFIG", "RUASCOPE_FORMAT", "RUASCOPE_LANG", "RUASCOPE_NOW", "RUASCOPE_OFFLINE"];

/// Settings that can be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The settings.
    pub settings: Settings,
    /// Where each key that has a value got it from.
    pub origins: BTreeMap<String, Origin>,
    /// What is odd but does not stop anything.
    pub warnings: Vec<Problem>,
}

/// One key with its value, to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The whole key, such as `limits.ratio_max` or `domain[0].name`.
    pub key: String,
    /// Its value as TOML.
    pub value: String,
    /// Where the value comes from.
    pub origin: Origin,
}

/// The settings that `file`, `environment` and `flags` give together; a later one wins over an earlier one.
///
/// `environment` holds names and values; names that do not begin with `RUASCOPE_`, and empty values, say nothing.
/// `flags` holds keys, such as `store.url`, and values.
///
/// # Errors
///
/// Every problem of the file, also with values that something else overrides; when there is none, every problem of
/// the values that hold in the end.
pub fn resolve(
    file: Option<&File>,
    environment: &[(String, String)],
    flags: &[(String, String)],
) -> Result<Resolved, ConfigError> {
    let mut tree = Node::root();
    if let Some(file) = file {
        tree = file::parse(file)?;
        let mut problems = Vec::new();
        Settings::read(&tree, &mut problems);
        ConfigError::unless_none(problems)?;
    }

    let mut keys = Vec::new();
    Settings::keys("", &mut keys);
    let mut problems = Vec::new();
    let strangers = lay_environment(&mut tree, environment, &keys);
    lay_flags(&mut tree, flags, &keys, &mut problems);
    let settings = match Settings::read(&tree, &mut problems) {
        Some(settings) if problems.is_empty() => settings,
        _ => return Err(ConfigError::new(problems)),
    };

    let mut written = BTreeMap::new();
    tree.origins(&mut written);
    let mut warnings = check(&settings, &written)?;
    let listed = list(&settings);
    warnings.extend(strangers.into_iter().filter(|name| !is_secret(name, &listed)).map(|name| unknown(name, &keys)));
    let with_origin = |(key, _)| {
        let origin = written.remove(&key).unwrap_or(Origin::Default);
        (key, origin)
    };
    let origins = listed.into_iter().map(with_origin).collect();
    Ok(Resolved { settings, origins, warnings })
}

impl Resolved {
    /// Every key that has a value, in the order of the file. Secrets are shown as `***`.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let shown = |(key, value): (String, String)| {
            let origin = self.origins.get(&key).cloned().unwrap_or(Origin::Default);
            Shown { key, value, origin }
        };
        list(&self.settings).into_iter().map(shown).collect()
    }

    /// The settings as a file that gives the same ones, except for secrets.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut lines = Vec::new();
        let mut section = String::new();
        for (key, value) in list(&self.settings) {
            let (place, name) = key.rsplit_once('.').unwrap_or(("", &key));
            if place != section {
                place.clone_into(&mut section);
                let heading = heading(place);
                lines.push(if place.ends_with(']') {
                    format!("\n[[{heading}]]\n")
                } else {
                    format!("\n[{heading}]\n")
                });
            }
            lines.push(format!("{name} = {value}\n"));
        }
        lines.concat().trim_start().to_owned()
    }
}

/// The keys of `settings` that have a value, with it.
fn list(settings: &Settings) -> Vec<(String, String)> {
    let mut listed = Vec::new();
    settings.list("", &mut listed);
    listed
}

/// Lays the variables of ruascope over `tree`, and gives the names of those that are no setting.
fn lay_environment<'a>(tree: &mut Node, environment: &'a [(String, String)], keys: &[String]) -> Vec<&'a str> {
    let is_ours = |name: &str| name.starts_with(PREFIX) && !FLAG_VARIABLES.contains(&name);
    let mut ours: Vec<_> = environment.iter().filter(|(name, value)| is_ours(name) && !value.is_empty()).collect();
    // Last, because it stands for a flag: it wins over RUASCOPE_STORE_URL.
    ours.sort_by_key(|(name, _)| name == STORE_VARIABLE);

    let mut strangers = Vec::new();
    for (name, value) in ours {
        let key = match name.as_str() {
            STORE_VARIABLE => Some(STORE_KEY),
            other => keys.iter().map(String::as_str).find(|key| variable(key) == other),
        };
        match key {
            Some(key) => tree.set(key, value, &Origin::Environment { name: name.clone() }),
            None => strangers.push(name.as_str()),
        }
    }
    strangers.sort_unstable();
    strangers
}

/// Lays the values of flags over `tree`.
fn lay_flags(tree: &mut Node, flags: &[(String, String)], keys: &[String], problems: &mut Vec<Problem>) {
    for (key, value) in flags {
        let origin = Origin::Flag { name: flag(key) };
        if keys.contains(key) {
            tree.set(key, value, &origin);
        } else {
            let hint = did_you_mean(key, keys.iter().map(String::as_str));
            problems.push(Problem::new(origin, said!("settings-unknown-flag", name = key)).with_hint(hint));
        }
    }
}

/// The variable that sets `key`.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "_").to_ascii_uppercase())
}

/// The flag that sets `key`.
fn flag(key: &str) -> String {
    if key == STORE_KEY { "--store".to_owned() } else { format!("--{}", key.replace(['.', '_'], "-")) }
}

/// Whether the settings say that the variable `name` holds a secret.
fn is_secret(name: &str, listed: &[(String, String)]) -> bool {
    let name = quoted(name);
    listed.iter().any(|(key, value)| key.ends_with("_env") && *value == name)
}

/// The warning that the variable `name` sets nothing. It never shows the value, which may be a secret.
fn unknown(name: &str, keys: &[String]) -> Problem {
    let variables: Vec<String> = keys.iter().filter(|key| !key.contains(['[', '*'])).map(|key| variable(key)).collect();
    let hint = did_you_mean(name, variables.iter().map(String::as_str));
    let origin = Origin::Environment { name: name.to_owned() };
    Problem::new(origin, said!("settings-unknown-variable", name = name)).with_hint(hint)
}

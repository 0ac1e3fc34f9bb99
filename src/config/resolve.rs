//! Defaults, file, environment and flags, laid over each other.

use std::collections::BTreeMap;

use super::check::check;
use super::file::{self, File};
use super::node::{Node, heading};
use super::problem::{ConfigError, Origin, Problem, nearest};
use super::setting::{Setting, quoted};
use super::settings::Settings;

/// What the variables of ruascope begin with.
const PREFIX: &str = "RUASCOPE_";

/// The setting that has a flag and a variable of its own: `--store` and `RUASCOPE_STORE`.
const STORE_KEY: &str = "store.url";

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
    let mut problems = Vec::new();
    let mut tree = Node::root();
    if let Some(file) = file {
        tree = file::parse(file).or_else(|problems| ConfigError::unless_none(problems).map(|()| Node::root()))?;
        Settings::read(&tree, &mut problems);
        ConfigError::unless_none(std::mem::take(&mut problems))?;
    }

    let mut keys = Vec::new();
    Settings::keys("", &mut keys);
    let unknown = lay_environment(&mut tree, environment, &keys);
    lay_flags(&mut tree, flags, &keys, &mut problems);

    let read = Settings::read(&tree, &mut problems);
    let Some(settings) = read.filter(|_| problems.is_empty()) else {
        return Err(ConfigError::of(problems));
    };
    let mut origins = BTreeMap::new();
    tree.origins(&mut origins);
    let mut warnings = check(&settings, &origins)?;
    warnings.extend(unknown.into_iter().filter(|name| !is_secret(name, &settings)).map(|name| warning(name, &keys)));
    let origins = listed(&settings)
        .into_iter()
        .map(|(key, _)| (origins.get(&key).cloned().unwrap_or(Origin::Default), key))
        .map(|(origin, key)| (key, origin))
        .collect();
    Ok(Resolved { settings, origins, warnings })
}

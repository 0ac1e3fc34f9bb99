//! What every command needs: settings, store, clock, form of the output.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::args::{Format, Global, Lang, When};
use super::exit::{Exit, Failure, While as _};
use super::output;
use crate::config::{self, Resolved};
use crate::dns::Failure as Unanswered;
use crate::enrich::{BaseNames, DataFileError, Networks};
use crate::ingest::Options;
use crate::resolve::{Hickory, Offline, Resolver};
use crate::store::Store;
use crate::words::{Language, Said, Words, said, say};

/// Everything around a command.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) global: Global,
    pub(super) resolved: Resolved,
    /// The settings file in use.
    pub(super) file: Option<PathBuf>,
    pub(super) now: DateTime<Utc>,
    /// The table of names, read when it is first asked for.
    base_names: Arc<OnceLock<BaseNames>>,
    /// Set once it was told that DNS does not answer.
    silence_told: Arc<OnceLock<()>>,
}

impl Context {
    pub(super) fn new(global: Global) -> anyhow::Result<Self> {
        let now = match &global.now {
            None => Utc::now(),
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map_err(|_| {
                    let message = said!("error-now", text = text);
                    Failure::new(Exit::Usage, message).hint(said!("hint-example-time"))
                })?
                .with_timezone(&Utc),
        };
        let file = settings_file(global.config.as_deref())?;
        let text = match &file {
            Some(path) => {
                Some(std::fs::read_to_string(path).doing(|| said!("error-read-settings", path = path.display()))?)
            }
            None => None,
        };
        let parsed = file.clone().zip(text).map(|(path, text)| config::File { path, text });
        let environment: Vec<(String, String)> = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with("RUASCOPE_"))
            .collect();
        let flags: Vec<(String, String)> =
            global.store.iter().map(|url| ("store.url".to_owned(), url.clone())).collect();
        let resolved = config::resolve(parsed.as_ref(), &environment, &flags)?;
        if !global.quiet {
            for warning in &resolved.warnings {
                output::complain(
                    &said!("line-warning", what = warning.message()).in_words(&Words::new(language(global.lang))),
                );
            }
        }
        Ok(Self { global, resolved, file, now, base_names: Arc::default(), silence_told: Arc::default() })
    }

    /// The store's file.
    pub(super) fn store_path(&self) -> anyhow::Result<PathBuf> {
        if let Some(url) = &self.resolved.settings.store.url {
            let path = url.strip_prefix("sqlite:").unwrap_or(url);
            if path.contains("://") {
                return Err(Failure::new(Exit::Configuration, said!("error-store-url", url = url)).into());
            }
            return Ok(PathBuf::from(path));
        }
        let folder = data_folder().ok_or_else(|| {
            Failure::new(Exit::Configuration, said!("error-no-place-store")).hint(said!("hint-give-store"))
        })?;
        Ok(folder.join("ruascope.db"))
    }

    /// The folder of private keys.
    pub(super) fn keys_folder(&self) -> anyhow::Result<PathBuf> {
        if let Some(folder) = &self.resolved.settings.keys.folder {
            return Ok(folder.clone());
        }
        let folder = data_folder().ok_or_else(|| {
            Failure::new(Exit::Configuration, said!("error-no-place-keys")).hint(said!("hint-keys-folder"))
        })?;
        Ok(folder.join("keys"))
    }

    /// A folder that does not depend on the store, where polls of one mailbox by one user take turns.
    pub(super) fn meeting_folder() -> Option<PathBuf> {
        // Not where XDG_STATE_HOME says: cron and systemd do not know it.
        let home = std::env::var_os("HOME").filter(|folder| !folder.is_empty())?;
        Some(Path::new(&home).join(".local/state/ruascope"))
    }

    /// Opens the store to write.
    pub(super) fn open_store(&self) -> anyhow::Result<Store> {
        Ok(Store::open(&self.store_path()?)?)
    }

    /// Opens the store for questions.
    pub(super) fn read_store(&self) -> anyhow::Result<Store> {
        Ok(Store::open_to_read(&self.store_path()?)?)
    }

    /// How inputs are made ready.
    pub(super) fn ingest_options(&self) -> Options {
        Options {
            limits: self.resolved.settings.limits,
            keep_raw: self.resolved.settings.store.keep_raw,
            now_s: self.now.timestamp(),
        }
    }

    /// Who answers questions to DNS: nobody under `--offline`. It remembers what it was told, so a command makes one.
    pub(super) fn resolver(&self) -> anyhow::Result<Box<dyn Resolver>> {
        if self.global.offline {
            return Ok(Box::new(Offline));
        }
        let settings = &self.resolved.settings;
        Ok(Box::new(Hickory::new(&settings.dns, &settings.limits)?))
    }

    /// The same, asking nobody.
    pub(super) fn offline(&self) -> Self {
        self.with(Global { offline: true, ..self.global.clone() })
    }

    /// The same with other flags.
    pub(super) fn with(&self, global: Global) -> Self {
        Self { global, ..self.clone() }
    }

    /// The same, with the owner's word that forwarders and lists may lose mail.
    pub(super) fn accepting_list_risk(&self) -> Self {
        let mut context = self.clone();
        context.resolved.settings.gates.reject.indirect_percent_max = 100.0;
        context
    }

    /// Names of whoever is behind a reverse name. What is wrong with their file is told once.
    pub(super) fn base_names(&self) -> &BaseNames {
        self.base_names.get_or_init(|| match &self.resolved.settings.enrich.names_csv {
            None => BaseNames::default(),
            Some(path) => {
                let (names, errors) = BaseNames::open(path, &self.resolved.settings.limits);
                self.warn_of_files(errors);
                names
            }
        })
    }

    /// The databases of countries and networks. What is wrong with them is told.
    pub(super) fn networks(&self) -> Networks {
        let settings = &self.resolved.settings;
        let (networks, errors) = Networks::open(&settings.enrich.mmdb, &settings.limits);
        self.warn_of_files(errors);
        networks
    }

    fn warn_of_files(&self, errors: Vec<DataFileError>) {
        for error in errors.into_iter().filter(|_| !self.global.quiet) {
            output::complain(&say!(
                self.words(),
                "warning-data-file",
                error = format!("{:#}", anyhow::Error::from(error))
            ));
        }
    }

    /// The same where name servers are known; else one that asks nobody, after saying so: what is kept can still be told.
    pub(super) fn or_offline(self) -> Self {
        if self.global.offline {
            return self;
        }
        match Hickory::servers_of(&self.resolved.settings.dns) {
            Ok(_) => self,
            Err(error) => {
                if !self.global.quiet {
                    let error = anyhow::Error::from(error);
                    output::complain(&say!(self.words(), "warning-no-name-server", error = format!("{error:#}")));
                }
                self.offline()
            }
        }
    }

    /// Says once that DNS left a question open, whatever asked.
    pub(super) fn tell_of_silence(&self, failure: Unanswered) {
        if failure != Unanswered::Offline && !self.global.quiet && self.silence_told.set(()).is_ok() {
            self.complain(&said!("line-warning", what = said!("snapshot-silent", why = failure.said())));
        }
    }

    pub(super) fn as_json(&self) -> bool {
        self.global.format == Format::Json
    }

    /// Colour on standard output.
    pub(super) fn color(&self) -> bool {
        match self.global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => output::is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }

    /// The language for people: as asked for, else that of the locale.
    pub(super) fn language(&self) -> Language {
        language(self.global.lang)
    }

    /// A sentence in that language.
    pub(super) fn told(&self, what: &Said) -> String {
        what.in_words(&self.words())
    }

    /// Prints a sentence as a line of its own.
    pub(super) fn write(&self, what: &Said) -> std::io::Result<()> {
        output::write(&format!("{}\n", self.told(what)))
    }

    /// Says a sentence on standard error, unless asked to be quiet.
    pub(super) fn complain(&self, what: &Said) {
        if !self.global.quiet {
            output::complain(&self.told(what));
        }
    }

    /// The words of that language.
    pub(super) fn words(&self) -> Words {
        Words::new(self.language())
    }

    /// Columns of the terminal; 100 where there is none.
    pub(super) fn width() -> usize {
        let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
        let measured = || Some(usize::from(terminal_size::terminal_size()?.0.0)).filter(|_| output::is_terminal());
        told.or_else(measured).unwrap_or(100).clamp(60, 200)
    }

    /// The terminal, or whoever reads a pipe, understands more than ASCII.
    pub(super) fn unicode(&self) -> bool {
        // Who asks for Japanese can read it.
        self.language() == Language::Ja
            || locale(&["LC_ALL", "LC_CTYPE", "LANG"]).is_none_or(|locale| !matches!(locale.as_str(), "C" | "POSIX"))
    }

    /// Refuses forms of output that the command doesn't have.
    pub(super) fn has_formats(&self, formats: &[Format], names: &str) -> anyhow::Result<()> {
        if formats.contains(&self.global.format) { Ok(()) } else { Err(self.no_such_format(names)) }
    }

    /// A form of output that the command doesn't have.
    pub(super) fn no_such_format(&self, has: &str) -> anyhow::Error {
        let format = format!("{:?}", self.global.format).to_lowercase();
        let listed = Said::both(has, &has.replace(", ", "、").replace(" and ", "、"));
        Failure::new(Exit::Usage, said!("error-no-format", format = format))
            .hint(said!("hint-has-formats", has = listed))
            .into()
    }
}

/// The language for people: as asked for, else that of the locale.
pub(super) fn language(asked: Option<Lang>) -> Language {
    match asked {
        Some(Lang::En) => Language::En,
        Some(Lang::Ja) => Language::Ja,
        None => locale(&["LC_ALL", "LC_MESSAGES", "LANG"]).map_or(Language::En, |locale| Language::of_locale(&locale)),
    }
}

/// Our folder in the user's data folder.
fn data_folder() -> Option<PathBuf> {
    let folder_of = |name: &str| std::env::var_os(name).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let data = folder_of("XDG_DATA_HOME").or_else(|| folder_of("HOME").map(|home| home.join(".local/share")));
    data.map(|folder| folder.join("ruascope"))
}

/// The first of these variables of the environment that says something.
fn locale(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

/// The settings file: the one named, else the first that exists.
fn settings_file(named: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    if let Some(path) = named {
        if !path.is_file() {
            let message = said!("error-no-settings", path = path.display());
            return Err(Failure::new(Exit::Configuration, message).hint(said!("hint-config-init")).into());
        }
        return Ok(Some(path.to_owned()));
    }
    let config_home = std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let home =
        std::env::var_os("HOME").filter(|folder| !folder.is_empty()).map(|home| Path::new(&home).join(".config"));
    let user = config_home.or(home).map(|folder| folder.join("ruascope/ruascope.toml"));
    let places = [Some(PathBuf::from("ruascope.toml")), user, Some(PathBuf::from("/etc/ruascope/ruascope.toml"))];
    Ok(places.into_iter().flatten().find(|path| path.is_file()))
}

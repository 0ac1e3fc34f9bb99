//! The list of commands in the reader's language, before arguments are read.

use clap::{Command, CommandFactory as _, FromArgMatches as _};

use super::args::Arguments;
use crate::words::{Language, Words};

/// Commands, and the messages that say what each does.
const COMMANDS: [(&str, &str); 26] = [
    ("alarms", "help-alarms"),
    ("chart", "help-chart"),
    ("check", "help-check"),
    ("completions", "help-completions"),
    ("config", "help-config"),
    ("dkim", "help-dkim"),
    ("dmarc", "help-dmarc"),
    ("doctor", "help-doctor"),
    ("domain", "help-domain"),
    ("export", "help-export"),
    ("fetch", "help-fetch"),
    ("ingest", "help-ingest"),
    ("man", "help-man"),
    ("metrics", "help-metrics"),
    ("note", "help-note"),
    ("recommend", "help-recommend"),
    ("rejected", "help-rejected"),
    ("reports", "help-reports"),
    ("run", "help-run"),
    ("simulate", "help-simulate"),
    ("sources", "help-sources"),
    ("spf", "help-spf"),
    ("status", "help-status"),
    ("store", "help-store"),
    ("summary", "help-summary"),
    ("watch", "help-watch"),
];

/// Reads arguments; help is in the language that they, or the environment, ask for.
pub(super) fn parse(
    arguments: &[String],
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Arguments, clap::Error> {
    let language = language(arguments, environment);
    let matches = said(Arguments::command(), language).try_get_matches()?;
    Arguments::from_arg_matches(&matches)
}

/// What arguments that nobody has read yet ask for.
fn language(arguments: &[String], environment: &dyn Fn(&str) -> Option<String>) -> Language {
    let in_two = arguments.windows(2).find_map(|pair| match pair {
        [flag, value] if flag == "--lang" => Some(value.clone()),
        _ => None,
    });
    let in_one = || arguments.iter().find_map(|argument| argument.strip_prefix("--lang=").map(str::to_owned));
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let named = ["RUASCOPE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"];
    let asked = in_two.or_else(in_one).or_else(|| named.iter().find_map(|name| variable(name)));
    asked.map_or(Language::En, |asked| Language::of_locale(&asked))
}

/// The commands with what each does.
fn said(command: Command, language: Language) -> Command {
    let words = match language {
        // As it is declared.
        Language::En => return command,
        Language::Ja => Words::new(language),
    };
    let command = command.about(words.say("help-program")).long_about(words.say("help-program"));
    COMMANDS.iter().fold(command, |command, (name, id)| command.mut_subcommand(name, |sub| sub.about(words.say(id))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_its_line_and_english_is_what_is_declared() {
        let command = Arguments::command();
        let words = Words::new(Language::En);
        let declared: Vec<(String, String)> = command
            .get_subcommands()
            .map(|sub| (sub.get_name().to_owned(), sub.get_about().map(ToString::to_string).unwrap_or_default()))
            .collect();
        let said: Vec<(String, String)> =
            COMMANDS.iter().map(|(name, id)| ((*name).to_owned(), words.say(id))).collect();
        let mut sorted = declared.clone();
        sorted.sort();
        assert_eq!(said, sorted);
        assert_eq!(command.get_about().map(ToString::to_string), Some(words.say("help-program")));
    }

    #[test]
    fn the_arguments_go_over_the_environment() {
        let told = |arguments: &[&str], variables: &[(&str, &str)]| {
            let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
            let find =
                |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            language(&arguments, &find)
        };
        let (en, ja) = (Language::En, Language::Ja);
        assert_eq!(told(&["ruascope", "--help"], &[]), en);
        assert_eq!(told(&["ruascope", "--help"], &[("LANG", "ja_JP.UTF-8")]), ja);
        assert_eq!(told(&["ruascope", "--help"], &[("RUASCOPE_LANG", "en"), ("LANG", "ja_JP.UTF-8")]), en);
        assert_eq!(told(&["ruascope", "--lang", "ja", "--help"], &[("RUASCOPE_LANG", "en")]), ja);
        assert_eq!(told(&["ruascope", "--lang=en"], &[("LC_ALL", "ja")]), en);
    }
}

//! Help in the reader's language, before arguments are read. English is as it is declared.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory as _, FromArgMatches as _};

use super::args::Arguments;
use crate::present::invocation::Repeated;
use crate::words::{Language, Said, Words, say};

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
pub(super) fn language(arguments: &[String], environment: &dyn Fn(&str) -> Option<String>) -> Language {
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

/// The flags that commands on screens have to repeat.
pub(super) fn repeated(typed: &[String]) -> Repeated {
    Repeated::of(typed, Arguments::command().get_subcommands().map(|command| command.get_name().to_owned()).collect())
}

/// The commands with what each does, in the reader's language.
fn said(command: Command, language: Language) -> Command {
    match language {
        // As it is declared.
        Language::En => command,
        Language::Ja => {
            let words = Words::new(language);
            let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
            let version = version.help(words.say("help-version")).help_heading(words.say("help-options"));
            told(command, "", &words).disable_version_flag(true).arg(version)
        }
    }
}

/// Why the value of an argument is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Wrong(pub(super) Said);

/// What is wrong with the arguments, in another language than English, which clap itself speaks.
pub(super) fn usage(error: &clap::Error, language: Language) -> Option<String> {
    let words = Words::new(language);
    let text = |kind: ContextKind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(words.list(texts)),
        _ => None,
    };
    let argument = text(ContextKind::InvalidArg).or_else(|| text(ContextKind::InvalidSubcommand)).unwrap_or_default();
    let value = text(ContextKind::InvalidValue).unwrap_or_default();
    let what = match error.kind() {
        _ if language == Language::En => return None,
        ErrorKind::UnknownArgument => say!(words, "usage-unknown", argument = argument),
        ErrorKind::InvalidSubcommand => say!(words, "usage-command", argument = argument),
        ErrorKind::InvalidValue if value.is_empty() => say!(words, "usage-no-value", argument = argument),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            say!(words, "usage-value", argument = argument, value = value)
        }
        ErrorKind::MissingRequiredArgument => say!(words, "usage-missing", argument = argument),
        ErrorKind::ArgumentConflict if text(ContextKind::PriorArg).as_ref() == Some(&argument) => {
            say!(words, "usage-repeated", argument = argument)
        }
        ErrorKind::ArgumentConflict => say!(words, "usage-conflict", argument = argument),
        // Help of a command that was not told what to do.
        _ => return None,
    };
    let mut lines = vec![say!(words, "error-line", what = what)];
    let why = std::error::Error::source(error).and_then(|source| why(source, &words));
    let near = text(ContextKind::SuggestedArg).or_else(|| text(ContextKind::SuggestedSubcommand));
    let near = near.map(|near| say!(words, "usage-near", near = near));
    let valid = text(ContextKind::ValidValue).filter(|valid| !valid.is_empty());
    let valid = valid.map(|valid| say!(words, "usage-valid", valid = valid));
    lines.extend(near.or(valid).or(why).map(|hint| say!(words, "hint-line", hint = hint)));
    lines.push(words.say("usage-more"));
    Some(lines.join("\n"))
}

/// Why a value is wrong, where its parser says so; the library's own words are known by their form.
fn why(source: &(dyn std::error::Error + 'static), words: &Words) -> Option<String> {
    if let Some(wrong) = source.downcast_ref::<Wrong>() {
        return Some(wrong.0.in_words(words));
    }
    if source.is::<std::num::ParseIntError>() {
        return Some(words.say("wrong-number"));
    }
    let said = source.to_string();
    let (min, max) = said.split_once(" is not in ")?.1.split_once("..=")?;
    Some(say!(words, "expected-number", min = min, max = max))
}

/// A command, its arguments and all below it; `path` is the names of the commands that lead to it, each with a `-`.
fn told(command: Command, path: &str, words: &Words) -> Command {
    let name = path.trim_end_matches('-');
    let id = |kind: &str| format!("{kind}-{}", if name.is_empty() { "program" } else { name });
    let mut command = command.subcommand_help_heading(words.say("help-commands")).help_template(template(words));
    if let Some(about) = words.find(&id("help")) {
        command = command.about(about.clone()).long_about(about);
    }
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples = examples.split("\n\n").filter(|part| part.starts_with("Example"));
    let mut after: Vec<String> = examples
        .filter_map(|part| part.split_once('\n'))
        .map(|(_, lines)| format!("{}\n{lines}", words.say("help-examples")))
        .collect();
    after.extend(words.find(&id("after")));
    command = command.after_help(after.join("\n\n"));
    command = command.mut_args(|arg| {
        let heading = if arg.is_positional() { "help-arguments" } else { "help-options" };
        let help = find_flag(path, arg.get_id().as_str(), words);
        let arg = arg.help_heading(words.say(heading));
        match help {
            Some(help) => arg.help(help.clone()).long_help(help),
            None => arg,
        }
    });
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let help = help.help(words.say("help-flag")).help_heading(words.say("help-options"));
    let command = command.disable_help_flag(true).arg(help);
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names
        .iter()
        .fold(command, |command, name| command.mut_subcommand(name, |sub| told(sub, &format!("{path}{name}-"), words)))
}

/// What an argument means: at this command, else everywhere.
fn find_flag(path: &str, id: &str, words: &Words) -> Option<String> {
    let id = id.replace('_', "-");
    words.find(&format!("flag-{path}{id}")).or_else(|| words.find(&format!("flag-{id}")))
}

/// The parts of a help text under headings of the language.
fn template(words: &Words) -> String {
    format!(
        "{{before-help}}{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        words.say("help-usage")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls for every command with the names that lead to it, each with a `-`.
    fn each(command: &Command, path: &str, look: &mut impl FnMut(&Command, &str)) {
        look(command, path);
        for sub in command.get_subcommands() {
            each(sub, &format!("{path}{}-", sub.get_name()), look);
        }
    }

    #[test]
    fn every_command_and_argument_has_words() {
        let words = Words::new(Language::Ja);
        let mut missing = Vec::new();
        let mut used = std::collections::BTreeSet::new();
        each(&Arguments::command(), "", &mut |command, path| {
            let name = path.trim_end_matches('-');
            let id = format!("help-{}", if name.is_empty() { "program" } else { name });
            if words.find(&id).is_none() {
                missing.push(id);
            }
            for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
                let id = arg.get_id().as_str().replace('_', "-");
                let ids = [format!("flag-{path}{id}"), format!("flag-{id}")];
                match ids.iter().find(|id| words.find(id).is_some()) {
                    Some(id) => {
                        used.insert(id.clone());
                    }
                    None => missing.push(ids.join(" or ")),
                }
            }
        });
        assert!(missing.is_empty(), "{missing:#?}");
        let known = Language::Ja.ids().filter(|id| id.starts_with("flag-"));
        let unused: Vec<&str> = known.filter(|id| !used.contains(*id)).collect();
        assert!(unused.is_empty(), "{unused:#?}");
    }

    #[test]
    fn help_is_in_the_language() {
        let mut command = said(Arguments::command(), Language::Ja);
        let told = command.render_help().to_string();
        for word in ["使い方: ruascope", "コマンド:", "オプション:", "ヘルプを表示します", "終了コード:"]
        {
            assert!(told.contains(word), "{word} in {told}");
        }
        said(Arguments::command(), Language::Ja).debug_assert();
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

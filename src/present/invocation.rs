//! The commands that a screen names, as this user has to type them.

use std::borrow::Cow;

use super::escape;
use crate::words::{Words, say};

/// The program's name, as screens write it before a command.
const PROGRAM: &str = "ruascope ";

/// Flags that were typed and that every command named on a screen needs too: without them it looks into another store,
/// or has other settings. What the environment says holds for the next command by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeated {
    /// With a blank behind each.
    flags: String,
    commands: Vec<String>,
}

impl Repeated {
    /// The flags among `typed`, which clap has read without an error. `commands`: the names of all commands.
    #[must_use]
    pub fn of(typed: &[String], commands: Vec<String>) -> Self {
        let typed: Vec<&String> = typed.iter().take_while(|argument| *argument != "--").collect();
        let value = |flag: &str| {
            let in_two = typed.windows(2).find_map(|pair| match pair {
                [name, value] if *name == flag => Some(value.as_str()),
                _ => None,
            });
            in_two.or_else(|| typed.iter().find_map(|typed| typed.strip_prefix(flag)?.strip_prefix('=')))
        };
        let flag = |name: &str| value(name).map(|value| format!("{name} {} ", escape::terminal(&quoted(value))));
        let flags: String = ["--config", "--store"].into_iter().filter_map(flag).collect();
        Self { flags, commands }
    }

    /// A text with the flags in every command that it names. A text that has them already stays as it is.
    #[must_use]
    pub fn within<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.flags.is_empty() || !text.contains(PROGRAM) {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len() + self.flags.len());
        for (at, part) in text.split(PROGRAM).enumerate() {
            if at > 0 {
                out.push_str(PROGRAM);
                let word = part.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
                if self.commands.iter().any(|command| command == word) {
                    out.push_str(&self.flags);
                }
            }
            out.push_str(part);
        }
        Cow::Owned(out)
    }
}

/// The last line of a screen: the command that goes on from here.
#[must_use]
pub fn next(words: &Words, arguments: &[&str]) -> String {
    let arguments: String = arguments.iter().map(|argument| format!(" {}", quoted(argument))).collect();
    let command = format!("`ruascope{}`", escape::terminal(&arguments));
    say!(words, "line-next", what = command) + "\n"
}

/// A word as a shell reads it.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(typed: &[&str]) -> Repeated {
        let typed: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
        Repeated::of(&typed, vec!["sources".to_owned(), "run".to_owned()])
    }

    #[test]
    fn a_command_on_a_screen_looks_into_the_same_store_with_the_same_settings() {
        let typed = repeated(&["ruascope", "--store", "example.db", "run", "--config=my own.toml", "x"]);
        let shown = "  `ruascope sources example.com --by ip`; ruascope run\nof ruascope from\n";
        assert_eq!(
            typed.within(shown),
            "  `ruascope --config 'my own.toml' --store example.db sources example.com --by ip`; ruascope --config 'my own.toml' --store example.db run\nof ruascope from\n"
        );
        assert_eq!(typed.within(&typed.within(shown)), typed.within(shown));
    }

    #[test]
    fn nothing_is_repeated_that_was_not_typed() {
        let shown = "ruascope sources example.com";
        assert_eq!(repeated(&["ruascope", "run", "x"]).within(shown), shown);
        assert_eq!(repeated(&["ruascope", "run", "--", "--store", "x"]).within(shown), shown);
        assert_eq!(repeated(&["ruascope", "--store", "x", "run"]).within("a ruascoped source"), "a ruascoped source");
    }

    #[test]
    fn a_shell_reads_back_what_was_typed() {
        for (word, written) in [
            ("/tmp/a.db", "/tmp/a.db"),
            ("sqlite:a,b=c.db", "sqlite:a,b=c.db"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's; rm *", r"'it'\''s; rm *'"),
            ("~", "'~'"),
        ] {
            assert_eq!(quoted(word), written);
        }
        assert!(!repeated(&["ruascope", "--store", "a\u{1b}[2Jb"]).within("ruascope run").contains('\u{1b}'));
    }
}

//! The commands that README.md and the help show have to be ones that the program takes.

use crate::harness::{Place, Run, assert_none, fixture, read, root};

/// The lines of the shell blocks of a Markdown text, continued lines put together.
fn shell_lines(markdown: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<(String, bool)> = None;
    for line in markdown.replace("\\\n", " ").lines() {
        let trimmed = line.trim();
        match (&fence, trimmed.strip_prefix("```")) {
            (None, Some(language)) => {
                let is_console = matches!(language, "console" | "shell-session");
                let is_shell = is_console || matches!(language, "sh" | "bash" | "shell");
                fence = is_shell.then(|| (language.to_owned(), is_console)).or_else(|| Some((String::new(), false)));
            }
            (Some(_), Some(_)) => fence = None,
            // In a console block only lines behind a prompt are typed.
            (Some((language, is_console)), None) if !language.is_empty() => match trimmed.strip_prefix("$ ") {
                Some(typed) => lines.push(typed.to_owned()),
                None if *is_console => {}
                None => lines.push(trimmed.to_owned()),
            },
            _ => {}
        }
    }
    lines
}

/// The commands of a line, split into words like a shell does, without redirections and comments.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars().chain([' ']) {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, ' ' | '\t' | '|' | ';' | '&' | '(' | ')') => {
                commands.last_mut().expect("there is always one").extend(word.take());
                if !matches!(c, ' ' | '\t') {
                    commands.push(Vec::new());
                }
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    commands.into_iter().map(without_redirections).filter(|command| !command.is_empty()).collect()
}

fn without_redirections(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.trim_start_matches(|c: char| c.is_ascii_digit()) {
            ">" | ">>" | "<" => drop(words.next()),
            redirected if redirected.starts_with(['>', '<']) => {}
            _ => kept.push(word),
        }
    }
    kept
}

/// The arguments that a command gives to this program; none for another program.
fn arguments(command: &[String]) -> Option<Vec<String>> {
    let is_setting = |word: &&String| {
        word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
    };
    let start = command.iter().take_while(is_setting).count();
    let (program, rest) = command.get(start..)?.split_first()?;
    if program == "ruascope" || program.ends_with("/ruascope") {
        return Some(rest.to_vec());
    }
    let is_ours = rest.first().is_some_and(|word| word == "run") && !rest.iter().any(|word| word == "--example");
    let (_, ours) = rest.split_at_checked(rest.iter().position(|word| word == "--")? + 1)?;
    (program == "cargo" && is_ours).then(|| ours.to_vec())
}

/// What is wrong with arguments: they don't parse.
fn broken(arguments: &[String]) -> Option<String> {
    let run = Run::new(arguments).arg("--help");
    let output = run.command().output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or_default().to_owned();
    (!output.status.success()).then(|| format!("ruascope {}: {said}", arguments.join(" ")))
}

/// Code in the middle of a text that starts with the program's name.
fn inline_commands(markdown: &str) -> Vec<String> {
    let text = markdown.replace("```", "");
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.starts_with("ruascope "))
        .map(|code| code.replace('\n', " "))
        .collect()
}

/// The command lines of the README for this program.
fn readme_commands() -> Vec<Vec<String>> {
    let readme = read(&root().join("README.md"));
    let mut lines = shell_lines(&readme);
    lines.extend(inline_commands(&readme));
    lines.iter().flat_map(|line| commands(line)).filter_map(|command| arguments(&command)).collect()
}

#[test]
fn every_command_of_the_readme_parses() {
    let commands = readme_commands();
    assert!(commands.len() >= 2, "at least two commands: {commands:?}");
    assert_none(&commands.iter().filter_map(|command| broken(command)).collect::<Vec<_>>());
}

/// The first words of the README's command lines: one runs the program on the fixtures, one runs the tests.
#[test]
fn the_readme_has_the_command_that_runs_it_and_the_one_that_tests_it() {
    let lines = shell_lines(&read(&root().join("README.md")));
    let typed: Vec<Vec<String>> = lines.iter().flat_map(|line| commands(line)).collect();
    let runs = ["cargo", "run", "--release", "--", "run", "fixtures"];
    assert!(typed.iter().any(|words| words.starts_with(&runs.map(str::to_owned))), "{runs:?} in {typed:?}");
    let is_test = |words: &Vec<String>| {
        let is_cargo = words.starts_with(&["cargo".to_owned(), "test".to_owned()]);
        is_cargo || words.first().is_some_and(|word| word.starts_with("tests/") && root().join(word).is_file())
    };
    assert!(typed.iter().any(is_test), "a command that runs the tests in {typed:?}");
}

#[test]
fn the_command_that_runs_it_works() {
    let place = Place::new();
    let arguments =
        readme_commands().into_iter().find(|words| words.starts_with(&["run".to_owned(), "fixtures".to_owned()]));
    let mut arguments = arguments.expect("`run fixtures` in the README").into_iter();
    let run = Run::new(arguments.next()).arg(fixture("")).args(arguments.skip(1)).folder(place.path());
    let output = run.command().output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("example.com"), "a summary on standard output");
}

/// What a reader types behind a prompt works as it stands, one line after the other, in a folder with the fixtures.
#[test]
fn every_console_block_of_both_readmes_works() {
    for name in ["README.md", "README.ja.md"] {
        let readme = read(&root().join(name));
        let place = Place::new();
        std::os::unix::fs::symlink(fixture(""), place.path().join("fixtures")).expect("a link");
        let prompted = readme.lines().filter_map(|line| line.strip_prefix("$ "));
        let typed: Vec<Vec<String>> = prompted.flat_map(commands).filter_map(|command| arguments(&command)).collect();
        assert!(!typed.is_empty(), "{name} has a console block");
        for arguments in typed {
            let output = Run::new(&arguments).no_store().folder(place.path()).command().output().expect("it starts");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && !output.stdout.is_empty(), "{name}: {arguments:?}: {said}");
        }
    }
}

#[test]
fn what_the_readme_links_to_is_there() {
    let readme = read(&root().join("README.md"));
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
    let is_file = |target: &&str| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
    let missing = targets.filter(is_file).filter(|target| !root().join(target).exists()).map(str::to_owned);
    assert_none(&missing.collect::<Vec<_>>());
}

/// The commands of the program: names under "Commands:" in its help.
pub(crate) fn subcommands(path: &[&str]) -> Vec<String> {
    let help = Run::new(path.iter().copied()).arg("--help").text();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let name = |line: &str| {
        line.strip_prefix("  ")
            .filter(|line| !line.starts_with(' '))
            .and_then(|line| line.split(' ').next())
            .map(str::to_owned)
    };
    listed.filter_map(name).collect()
}

#[test]
fn every_command_has_help_with_examples_that_parse() {
    let names = subcommands(&[]);
    assert!(names.len() > 8, "{names:?}");
    let mut problems = Vec::new();
    let mut examples = 0;
    for name in names {
        let help = Run::new([name.as_str(), "--help"]).text();
        let lines =
            help.lines().skip_while(|line| !line.starts_with("Examples")).filter(|line| line.contains("ruascope "));
        for arguments in lines.flat_map(commands).filter_map(|command| arguments(&command)) {
            examples += 1;
            problems.extend(broken(&arguments));
        }
    }
    assert!(examples > 10, "only {examples} examples");
    assert_none(&problems);
}

#[test]
fn lines_are_split_as_a_shell_does() {
    let split = |line: &str| {
        commands(line).iter().filter_map(|command| arguments(command)).map(|words| words.join("|")).collect::<Vec<_>>()
    };
    assert_eq!(split("curl -s x | ruascope ingest - > out.txt 2>&1  # why"), ["ingest|-"]);
    assert_eq!(split("A=1 ruascope run 'a b' && cargo run --release -- run fixtures"), ["run|a b", "run|fixtures"]);
    assert_eq!(split("cargo run --example make-fixtures -- fixtures"), [""; 0]);
    let markdown = "```console\n$ ruascope run \\\n    x\noutput ruascope\n```\n```sh\nruascope man\n```\n```toml\nruascope no\n```\nruascope no\n";
    assert_eq!(shell_lines(markdown), ["ruascope run      x", "ruascope man"]);
    assert!(broken(&["bogus".to_owned()]).is_some() && broken(&["reports".to_owned()]).is_none());
}

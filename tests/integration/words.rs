//! Catalogues of messages: none is missing, none is left over, and both languages say it with the same values.

use std::collections::{BTreeMap, BTreeSet};

use crate::harness::{assert_none, files_below, read, root};

/// The messages of a catalogue, and the values in each.
fn messages(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files = files_below(&root().join(format!("src/words/{language}")));
    let text: String = files.iter().map(|path| read(path)).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut name = String::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some((id, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            id.clone_into(&mut name);
            assert!(found.insert(name.clone(), BTreeSet::new()).is_none(), "{language}: {id} stands twice");
        }
        let values = line
            .split('$')
            .skip(1)
            .map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
        if let Some(known) = found.get_mut(&name) {
            known.extend(values);
        }
    }
    assert!(found.len() > 80, "{language}: only {} messages were found", found.len());
    found
}

/// All code of the program.
fn code() -> String {
    let is_rust = |path: &std::path::PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    files_below(&root().join("src")).iter().filter(|path| is_rust(path)).map(|path| read(path)).collect()
}

/// English help is what the commands declare; `cli::help` holds that each has its Japanese.
fn is_help(name: &str) -> bool {
    ["help-", "flag-", "after-"].iter().any(|kind| name.starts_with(kind))
}

#[test]
fn both_languages_say_the_same() {
    let (en, ja) = (messages("en"), messages("ja"));
    let mut problems = Vec::new();
    for name in en.keys().chain(ja.keys().filter(|name| !is_help(name))).collect::<BTreeSet<_>>() {
        match (en.get(name), ja.get(name)) {
            (Some(_), None) => problems.push(format!("{name} is missing in Japanese")),
            (None, _) => problems.push(format!("{name} is missing in English")),
            // Japanese may leave a value out; it may not name one that English has not.
            (Some(en), Some(ja)) => {
                problems.extend(ja.difference(en).map(|value| format!("{name}: {value} is no value in English")));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn every_message_is_used_and_every_message_that_is_used_is_there() {
    let (en, code) = (messages("en"), code());
    let unused = en.keys().filter(|name| !name.starts_with("kept-"));
    let unused =
        unused.filter(|name| !code.contains(&format!("\"{name}\"")) && !code.contains(&format!("\">{name}\"")));
    let unused = unused.map(|name| format!("{name} is not used"));
    let mut problems: Vec<String> = unused.collect();
    let calls = ["say!(", ".say(\"", "chart-", "column-", "heading-"];
    let sentences =
        code.match_indices("said!(\"").filter_map(|(start, call)| code.get(start + call.len()..)?.split('"').next());
    let literals = code.split('"').skip(1).step_by(2);
    // What follows a call is a name, and what looks like one of a family is.
    let after_call = code.match_indices("say!(").filter_map(|(start, _)| {
        let rest = code.get(start..)?;
        let name = rest.split('"').nth(1)?;
        (rest.find('"')? < 60 && rest.find(')').is_none_or(|end| end > rest.find('"').unwrap_or(0))).then_some(name)
    });
    let plain_call =
        code.match_indices(calls[1]).filter_map(|(start, call)| code.get(start + call.len()..)?.split('"').next());
    let family = literals.filter(|text| {
        calls.iter().skip(2).any(|family| text.trim_start_matches('>').starts_with(family))
            && text.trim_start_matches('>').bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    });
    let used: BTreeSet<&str> =
        after_call.chain(plain_call).chain(sentences).chain(family).map(|name| name.trim_start_matches('>')).collect();
    assert!(used.len() > 60, "only {} uses were found", used.len());
    problems.extend(
        used.iter()
            .filter(|name| !en.contains_key(**name) && !is_help(name))
            .map(|name| format!("{name} is not there")),
    );
    assert_none(&problems);
}

#[test]
fn every_use_gives_the_values_that_the_message_has() {
    let (en, code) = (messages("en"), code());
    let mut problems = Vec::new();
    let mut seen = 0;
    for (start, call) in code.match_indices("say!(").chain(code.match_indices("said!(")) {
        let rest = code.get(start + call.len()..).unwrap_or_default();
        let mut depth = 1;
        let end = rest.find(|c| {
            depth += i32::from(matches!(c, '(' | '[' | '{')) - i32::from(matches!(c, ')' | ']' | '}'));
            depth == 0
        });
        let call = rest.get(..end.unwrap_or(0)).unwrap_or_default();
        let Some(name) = call.split('"').nth(1).filter(|name| en.contains_key(*name)) else { continue };
        seen += 1;
        for value in &en[name] {
            if !call.contains(&format!("{value} = ")) {
                problems.push(format!("{name} is said without {value}"));
            }
        }
    }
    assert!(seen > 40, "only {seen} uses were found");
    assert_none(&problems);
}

/// What the store keeps in English is found by its form, which has to be that of what is written there.
#[test]
fn every_form_of_what_is_kept_is_written_somewhere() {
    let (code, forms) = (code(), read(&root().join("src/words/en/kept.ftl")));
    let forms = forms.lines().filter_map(|line| line.split_once(" = "));
    // These are written by the system, and by the library that reads archives.
    let is_ours = |name: &str| name != "kept-zip-password" && !name.starts_with("kept-system-");
    let forms: Vec<_> = forms.filter(|(name, _)| is_ours(name)).collect();
    assert!(forms.len() > 40, "only {} forms were found", forms.len());
    let written = |form: &str| {
        let pieces = form.split("{ $").map(|part| part.split_once(" }").map_or(part, |(_, behind)| behind));
        code.contains(pieces.max_by_key(|piece| piece.len()).expect("a piece"))
    };
    let problems =
        forms.iter().filter(|(_, form)| !written(form)).map(|(name, _)| format!("{name} is written nowhere"));
    assert_none(&problems.collect::<Vec<_>>());
}

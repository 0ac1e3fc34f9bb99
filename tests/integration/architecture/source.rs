//! Rust source, read just far enough: without comments and texts, and function by function.

/// A function in a source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of its name, from 1.
    pub(crate) line: usize,
    /// Lines from its name to its closing brace.
    pub(crate) lines: usize,
}

/// The source with its comments, texts and characters blanked; lines stay.
pub(crate) fn code_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = skipped(rest, out.chars().next_back()).unwrap_or(0);
        let (skip, after) = rest.split_at(if length == 0 { first.len_utf8() } else { length });
        if length == 0 {
            out.push(first);
        } else {
            out.push(' ');
            out.extend(skip.chars().filter(|c| *c == '\n'));
        }
        rest = after;
    }
    out
}

/// The length of the comment, text or character that begins here.
fn skipped(rest: &str, before: Option<char>) -> Option<usize> {
    let is_in_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if rest.starts_with('"') {
        return Some(1 + until_quote(rest.get(1..)?, '"'));
    }
    let raw = rest.strip_prefix("br").or(rest.strip_prefix('r')).filter(|_| !is_in_name);
    if let Some(raw) = raw {
        let hashes: String = raw.chars().take_while(|c| *c == '#').collect();
        let body = raw.get(hashes.len()..).and_then(|raw| raw.strip_prefix('"'));
        if let Some(body) = body {
            let end = body.find(&format!("\"{hashes}")).map_or(body.len(), |end| end + 1 + hashes.len());
            return Some(rest.len() - body.len() + end);
        }
    }
    let character = rest.strip_prefix('\'')?;
    let second = character.chars().nth(1);
    (character.starts_with('\\') || second == Some('\'')).then(|| 1 + until_quote(character, '\''))
}

/// Bytes up to and with the closing quote.
fn until_quote(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (place, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == quote => return place + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The functions with a body in code that went through [`code_only`].
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (start, _) in code.match_indices("fn ") {
        let before = code.get(..start).unwrap_or_default();
        let after = code.get(start + "fn ".len()..).unwrap_or_default();
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') || name.is_empty() {
            continue;
        }
        if let Some(body) = body(after) {
            let line = before.matches('\n').count() + 1;
            found.push(Function { name, line, lines: body.matches('\n').count() + 1 });
        }
    }
    found
}

/// From a function's name to its closing brace; none for a declaration without a body.
fn body(after: &str) -> Option<&str> {
    let (mut parentheses, mut braces) = (0_i32, 0_i32);
    for (place, c) in after.char_indices() {
        match c {
            '(' | '[' => parentheses += 1,
            ')' | ']' => parentheses -= 1,
            ';' if parentheses == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return after.get(..=place);
                }
            }
            _ => {}
        }
    }
    None
}

#[test]
fn comments_texts_and_characters_are_blanked() {
    let code = code_only(
        "let a = \"{ \\\" \"; // {\nlet b = r#\"{\" }\"#; let c = '{'; let d: &'a str = '\\''; /* { \n */ let r = 1;\n",
    );
    assert_eq!(code, "let a =  ;  \nlet b =  ; let c =  ; let d: &'a str =  ;  \n let r = 1;\n");
}

#[test]
fn a_function_goes_from_its_name_to_its_closing_brace() {
    let code = "trait T { fn no(&self) -> [u8; 2]; }\nfn one(f: impl Fn() -> u8)\nwhere A: B,\n{\n    if x { y }\n}\nconst fn two() {}\n";
    let function = |name: &str, line, lines| Function { name: name.to_owned(), line, lines };
    assert_eq!(functions(code), [function("one", 2, 5), function("two", 7, 1)]);
}

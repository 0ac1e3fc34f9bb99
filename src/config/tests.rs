//! What a reader of the settings relies on, from text to values and back.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::node::{Node, Value};
use super::setting::Setting as _;
use super::*;
use crate::limits::Limits;

fn file(text: &str) -> File {
    File { path: PathBuf::from("ruascope.toml"), text: text.to_owned() }
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn defaults() -> Resolved {
    resolve(None, &[], &[]).unwrap()
}

#[track_caller]
fn of(text: &str) -> Resolved {
    resolve(Some(&file(text)), &[], &[]).unwrap()
}

/// The problems of `text` as `LINE: MESSAGE` and, where there is one, ` | HINT`.
#[track_caller]
fn problems(text: &str) -> Vec<String> {
    let error = resolve(Some(&file(text)), &[], &[]).unwrap_err();
    let line = |problem: &Problem| problem.line().map_or("-".to_owned(), |line| line.to_string());
    let hint = |problem: &Problem| problem.hint().map(|hint| format!(" | {hint}")).unwrap_or_default();
    error
        .problems()
        .iter()
        .map(|problem| format!("{}: {}{}", line(problem), problem.message(), hint(problem)))
        .collect()
}

/// `default.toml` with its examples switched on.
fn example_toml() -> String {
    let line = |line: &str| match line.strip_prefix('#') {
        Some(example) if !example.starts_with(' ') => format!("{example}\n"),
        _ => format!("{line}\n"),
    };
    default_toml().lines().map(line).collect()
}

#[test]
fn nothing_written_gives_the_defaults() {
    let Resolved { settings, origins, warnings } = defaults();
    assert_eq!(settings.limits, Limits::standard());
    assert!(settings.store.keep_raw && settings.store.url.is_none() && settings.store.retention_days.is_none());
    assert_eq!(settings.gates.quarantine, Gates::quarantine());
    assert_eq!(settings.gates.reject, Gates::reject());
    assert!(origins.values().all(|origin| *origin == Origin::Default));
    assert!(warnings.is_empty());
}

#[test]
fn the_default_file_says_exactly_the_defaults() {
    let read = of(default_toml());
    assert_eq!(read.settings, defaults().settings);
    assert!(read.origins.values().all(|origin| matches!(origin, Origin::File { .. })), "{:?}", read.origins);
}

#[test]
fn the_default_file_names_every_key_and_its_examples_can_be_used() {
    let tree = super::file::parse(&file(&example_toml())).unwrap();
    let mut problems = Vec::new();
    assert!(Settings::read(&tree, &mut problems).is_some(), "{problems:?}");

    let mut known = Vec::new();
    Settings::keys("", &mut known);
    let mut leaves = BTreeSet::new();
    leaf_keys(&tree, &mut leaves);
    let known: BTreeSet<String> = known.into_iter().collect();
    assert_eq!(leaves.symmetric_difference(&known).collect::<Vec<_>>(), [""; 0], "in the file or in the settings only");
}

/// The keys of values in `tree`, spelled as [`Setting::keys`] does.
fn leaf_keys(tree: &Node, out: &mut BTreeSet<String>) {
    let is_section = |node: &Node| matches!(node.value, Value::Table(_));
    match &tree.value {
        Value::Table(table) => table.values().for_each(|node| leaf_keys(node, out)),
        Value::List(items) if items.iter().any(is_section) => {
            for item in items {
                leaf_keys(item, out);
            }
        }
        _ => {
            let key = tree.key.replace("[0]", "[]").replace("mailbox.main.", "mailbox.*.");
            out.insert(key.replace("webhook.chat.", "webhook.*."));
        }
    }
}

#[test]
fn every_key_of_the_default_file_has_a_comment_above_it() {
    let lines: Vec<&str> = default_toml().lines().collect();
    for (above, line) in lines.iter().zip(lines.iter().skip(1)) {
        let is_key = line.contains(" = ") && !line.starts_with("# ");
        let is_alternative = ["password_", "url_", "key_"].iter().any(|alternative| line.contains(alternative));
        assert!(!is_key || is_alternative || above.starts_with("# "), "no comment above: {line}");
    }
}

#[test]
fn each_layer_wins_over_the_one_below() {
    let text = file("[store]\nurl = \"file.db\"\nkeep_raw = false\n[limits]\nratio_max = 100\nmembers_max = 5\n");
    let environment = pairs(&[("RUASCOPE_STORE_URL", "environment.db"), ("RUASCOPE_LIMITS_RATIO_MAX", "200")]);
    let flags = pairs(&[("store.url", "flag.db")]);
    let read = resolve(Some(&text), &environment, &flags).unwrap();

    assert_eq!(read.settings.store.url.as_deref(), Some("flag.db"));
    assert_eq!(read.origins["store.url"], Origin::Flag { name: "--store".to_owned() });
    assert_eq!(read.settings.limits.ratio_max, 200);
    assert_eq!(read.origins["limits.ratio_max"], Origin::Environment { name: "RUASCOPE_LIMITS_RATIO_MAX".to_owned() });
    assert_eq!(read.settings.limits.members_max, 5);
    assert_eq!(read.origins["limits.members_max"], Origin::File { path: "ruascope.toml".into(), line: 6 });
    assert!(!read.settings.store.keep_raw);
    assert_eq!(read.settings.limits.depth_max, Limits::standard().depth_max);
    assert_eq!(read.origins["limits.depth_max"], Origin::Default);
}

#[test]
fn the_variable_that_stands_for_the_flag_wins_over_the_one_of_the_key() {
    for order in [["RUASCOPE_STORE", "RUASCOPE_STORE_URL"], ["RUASCOPE_STORE_URL", "RUASCOPE_STORE"]] {
        let read = resolve(None, &pairs(&order.map(|name| (name, name))), &[]).unwrap();
        assert_eq!(read.settings.store.url.as_deref(), Some("RUASCOPE_STORE"));
        assert_eq!(read.origins["store.url"], Origin::Environment { name: "RUASCOPE_STORE".to_owned() });
    }
}

#[test]
fn words_of_the_environment_take_the_type_of_their_key() {
    let environment = pairs(&[
        ("RUASCOPE_STORE_KEEP_RAW", "0"),
        ("RUASCOPE_LIMITS_OUTPUT_BYTES_MAX", "3 MiB"),
        ("RUASCOPE_DNS_SERVERS", "127.0.0.1:5300, ::1"),
        ("RUASCOPE_SMTP_USER", "12345"),
        ("RUASCOPE_DIGEST_AT", "18:00"),
        ("RUASCOPE_GATES_REJECT_DKIM_PERCENT_MIN", "97"),
        ("RUASCOPE_KEYS_FOLDER", ""),
        ("PATH", "/bin"),
    ]);
    let settings = resolve(None, &environment, &[]).unwrap().settings;
    assert!(!settings.store.keep_raw);
    assert_eq!(settings.limits.output_bytes_max, 3 << 20);
    assert_eq!(settings.dns.servers, ["127.0.0.1:5300".parse().unwrap(), "[::1]:53".parse().unwrap()]);
    assert_eq!(settings.smtp.user.as_deref(), Some("12345"));
    assert_eq!(settings.digest.at.to_string(), "18:00:00");
    assert!((settings.gates.reject.dkim_percent_min - 97.0).abs() < f64::EPSILON);
    assert_eq!(settings.keys.folder, None);

    let error = resolve(None, &pairs(&[("RUASCOPE_LIMITS_RATIO_MAX", "many")]), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not use the settings: RUASCOPE_LIMITS_RATIO_MAX: wrong value for `limits.ratio_max`: \
         expected a whole number from 0 to 18446744073709551615, found the text `many`"
    );
}

#[test]
fn a_wait_is_never_as_long_as_servers_and_guards_have_patience() {
    let read = |seconds: u32| resolve(Some(&file(&format!("[limits]\nidle_timeout_s = {seconds}\n"))), &[], &[]);
    assert_eq!(read(900).unwrap().settings.limits.idle_timeout_s, 900);
    let error = read(901).unwrap_err().to_string();
    assert!(error.contains("wrong value for `limits.idle_timeout_s`: expected at most 900, found 901"), "{error}");
    assert!(read(0).is_err());
    assert!(Limits::most("idle_timeout_s") >= Some(Limits::standard().idle_timeout_s));
}

#[test]
fn unknown_variables_are_warnings_unless_they_hold_a_secret_or_stand_for_a_flag() {
    let text = file("[smtp]\npassword_env = \"RUASCOPE_SMTP_PASSWORD\"\n");
    let environment = pairs(&[
        ("RUASCOPE_LIMITS_RATIO_MX", "hunter2"),
        ("RUASCOPE_SMTP_PASSWORD", "hunter2"),
        ("RUASCOPE_OFFLINE", "1"),
        ("RUASCOPE_LANG", "ja"),
        ("RUASCOPED", "1"),
    ]);
    let warnings = resolve(Some(&text), &environment, &[]).unwrap().warnings;
    let [warning] = warnings.as_slice() else { panic!("{warnings:?}") };
    assert_eq!(warning.message(), "the environment variable `RUASCOPE_LIMITS_RATIO_MX` sets nothing");
    assert!(warning.hint().is_some_and(|hint| hint == "did you mean `RUASCOPE_LIMITS_RATIO_MAX`?"));
}

#[test]
fn an_unknown_flag_key_is_a_problem() {
    let error = resolve(None, &[], &pairs(&[("store.ulr", "x")])).unwrap_err();
    assert_eq!(error.to_string(), "could not use the settings: --store-ulr: unknown key `store.ulr`");
    assert_eq!(error.hints().collect::<Vec<_>>(), ["did you mean `store.url`?"]);
}

#[test]
fn unknown_keys_are_problems_with_a_suggestion() {
    assert_eq!(
        problems(
            "[limits]\nratio_mx = 1\n[limit]\n[keys]\ncolour = 1\n[[domain]]\nname = \"example.com\"\nprofil = 1\n"
        ),
        [
            "2: unknown key `ratio_mx` in `limits` | did you mean `ratio_max`?",
            "3: unknown section `limit` at the top | did you mean `limits`?",
            "5: unknown key `colour` in `keys` | known here: folder, selector_prefix",
            "8: unknown key `profil` in `domain[0]` | did you mean `profile`?",
        ]
    );
}

#[test]
fn wrong_types_name_key_line_expected_and_found() {
    assert_eq!(
        problems(
            "[store]\nkeep_raw = \"yes\"\nurl = 5\nretention_days = -1\n[dns]\nservers = \"::1\"\nattempts = 1.5\n"
        ),
        [
            "2: wrong value for `store.keep_raw`: expected `true` or `false`, found the text `yes`",
            "3: wrong value for `store.url`: expected a text that is not empty, found the number 5",
            "4: wrong value for `store.retention_days`: expected a whole number from 0 to 4294967295, found the number -1",
            "6: wrong value for `dns.servers`: expected a list, found the text `::1` | write it in brackets: `[\"…\", \"…\"]`",
            "7: wrong value for `dns.attempts`: expected a whole number from 0 to 4294967295, found the number 1.5",
        ]
    );
    assert_eq!(
        problems("store = 1\ndomain = 2\nmailbox = 3\n"),
        [
            "1: wrong value for `store`: expected a section, found the number 1 \
             | write `[store]` on a line of its own, and the keys below it",
            "2: wrong value for `domain`: expected a list of sections, found the number 2 \
             | write `[[domain]]` before each of them",
            "3: wrong value for `mailbox`: expected named sections, found the number 3 \
             | write `[mailbox.NAME]` on a line of its own, and the keys below it",
        ]
    );
}

#[test]
fn wrong_words_name_the_right_ones() {
    assert_eq!(
        problems(
            "[[domain]]\nname = \"example.com\"\n[domain.dmarc]\np = \"rejct\"\nadkim = \"strict\"\nrua = [\n\"a@example.com\"]\n"
        ),
        [
            "4: wrong value for `domain[0].dmarc.p`: expected `none`, `quarantine` or `reject`, found the text `rejct` \
             | did you mean `reject`?",
            "5: wrong value for `domain[0].dmarc.adkim`: expected `r` or `s`, found the text `strict`",
            "7: wrong value for `domain[0].dmarc.rua[0]`: expected an address such as `mailto:dmarc@example.com`, \
             found the text `a@example.com`",
        ]
    );
}

#[test]
fn what_has_to_be_written_is_missed() {
    assert_eq!(
        problems("[mailbox.main]\nuser = \"u\"\n\n[[domain]]\n[[domain.dkim]]\n[webhook.x]\n"),
        [
            "1: missing key `host` in `mailbox.main`",
            "4: missing key `name` in `domain[0]`",
            "5: missing key `selector` in `domain[0].dkim[0]`",
        ]
    );
}

#[test]
fn a_secret_in_clear_is_refused_and_never_shown() {
    let text = "[smtp]\npassword = \"hunter2\"\n[mailbox.main]\nhost = \"h\"\nuser = \"u\"\npassword = \"hunter2\"\n\
                client_secret = \"hunter2\"\ntoken = \"hunter2\"\npassword_env = \"hunter 2\"\n[webhook.x]\nurl = \"hunter2\"\n";
    let found = problems(text);
    assert_eq!(
        found[..2],
        [
            "2: secret in clear: `password` in `smtp` \
             | name the place of the secret instead: `password_file`, `password_env`, `password_command`",
            "6: secret in clear: `password` in `mailbox.main` \
             | name the place of the secret instead: `password_file`, `password_env`, `password_command`",
        ]
    );
    assert_eq!(found.len(), 6);
    assert!(!found.concat().contains("hunter"), "{found:?}");
    assert!(!problems("[smtp]\npassword = hunter2\n").concat().contains("hunter"));
}

#[test]
fn text_that_is_no_toml_is_a_problem_with_its_line() {
    assert!(problems("[store]\nkeep_raw = \n")[0].starts_with("2: not TOML: "));
    assert!(problems("[store]\nkeep_raw = true\nkeep_raw = true\n")[0].starts_with("3: not TOML: "));
    assert_eq!(
        problems("[store]\nretention_days = 99999999999999999999\n"),
        ["2: number too large: `store.retention_days`"]
    );
    assert!(!of("\u{feff}[store]\r\nkeep_raw = false\r\n").settings.store.keep_raw);
}

#[test]
fn a_problem_of_the_file_is_found_even_when_a_flag_overrides_the_value() {
    let text = file("[store]\nurl = 5\n");
    assert!(resolve(Some(&text), &[], &pairs(&[("store.url", "a.db")])).is_err());
}

#[test]
fn limits_are_set_by_name() {
    let limits = of("[limits]\noutput_bytes_max = \"2 GiB\"\ninput_bytes_max = 1000\nratio_max = 1\n").settings.limits;
    assert_eq!((limits.output_bytes_max, limits.input_bytes_max, limits.ratio_max), (2 << 30, 1000, 1));
    for name in Limits::NAMES {
        let mut limits = of(&format!("[limits]\n{name} = 7\n")).settings.limits;
        assert_eq!(limits.by_name(name).copied(), Some(7));
        assert_eq!(problems(&format!("[limits]\n{name} = 0\n")).len(), 1);
    }
    assert_eq!(
        problems("[limits]\nratio_max = \"64 MiB\"\n"),
        ["2: wrong value for `limits.ratio_max`: expected a whole number from 0 to 18446744073709551615, \
          found the text `64 MiB`"]
    );
}

#[test]
fn keys_that_contradict_each_other_are_problems() {
    let text = "[store]\nretention_days = 0\n[mailbox.a]\nhost = \"h\"\nuser = \"u\"\nafter = \"delete\"\nrejected = \"delete\"\n\
                folders = []\n[mailbox.b]\nhost = \"h\"\nuser = \"u\"\nauth = \"xoauth2\"\npassword_file = \"p\"\n\
                password_env = \"P\"\n[[domain]]\nname = \"example.com\"\n[[domain]]\nname = \"EXAMPLE.com.\"\n\
                [digest]\nto = [\"a@example.com\"]\n[webhook.x]\nkind = \"slack\"\n";
    let messages: Vec<String> =
        problems(text).iter().map(|text| text.split(" | ").next().unwrap().to_owned()).collect();
    assert_eq!(
        messages,
        [
            "2: wrong value for `store.retention_days`: expected at least 1, found 0",
            "3: missing password in `mailbox.a`",
            "7: wrong value for `mailbox.a.rejected`: such mails are not deleted",
            "8: no folder in `mailbox.a.folders`",
            "9: several places for the password of `mailbox.b`",
            "12: missing access token in `mailbox.b`, which has `auth = \"xoauth2\"`",
            "18: domain `example.com` stands twice",
            "20: no way to send the digest to the addresses of `digest.to`",
            "21: missing address in `webhook.x`",
        ]
    );
}

#[test]
fn a_sender_that_matches_nothing_is_a_warning() {
    let warnings = of("[[domain]]\nname = \"example.com\"\n[[domain.sender]]\nname = \"shop\"\n").warnings;
    assert_eq!(warnings[0].to_string(), "ruascope.toml:3: sender `shop` of `example.com` matches nothing");
}

#[test]
fn several_problems_print_a_line_each() {
    let error = resolve(Some(&file("a = 1\nb = 2\n")), &[], &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "could not use the settings\n  ruascope.toml:1: unknown key `a` at the top\n  ruascope.toml:2: unknown key `b` at the top"
    );
    assert_eq!(error.hints().count(), 2);
}

#[test]
fn what_is_shown_reads_back_as_the_same_settings() {
    // Of the places for a secret, and the ways for mail, the examples show all, of which one can be used.
    let dropped =
        ["password_env", "password_command", "url =", "url_env", "url_command", "key_env", "key_command", "sendmail"];
    let is_kept = |line: &&str| !dropped.iter().any(|key| line.starts_with(key));
    let text = example_toml().lines().filter(is_kept).collect::<Vec<_>>().join("\n");
    let text = text.replace("[store]", "[store]\nurl = \"a \\\"b\\\" \\\\ c.db\"");
    let written = of(&text);
    let again = of(&written.to_toml());
    assert_eq!(again.settings, written.settings);
    assert_eq!(again.to_toml(), written.to_toml());
    assert_eq!(of(&defaults().to_toml()).settings, defaults().settings);
}

#[test]
fn what_is_shown_is_in_the_order_of_the_file_and_hides_secrets() {
    let read = of("[webhook.x]\nurl = \"https://hooks.example.com/T0/hunter2\"\n[store]\nurl = \"a.db\"\n");
    let shown = read.shown();
    assert_eq!(shown[0].key, "store.url");
    assert_eq!(shown[0].value, "\"a.db\"");
    assert_eq!(shown[0].origin.to_string(), "ruascope.toml:4");
    let url = shown.iter().find(|shown| shown.key == "webhook.x.url").unwrap();
    assert_eq!((url.value.as_str(), url.origin.to_string().as_str()), ("\"***\"", "ruascope.toml:2"));
    assert!(!format!("{read:?}{}", read.to_toml()).contains("hunter2"));
    assert_eq!(shown.len(), read.origins.len());
}

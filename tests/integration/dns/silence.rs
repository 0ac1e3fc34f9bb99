//! Questions go on where no name server answers: as offline, soon, and saying so.

use std::net::UdpSocket;

use serde_json::Value;

use crate::harness::{Place, fixture};

/// Questions that one command may ask before it knows that nobody is there; its three domains and their many addresses ask
/// for hundreds.
const QUESTIONS_MAX: usize = 30;

/// A name server that hears and never says anything.
struct Deaf(UdpSocket);

impl Deaf {
    fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        socket.set_nonblocking(true).expect("a socket");
        Self(socket)
    }

    fn settings(&self) -> String {
        let address = self.0.local_addr().expect("an address");
        format!("[dns]\nservers = [\"{address}\"]\ntimeout_s = 1\nattempts = 1\n")
    }

    /// Questions since the last call.
    fn heard(&self) -> usize {
        let mut buffer = [0; 512];
        std::iter::from_fn(|| self.0.recv(&mut buffer).ok()).count()
    }
}

fn words_of(object: &Value, found: &mut Vec<String>) {
    match object {
        Value::String(word) => found.push(word.clone()),
        Value::Array(items) => items.iter().for_each(|item| words_of(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| words_of(field, found)),
        _ => {}
    }
}

#[test]
fn where_no_name_server_answers_questions_are_answered_as_offline_and_say_so() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    let deaf = Deaf::new();
    let config = place.write("deaf.toml", deaf.settings());
    for (args, code) in [
        (vec!["status"], 1),
        (vec!["sources", "example.com"], 0),
        (vec!["recommend", "example.com"], 1),
        (vec!["simulate", "example.com", "--p", "reject"], 0),
    ] {
        let ask = |more: &[&str]| place.run(args.clone()).args(["--config"]).arg(&config).args(more.iter().copied());
        let output = ask(&["--format", "json"]).online().command().output().expect("an answer");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {told}");
        // Once, however many domains there are.
        assert_eq!(told.matches("DNS did not answer everything").count(), 1, "{args:?}: {told}");
        assert!(told.contains("timed out") || told.contains("no server could be reached"), "{args:?}: {told}");
        let heard = deaf.heard();
        assert!((1..=QUESTIONS_MAX).contains(&heard), "{args:?}: {heard} questions");
        let online: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(online, ask(&["--offline"]).exit(code).json(), "{args:?}");
        assert_eq!(deaf.heard(), 0, "offline nobody is asked");
        let mut words = Vec::new();
        words_of(&online, &mut words);
        assert!(!words.iter().any(|word| word == "missing"), "{args:?}: {words:?}");
        ask(&["--quiet"]).online().exit(code).bytes();
        deaf.heard();
    }
}

//! Webhooks: signed, tried again, and never louder than asked for.

use ruascope::config::Secret;
use ruascope::deliver::signature;
use serde_json::Value;

use super::{Request, SUNDAY, http_sink, story, summary};
use crate::harness::Place;

fn settings(place: &Place, port: u16, more: &str) {
    let text = format!("[webhook.chat]\nurl = \"http://127.0.0.1:{port}/secret-path\"\nwhen = \"always\"\n{more}\n");
    place.write("ruascope.toml", text);
}

fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("an object")
}

#[test]
fn a_webhook_gets_the_summary_signed_and_again_with_the_same_id() {
    let place = story();
    place.write("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    let (port, requests) = http_sink(&[500, 500, 200]);
    settings(&place, port, "key_file = \"key\"");
    let said = summary(&place, &["--mail"], SUNDAY).exit(69).error_text();
    assert!(said.contains("the webhook chat refuses the letter to chat: status 500 said"), "{said}");
    assert!(!said.contains("secret-path") && !said.contains("whsec"), "{said}");
    summary(&place, &["--flush"], "2026-11-01T06:01:00Z").stderr("sent to chat\n").check();
    let requests: Vec<Request> = requests.iter().take(3).collect();
    let key = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    for request in &requests {
        let (id, time) = (request.header("webhook-id"), request.header("webhook-timestamp"));
        assert_eq!(id, requests[0].header("webhook-id"));
        let signed = signature(&key, id, time.parse().expect("a number"), &request.body);
        assert_eq!(request.header("webhook-signature"), signed);
        assert_eq!(request.header("content-type"), "application/json");
    }
    let summary = body(&requests[2]);
    assert_eq!((&summary["schema"], &summary["mails"]), (&"ruascope.summary/1".into(), &22_722.into()));
    assert_eq!(summary["subject"], "[DMARC] 3 domains: who is 203.0.113.0/24 (crmhub.example)? 1,268 fail");
}

#[test]
fn chats_get_their_own_form() {
    let place = story();
    for (kind, first, verdict) in [
        ("slack", "/blocks/0/text/text", "/blocks/1/text/text"),
        ("teams", "/attachments/0/content/body/0/text", "/attachments/0/content/body/1/text"),
    ] {
        let (port, requests) = http_sink(&[200]);
        settings(&place, port, &format!("kind = \"{kind}\""));
        summary(&place, &["--mail"], SUNDAY).stderr("sent to chat\n").check();
        let body = body(&requests.recv().expect("a request"));
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).expect("text").replace('\\', "");
        assert_eq!(text(first), "[DMARC] 3 domains: who is 203.0.113.0/24 (crmhub.example)? 1,268 fail");
        assert!(text(verdict).contains("most of them as example[.]com"), "{body:#}");
        std::fs::remove_file(place.path().join("ruascope.toml")).expect("a file");
    }
}

#[test]
fn nothing_goes_out_in_clear() {
    let place = story();
    place.write("ruascope.toml", "[webhook.chat]\nurl = \"http://hooks.example.com/x\"\nwhen = \"always\"\n");
    let said = summary(&place, &["--mail"], SUNDAY).exit(69).error_text();
    assert!(said.contains("nothing is sent without TLS"), "{said}");
}

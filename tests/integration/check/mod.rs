//! `check` on zones, served by a real server on loopback.

mod golden;
mod rules;
mod servers;
mod settings;
mod unknown;
mod zones;

use serde_json::Value;

use crate::harness::{Place, list};
use crate::name_server::NameServer;

/// A 2048-bit key in DNS.
const KEY: &str = include_str!("../../../fixtures/dns/dkim_key/rsa2048.txt");

/// A folder with settings that ask a server for a zone, and with `settings` behind that. `KEY` in the zone stands for a
/// record with a good key.
struct World {
    place: Place,
    _server: NameServer,
}

impl World {
    fn new(zone: &str, settings: &str) -> Self {
        let (start, rest) = KEY.trim().split_at(200);
        let server = NameServer::start(&zone.replace("KEY", &format!("\"{start}\" \"{rest}\"")));
        let place = Place::new();
        let dns = format!("[dns]\nservers = [\"{}\"]\ntimeout_s = 1\nattempts = 1\n\n{settings}", server.address());
        place.write("ruascope.toml", dns);
        Self { place, _server: server }
    }

    fn run(&self, args: &[&str]) -> crate::harness::Run {
        self.place.run(args.iter().copied()).now("2026-10-31T06:00:00Z").online()
    }

    /// The one domain of `check` in JSON.
    #[track_caller]
    fn check(&self, domain: &str, exit: i32) -> Value {
        let object = self.run(&["check", domain]).exit(exit).json();
        assert_eq!(object["schema"], "ruascope.check/1");
        list(&object, "domains").remove(0)
    }
}

/// The rules of a checked domain that are worse than worth knowing.
fn loud(domain: &Value) -> Vec<String> {
    let findings = list(domain, "findings");
    let loud = findings.iter().filter(|finding| finding["severity"] != "info");
    loud.map(|finding| finding["rule"].as_str().unwrap_or_default().to_owned()).collect()
}

/// SPF, DKIM, DMARC.
fn badges(domain: &Value) -> String {
    let badge = |name: &str| domain["badges"][name].as_str().unwrap_or_default().to_owned();
    [badge("spf"), badge("dkim"), badge("dmarc")].join(" ")
}

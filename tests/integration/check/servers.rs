//! `check` asks every name server of the zone by itself, and the resolvers.

use super::{KEY, badges, loud};
use crate::harness::{Place, Run, list};
use crate::name_server::NameServer;

const AROUND: &str = "example.com NS ns1.example.com\nexample.com NS ns2.example.com\nns1.example.com A 127.0.0.1\nns2.example.com A 127.0.0.2\nexample.com MX 1 mx.example.com\nmx.example.com A 192.0.2.1\nexample.com TXT \"v=spf1 mx -all\"\ns1._domainkey.example.com TXT KEY\n";
const DMARC: &str = "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n";

/// Servers for these zones at 127.0.0.1, 127.0.0.2 and so on; the one with the number `resolver` is the resolver.
struct Servers {
    place: Place,
    servers: Vec<NameServer>,
}

impl Servers {
    fn new(zones: &[String], resolver: usize) -> Self {
        let (start, rest) = KEY.trim().split_at(200);
        let zones: Vec<String> =
            zones.iter().map(|zone| zone.replace("KEY", &format!("\"{start}\" \"{rest}\""))).collect();
        let servers = NameServer::several(&zones.iter().map(String::as_str).collect::<Vec<_>>());
        let place = Place::new();
        let address = servers[resolver].address();
        let settings = format!(
            "[dns]\nservers = [\"{address}\"]\ntimeout_s = 1\nattempts = 1\nzone_port = {}\n[[domain]]\nname = \"example.com\"\n[[domain.dkim]]\nselector = \"s1\"\n",
            address.port()
        );
        place.write("ruascope.toml", settings);
        Self { place, servers }
    }

    fn run(&self, args: &[&str]) -> Run {
        self.place.run(args.iter().copied()).now("2026-10-31T06:00:00Z").online()
    }
}

#[test]
fn servers_that_say_the_same_are_told_so() {
    let zone = format!("{AROUND}{DMARC}");
    let world = Servers::new(&[zone.clone(), zone], 0);
    let object = world.run(&["check"]).json();
    assert_eq!(badges(&object["domains"][0]), "set set set");
    let good = object["domains"][0]["good"].to_string();
    assert!(good.contains("MORE: 2 servers say the same"), "{good}");
    assert!(world.servers[1].asked().contains(&"udp TXT _dmarc.example.com".to_owned()));
}

#[test]
fn a_name_server_without_the_record_breaks_the_badge() {
    let world = Servers::new(&[format!("{AROUND}{DMARC}"), AROUND.to_owned()], 0);
    let object = world.run(&["check"]).exit(2).json();
    let domain = &object["domains"][0];
    assert_eq!(badges(domain), "set set broken");
    assert_eq!(loud(domain), ["dns-servers-differ"]);
    let text = world.run(&["check", "--quiet"]).exit(2).text();
    let expected = r"example.com: SPF set, DKIM set, DMARC broken
DMARC  ✓ 1 record, p=reject
       ✗ _dmarc.example.com: the name servers of the zone differ, so it depends on chance what a
         receiver finds: nothing at ns2.example.com (127.0.0.2); v=DMARC1; p=reject;
         rua=mailto:d@example.com at ns1.example.com (127.0.0.1)
         → look whether all of them have the zone of today, and compare the serials of its SOA
RUA    ✓ rua: d@example.com
SPF    ✓ 1 record, 1 of 10 look-ups
DKIM   ✓ s1 (RSA 2048)
";
    assert_eq!(text, expected);
}

#[test]
fn a_resolver_that_remembers_the_old_record_is_told() {
    let new = format!("{AROUND}{DMARC}");
    let old = new.replace("p=reject", "p=none");
    let world = Servers::new(&[new.clone(), new, old], 2);
    let domain = world.run(&["check"]).exit(1).json()["domains"][0].clone();
    assert_eq!(badges(&domain), "set set set");
    assert_eq!(loud(&domain), ["dns-resolver-differs"]);
    let findings = list(&domain, "findings");
    let finding = findings.iter().find(|finding| finding["rule"] == "dns-resolver-differs").expect("the finding");
    assert!(finding["advice"].to_string().contains("for up to 300 s"), "{finding}");
}

#[test]
fn a_silent_name_server_is_told_and_makes_nothing_unknown() {
    let zone = format!("{AROUND}{DMARC}");
    let world = Servers::new(&[zone, ";@silent *.com\n".to_owned()], 0);
    let object = world.run(&["check"]).json();
    assert_eq!(badges(&object["domains"][0]), "set set set");
    assert!(object.to_string().contains("dns-server-silent"));
    let asked = world.servers[1].asked();
    assert_eq!(asked, ["udp TXT _dmarc.example.com"], "it is asked once");
}

#[test]
fn odd_records_are_found_by_asking_for_them() {
    let odd = "example.com TYPE99 \"v=spf1 \" \"+all\"\n_dmarc.example.com CNAME other.example.net\nexample.com TXT \"v=spf1 mx exp=why.example.com -all\"\n";
    let zone = AROUND.replace("example.com TXT \"v=spf1 mx -all\"\n", odd);
    let world = Servers::new(&[format!("{zone}{DMARC}")], 0);
    let object = world.run(&["check"]).exit(1).json();
    let domain = &object["domains"][0];
    assert_eq!(loud(domain), ["dns-alias-beside", "spf-type-99"]);
    assert_eq!(badges(domain), "set set set");
    assert!(object.to_string().contains("exp=why.example.com: no TXT record is there"));
}

//! The resolver against a real authoritative server (Knot DNS), so that the tests' own server proves nothing by itself.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ruascope::dns::{Answer, Failure};
use ruascope::limits::Limits;
use ruascope::resolve::{Hickory, Resolver as _, gather, spf_tree};
use tempfile::TempDir;

use super::resolver_of;
use crate::harness::{Place, fixture};

const EXAMPLE: &str = r#"
$ORIGIN example.test.
$TTL 300
@ IN SOA ns.example.test. hostmaster.example.test. 1 7200 3600 86400 60
@ IN NS ns
ns IN A 192.0.2.53
@ IN TXT "v=spf1 mx include:_spf.provider.test -all"
@ IN MX 20 second
@ IN MX 10 mail
mail IN A 192.0.2.1
mail IN AAAA 2001:db8::1
second IN A 192.0.2.2
_dmarc IN TXT "v=DMARC1; p=reject; " "rua=mailto:d@example.test"
inside._domainkey IN CNAME alias
alias IN CNAME key
key IN TXT "v=DKIM1; p="
outside._domainkey IN CNAME key.provider.test.
nowhere._domainkey IN CNAME gone.provider.test.
loop1 IN CNAME loop2
loop2 IN CNAME loop1
*.wild IN TXT "wild"
below.empty IN TXT "below"
"#;

const PROVIDER: &str = r#"
$ORIGIN provider.test.
$TTL 300
@ IN SOA ns.provider.test. hostmaster.provider.test. 1 7200 3600 86400 60
@ IN NS ns
ns IN A 192.0.2.53
key IN TXT "v=DKIM1; k=rsa; p="
_spf IN TXT "v=spf1 ip4:198.51.100.0/24 -all"
"#;

const REVERSE: &str = r"
$ORIGIN 2.0.192.in-addr.arpa.
$TTL 300
@ IN SOA ns.example.test. hostmaster.example.test. 1 7200 3600 86400 60
@ IN NS ns.example.test.
1 IN PTR mail.example.test.
";

struct Knot {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Knot {
    fn start() -> Self {
        let folder = crate::harness::temporary();
        let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port");
        let path = folder.path();
        for needed in ["run", "db"] {
            std::fs::create_dir(path.join(needed)).expect("a new folder");
        }
        let big: String = (0..60).map(|number| format!("big IN TXT \"{number:0>60}\"\n")).collect();
        for (name, text) in [
            ("example.test", format!("{EXAMPLE}{big}")),
            ("provider.test", PROVIDER.to_owned()),
            ("2.0.192.in-addr.arpa", REVERSE.to_owned()),
        ] {
            std::fs::write(path.join(format!("{name}.zone")), text).expect("a zone file");
        }
        std::fs::write(path.join("knot.conf"), configuration(path, address)).expect("a configuration");
        let log = std::fs::File::create(path.join("log")).expect("a log file");
        let child = Command::new("knotd")
            .arg("-c")
            .arg(path.join("knot.conf"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("knotd, which tests/all installs");
        Self { child, address, _folder: folder }
    }

    /// A resolver that asks it, once it answers.
    fn resolver(&self) -> Hickory {
        for _ in 0..50 {
            let resolver = resolver_of(&[self.address]);
            if !resolver.ns("example.test").answer.is_unknown() && !resolver.ns("provider.test").answer.is_unknown() {
                return resolver;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("knotd does not answer at {}", self.address);
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}

fn configuration(path: &Path, address: SocketAddr) -> String {
    let folder = path.display();
    let port = address.port();
    format!(
        r#"
server:
    rundir: "{folder}/run"
    listen: 127.0.0.1@{port}
    udp-max-payload: 1232
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{folder}/db"
control:
    listen: "{folder}/knot.sock"
acl:
  - id: tests
    address: 127.0.0.1
    action: update
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: "{folder}"
    file: "%s.zone"
    zonefile-sync: -1
    journal-content: none
    acl: [tests]
zone:
  - domain: example.test
  - domain: provider.test
  - domain: 2.0.192.in-addr.arpa
  - domain: broken.test
    file: "missing.zone"
"#
    )
}

#[test]
fn a_real_server_is_understood() {
    let knot = Knot::start();
    let resolver = knot.resolver();
    let txt = |name: &str| resolver.txt(name);
    let found = |text: &str| Answer::Found(vec![text.to_owned()]);
    assert_eq!(txt("_dmarc.example.test").answer, found("v=DMARC1; p=reject; rua=mailto:d@example.test"));
    let servers = [(10, "mail.example.test".to_owned()), (20, "second.example.test".to_owned())];
    assert_eq!(resolver.mx("example.test").answer.records(), servers);
    let address: IpAddr = "192.0.2.1".parse().expect("an address");
    assert_eq!(resolver.ptr(address).answer, found("mail.example.test"));
    assert_eq!(txt("mail.example.test").answer, Answer::NoData);
    assert_eq!(txt("empty.example.test").answer, Answer::NoData, "a name that only has names below it");
    assert_eq!(txt("no.example.test").answer, Answer::NxDomain);
    assert_eq!(txt("no.example.test").ttl_s, Some(60));
    assert_eq!(txt("a.wild.example.test").answer, found("wild"));
    assert_eq!(txt("broken.test").answer, Answer::Failed(Failure::ServerFailed));
    assert_eq!(txt("elsewhere.invalid").answer, Answer::Failed(Failure::Refused));
    assert_eq!(txt("loop1.example.test").answer, Answer::Failed(Failure::AliasLoop));
    assert_eq!(txt("big.example.test").answer.records().len(), 60, "over TCP");
}

#[test]
fn aliases_of_a_real_server_are_followed_inside_and_across_zones() {
    let knot = Knot::start();
    let resolver = knot.resolver();
    let aliases = |selector: &str| {
        let lookup = resolver.txt(&format!("{selector}._domainkey.example.test"));
        (lookup.answer.is_missing(), lookup.answer.records().len(), lookup.aliases)
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(aliases("inside"), (false, 1, names(&["alias.example.test", "key.example.test"])));
    assert_eq!(aliases("outside"), (false, 1, names(&["key.provider.test"])));
    assert_eq!(aliases("nowhere"), (true, 0, names(&["gone.provider.test"])));
    let tree = spf_tree(&resolver, "example.test", &Limits::standard());
    assert_eq!((tree.lookups(), tree.void_lookups()), (2, 0));
    let published = gather(&resolver, "example.test", &["inside".to_owned()], &Limits::standard(), 0).published;
    assert_eq!(published.organizational_domain.as_deref(), None, "this server refuses to speak of the top level");
    assert_eq!(published.dmarc_applies.map(|found| found.domain).as_deref(), Some("example.test"));
}

/// What `--as nsupdate` prints is sent by BIND's nsupdate to a server that takes updates, and read back.
#[test]
fn a_record_is_registered_by_nsupdate_and_read_back() {
    let knot = Knot::start();
    let server = knot.resolver();
    drop(server);
    let place = Place::new();
    let import = ["dkim", "import", "example.test", "--quiet", "--as=plain", "--selector", "new"];
    let key = place.run(import).arg(fixture("keys/rsa-pkcs8.pem")).text();
    let policy = ["dmarc", "record", "example.test", "--quiet", "--p=none", "--rua=a@example.test"];
    let text = place.run(policy).arg("--as=plain").text();
    let mut script = format!("server 127.0.0.1 {}\nzone example.test\n", knot.address.port());
    script += &place.run(policy).arg("--as=nsupdate").text();
    script += &place.run(["dkim", "show", "example.test", "new", "--quiet", "--as=nsupdate"]).text();
    let path = place.write("script", &script);
    let output = Command::new("nsupdate").arg(path).output().expect("nsupdate runs (tests/all installs it)");
    assert!(output.status.success(), "{}\n{script}", String::from_utf8_lossy(&output.stderr));
    let found = |name: &str| resolver_of(&[knot.address]).txt(name).answer;
    assert_eq!(found("_dmarc.example.test"), Answer::Found(vec![text.trim().to_owned()]), "in place of the old one");
    assert_eq!(found("new._domainkey.example.test"), Answer::Found(vec![key.trim().to_owned()]));
}

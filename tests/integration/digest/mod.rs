//! Digests that leave the machine: by mail to a real server, and by HTTP.

mod golden;
mod hook;
mod mail;
mod when;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::Value;

use crate::harness::{Place, Run, fixture, root};

/// The day after the newest report of the story, a Sunday.
const SUNDAY: &str = "2026-11-01T06:00:00Z";

/// A folder with settings, and a store that holds the story.
fn story() -> Place {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    place
}

/// May send, and finds no name server: nobody listens on that port.
fn sending(run: Run) -> Run {
    let nobody = run.online().env("RUASCOPE_DNS_SERVERS", "127.0.0.1:9");
    nobody.env("RUASCOPE_DNS_TIMEOUT_S", "1").env("RUASCOPE_DNS_ATTEMPTS", "1")
}

/// `summary` with arguments and the settings of the place.
fn summary(place: &Place, args: &[&str], now: &str) -> Run {
    sending(place.run(["summary"])).args(args).now(now)
}

/// A mail server of its own.
struct MailServer {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl MailServer {
    /// Starts in a folder of the place: `none`, `starttls` or `implicit`.
    fn start(place: &Place, mode: &str) -> Self {
        let folder = place.path().join("server");
        std::fs::create_dir_all(&folder).expect("a folder");
        make_certificates(&folder);
        let port = free_port();
        let mut server = Self { child: Self::spawn(&folder, port, mode), port, folder };
        server.wait();
        server
    }

    fn spawn(folder: &PathBuf, port: u16, mode: &str) -> Child {
        // The interpreter of the system, which has the packages of the system.
        Command::new("/usr/bin/python3")
            .arg(root().join("tests/integration/digest/server.py"))
            .arg(folder)
            .args([&port.to_string(), mode])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 and python3-aiosmtpd have to be installed: tests/all installs them")
    }

    fn wait(&mut self) {
        let mut line = String::new();
        let stdout = self.child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n", "the mail server has to start: tests/all installs python3-aiosmtpd");
    }

    /// Every receiver gets this answer from now on; none again with an empty text.
    fn refuse(&self, answer: &str) {
        let path = self.folder.join("refuse");
        if answer.is_empty() {
            std::fs::remove_file(path).expect("a file");
        } else {
            std::fs::write(path, answer).expect("a file");
        }
    }

    /// The mails that came, in their order.
    fn mails(&self) -> Vec<Value> {
        let read = |number: usize| std::fs::read_to_string(self.folder.join(format!("{number}.json"))).ok();
        (1..).map_while(read).map(|text| serde_json::from_str(&text).expect("an object")).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A port that nobody listens to.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

/// An authority in `ca.pem`, another in `other.pem`, and a certificate of the first for localhost.
fn make_certificates(folder: &std::path::Path) {
    let authority = |name: &str| {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        (params.self_signed(&key).expect("a certificate").pem(), Issuer::new(params, key))
    };
    let (ca, issuer) = authority("test authority");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    for (name, text) in [
        ("ca.pem", ca),
        ("other.pem", authority("another authority").0),
        ("server.pem", certificate.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
}

/// A request as it came.
struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// The value of a header, whose name is in lower case.
    fn header(&self, name: &str) -> &str {
        let find = |line| {
            let (found, value): (&str, &str) = str::split_once(line, ':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        };
        self.head.lines().find_map(find).unwrap_or_default()
    }
}

/// Takes a request for each status, and answers with it. Gives the port, and the requests as they come.
fn http_sink(statuses: &'static [u16]) -> (u16, Receiver<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().expect("a connection");
            let request = request(&mut stream);
            let _sent = write!(stream, "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: 4\r\n\r\nsaid");
            drop(sender.send(request));
        }
    });
    (port, receiver)
}

fn request(stream: &mut TcpStream) -> Request {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("text");
    let mut request = Request { head, body: Vec::new() };
    let length = request.header("content-length").parse().expect("a length");
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).expect("a body");
    request
}

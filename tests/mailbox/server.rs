//! Dovecot in a folder of its own, with a CA of its own, and mails in it.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use serde_json::Value;
use tempfile::TempDir;

/// Nobody: mail servers refuse to read mail as root.
const NOBODY: u32 = 65_534;
/// How long the server may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(20);

/// What is special about a server.
#[derive(Default)]
pub(crate) struct Special {
    /// The certificate has run out.
    pub(crate) is_expired: bool,
    /// All that it admits to be able to do.
    pub(crate) capability: Option<&'static str>,
    /// More settings of its IMAP.
    pub(crate) protocol: &'static str,
    /// How its folders are named.
    pub(crate) namespace: Option<&'static str>,
}

/// A running server, and a folder for the program beside it.
pub(crate) struct Server {
    folder: TempDir,
    child: Option<Child>,
    pub(crate) plain_port: u16,
    pub(crate) tls_port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    /// Starts an ordinary one.
    pub(crate) fn start() -> Self {
        Self::special(&Special::default())
    }

    pub(crate) fn special(special: &Special) -> Self {
        let folder = tempfile::Builder::new().prefix("ruascope-imap").tempdir().expect("a temporary folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let (plain_port, tls_port) = (free_port(), free_port());
        let mut server = Self { folder, child: None, plain_port, tls_port };
        make_certificates(&server.path("ssl"), special.is_expired);
        fs::write(server.path("passwd"), "user:{PLAIN}pass wörd\"\\\n").expect("a file");
        fs::create_dir_all(server.path("mail/user/Maildir/new")).expect("a folder");
        fs::create_dir_all(server.path("mail/user/Maildir/cur")).expect("a folder");
        fs::create_dir_all(server.path("mail/user/Maildir/tmp")).expect("a folder");
        fs::write(server.path("password"), "pass wörd\"\\\n").expect("a file");
        fs::write(server.path("dovecot.conf"), server.config(special, start_oauth())).expect("a file");
        server.resume();
        server
    }

    /// Something in the server's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self, special: &Special, oauth_port: u16) -> String {
        let (d, plain, tls) = (self.folder.path().display(), self.plain_port, self.tls_port);
        let user = user_name();
        let oauth = format!(
            "introspection_mode = get\nintrospection_url = http://127.0.0.1:{oauth_port}/?token=\n\
             username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        );
        fs::write(self.path("oauth2.conf"), oauth).expect("a file");
        let capability = special.capability.map(|list| format!("imap_capability = {list}")).unwrap_or_default();
        let namespace = special.namespace.unwrap_or("separator = /");
        format!(
            "base_dir = {d}/run\nstate_dir = {d}/run\nlog_path = {d}/dovecot.log\nprotocols = imap\nlisten = 127.0.0.1\n\
             default_internal_user = {user}\ndefault_internal_group = {group}\ndefault_login_user = {user}\n\
             first_valid_uid = 0\nfirst_valid_gid = 0\nmail_uid = {user}\nmail_gid = {group}\nmail_home = {d}/mail/%u\n\
             mail_location = maildir:{d}/mail/%u/Maildir\ndisable_plaintext_auth = no\nauth_failure_delay = 0\n\
             auth_mechanisms = plain login xoauth2 oauthbearer\nssl = yes\nssl_cert = <{d}/ssl/server.pem\n\
             ssl_key = <{d}/ssl/server.key\nssl_dh =\n\
             passdb {{\n  driver = passwd-file\n  args = scheme=PLAIN {d}/passwd\n}}\n\
             passdb {{\n  driver = oauth2\n  mechanisms = xoauth2 oauthbearer\n  args = {d}/oauth2.conf\n}}\n\
             userdb {{\n  driver = static\n  args = uid={user} gid={group} home={d}/mail/%u\n}}\n\
             namespace inbox {{\n  inbox = yes\n  {namespace}\n}}\n\
             protocol imap {{\n  mail_max_userip_connections = 100\n  {capability}\n  {protocol}\n}}\n\
             service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {plain}\n  }}\n  \
             inet_listener imaps {{\n    port = {tls}\n    ssl = yes\n  }}\n}}\n\
             service anvil {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n",
            group = group_name(),
            protocol = special.protocol
        )
    }

    /// Starts it again.
    pub(crate) fn resume(&mut self) {
        let mut command = Command::new("dovecot");
        command.args(["-F", "-c"]).arg(self.path("dovecot.conf")).stdout(Stdio::null()).stderr(Stdio::null());
        if is_root() {
            let owned = Command::new("chown").args(["-R", "nobody:nogroup"]).arg(self.folder.path()).status();
            assert!(owned.expect("chown has to run").success(), "the folder has to belong to nobody");
            command.uid(NOBODY).gid(NOBODY);
        }
        let child = command.spawn().expect("dovecot has to be installed: tests/all installs it");
        self.child = Some(child);
        let deadline = Instant::now() + START_TIMEOUT;
        while !answers(self.plain_port) {
            let log = || fs::read_to_string(self.path("dovecot.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "dovecot does not start: {}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ended = Command::new("kill").arg(child.id().to_string()).status();
            let _reaped = child.wait();
        }
    }

    /// Cuts all connections of the user.
    pub(crate) fn kick(&self) {
        let kicked = Command::new("doveadm").arg("-c").arg(self.path("dovecot.conf")).args(["kick", "user"]).output();
        let kicked = kicked.expect("doveadm has to run");
        assert!(kicked.status.success(), "{}", String::from_utf8_lossy(&kicked.stderr));
    }

    /// Files of a folder of the mailbox, `INBOX` or another.
    pub(crate) fn maildir(&self, folder: &str) -> PathBuf {
        let root = self.path("mail/user/Maildir");
        if folder == "INBOX" { root } else { root.join(format!(".{folder}")) }
    }

    /// Puts a mail into the INBOX of another user.
    pub(crate) fn deliver_to(&self, user: &str, name: &str, mail: impl AsRef<[u8]>) {
        let maildir = self.path("mail").join(user).join("Maildir");
        fs::write(maildir.join("tmp").join(name), mail).expect("a mail");
        let path = maildir.join("new").join(name);
        fs::rename(maildir.join("tmp").join(name), &path).expect("a mail");
        if is_root() {
            chown(&path, Some(NOBODY), Some(NOBODY)).expect("it has to belong to nobody");
        }
    }

    /// Puts a mail into a folder, as a delivery agent does.
    pub(crate) fn deliver(&self, folder: &str, name: &str, mail: impl AsRef<[u8]>) {
        let maildir = self.maildir(folder);
        for part in ["new", "cur", "tmp"] {
            fs::create_dir_all(maildir.join(part)).expect("a folder");
        }
        if folder != "INBOX" {
            fs::write(maildir.join("maildirfolder"), "").expect("a file");
        }
        let path = maildir.join("tmp").join(name);
        fs::write(&path, mail).expect("a mail");
        if is_root() {
            // Before it is there for others: who finds it may move it at once.
            for path in [&path, &maildir, &maildir.join("new"), &maildir.join("cur"), &maildir.join("tmp")] {
                chown(path, Some(NOBODY), Some(NOBODY)).expect("it has to belong to nobody");
            }
        }
        fs::rename(&path, maildir.join("new").join(name)).expect("a mail");
    }

    /// Mails of a folder, sorted: name, flags, bytes.
    pub(crate) fn mails(&self, folder: &str) -> Vec<(String, String, Vec<u8>)> {
        let mut mails = Vec::new();
        for part in ["new", "cur"] {
            let Ok(entries) = fs::read_dir(self.maildir(folder).join(part)) else { continue };
            for entry in entries {
                let path = entry.expect("an entry").path();
                let full = path.file_name().expect("a name").to_string_lossy().into_owned();
                let (name, flags) = full.split_once(":2,").unwrap_or((&full, ""));
                let name = name.split(',').next().unwrap_or_default().to_owned();
                mails.push((name, flags.to_owned(), fs::read(&path).expect("a mail")));
            }
        }
        mails.sort();
        mails
    }

    /// Subjects of the mails of a folder, sorted: a move may rename files.
    pub(crate) fn subjects(&self, folder: &str) -> Vec<String> {
        let subject = |(_, _, bytes): (String, String, Vec<u8>)| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap_or_default().to_owned()
        };
        let mut subjects: Vec<String> = self.mails(folder).into_iter().map(subject).collect();
        subjects.sort();
        subjects
    }

    /// Writes the settings: how to connect, and more keys of the mailbox.
    pub(crate) fn settings(&self, connection: &str, more: &str) {
        let text = format!("[mailbox.main]\nhost = \"localhost\"\nuser = \"user\"\n{connection}\n{more}\n");
        fs::write(self.path("ruascope.toml"), text).expect("a file");
    }

    /// Settings with TLS from the start and the right password.
    pub(crate) fn usual_settings(&self, more: &str) {
        let connection = format!("port = {}\nca_file = \"ssl/ca.pem\"\npassword_file = \"password\"", self.tls_port);
        self.settings(&connection, more);
    }

    /// The program in the server's folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ruascope"));
        command.args(args).args(["--store", "s.db"]).current_dir(self.folder.path());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("HOME", self.folder.path());
        command
    }

    /// Runs the program: exit code, standard output, standard error.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        let output = self.command(args).output().expect("the program has to start");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
    }

    /// Runs `fetch`, which has to go well, and gives its object.
    #[track_caller]
    pub(crate) fn fetch(&self, args: &[&str]) -> Value {
        let (exit, stdout, stderr) = self.run(&[&["fetch", "--format", "json"], args].concat());
        assert_eq!((exit, stderr.as_str()), (0, ""), "{stdout}");
        serde_json::from_str(&stdout).expect("an object")
    }

    /// Reports and mails in the store.
    #[track_caller]
    pub(crate) fn stored(&self) -> (u64, u64) {
        let (exit, stdout, stderr) = self.run(&["store", "stats", "--format", "json"]);
        assert_eq!((exit, stderr.as_str()), (0, ""));
        let stats: Value = serde_json::from_str(&stdout).expect("an object");
        (stats["reports"].as_u64().expect("a number"), stats["mails"].as_u64().expect("a number"))
    }
}

/// A mail with a report about `number` + 1 mails in it.
pub(crate) fn report_mail(number: u64) -> String {
    let xml = format!(
        "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>r.example</org_name><email>a@r.example</email>\
         <report_id>id-{number}</report_id><date_range><begin>1760659200</begin><end>1760745599</end></date_range>\
         </report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published><record><row>\
         <source_ip>192.0.2.1</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition>\
         <dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from>\
         </identifiers><auth_results><spf><domain>example.com</domain><result>fail</result></spf></auth_results>\
         </record></feedback>\n",
        count = number + 1
    );
    mail(
        &format!("Report domain: example.com Submitter: r.example Report-ID: {number}"),
        &format!(
            "--b\nContent-Type: text/plain\n\nA report.\n\n--b\nContent-Type: text/xml\nContent-Disposition: attachment; \
             filename=\"r.example!example.com!1760659200!1760745599!{number}.xml\"\n\n{xml}\n--b--\n"
        ),
    )
}

/// A mail that has nothing to do with reports.
pub(crate) fn ordinary_mail(number: u64) -> String {
    mail(&format!("Lunch {number}"), "--b\nContent-Type: text/plain\n\nAt noon? (quoted \"so\", {3}, * OK)\n\n--b--\n")
}

/// A mail that claims to hold a report and does not.
pub(crate) fn broken_mail(number: u64) -> String {
    mail(
        &format!("Report domain: example.com Submitter: r.example Report-ID: broken-{number}"),
        "--b\nContent-Type: text/xml\nContent-Disposition: attachment; \
         filename=\"r.example!example.com!1760659200!1760745599.xml\"\n\n<feedback><report_metadata>\n\n--b--\n",
    )
}

/// A mail with a body of parts.
pub(crate) fn mail(subject: &str, body: &str) -> String {
    let mut mail = String::new();
    let _written = write!(
        mail,
        "From: a@r.example\nTo: dmarc@example.com\nSubject: {subject}\nDate: Fri, 17 Oct 2025 08:00:00 +0000\n\
         Message-ID: <{}@r.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{body}",
        subject.len()
    );
    mail
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn user_name() -> String {
    if is_root() { "nobody".to_owned() } else { id("-un") }
}

fn group_name() -> String {
    if is_root() { "nogroup".to_owned() } else { id("-gn") }
}

fn id(flag: &str) -> String {
    let output = Command::new("id").arg(flag).output().expect("id has to run");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port()
}

fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) else { return false };
    let mut greeting = [0; 4];
    stream.read_exact(&mut greeting).is_ok() && &greeting == b"* OK"
}

/// A CA, a certificate of it for localhost, and another CA that signed nothing.
fn make_certificates(folder: &Path, is_expired: bool) {
    fs::create_dir_all(folder).expect("a folder");
    let authority = |name: &str| {
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        (params.self_signed(&key).expect("a certificate").pem(), Issuer::new(params, key))
    };
    let (ca, issuer) = authority("test authority");
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("parameters");
    if is_expired {
        (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    }
    let key = KeyPair::generate().expect("a key");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    for (name, text) in [
        ("ca.pem", ca),
        ("other.pem", authority("another authority").0),
        ("server.pem", certificate.pem()),
        ("server.key", key.serialize_pem()),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
}

/// Tells the server that the token `goodtoken` belongs to `user`, and all others to nobody.
fn start_oauth() -> u16 {
    serve(|request| {
        let is_good = request.contains("token=goodtoken&");
        let body = if is_good { r#"{"active":true,"username":"user"}"# } else { r#"{"active":false}"# };
        (200, body.to_owned())
    })
}

/// Answers requests by HTTP: `answer` gives status and JSON.
pub(crate) fn serve(answer: impl Fn(&str) -> (u16, String) + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let (status, body) = answer(&request(&mut stream));
            let _sent = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    port
}

/// Head and body of a request.
fn request(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.extend(byte);
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = text.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).expect("a body");
    text + &String::from_utf8_lossy(&body)
}

//! Keys of ours beside OpenSSL and a signer that others made (dkimpy), and passphrases at a terminal.

use std::path::Path;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::harness::{Place, fixture, read};

const KEYS: &str = ".local/share/ruascope/keys/example.com";

/// Runs a program in a folder, which has to succeed, and gives what it says.
#[track_caller]
fn program(folder: &Path, program: &str, args: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(args).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{program} has to be there (tests/all installs it): {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {}: {said}", args.join(" "));
    output.stdout
}

#[track_caller]
fn openssl(folder: &Path, command: &str) -> Vec<u8> {
    program(folder, "openssl", &command.split_whitespace().collect::<Vec<_>>())
}

/// The record that `dkim show` prints.
fn record(place: &Place, selector: &str) -> String {
    place.run(["dkim", "show", "example.com", selector, "--as", "plain", "--quiet"]).text().trim().to_owned()
}

fn public(record: &str) -> Vec<u8> {
    let (_, key) = record.split_once("p=").expect("a key");
    STANDARD.decode(key).expect("base64")
}

/// Places with a key of ours of each kind: where, its file, its record.
fn made(args: &[&str]) -> (Place, String, String) {
    let place = Place::new();
    place.run(["dkim", "new", "example.com", "--selector", "s", "--quiet"]).args(args.to_vec()).text();
    let text = record(&place, "s");
    (place, format!("{KEYS}/s.pem"), text)
}

#[test]
fn openssl_verifies_what_our_keys_sign() {
    for args in [&["--bits=2048"][..], &["--bits=3072"], &["--bits=4096"]] {
        let (place, file, record) = made(args);
        let folder = place.path();
        openssl(folder, &format!("pkey -in {file} -check -noout"));
        place.write("message", "Hello");
        place.write("public.der", public(&record));
        openssl(folder, &format!("dgst -sha256 -sign {file} -out signature message"));
        openssl(folder, "pkey -pubin -inform DER -in public.der -out public.pem");
        openssl(folder, "dgst -sha256 -verify public.pem -signature signature message");
    }
    let (place, file, record) = made(&["--algorithm=ed25519"]);
    let folder = place.path();
    place.write("message", "Hello");
    openssl(folder, &format!("pkeyutl -sign -rawin -inkey {file} -in message -out signature"));
    let wrapping = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    place.write("public.der", [&wrapping[..], &public(&record)].concat());
    openssl(folder, "pkeyutl -verify -rawin -pubin -keyform DER -inkey public.der -in message -sigfile signature");
}

#[test]
fn keys_that_openssl_makes_are_taken_in_in_every_form() {
    let place = Place::new();
    let folder = place.path();
    let phrase = place.write("phrase", "grün 7\n");
    openssl(folder, "genrsa -out rsa.pem 2048");
    openssl(folder, "genpkey -algorithm ed25519 -out ed.pem");
    for (number, (key, command)) in [
        ("rsa", "rsa -in rsa.pem -traditional"),
        ("rsa", "rsa -in rsa.pem -traditional -outform DER"),
        ("rsa", "rsa -in rsa.pem -traditional -aes128 -passout file:phrase"),
        ("rsa", "rsa -in rsa.pem -traditional -aes192 -passout file:phrase"),
        ("rsa", "rsa -in rsa.pem -traditional -aes256 -passout file:phrase"),
        ("rsa", "rsa -in rsa.pem -traditional -des3 -passout file:phrase"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -nocrypt"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -nocrypt -outform DER"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -passout file:phrase"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -passout file:phrase -outform DER"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -v2 aes-128-cbc -v2prf hmacWithSHA1 -passout file:phrase"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -v2 des3 -passout file:phrase"),
        ("rsa", "pkcs8 -topk8 -in rsa.pem -scrypt -passout file:phrase"),
        ("ed", "pkcs8 -topk8 -in ed.pem -passout file:phrase"),
        ("ed", "pkey -in ed.pem -outform DER"),
    ]
    .into_iter()
    .enumerate()
    {
        let der = openssl(folder, &format!("pkey -in {key}.pem -pubout -outform DER"));
        // Without its wrapping, for Ed25519.
        let expected = if key == "rsa" { der } else { der[12..].to_vec() };
        openssl(folder, &format!("{command} -out form.pem"));
        let selector = format!("s{number}");
        let import = ["dkim", "import", "example.com", "form.pem", "--quiet", "--passphrase-file"];
        place.run(import).arg(&phrase).args(["--selector", &selector]).text();
        assert_eq!(public(&record(&place, &selector)), expected, "{command}");
    }
}

#[test]
fn openssl_opens_what_is_exported() {
    for args in [&[][..], &["--algorithm=ed25519"]] {
        let (place, file, _) = made(args);
        let phrase = place.write("phrase", "two words\n");
        let export = ["dkim", "export", "example.com", "s", "--quiet", "--out", "out.pem", "--passphrase-file"];
        place.run(export).arg(&phrase).check();
        openssl(place.path(), "pkcs8 -in out.pem -passin file:phrase -out back.pem");
        assert_eq!(read(&place.path().join("back.pem")), read(&place.path().join(file)));
        let said = openssl(place.path(), "asn1parse -in out.pem");
        let said = String::from_utf8_lossy(&said);
        for word in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc"] {
            assert!(said.contains(word), "{word} in {said}");
        }
    }
}

/// Signs a mail with the key in argv 1, and verifies it with the record in argv 2; then with another mail, in vain.
const SIGN: &str = r#"
import base64, re, sys
import dkim
pem, record = open(sys.argv[1], "rb").read(), sys.argv[2].encode()
mail = b"From: a@example.com\r\nTo: b@example.net\r\nSubject: Hi\r\nDate: Sat, 31 Oct 2026 06:00:00 +0000\r\n\r\nHello\r\n"
kind = b"ed25519-sha256" if b"k=ed25519" in record else b"rsa-sha256"
if kind == b"ed25519-sha256":
    pem = base64.b64encode(base64.b64decode(re.sub(rb"-----.*-----", b"", pem))[-32:])
signed = dkim.sign(mail, b"s", b"example.com", pem, signature_algorithm=kind) + mail
def txt(name, timeout=5):
    assert name == b"s._domainkey.example.com.", name
    return record
assert dkim.verify(signed, dnsfunc=txt), "does not verify"
assert not dkim.verify(signed.replace(b"Hello", b"Hullo"), dnsfunc=txt), "anything verifies"
print("verified")
"#;

#[test]
fn a_signer_signs_with_our_key_and_verifies_with_our_record() {
    for args in [&["--bits=2048"][..], &["--algorithm=ed25519"]] {
        let (place, file, record) = made(args);
        let said = program(place.path(), "/usr/bin/python3", &["-c", SIGN, &file, &record]);
        assert_eq!(String::from_utf8_lossy(&said), "verified\n");
    }
}

/// Runs the program of argv 2… at a terminal, types each line of argv 1 at each line that ends with a colon, and prints
/// what stood on the screen.
const TYPE: &str = r#"
import os, pty, sys, termios, time
lines = sys.argv[1].split("|")
pid, screen = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen = b""
while True:
    try:
        read = os.read(screen, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if lines and seen.rstrip().endswith(b":"):
        # Like a person, who types when the prompt is there and takes no letter: it hides them a moment later.
        for _ in range(1000):
            if not termios.tcgetattr(screen)[3] & termios.ECHO:
                break
            time.sleep(0.01)
        seen += b"\n"
        os.write(screen, lines.pop(0).encode() + b"\n")
_, status = os.waitpid(pid, 0)
sys.stdout.buffer.write(seen + b"exit %d" % os.waitstatus_to_exitcode(status))
"#;

/// What stands on the screen of somebody who types these lines.
fn at_terminal(place: &Place, lines: &str, args: &[&str]) -> String {
    let mut command = Command::new("python3");
    command.args(["-c", TYPE, lines, env!("CARGO_BIN_EXE_ruascope")]).args(args).current_dir(place.path());
    command.env("HOME", place.path()).env_remove("XDG_DATA_HOME");
    let output = command.stdin(Stdio::null()).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n")
}

#[test]
fn a_passphrase_is_typed_and_not_shown() {
    let place = Place::new();
    let file = fixture("keys/rsa-legacy-aes256.pem");
    let file = file.to_str().expect("a path of text");
    let import = ["dkim", "import", "example.com", file, "--selector", "s", "--quiet", "--as", "plain"];
    let screen = at_terminal(&place, "wrong-horse", &import);
    assert!(screen.contains("the passphrase is wrong") && screen.ends_with("exit 65"), "{screen}");
    let screen = at_terminal(&place, "correct-horse", &import);
    assert!(screen.starts_with("Passphrase of the key:") && screen.ends_with("exit 0"), "{screen}");
    assert!(!screen.contains("horse"), "{screen}");
    let export = ["dkim", "export", "example.com", "s", "--out", "out.pem", "--encrypt", "--quiet"];
    let screen = at_terminal(&place, "one|other", &export);
    assert!(screen.contains("error: the two passphrases differ") && screen.ends_with("exit 64"), "{screen}");
    let screen = at_terminal(&place, "one|one", &export);
    assert!(screen.ends_with("exit 0"), "{screen}");
    openssl(place.path(), "pkey -in out.pem -passin pass:one -noout");
}

#[test]
fn whoever_types_the_selector_deletes_the_key() {
    let (place, file, _) = made(&["--algorithm=ed25519"]);
    let delete = ["dkim", "delete", "example.com", "s", "--quiet"];
    let screen = at_terminal(&place, "t", &delete);
    assert!(screen.contains("error: that is another selector") && screen.ends_with("exit 64"), "{screen}");
    assert!(place.path().join(&file).exists());
    let screen = at_terminal(&place, "s", &delete);
    assert!(screen.ends_with("exit 0"), "{screen}");
    assert!(!place.path().join(&file).exists());
}

#[test]
fn a_passphrase_may_come_from_a_descriptor() {
    let place = Place::new();
    let file = fixture("keys/ed25519-pbes2.pem");
    let script = format!(
        "exec {} dkim import example.com {} --selector s --quiet --passphrase-file /dev/fd/3 3<<END\ncorrect-horse\nEND\n",
        env!("CARGO_BIN_EXE_ruascope"),
        file.display()
    );
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(place.path()).env("HOME", place.path()).env_remove("XDG_DATA_HOME");
    let output = command.output().expect("a shell");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(place.path().join(KEYS).join("s.pem").exists());
}

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::dns::dkim_key::{self, Algorithm, PublicKey};
use crate::limits::Limits;

const PASSPHRASE: &str = "correct-horse";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/keys").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(fixture(name)).expect("a fixture")
}

fn text(name: &str) -> String {
    String::from_utf8(bytes(name)).expect("text")
}

fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).expect("not empty")
}

fn read_in_full(bytes: &[u8], phrase: &str) -> Result<PrivateKey, KeyError> {
    match open(bytes, &Limits::standard())? {
        Opened::Key(key) => Ok(key),
        Opened::Locked(locked) => locked.unlock(&passphrase(phrase)),
    }
}

fn files(start: &str) -> Vec<String> {
    let entries = std::fs::read_dir(fixture("")).expect("a folder");
    let names = entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let is_key = |name: &String| name.starts_with(start) && !name.ends_with("9-public.txt") && name != "rsa-public.txt";
    let mut names: Vec<String> = names.filter(is_key).collect();
    names.sort();
    names
}

#[test]
fn every_form_of_a_key_is_the_same_key() {
    for (start, algorithm, public) in [("rsa-", Algorithm::Rsa, "rsa-"), ("ed25519", Algorithm::Ed25519, "ed25519-")] {
        let record = dkim_key::write(algorithm, &text(&format!("{public}public.txt")));
        let files = files(start);
        assert!(files.len() > 1);
        for name in files.iter().filter(|name| *name != "rsa-1024.pem") {
            let key = read_in_full(&bytes(name), PASSPHRASE).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(key.record().expect("a record"), record, "{name}");
        }
    }
}

#[test]
fn a_short_key_is_read_and_a_shorter_one_is_not() {
    let key = read_in_full(&bytes("rsa-1024.pem"), "-").expect("a key");
    assert_eq!(format!("{key:?}"), "PrivateKey(rsa, 1024 bits)");
    assert!(matches!(read_in_full(&bytes("refused-rsa-512.pem"), "-"), Err(KeyError::TooShort { bits: 512 })));
}

#[test]
fn what_is_no_key_for_dkim_is_refused_in_words() {
    let said: Vec<String> = files("refused-")
        .iter()
        .map(|name| match read_in_full(&bytes(name), PASSPHRASE) {
            Ok(key) => panic!("{name}: {key:?}"),
            Err(error) => format!("{name}: {error}"),
        })
        .collect();
    assert_eq!(
        said,
        [
            "refused-certificate.pem: the file has a certificate, and no private key",
            "refused-changed.pem: the private key is damaged: its numbers don't belong together",
            "refused-composite.pem: a signature by this key does not verify with its public half",
            "refused-cut.pem: the private key is damaged: its text is not base64, or its last line is missing",
            "refused-dsa.pem: the key is of the kind DSA; DKIM signs with RSA and Ed25519",
            "refused-ec-pkcs8.pem: the key is of the kind EC; DKIM signs with RSA and Ed25519",
            "refused-ec-sec1.pem: the key is of the kind EC; DKIM signs with RSA and Ed25519",
            "refused-legacy-camellia.pem: the key is encrypted with CAMELLIA-128-CBC, which is not known here",
            "refused-openssh-public.txt: the file has a public key of OpenSSH, and no private key",
            "refused-openssh.pem: the key is of the kind OpenSSH; DKIM signs with RSA and Ed25519",
            "refused-pbes1.pem: the key is encrypted with PBES1, which is not known here",
            "refused-public-pkcs1.pem: the file has a public key, and no private key",
            "refused-public.der: the file has a public key, and no private key",
            "refused-public.pem: the file has a public key, and no private key",
            "refused-request.pem: the file has a certificate request, and no private key",
            "refused-rsa-512.pem: the key has 512 bits, and verifiers refuse fewer than 1024",
            "refused-rsa-pss.pem: the key is of the kind RSA-PSS; DKIM signs with RSA and Ed25519",
            "refused-x25519.pem: the key is of the kind X25519; DKIM signs with RSA and Ed25519",
        ]
    );
    assert!(matches!(read_in_full(b"", "-"), Err(KeyError::NoKey)));
    assert!(matches!(read_in_full(b"v=DKIM1; k=rsa; p=", "-"), Err(KeyError::NotPrivate { .. })));
}

#[test]
fn a_wrong_passphrase_is_called_so() {
    for name in files("rsa-").iter().filter(|name| name.contains("pbes2") || name.contains("legacy")) {
        let read = read_in_full(&bytes(name), "correct-horsf");
        assert!(matches!(read, Err(KeyError::WrongPassphrase)), "{name}: {read:?}");
    }
}

#[test]
fn the_ed25519_key_of_the_standard_has_the_record_of_the_standard() {
    // RFC 8463 A.2 and A.3.
    let pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
    let key = read_in_full(pem.as_bytes(), "-").expect("a key");
    assert_eq!(key.record().expect("a record"), "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    assert_eq!(*key.to_pem().expect("PEM"), pem);
}

#[test]
fn a_key_is_written_in_clear_and_encrypted_and_read_again() {
    for name in ["rsa-pkcs1.pem", "ed25519.pem"] {
        let key = read_in_full(&bytes(name), "-").expect("a key");
        let clear = key.to_pem().expect("PEM");
        let sealed = key.to_encrypted_pem(&passphrase("wörter")).expect("PEM");
        assert!(clear.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{name}");
        assert!(sealed.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{name}");
        for (pem, phrase) in [(clear, "-"), (sealed, "wörter")] {
            let again = read_in_full(pem.as_bytes(), phrase).expect("a key");
            assert_eq!(again.public().expect("a half"), key.public().expect("a half"));
        }
    }
    assert_eq!(
        *read_in_full(&bytes("rsa-pkcs8.pem"), "-").expect("a key").to_pem().expect("PEM"),
        text("rsa-pkcs8.pem")
    );
}

#[test]
fn keys_are_made_of_the_size_that_was_asked_for() {
    let made = PrivateKey::generate(Algorithm::Rsa, 2048).expect("a key");
    assert!(matches!(made.public(), Ok(PublicKey::Rsa { bits: 2048, .. })));
    assert!(dkim_key::read(&made.record().expect("a record")).findings.is_empty());
    let other = PrivateKey::generate(Algorithm::Ed25519, 0).expect("a key");
    assert_ne!(other.public().ok(), PrivateKey::generate(Algorithm::Ed25519, 0).expect("a key").public().ok());
    assert!(matches!(PrivateKey::generate(Algorithm::Rsa, 512), Err(KeyError::Make)));
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    let size = |key_file_bytes_max| Limits { key_file_bytes_max, ..Limits::standard() };
    let whole = bytes("rsa-pkcs8.pem");
    let length = u64::try_from(whole.len()).expect("small");
    assert!(open(&whole, &size(length)).is_ok());
    assert!(matches!(open(&whole, &size(length - 1)), Err(KeyError::TooLarge { .. })));
    assert!(read(&fixture("rsa-pkcs8.pem"), &size(length)).is_ok());
    assert!(matches!(read(&fixture("rsa-pkcs8.pem"), &size(length - 1)), Err(KeyError::TooLarge { .. })));
    let rounds = |key_rounds_max| Limits { key_rounds_max, ..Limits::standard() };
    let memory = |key_memory_bytes_max| Limits { key_memory_bytes_max, ..Limits::standard() };
    for (name, good, over) in [
        ("rsa-pbes2-aes256.pem", rounds(100_000), rounds(99_999)),
        ("rsa-pbes2-scrypt.pem", rounds(16_384 * 8), rounds(16_384 * 8 - 1)),
        ("rsa-pbes2-scrypt.pem", memory(16 << 20), memory((16 << 20) - 1)),
    ] {
        assert!(open(&bytes(name), &good).is_ok(), "{name}");
        assert!(matches!(open(&bytes(name), &over), Err(KeyError::TooCostly { .. })), "{name}");
    }
}

#[test]
fn a_file_is_for_its_owner_alone_and_never_written_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a/b/key.pem");
    create(&path, "one").expect("written");
    assert!(!is_open_to_others(&path) && !is_open_to_others(&folder.path().join("a")));
    assert!(matches!(create(&path, "two"), Err(KeyError::Exists { .. })));
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), "one");
    assert_eq!(std::fs::read_dir(folder.path().join("a/b")).expect("readable").count(), 1, "nothing is left beside it");
    remove(&path).expect("removed");
    remove(&path).expect("it is gone, which is all that was asked for");
    assert!(!path.exists());
}

#[test]
fn a_passphrase_is_the_first_line_and_is_not_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("phrase");
    for (content, expected) in [("ab c \r\nmore", "ab c "), ("x", "x")] {
        std::fs::write(&path, content).expect("written");
        let read = Passphrase::of_file(&path).expect("a passphrase");
        assert!(read == passphrase(expected), "{content:?}");
        assert_eq!(format!("{read:?}"), "***");
    }
    std::fs::write(&path, "\nsecond").expect("written");
    assert!(matches!(Passphrase::of_file(&path), Err(KeyError::EmptyPassphrase)));
    assert!(matches!(Passphrase::of_file(&folder.path().join("none")), Err(KeyError::Read { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_ed25519_key_comes_back_from_its_file(seed in any::<[u8; 32]>(), around in "[ -~\n]{0,40}") {
        let made = PrivateKey(key::Kind::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed))));
        let pem = made.to_pem().expect("PEM");
        let again = read_in_full(format!("{around}\n{}\n{around}", *pem).as_bytes(), "-").expect("a key");
        prop_assert_eq!(again.record().ok(), made.record().ok());
    }

    #[test]
    fn a_changed_file_is_the_same_key_or_none(at in 0_usize..1_700, byte in any::<u8>()) {
        let original = read_in_full(&bytes("rsa-pkcs1.pem"), "-").expect("a key");
        let mut changed = bytes("rsa-pkcs1.pem");
        if let Some(place) = changed.get_mut(at) {
            *place = byte;
        }
        if let Ok(key) = read_in_full(&changed, "-") {
            prop_assert_eq!(key.record().ok(), original.record().ok());
        }
    }
}

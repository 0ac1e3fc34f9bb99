//! Every way to connect, and every way in which that fails.

use crate::server::{Server, Special, report_mail, serve};

/// Connection settings with the right password.
fn with_password(more: &str) -> String {
    format!("password_file = \"password\"\n{more}")
}

#[track_caller]
fn fetches(server: &Server, connection: &str) {
    server.settings(connection, "");
    let fetched = server.fetch(&["-q", "--rescan"]);
    assert_eq!(fetched["deliveries"], 1, "{fetched:#}");
    assert_eq!(server.stored(), (1, 6));
}

/// A fetch that fails: its exit code, and what its error says.
#[track_caller]
fn fails(server: &Server, connection: &str, more: &str, exit: i32, says: &[&str]) {
    server.settings(connection, more);
    let (code, stdout, stderr) = server.run(&["fetch", "-q"]);
    assert_eq!((code, stdout.as_str()), (exit, ""), "{stderr}");
    for text in says {
        assert!(stderr.contains(text), "{text:?} has to stand in: {stderr}");
    }
    assert!(!stderr.contains("wörd") && !stderr.contains("badtoken"), "a secret shows: {stderr}");
}

#[test]
fn all_kinds_of_protection_and_login_work() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    let (plain, tls) = (server.plain_port, server.tls_port);
    let implicit = format!("ca_file = \"ssl/ca.pem\"\nport = {tls}");
    fetches(&server, &with_password(&implicit));
    fetches(&server, &with_password(&format!("ca_file = \"ssl/ca.pem\"\nport = {plain}\ntls = \"starttls\"")));
    fetches(&server, &with_password(&format!("port = {plain}\ntls = \"none\"")));
    fetches(&server, &with_password(&format!("{implicit}\nauth = \"plain\"")));
    fetches(&server, &format!("{implicit}\npassword_command = \"cat password\""));
    fetches(&server, &format!("{implicit}\nauth = \"xoauth2\"\ntoken_command = \"echo goodtoken\""));
    assert_eq!(server.mails("INBOX")[0].1, "", "reading leaves a mail unread");
}

#[test]
fn a_connection_without_tls_is_warned_of() {
    let server = Server::start();
    server.settings(&with_password(&format!("port = {}\ntls = \"none\"", server.plain_port)), "");
    let (exit, _, stderr) = server.run(&["fetch"]);
    assert_eq!((exit, stderr.as_str()), (0, "warning: mailbox main: no TLS, so the password can be read on the way\n"));
}

#[test]
fn oauthbearer_is_used_where_it_is_all_there_is() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    let config = std::fs::read_to_string(server.path("dovecot.conf")).expect("a file");
    let config = config.replace("plain login xoauth2 oauthbearer", "plain oauthbearer");
    let mut server = server;
    server.stop();
    std::fs::write(server.path("dovecot.conf"), config).expect("a file");
    server.resume();
    let connection = format!("ca_file = \"ssl/ca.pem\"\nport = {}\nauth = \"xoauth2\"", server.tls_port);
    fetches(&server, &format!("{connection}\ntoken_command = \"echo goodtoken\""));
    fails(&server, &format!("{connection}\ntoken_command = \"echo badtoken\""), "", 77, &["login", "invalid_token"]);
}

#[test]
fn each_stage_says_what_failed_and_what_to_check() {
    let server = Server::start();
    let (plain, tls) = (server.plain_port, server.tls_port);
    let implicit = format!("ca_file = \"ssl/ca.pem\"\nport = {tls}");
    std::fs::write(server.path("wrong"), "wörd\n").expect("a file");
    let wrong = format!("{implicit}\npassword_file = \"wrong\"");
    fails(&server, &wrong, "", 77, &["login: log in as user: the server refuses", "hint: check `user`"]);
    let plain_wrong = format!("{wrong}\nauth = \"plain\"");
    fails(&server, &plain_wrong, "", 77, &["login: log in as user: the server refuses"]);
    let token = format!("{implicit}\nauth = \"xoauth2\"\ntoken_command = \"echo badtoken\"");
    fails(&server, &token, "", 77, &["login", "\"status\":\"401\"", "hint: check that the token is fresh"]);
    let other = with_password(&format!("ca_file = \"ssl/other.pem\"\nport = {tls}"));
    fails(&server, &other, "", 69, &["TLS: the server's certificate is signed by nobody", "hint: for a private"]);
    let system = with_password(&format!("port = {tls}"));
    fails(&server, &system, "", 69, &["TLS: the server's certificate is signed by nobody"]);
    let no_tls = with_password(&format!("ca_file = \"ssl/ca.pem\"\nport = {plain}"));
    fails(&server, &no_tls, "", 69, &["TLS: the server does not speak TLS here", "starttls"]);
    let missing = format!("{implicit}\npassword_file = \"missing\"");
    fails(&server, &missing, "", 78, &["secret: could not read the password file missing"]);
    let command = format!("{implicit}\npassword_command = \"exit 3\"");
    fails(&server, &command, "", 78, &["secret: the password command failed with exit status: 3"]);
    fails(
        &server,
        &format!("{implicit}\npassword_env = \"NOT_SET\""),
        "",
        78,
        &["variable for the password is not set"],
    );
}

#[test]
fn another_name_and_an_expired_certificate_are_refused() {
    let server = Server::special(&Special { is_expired: true, ..Special::default() });
    let connection = with_password(&format!("ca_file = \"ssl/ca.pem\"\nport = {}", server.tls_port));
    fails(&server, &connection, "", 69, &["TLS: the server's certificate has expired", "clock"]);
    let server = Server::start();
    let text = format!(
        "[mailbox.main]\nhost = \"127.0.0.1\"\nuser = \"user\"\npassword_file = \"password\"\nca_file = \"ssl/ca.pem\"\nport = {}\n",
        server.tls_port
    );
    std::fs::write(server.path("ruascope.toml"), text).expect("a file");
    let (exit, _, stderr) = server.run(&["fetch", "-q"]);
    assert!(exit == 69 && stderr.contains("certificate is for another name"), "{stderr}");
}

#[test]
fn nobody_there_is_told_after_a_few_attempts() {
    let mut server = Server::start();
    server.stop();
    let connection = with_password(&format!("ca_file = \"ssl/ca.pem\"\nport = {}", server.tls_port));
    fails(&server, &connection, "", 69, &["connect: could not connect", "refused", "hint: check `host` and `port`"]);
}

#[test]
fn a_missing_folder_is_told_with_the_folders_that_there_are() {
    let server = Server::start();
    server.deliver("Entw&APw-rfe", "a", report_mail(5));
    server.deliver("Other", "b", report_mail(6));
    server.usual_settings("folders = [\"INBOX\", \"Reports\"]");
    let (exit, _, stderr) = server.run(&["fetch", "-q"]);
    assert_eq!(exit, 78, "{stderr}");
    assert!(stderr.contains("select: open the folder \"Reports\""), "{stderr}");
    assert!(stderr.contains("hint: the folders are: \"Entwürfe\", \"INBOX\", \"Other\""), "{stderr}");
    server.usual_settings("folders = [\"INBOX\", \"Entwürfe\", \"Other\"]");
    assert_eq!(server.fetch(&[])["reports_new"], 2);
}

#[test]
fn the_doctor_walks_through_the_stages() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    server.usual_settings("after = \"delete\"");
    let (exit, stdout, stderr) = server.run(&["doctor", "mailbox", "main"]);
    let expected = "ok      secret    the password or token can be read\nok      resolve   localhost has an address\n\
                    ok      connect   the server answers\nok      TLS       the certificate is good\n\
                    ok      greeting  it is an IMAP server\nok      login     as user; the server can MOVE, UIDPLUS, IDLE\n\
                    ok      select    \"INBOX\" has 1 mail\n\
                    ok      act       the server can do what `after`, `rejected` and `ignored` ask for\n";
    assert_eq!((exit, stdout.as_str(), stderr.as_str()), (0, expected, ""));
    assert_eq!(server.mails("INBOX")[0].1, "");
    assert!(!server.path("s.db").exists());
    server.settings(&with_password(&format!("port = {}\nca_file = \"ssl/other.pem\"", server.tls_port)), "");
    let (exit, stdout, stderr) = server.run(&["doctor", "mailbox", "main"]);
    let (start, _) = expected.split_once("ok      TLS").expect("a stage");
    let failed =
        format!("{start}FAILED  TLS       the server's certificate is signed by nobody that is trusted here\n");
    assert_eq!((exit, stdout.as_str()), (69, failed.as_str()));
    assert!(stderr.contains("hint: for a private authority, set `ca_file`"), "{stderr}");
}

/// A token server that knows one refresh token, which it replaces, and one client with a secret.
fn token_server() -> u16 {
    serve(|request| {
        let has = |field: &str| request.split(['&', '\n']).any(|own| own == field);
        if has("grant_type=refresh_token") && has("refresh_token=first%2Ftoken") && has("client_id=the+client") {
            (200, r#"{"access_token":"goodtoken","refresh_token":"second","expires_in":3599}"#.to_owned())
        } else if has("grant_type=client_credentials") && has("client_secret=s3cret") {
            (200, r#"{"access_token":"goodtoken","token_type":"Bearer"}"#.to_owned())
        } else {
            (400, r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#.to_owned())
        }
    })
}

#[test]
fn tokens_are_fetched_with_a_refresh_token_or_with_the_client_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    std::fs::write(server.path("refresh"), "first/token\n").expect("a file");
    std::fs::write(server.path("secret"), "s3cret\n").expect("a file");
    let client = format!(
        "ca_file = \"ssl/ca.pem\"\nport = {}\nauth = \"xoauth2\"\nclient_id = \"the client\"\n\
         token_url = \"http://127.0.0.1:{}/token\"",
        server.tls_port,
        token_server()
    );
    let refresh = format!("{client}\nrefresh_token_file = \"refresh\"");
    fetches(&server, &refresh);
    assert_eq!(std::fs::read_to_string(server.path("refresh")).expect("a file"), "second\n", "the next token is kept");
    let mode = std::fs::metadata(server.path("refresh")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let says =
        ["secret: the token server refuses (status 400): invalid_grant: Token has been", "hint: the refresh token"];
    fails(&server, &refresh, "", 78, &says);
    fetches(&server, &format!("{client}\nclient_secret_file = \"secret\""));
    let nobody = format!(
        "{}\ntoken_url = \"http://127.0.0.1:1/token\"",
        refresh.split("\ntoken_url").next().unwrap_or_default()
    );
    let nobody = format!("{nobody}\nrefresh_token_file = \"refresh\"");
    fails(&server, &nobody, "", 69, &["secret: could not ask for an access token at http://127.0.0.1:1/token"]);
    let unsafe_url = refresh.replace("http://127.0.0.1:", "http://192.0.2.1:");
    fails(&server, &unsafe_url, "", 78, &["secret: secrets are not sent without TLS"]);
}

#[test]
fn a_refresh_token_that_cannot_be_kept_is_warned_of_and_stops_nothing() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    // So long that no name beside it is possible: it can be read, and not be replaced, also by root.
    let name = "r".repeat(254);
    std::fs::write(server.path(&name), "first/token\n").expect("a file");
    let settings = |port: u16| {
        format!(
            "ca_file = \"ssl/ca.pem\"\nport = {port}\nauth = \"xoauth2\"\nclient_id = \"the client\"\n\
             token_url = \"http://127.0.0.1:{}/token\"\nrefresh_token_file = \"{name}\"",
            token_server()
        )
    };
    server.settings(&settings(server.tls_port), "");
    let says = format!("the provider gave a new refresh token, which could not be written to {name}: ");
    for args in [&["fetch", "-q"][..], &["doctor", "mailbox", "main"], &["fetch", "--dry-run"]] {
        let (exit, stdout, stderr) = server.run(args);
        assert!(exit == 0 && stderr.starts_with("warning: ") && stderr.contains(&says), "{args:?}: {stdout}{stderr}");
        assert!(!format!("{stdout}{stderr}").contains("second"), "a secret shows: {stderr}");
    }
    assert_eq!(server.stored(), (1, 6));
    // When the login fails afterwards, the error has to say it.
    server.settings(&settings(server.plain_port), "");
    let (exit, _, stderr) = server.run(&["fetch", "-q"]);
    assert!(exit == 69 && stderr.contains(&format!("hint: {says}")), "{stderr}");
}

#[test]
fn a_token_that_has_run_out_is_asked_for_once_more() {
    let server = Server::start();
    server.deliver("INBOX", "a", report_mail(5));
    std::fs::write(server.path("token"), "echo asked >> asked; tail -n 1 next; echo goodtoken > next\n")
        .expect("a file");
    std::fs::write(server.path("next"), "badtoken\n").expect("a file");
    let connection = format!(
        "ca_file = \"ssl/ca.pem\"\nport = {}\nauth = \"xoauth2\"\ntoken_command = \"sh token\"",
        server.tls_port
    );
    fetches(&server, &connection);
    let asked = || std::fs::read_to_string(server.path("asked")).expect("a file").lines().count();
    assert_eq!(asked(), 2);
    std::fs::write(server.path("token"), "echo asked >> asked; echo badtoken\n").expect("a file");
    fails(&server, &connection, "", 77, &["login", "hint: check that the token is fresh"]);
    assert_eq!(asked(), 4, "once more, and not for ever");
}

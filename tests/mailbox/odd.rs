//! Mails that are nobody's reports, and mails that are hardly mails.

use crate::server::{Server, mail, report_mail};

#[test]
fn odd_mails_do_not_keep_reports_from_being_read_and_stay_as_they_are() {
    let server = Server::start();
    let odd: [(&str, Vec<u8>); 10] = [
        ("empty", Vec::new()),
        ("line", b"\n".to_vec()),
        ("head", b"Subject: no body, no line end".to_vec()),
        ("body", b"\nno head\n".to_vec()),
        ("nul", b"Subject: nul\n\na\0b\0\n".to_vec()),
        ("latin", b"Subject: Gr\xfc\xdfe {5}\nFrom: \"a \\\" b\" <a@b.example>\n\n\xff\xfe\n".to_vec()),
        ("returns", b"Subject: \r returns\r\r\n\r\n) a1 OK done\r\n* BYE {3}\r\n".to_vec()),
        ("long", format!("Subject: {}\n\n{}\n", "s".repeat(20_000), "b".repeat(300_000)).into_bytes()),
        ("utf8", "Subject: Grüße „aus“ 日本\n\n* 1 FETCH (FLAGS (\\Deleted))\n".as_bytes().to_vec()),
        ("dots", b"Subject: ...\n\n.\n..\n\"\\\"{1}\n".to_vec()),
    ];
    for (name, mail) in &odd {
        server.deliver("INBOX", name, mail);
    }
    server.deliver("INBOX", "report", report_mail(3));
    server.deliver("INBOX", "z-crlf", report_mail(4).replace('\n', "\r\n"));
    server.usual_settings("after = \"delete\"\nrejected = \"move:Rejected\"");
    let fetched = server.fetch(&[]);
    assert_eq!(
        (&fetched["deliveries"], &fetched["reports_new"], &fetched["rejected"]),
        (&12.into(), &2.into(), &0.into())
    );
    let mut expected: Vec<_> =
        odd.iter().map(|(name, mail)| ((*name).to_owned(), String::new(), mail.clone())).collect();
    expected.sort();
    assert_eq!(server.mails("INBOX"), expected);
}

#[test]
fn a_report_of_the_owner_that_bounced_is_no_report() {
    let server = Server::start();
    let sent = report_mail(1).replace("boundary=b", "boundary=inner").replace("--b", "--inner");
    let bounce = format!(
        "--b\nContent-Type: text/plain\n\nNobody is called that here.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; rua@other.example\nAction: failed\nStatus: 5.1.1\n\n\
         --b\nContent-Type: message/rfc822\n\n{sent}\n--b--\n"
    );
    let bounce = mail("Undelivered: Report domain: other.example", &bounce)
        .replace("multipart/mixed; boundary=b", "multipart/report; report-type=delivery-status; boundary=b");
    server.deliver("INBOX", "bounce", &bounce);
    server.usual_settings("after = \"delete\"\nrejected = \"move:Rejected\"");
    let fetched = server.fetch(&[]);
    assert_eq!(
        (&fetched["deliveries"], &fetched["reports_new"], &fetched["rejected"]),
        (&1.into(), &0.into(), &0.into())
    );
    assert_eq!(server.mails("INBOX"), [("bounce".to_owned(), String::new(), bounce.into_bytes())]);
    assert_eq!(server.stored(), (0, 0));
}

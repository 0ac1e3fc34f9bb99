//! A digest as one mail: text, a page, and the pictures that the page shows.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};

use super::error::DeliverError;

/// Longest subject, in characters: what phones and lists show is far shorter.
const SUBJECT_CHARACTERS_MAX: usize = 150;

/// A mail before it is bytes.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// Address of the sender.
    pub from: &'a str,
    /// Address of the receiver.
    pub to: &'a str,
    /// Subject; on one line, with nothing of a stranger that acts.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// A page, which shows pictures as `cid:NAME`.
    pub html: &'a str,
    /// The pictures.
    pub pictures: &'a [Picture],
    /// Name of the letter: the message id comes from it.
    pub name: &'a str,
    /// When it was written, in seconds since 1970 UTC.
    pub date_s: i64,
}

/// A picture in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its content id without a domain, such as `volume`.
    pub name: String,
    /// A PNG file.
    pub png: Vec<u8>,
}

/// What stands behind the `@` of an address.
#[must_use]
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

impl Mail<'_> {
    /// The whole message (RFC 5322): `multipart/alternative` of text and `multipart/related`.
    ///
    /// Programs see that a program wrote it (RFC 3834) and that it belongs to a list (RFC 2919), so that no absence
    /// note answers.
    ///
    /// # Errors
    /// When an address can't stand in a header.
    pub fn bytes(&self) -> Result<Vec<u8>, DeliverError> {
        let failed = |detail: String| DeliverError::Write { receiver: self.to.to_owned(), detail };
        let mailbox = |address: &str| address.parse::<Mailbox>().map_err(|error| failed(error.to_string()));
        let png = ContentType::parse("image/png").map_err(|error| failed(error.to_string()))?;
        let mut page = MultiPart::related().singlepart(SinglePart::html(self.html.to_owned()));
        for picture in self.pictures {
            let inline = Attachment::new_inline_with_name(picture.name.clone(), format!("{}.png", picture.name));
            page = page.singlepart(inline.body(picture.png.clone(), png.clone()));
        }
        let body = MultiPart::alternative().singlepart(SinglePart::plain(self.text.to_owned())).multipart(page);
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(self.date_s).unwrap_or(0));
        let domain = domain_of(self.from);
        let subject: String = self.subject.chars().take(SUBJECT_CHARACTERS_MAX).collect();
        let message = Message::builder()
            .from(mailbox(self.from)?)
            .to(mailbox(self.to)?)
            .subject(subject)
            .date(date)
            .message_id(Some(format!("<{}@{domain}>", self.name)))
            .raw_header(header("List-Id", format!("DMARC digest <dmarc-digest.{domain}>")))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(header("X-Auto-Response-Suppress", "All".to_owned()));
        let message = message.multipart(body).map_err(|error| failed(error.to_string()))?;
        Ok(message.formatted())
    }
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

#[cfg(test)]
mod tests {
    use mail_parser::{MessageParser, MimeHeaders as _};

    use super::*;

    fn mail<'a>(subject: &'a str, pictures: &'a [Picture]) -> Mail<'a> {
        Mail {
            from: "dmarc@example.com",
            to: "ops@example.com",
            subject,
            text: "一行目\n.\nlast line",
            html: "<p>ページ <img src=\"cid:volume\"></p>",
            pictures,
            name: "0a1b",
            date_s: 1_761_955_200,
        }
    }

    #[test]
    fn another_library_reads_what_was_written() {
        let png = b"\x89PNG\r\n\x1a\n\x00\x01".to_vec();
        let pictures = [Picture { name: "volume".to_owned(), png: png.clone() }];
        let bytes = mail("[DMARC] 要対応: example.com (1,384通)", &pictures).bytes().unwrap();
        assert!(bytes.is_ascii() && bytes.split(|byte| *byte == b'\n').all(|line| line.len() < 999));
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some("[DMARC] 要対応: example.com (1,384通)"));
        assert_eq!(read.message_id(), Some("0a1b@example.com"));
        assert_eq!(read.date().unwrap().to_rfc3339(), "2025-11-01T00:00:00Z");
        assert_eq!(read.body_text(0).unwrap().trim_end(), "一行目\n.\nlast line".replace('\n', "\r\n"));
        assert!(read.body_html(0).unwrap().contains("cid:volume"));
        let picture = read.attachment(0).unwrap();
        assert_eq!((picture.contents(), picture.content_id()), (png.as_slice(), Some("volume")));
        assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
        assert_eq!(read.header_raw("List-Id").map(str::trim), Some("DMARC digest <dmarc-digest.example.com>"));
    }

    #[test]
    fn a_subject_makes_no_header_and_is_short() {
        let hostile = format!("x\r\nBcc: eve@evil.example\r\n\r\n{}", "y".repeat(400));
        let bytes = mail(&hostile, &[]).bytes().unwrap();
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert!(read.bcc().is_none());
        assert!(read.subject().unwrap().chars().count() <= SUBJECT_CHARACTERS_MAX);
    }
}

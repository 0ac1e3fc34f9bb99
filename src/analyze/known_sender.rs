//! Services that send or pass on mail, and by what they are known: `senders.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What a service does with mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SenderKind {
    /// Sends for its customers.
    Esp,
    /// Hosts mailboxes: sends what their owners write, and forwards what they get.
    Mailbox,
    /// Hosts web sites whose programs mail, and often mailboxes beside them.
    WebHost,
    /// Filters mail for receivers, and hands it on.
    Gateway,
    /// Runs mailing lists.
    List,
    /// Forwards mail.
    Forwarder,
}

/// Whether mail through a service can be made to align.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CanAlign {
    /// As a matter of course.
    Yes,
    /// With the setting that the fix names.
    Option,
    /// Never.
    No,
}

/// A service. Names are in lower case, and stand for themselves and everything below.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct KnownSender {
    /// Stable word for commands and JSON.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it does.
    pub kind: SenderKind,
    /// Names in reverse DNS.
    #[serde(default)]
    pub ptr: Vec<String>,
    /// Names that SPF records include.
    #[serde(default)]
    pub spf: Vec<String>,
    /// Envelope sender domains of its own.
    #[serde(default)]
    pub envelope: Vec<String>,
    /// Signing domains of its own.
    #[serde(default)]
    pub dkim: Vec<String>,
    /// Selectors that it asks its customers for.
    #[serde(default)]
    pub selectors: Vec<String>,
    /// Signing domains that name the customer: `{dashed}` is the domain with dashes, `{label}` its first label, `*` any label.
    #[serde(default)]
    pub customer: Vec<String>,
    /// Whether SPF can align.
    pub align_spf: CanAlign,
    /// Whether DKIM can align.
    pub align_dkim: CanAlign,
    /// How DKIM is set up, in English; empty where it can't be.
    #[serde(default)]
    pub fix_dkim: String,
    /// The same in Japanese.
    #[serde(default)]
    pub fix_dkim_ja: String,
    /// How SPF is set up, in English; empty where it can't be.
    #[serde(default)]
    pub fix_spf: String,
    /// The same in Japanese.
    #[serde(default)]
    pub fix_spf_ja: String,
    /// Where the service describes it.
    #[serde(default)]
    pub docs: String,
    /// Month in which the entry was last looked over, `YYYY-MM`.
    pub checked: String,
}

impl KnownSender {
    /// Whether a signing domain names this customer, such as `example-com.20230601.gappssmtp.com`.
    #[must_use]
    pub fn names_customer(&self, signing_domain: &str, domain: &str) -> bool {
        self.names(signing_domain, domain, |_| true)
    }

    /// Whether it does by the whole name of the domain. A label alone can be another owner's, or a forger's choice.
    #[must_use]
    pub fn names_customer_in_full(&self, signing_domain: &str, domain: &str) -> bool {
        self.names(signing_domain, domain, |pattern| pattern.contains("{dashed}"))
    }

    fn names(&self, signing_domain: &str, domain: &str, is_meant: fn(&str) -> bool) -> bool {
        let dashed = domain.replace('.', "-");
        let label = domain.split('.').next().unwrap_or_default();
        self.customer.iter().filter(|pattern| is_meant(pattern)).any(|pattern| {
            let pattern = pattern.replace("{dashed}", &dashed).replace("{label}", label);
            let mut labels = signing_domain.split('.');
            pattern.split('.').all(|wanted| labels.next().is_some_and(|label| wanted == "*" || wanted == label))
                && labels.next().is_none()
        })
    }
}

/// All services, found by their names.
#[derive(Debug)]
pub struct KnownSenders {
    list: Vec<KnownSender>,
    by_ptr: HashMap<String, usize>,
    by_spf: HashMap<String, usize>,
    by_envelope: HashMap<String, usize>,
    by_dkim: HashMap<String, usize>,
}

/// The file as a whole.
#[derive(Deserialize)]
struct Table {
    sender: Vec<KnownSender>,
}

static EMBEDDED: LazyLock<KnownSenders> = LazyLock::new(|| {
    // A test reads the table; a build whose table can't be read knows no services.
    let table: Option<Table> = toml::from_str(include_str!("senders.toml")).ok();
    KnownSenders::new(table.map(|table| table.sender).unwrap_or_default())
});

impl KnownSenders {
    /// The services that this program knows.
    #[must_use]
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn new(list: Vec<KnownSender>) -> Self {
        let index = |names: fn(&KnownSender) -> &Vec<String>| {
            let each = |(place, sender): (usize, &KnownSender)| {
                names(sender).iter().map(move |name| (name.clone(), place)).collect::<Vec<_>>()
            };
            list.iter().enumerate().flat_map(each).collect::<HashMap<_, _>>()
        };
        Self {
            by_ptr: index(|sender| &sender.ptr),
            by_spf: index(|sender| &sender.spf),
            by_envelope: index(|sender| &sender.envelope),
            by_dkim: index(|sender| &sender.dkim),
            list,
        }
    }

    /// All services.
    #[must_use]
    pub fn list(&self) -> &[KnownSender] {
        &self.list
    }

    /// The service with an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&KnownSender> {
        self.list.iter().find(|sender| sender.id == id)
    }

    fn above(&self, index: &HashMap<String, usize>, name: &str) -> Option<&KnownSender> {
        let mut rest = name;
        loop {
            if let Some(place) = index.get(rest) {
                return self.list.get(*place);
            }
            (_, rest) = rest.split_once('.')?;
        }
    }

    /// The service whose servers have this reverse name.
    #[must_use]
    pub fn by_ptr(&self, name: &str) -> Option<&KnownSender> {
        self.above(&self.by_ptr, name)
    }

    /// The service that is included in SPF by this name.
    #[must_use]
    pub fn by_spf(&self, name: &str) -> Option<&KnownSender> {
        self.above(&self.by_spf, name)
    }

    /// The service to whose own envelope domains this name belongs.
    #[must_use]
    pub fn by_envelope(&self, name: &str) -> Option<&KnownSender> {
        self.above(&self.by_envelope, name)
    }

    /// The service that signs as this domain of its own.
    #[must_use]
    pub fn by_dkim(&self, name: &str) -> Option<&KnownSender> {
        self.above(&self.by_dkim, name)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_read_and_sound() {
        let senders = KnownSenders::embedded();
        assert!(senders.list().len() >= 60, "{} services", senders.list().len());
        let mut ids = BTreeSet::new();
        for sender in senders.list() {
            let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(sender.id.chars().all(is_word) && ids.insert(&sender.id), "{}", sender.id);
            for name in sender.ptr.iter().chain(&sender.spf).chain(&sender.envelope).chain(&sender.dkim) {
                assert!(name.contains('.') && *name == name.to_lowercase(), "{}: {name}", sender.id);
            }
            for (english, japanese) in [(&sender.fix_dkim, &sender.fix_dkim_ja), (&sender.fix_spf, &sender.fix_spf_ja)]
            {
                assert_eq!(english.is_empty(), japanese.is_empty(), "{}: in both languages", sender.id);
            }
            let needs_fix = sender.kind == SenderKind::Esp && sender.align_dkim != CanAlign::No;
            assert!(!needs_fix || !sender.fix_dkim.is_empty(), "{}: no way to set DKIM up", sender.id);
        }
    }

    #[test]
    fn a_service_is_found_at_and_below_its_names() {
        let senders = KnownSenders::embedded();
        let id = |found: Option<&KnownSender>| found.map(|sender| sender.id.clone());
        assert_eq!(id(senders.by_ptr("o1.ptr1234.sendgrid.net")).as_deref(), Some("sendgrid"));
        assert_eq!(id(senders.by_ptr("www1234.sakura.ne.jp")).as_deref(), Some("sakura"));
        assert_eq!(id(senders.by_spf("_spf.google.com")).as_deref(), Some("google-workspace"));
        assert_eq!(id(senders.by_envelope("us-west-2.amazonses.com")).as_deref(), Some("amazon-ses"));
        assert_eq!(id(senders.by_dkim("googlegroups.com")).as_deref(), Some("google-groups"));
        assert_eq!(id(senders.by_ptr("notsendgrid.net")), None);
    }

    #[test]
    fn a_signing_domain_names_its_customer_and_no_other() {
        let senders = KnownSenders::embedded();
        let google = senders.find("google-workspace").expect("a known service");
        assert!(google.names_customer("example-co-jp.20230601.gappssmtp.com", "example.co.jp"));
        assert!(!google.names_customer("other-co-jp.20230601.gappssmtp.com", "example.co.jp"));
        let microsoft = senders.find("microsoft-365").expect("a known service");
        assert!(microsoft.names_customer("contoso.onmicrosoft.com", "contoso.example"));
        assert!(!microsoft.names_customer("mail.contoso.onmicrosoft.com", "contoso.example"));
        assert!(google.names_customer_in_full("example-co-jp.20230601.gappssmtp.com", "example.co.jp"));
        assert!(!microsoft.names_customer_in_full("contoso.onmicrosoft.com", "contoso.example"), "anybody's label");
    }
}

//! A TXT record in the forms that name servers and their keepers take.

use serde_json::json;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One line of a zone file, in brackets.
    Zone,
    /// Lines of a zone file, a string each.
    Bind,
    /// The text alone.
    Plain,
    /// A change batch of Route 53.
    Route53,
    /// An entry of Cloudflare's API.
    Cloudflare,
    /// A Terraform resource for Route 53.
    Terraform,
    /// An octoDNS entry.
    Octodns,
    /// Commands of nsupdate, which replace all TXT records of the name.
    Nsupdate,
}

/// A TXT record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DnsRecord {
    /// Its name, relative to the domain; empty for the domain itself.
    pub host: String,
    /// The domain, without a final dot.
    pub domain: String,
    /// Time to live, in seconds; forms that need one take [`TTL_S`] where none is set.
    pub ttl_s: Option<u32>,
    /// Its text, joined.
    pub text: String,
}

/// An hour: short enough to take a mistake back, long enough for receivers to keep it.
pub const TTL_S: u32 = 3600;
/// Octets of one string of a TXT record (RFC 1035 3.3).
const STRING_BYTES_MAX: usize = 255;

impl DnsRecord {
    /// The full name, without a final dot.
    #[must_use]
    pub fn name(&self) -> String {
        if self.host.is_empty() { self.domain.clone() } else { format!("{}.{}", self.host, self.domain) }
    }

    /// The strings of the record, of at most 255 octets each.
    #[must_use]
    pub fn strings(&self) -> Vec<&[u8]> {
        self.text.as_bytes().chunks(STRING_BYTES_MAX).collect()
    }

    /// The record in a form, with a line end.
    #[must_use]
    pub fn show(&self, form: Form) -> String {
        let ttl = self.ttl_s.unwrap_or(TTL_S);
        let name = self.name();
        let quoted: Vec<String> = self.strings().into_iter().map(quoted).collect();
        let line = quoted.join(" ");
        let shown_ttl = self.ttl_s.map_or_else(String::new, |ttl| format!("{ttl} "));
        match form {
            Form::Zone => format!("{name}. {shown_ttl}IN TXT ( {line} )\n"),
            Form::Bind => format!("{name}. {shown_ttl}IN TXT (\n    {} )\n", quoted.join("\n    ")),
            Form::Plain => format!("{}\n", self.text),
            Form::Route53 => {
                let set = json!({"Name": format!("{name}."), "Type": "TXT", "TTL": ttl, "ResourceRecords": [{"Value": line}]});
                let batch = json!({"Changes": [{"Action": "UPSERT", "ResourceRecordSet": set}]});
                format!("{batch:#}\n")
            }
            Form::Cloudflare => format!("{:#}\n", json!({"type": "TXT", "name": name, "content": line, "ttl": ttl})),
            Form::Terraform => {
                let label: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
                // The provider puts the outer quotes itself; a template would begin with `${` or `%{`.
                let inner = quoted.join("").replace("${", "$${").replace("%{", "%%{");
                let value = json!(inner.trim_matches('"'));
                format!(
                    "resource \"aws_route53_record\" \"{label}\" {{\n  zone_id = var.zone_id\n  name    = \"{name}\"\n  type    = \"TXT\"\n  ttl     = {ttl}\n  records = [{value}]\n}}\n"
                )
            }
            Form::Octodns => {
                let value = json!(self.text.replace('\\', "\\\\").replace(';', "\\;"));
                format!("{}:\n  type: TXT\n  ttl: {ttl}\n  value: {value}\n", json!(self.host))
            }
            Form::Nsupdate => format!("update delete {name}. TXT\nupdate add {name}. {ttl} IN TXT {line}\nsend\n"),
        }
    }
}

/// A string of a zone file (RFC 1035 5.1).
fn quoted(string: &[u8]) -> String {
    let inner: String = string
        .iter()
        .map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(*byte)),
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => format!("\\{byte:03}"),
        })
        .collect();
    format!("\"{inner}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str, ttl_s: Option<u32>) -> DnsRecord {
        DnsRecord { host: "_dmarc".to_owned(), domain: "example.com".to_owned(), ttl_s, text: text.to_owned() }
    }

    #[test]
    fn the_zone_form_is_that_of_the_manual() {
        let text = "v=DMARC1; p=none; aspf=r; adkim=r; rua=mailto:hoge@example.com";
        assert_eq!(record(text, None).show(Form::Zone), format!("_dmarc.example.com. IN TXT ( \"{text}\" )\n"));
        assert_eq!(record(text, Some(60)).show(Form::Zone), format!("_dmarc.example.com. 60 IN TXT ( \"{text}\" )\n"));
    }

    #[test]
    fn a_long_text_is_split_at_255_octets_and_joins_again() {
        for size in [255, 256, 510, 511] {
            let text = "x".repeat(size);
            let record = record(&text, None);
            assert_eq!(record.strings().len(), size.div_ceil(255));
            assert_eq!(record.strings().concat(), text.as_bytes());
            assert_eq!(record.show(Form::Bind).lines().count(), 1 + size.div_ceil(255));
        }
    }

    #[test]
    fn each_form_escapes_what_it_has_to() {
        let record = record("a\"b\\c; %{d} \u{e9}", Some(60));
        let line = "\"a\\\"b\\\\c; %{d} \\195\\169\"";
        assert_eq!(record.show(Form::Zone), format!("_dmarc.example.com. 60 IN TXT ( {line} )\n"));
        let route53: serde_json::Value = serde_json::from_str(&record.show(Form::Route53)).expect("JSON");
        assert_eq!(route53["Changes"][0]["ResourceRecordSet"]["ResourceRecords"][0]["Value"], line);
        let cloudflare: serde_json::Value = serde_json::from_str(&record.show(Form::Cloudflare)).expect("JSON");
        assert_eq!(cloudflare["content"], line);
        assert!(record.show(Form::Terraform).contains("%%{d}"));
        assert!(record.show(Form::Octodns).contains("\\\\; "));
        assert_eq!(
            record.show(Form::Nsupdate),
            format!("update delete _dmarc.example.com. TXT\nupdate add _dmarc.example.com. 60 IN TXT {line}\nsend\n")
        );
    }

    #[test]
    fn terraform_splits_long_texts_with_two_quotes() {
        let shown = record(&"x".repeat(256), None).show(Form::Terraform);
        assert!(shown.contains("x\\\"\\\"x\"]"), "{shown}");
    }
}

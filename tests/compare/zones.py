"""Forty zones of every kind. `KEY` and `KEY1024` stand for good and short DKIM keys; each zone is checked as example.com."""

BASE = """example.com SOA ns.example.com. hostmaster.example.com. 1 3600 900 604800 60
example.com NS ns.example.com.
ns.example.com A 127.0.0.1
example.com MX 10 mail.example.com.
mail.example.com A 192.0.2.1
"""
DMARC = '_dmarc.example.com TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"\n'
SPF = 'example.com TXT "v=spf1 mx -all"\n'
KEY = "s1._domainkey.example.com TXT KEY\n"


def dmarc(text, more=""):
    return BASE + SPF + KEY + f'_dmarc.example.com TXT "{text}"\n' + more


def spf(text, more=""):
    return BASE + DMARC + KEY + f'example.com TXT "{text}"\n' + more


def dkim(lines):
    return BASE + DMARC + SPF + lines


# name: (zone, what of checkdmarc's words says that it was found, what of our rules says so; None: nothing is to be found)
ZONES = {
    "all is well": (BASE + DMARC + SPF + KEY, None, None),
    "no DMARC record": (BASE + SPF + KEY, "DMARC record does not exist", "dmarc-missing"),
    "two DMARC records": (dmarc("v=DMARC1; p=none") + DMARC, "Multiple DMARC", "dmarc-multiple"),
    "DMARC record at the domain itself": (BASE + SPF + KEY + 'example.com TXT "v=DMARC1; p=none"\n_dmarc.example.com A 192.0.2.1\n', "must be located|root of", "dmarc-misplaced"),
    "DMARC record beside one at the domain": (BASE + SPF + KEY + DMARC + 'example.com TXT "v=DMARC1; p=none"\n', "root of", "dmarc-misplaced"),
    "blank before the DMARC record": (dmarc(" v=DMARC1; p=none"), "whitespace", "dmarc-not-a-record"),
    "SPF record at _dmarc": (dmarc("v=spf1 -all"), "Unrelated TXT|SPF record was found|does not exist", "dmarc-unrelated"),
    "other TXT record beside the DMARC record": (BASE + SPF + KEY + DMARC + '_dmarc.example.com TXT "hello"\n', "Unrelated TXT", "dmarc-unrelated"),
    "p is missing": (dmarc("v=DMARC1; rua=mailto:d@example.com"), "missing p tag", "dmarc-p-missing"),
    "p is not valid": (dmarc("v=DMARC1; p=deny; rua=mailto:d@example.com"), "must have one of|Expected", "dmarc-policy-invalid"),
    "p is not second": (dmarc("v=DMARC1; rua=mailto:d@example.com; p=none"), "immediately follow", "dmarc-p-not-second"),
    "p=none": (dmarc("v=DMARC1; p=none; rua=mailto:d@example.com"), "unenforced", "dmarc-p-none"),
    "sp=none": (dmarc("v=DMARC1; p=reject; sp=none; rua=mailto:d@example.com"), "unenforced", "dmarc-sp-none|dmarc-sp-weaker"),
    "pct, rf and ri": (dmarc("v=DMARC1; p=reject; pct=50; rf=afrf; ri=3600; rua=mailto:d@example.com"), "removed in RFC 9989", "dmarc-tag-historic"),
    "unknown tag": (dmarc("v=DMARC1; p=reject; foo=bar; rua=mailto:d@example.com"), "Unknown DMARC tag", "dmarc-tag-unknown"),
    "a tag twice": (dmarc("v=DMARC1; p=reject; p=none; rua=mailto:d@example.com"), "Duplicate", "dmarc-tag-repeated"),
    "adkim is not valid": (dmarc("v=DMARC1; p=reject; adkim=x; rua=mailto:d@example.com"), "not a valid adkim|Expected", "dmarc-value-invalid"),
    "fo has 0 and 1": (dmarc("v=DMARC1; p=reject; fo=0:1; rua=mailto:d@example.com; ruf=mailto:d@example.com"), "mutually exclusive", "dmarc-fo-both"),
    "syntax": (dmarc("v=DMARC1 p=reject"), "Expected|does not exist|Unrelated", "dmarc-not-a-record"),
    "no rua": (dmarc("v=DMARC1; p=reject"), "rua tag .* not found", "dmarc-rua-missing"),
    "rua without mailto:": (dmarc("v=DMARC1; p=reject; rua=d@example.com"), "not a valid|Expected|URI", "dmarc-uri-no-scheme"),
    "rua by https": (dmarc("v=DMARC1; p=reject; rua=https://example.com/r"), "scheme", "dmarc-uri-scheme"),
    "rua with a size": (dmarc("v=DMARC1; p=reject; rua=mailto:d@example.com!10m"), "size limit", "dmarc-uri-size"),
    "three rua addresses": (dmarc("v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com,mailto:c@example.com"), "more than two", "dmarc-rua-many"),
    "external rua, not authorised": (dmarc("v=DMARC1; p=reject; rua=mailto:r@example.jp", "example.jp MX 1 mail.example.com.\n"), "does not (have|indicate)|not authori[sz]ed|_report._dmarc", "rua-unauthorised"),
    "external rua, authorised by a wildcard": (dmarc("v=DMARC1; p=reject; rua=mailto:r@example.jp", 'example.jp MX 1 mail.example.com.\n*._report._dmarc.example.jp TXT "v=DMARC1"\n'), None, None),
    "rua at a domain without mail": (dmarc("v=DMARC1; p=reject; rua=mailto:r@nomail.example.com", "nomail.example.com TXT \"x\"\n"), "no MX records|Failed to retrieve MX", "rua-no-mail-server"),
    "rua at a null MX": (dmarc("v=DMARC1; p=reject; rua=mailto:r@null.example.com", "null.example.com MX 0 .\n"), "no MX records|null", "rua-null-mx"),
    "no SPF record": (BASE + DMARC + KEY, "SPF record does not exist", "spf-missing"),
    "two SPF records": (spf("v=spf1 -all", 'example.com TXT "v=spf1 mx -all"\n'), "multiple SPF", "spf-multiple"),
    "SPF syntax": (spf("v=spf1 ipv4:192.0.2.1 -all"), "not a valid|Expected", "spf-syntax"),
    "11 SPF look-ups": (spf("v=spf1 " + " ".join(f"a:h{n}.example.net" for n in range(11)) + " -all", "".join(f"h{n}.example.net A 192.0.2.{n + 1}\n" for n in range(11))), "/10 maximum", "spf-lookups"),
    "3 void look-ups": (spf("v=spf1 a:a.example.net a:b.example.net a:c.example.net -all"), "void", "spf-void-lookups"),
    "include without a record": (spf("v=spf1 include:gone.example.net -all"), "include target", "spf-include-missing"),
    "include loop": (spf("v=spf1 include:l.example.net -all", 'l.example.net TXT "v=spf1 include:example.com -all"\n'), "loop", "spf-loop"),
    "+all": (spf("v=spf1 +all"), "pass", "spf-all-pass"),
    "ptr": (spf("v=spf1 ptr -all", "example.com A 192.0.2.1\n"), "ptr mechanism should not", "spf-ptr"),
    "text after all": (spf("v=spf1 -all ip4:192.0.2.1"), "after the all", "spf-after-all"),
    "redirect beside all": (spf("v=spf1 redirect=r.example.net -all", 'r.example.net TXT "v=spf1 -all"\n'), "redirect modifier was ignored", "spf-redirect-ignored"),
    "the same include twice": (spf("v=spf1 include:i.example.net include:i.example.net -all", 'i.example.net TXT "v=spf1 ip4:192.0.2.1 -all"\n'), "Duplicate include", "spf-include-twice"),
    "Sender ID record": (spf("v=spf1 mx -all", 'example.com TXT "spf2.0/pra -all"\n'), "Sender ID", "spf-sender-id"),
    "SPF record of the type 99": (spf("v=spf1 mx -all", 'example.com TYPE99 "v=spf1 mx -all"\n'), "SPF type|type SPF", "spf-type-99"),
    "exp= that leads nowhere": (spf("v=spf1 mx exp=why.example.com -all"), "exp|explanation", "spf-exp"),
    "_dmarc is an alias": (BASE + SPF + KEY + '_dmarc.example.com CNAME d.example.net.\nd.example.net TXT "v=DMARC1; p=reject; rua=mailto:d@example.com"\n', "CNAME|alias", "dmarc-alias"),
    "mx with 11 hosts": (spf("v=spf1 mx:m.example.net -all", "".join(f"m.example.net MX 1 h{n}.example.net.\nh{n}.example.net A 192.0.2.{n + 1}\n" for n in range(11))), "more than 10 MX", "spf-mx-many"),
    "SPF over 450 octets": (spf("v=spf1 " + " ".join(f"ip4:192.0.2.{n}" for n in range(1, 40)) + " -all"), "bytes", "spf-long"),
    "no DKIM key for the active selector": (dkim("x._domainkey.example.com A 192.0.2.1\n"), "DKIM", "dkim-key-missing"),
    "revoked key": (dkim('s1._domainkey.example.com TXT "v=DKIM1; p="\n'), "DKIM", "dkim-revoked"),
    "key of 1024 bits": (dkim("s1._domainkey.example.com TXT KEY1024\n"), "DKIM", "dkim-key-short"),
    "key that is no base64": (dkim('s1._domainkey.example.com TXT "v=DKIM1; p=!!!"\n'), "DKIM", "dkim-p-not-base64"),
    "selector that is an alias to nowhere": (dkim("s1._domainkey.example.com CNAME gone.example.net.\n"), "DKIM", "dkim-alias-nowhere"),
    "_dmarc does not answer": (BASE + SPF + KEY + ";@servfail _dmarc.example.com\n", "SERVFAIL|answer", "dmarc-unanswered"),
    "example.com does not answer": (BASE + DMARC + KEY + ";@servfail example.com TXT\n", "SERVFAIL|answer", "spf-unanswered"),
}

if __name__ == "__main__":
    import json

    print(json.dumps({name: [zone, rule] for name, (zone, _, rule) in ZONES.items()}))

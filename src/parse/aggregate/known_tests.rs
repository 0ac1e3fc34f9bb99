//! Nobody can tell whether a part of a record was read or known.

use proptest::prelude::*;

use super::known::{Look, Meaning};
use super::place::Place;
use super::*;
use crate::model::Note;

/// What parts of records are made of, sound and broken.
const PIECES: [&str; 30] = [
    "<policy_evaluated>",
    "</policy_evaluated>",
    "<disposition>none</disposition>",
    "<disposition>None</disposition><dkim>pass</dkim>",
    "<dkim>fail<spf>pass</spf>",
    "<reason><type>other</type><comment>a &amp; b &bogus; c</comment></reason>",
    "<reason>forwarded</reason>",
    "<identifiers>",
    "</identifiers>",
    "<identities>",
    "</identities>",
    "<header_from>EXAMPLE.com.</header_from>",
    "<header_from>example.com</header_from><envelope_from/>",
    "<envelope_to><a@b></envelope_to>",
    "<auth_results>",
    "</auth_results>",
    "</auth_results >",
    "<dkim><domain>example.com</domain><selector>s</selector><result>pass</result></dkim>",
    "<spf><domain>Example.net</domain><scope>mfrom</scope><result>hardfail</result></spf>",
    "<spf><domain>example.net",
    "<!-- </identifiers> -->",
    "<![CDATA[</auth_results>]]>",
    "<unknown>x</unknown>",
    "\u{1}",
    "<row>",
    "<source_ip>192.0.2.1</source_ip><count>1</count>",
    "</row>",
    "</record><record>",
    "<record>",
    "</nothing>",
];

/// What may stand between the parts of a record.
const GAPS: [&str; 16] = [
    "",
    "",
    "\n  ",
    "<row>",
    "</row>",
    "<row a='>'>",
    "text &amp; more",
    "<!-- <row> -->",
    "<extension>x</extension>",
    "<unknown/>",
    "<identifiers/>",
    "<identifiers><header_from>twice.example</header_from></identifiers>",
    "<auth_results><spf><domain>twice.example</domain></spf></auth_results>",
    "<count/>",
    "</record>\n<record>",
    "<version>1</version>",
];

/// What may stand in an address or a count.
const VALUES: [&str; 9] = [
    "192.0.2.1",
    " 192.0.2.1\n",
    "7",
    "",
    "192.0.2.&#49;",
    "a<b>c",
    "\u{1}",
    "<![CDATA[7]]>",
    "1234567890123456789012345678901234567890123456789012345678901234567890",
];

type Outcome = Result<(AggregateReport, Vec<Note>, u64), String>;

fn said(outcome: Result<Parsed<AggregateReport>, Box<ParseError>>) -> Outcome {
    match outcome {
        Ok(parsed) => Ok((parsed.value, parsed.notes, parsed.bytes)),
        Err(error) => Err(format!("{error} {}", error.salvage)),
    }
}

fn outcome(document: &str, limits: &Limits, known: &mut Known) -> Outcome {
    said(read(Content::Whole(document.as_bytes()), limits, known))
}

/// Reads `document` after all of `before`.
fn outcome_after(before: &[&str], document: &str, limits: &Limits) -> Outcome {
    let mut known = Known::default();
    for earlier in before {
        let _earlier = outcome(earlier, limits, &mut known);
    }
    outcome(document, limits, &mut known)
}

fn report(records: &str) -> String {
    format!(
        "<feedback><report_metadata><report_id>1</report_id><date_range><begin>1</begin><end>2</end></date_range>\
         </report_metadata><policy_published><domain>example.com</domain></policy_published>\
         <record>{records}</record></feedback>"
    )
}

/// Heads with values, gaps and tags of many kinds: `t` and `testing` are the same place under two names.
fn heads() -> impl Strategy<Value = String> {
    let value = || prop::sample::select(&VALUES[..]);
    let gap = || prop::sample::select(&GAPS[..]);
    let tag = || prop::sample::select(&["t", "testing", "p", "sp", "error"][..]);
    let fields = prop::collection::vec((gap(), tag(), value(), prop::option::weighted(0.1, tag())), 0..5);
    fields.prop_map(|fields| {
        let field = |(gap, tag, value, end): &(&str, &str, &str, Option<&str>)| {
            format!("{gap}<{tag}>{value}</{}>", end.unwrap_or(tag))
        };
        fields.iter().map(field).collect()
    })
}

fn report_with(head: &str, records: &str) -> String {
    let policy = format!("</report_metadata><policy_published>{head}");
    report(records).replace("</report_metadata><policy_published>", &format!("{head}{policy}"))
}

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..24).prop_map(|pieces| pieces.concat())
}

/// Records that are sound for the most part, so that parts and the markup between them are whole and come back.
fn sound_records() -> impl Strategy<Value = String> {
    let part = |name: &'static str| {
        prop::collection::vec(prop::sample::select(&PIECES[..]), 0..3)
            .prop_map(move |pieces| format!("<{name}>{}</{name}>", pieces.concat()))
    };
    let value = || prop::sample::select(&VALUES[..]);
    // The same gaps everywhere, as one reporter has them, but for one now and then.
    let gaps = prop::collection::vec(prop::sample::select(&GAPS[..]), 7);
    let parts = (part("policy_evaluated"), part("identifiers"), part("auth_results"));
    let own = prop::option::weighted(0.4, (0..7_usize, prop::sample::select(&GAPS[..])));
    let record = (value(), value(), parts, own);
    (gaps, prop::collection::vec(record, 1..5)).prop_map(|(usual, records)| {
        let text = |(address, count, (evaluated, names, results), own): (&str, &str, _, Option<(usize, &str)>)| {
            let mut gaps = usual.clone();
            if let Some((place, gap)) = own {
                gaps[place] = gap;
            }
            let [first, second, third, fourth, fifth, sixth, seventh] = gaps.try_into().expect("seven gaps");
            format!(
                "{first}<row>{second}<source_ip>{address}</source_ip>{third}<count>{count}</count>{fourth}{evaluated}{fifth}</row>{sixth}{names}{seventh}{results}"
            )
        };
        let records: Vec<String> = records.into_iter().map(text).collect();
        [records.clone(), records].concat().join("</record><record>")
    })
}

proptest! {
    #[test]
    fn a_known_part_brings_what_reading_it_brought(heads in prop::collection::vec(heads(), 3), first in sound_records(), second in sound_records(), third in pieces()) {
        let limits = Limits { text_bytes_max: 9, auth_results_max: 1, reasons_max: 1, ..Limits::standard() };
        let records = [&first, &second, &third];
        let documents = std::array::from_fn::<_, 3, _>(|place| report_with(&heads[place], records[place]));
        let [first, second, third] = [&documents[0], &documents[1], &documents[2]];
        for document in [first, second, third] {
            let alone = outcome_after(&[], document, &limits);
            prop_assert_eq!(&outcome_after(&[first, second, third, first, second], document, &limits), &alone);
            // In a stream of single bytes no part is ever known; in one of whole buffers it is.
            for buffer_bytes in [1, 4_096] {
                let mut known = Known::default();
                let mut streamed = Err("nothing yet".to_owned());
                for _ in 0..3 {
                    let reader = std::io::BufReader::with_capacity(buffer_bytes, document.as_bytes());
                    streamed = said(read(Content::Stream(Box::new(reader)), &limits, &mut known));
                }
                prop_assert_eq!(&streamed, &alone);
            }
        }
    }
}

#[test]
fn other_limits_know_nothing_of_what_was_read() {
    let document = report("<identifiers><header_from>example.com</header_from></identifiers>");
    let narrow = Limits { text_bytes_max: 3, ..Limits::standard() };
    let mut known = Known::default();
    for limits in [Limits::standard(), narrow, Limits::standard()] {
        assert_eq!(outcome(&document, &limits, &mut known), outcome_after(&[], &document, &limits));
    }
}

#[test]
fn a_part_is_read_twice_and_known_from_then_on() {
    let mut known = Known::default();
    known.start(&Limits::standard());
    let ahead = b"<header_from>example.com</header_from></identifiers></record>";
    let part = "<header_from>example.com</header_from></identifiers>".len();
    let mut look = |name: &[u8]| known.look(Place::Identifiers, cursor::hash(name), ahead, 0);
    assert!(matches!(look(b"identifiers"), Look::New));
    assert!(matches!(look(b"identities"), Look::New), "it does not end where its bytes do");
    let Look::Again(recording) = look(b"identifiers") else { panic!("worth keeping") };
    known.keep(recording, Meaning::Identifiers(std::sync::Arc::default()));
    let again = known.look(Place::Identifiers, cursor::hash(b"identifiers"), ahead, 70);
    assert!(matches!(again, Look::Known { length, .. } if length == part));
}

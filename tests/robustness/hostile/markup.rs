//! Documents: entities, endless tokens, endless nesting, every encoding gone wrong.

use super::*;

#[test]
fn an_external_entity_is_never_fetched() {
    let world = World::new();
    let secret = world.path("secret.txt");
    std::fs::write(&secret, "xyzzy-secret").expect("the disk has room");
    let document =
        format!("<!DOCTYPE feedback [<!ENTITY x SYSTEM \"file://{}\">]>{}", secret.display(), report("&x;", 1));
    let path = file(world.path(CLAIM), |out| put(out, &document));
    let outcome = take_in_path(world, &path, 1_000);
    outcome.is_rejected_by(&["DOCTYPE"]);
    let store = std::fs::read(&outcome.world.store).expect("the store");
    assert!(memchr::memmem::find(&store, b"xyzzy").is_none());
}

#[test]
fn a_billion_laughs_are_not_heard() {
    let entity = |level: usize| format!("<!ENTITY l{level} \"{}\">", format!("&l{};", level - 1).repeat(10));
    let entities: String = (1..10).map(entity).collect();
    let document = format!("<!DOCTYPE feedback [<!ENTITY l0 \"ha\">{entities}]>{}", report("&l9;", 1));
    take_in_bytes(document).is_rejected_by(&["DOCTYPE"]);
}

#[test]
fn an_attribute_of_100_mb_is_one_long_token() {
    let outcome = take_in(CLAIM, |out| {
        put(out, "<?xml version=\"1.0\"?><feedback a=\"");
        repeat(out, vec![b'x'; MIB], 100);
        put(out, "\">");
    });
    outcome.is_rejected_by(&["token_bytes_max"]);
}

#[test]
fn a_text_of_100_mb_is_one_long_token() {
    let outcome = take_in(CLAIM, |out| {
        put(out, head("text").split("a@").next().expect("text"));
        repeat(out, vec![b'x'; MIB], 100);
        put(out, END);
    });
    outcome.is_rejected_by(&["token_bytes_max"]);
}

#[test]
fn a_million_open_elements_are_the_limit() {
    let nested =
        |elements: usize| format!("{}{}{}{END}", head("deep"), "<a>".repeat(elements), "</a>".repeat(elements));
    take_in_bytes(nested(900_000)).holds(1, 0);
    take_in_bytes(nested(1_000_000)).is_rejected_by(&["element_depth_max"]);
}

#[test]
fn a_million_open_elements_inside_a_value_cost_no_more_than_elsewhere() {
    let document = head("deep").replace("<email>", &format!("<email>{}", "<b>".repeat(900_000)));
    take_in_bytes(document + END).holds(1, 0);
}

#[test]
fn end_tags_that_close_nothing_cost_no_search() {
    let document = format!("{}{}{}", head("stray"), "<a>".repeat(500_000), "</b>".repeat(500_000));
    take_in_bytes(document + END).holds(1, 0);
}

#[test]
fn elements_that_are_never_closed_cost_no_search() {
    let document = format!("{}{}", head("unclosed"), "<record><row><count>".repeat(100_000));
    take_in_bytes(document + END).holds(1, 100_000);
}

#[test]
fn a_million_short_sections_references_and_broken_tags_are_survived() {
    let email = |text: &str| head("pieces").replace("<email>", &format!("<email>{text}")) + &record(1, 1) + END;
    take_in_bytes(email(&"<![CDATA[x]]>".repeat(1_000_000))).holds(1, 1);
    take_in_bytes(email(&"&".repeat(1_900_000))).holds(1, 1);
    take_in_bytes(email(&"&a;".repeat(600_000))).holds(1, 1);
    let broken = format!("{}{}", head("broken"), "<\n".repeat(900_000));
    take_in_bytes(broken).rejected(1, "");
}

#[test]
fn attributes_roots_and_names_without_number_are_survived() {
    let attributes: String = (0..150_000).map(|number| format!(" a{number}=\"b\"")).collect();
    take_in_bytes(report("attributes", 1).replace("<feedback", &format!("<feedback{attributes}"))).holds(1, 1);
    take_in_bytes(report("roots", 1) + &"<feedback></feedback>".repeat(100_000)).holds(1, 1);
    let names: String = (0..200_000).map(|number| format!("<u{number}/>")).collect();
    take_in_bytes(head("names") + &names + END).holds(1, 0);
}

#[test]
fn nul_bytes_everywhere_are_survived() {
    let document = report("nul", 1);
    let after_each: Vec<u8> = document.bytes().flat_map(|byte| [byte, 0]).collect();
    let two_after_each: Vec<u8> = document.bytes().flat_map(|byte| [byte, 0, 0]).collect();
    // Two bytes a character is UTF-16, said or not.
    take_in_bytes(after_each).holds(1, 1);
    take_in_bytes(two_after_each).rejected(1, "");
    take_in_bytes(document.replace("o.example", "o\0.ex\0ample").replace('>', ">\0")).rejected(1, "");
    take_in_bytes(document.replace("o.example", "o\0.ex\0ample")).holds(1, 1);
    take_in_bytes([document.as_bytes(), &[0; 10_000]].concat()).holds(1, 1);
    take_in(CLAIM, |out| repeat(out, vec![0; MIB], 20)).rejected(1, "no report");
    take_in(CLAIM, |out| repeat(out, vec![0; MIB], 60)).is_rejected_by(&["input_bytes_max"]);
}

#[test]
fn invalid_utf8_everywhere_is_survived() {
    let document = report("invalid", 1);
    let replaced: Vec<u8> = document
        .bytes()
        .flat_map(|byte| if byte == b'.' { vec![0xff, 0xc0, 0x80, 0xed, 0xa0, byte] } else { vec![byte] })
        .collect();
    take_in_bytes(&replaced).holds(1, 1);
    let values = document.replace("a@o.example", "@@").into_bytes();
    let mail: Vec<u8> =
        values.iter().flat_map(|byte| if *byte == b'@' { vec![0xff, 0xfe, 0xf4, 0x90] } else { vec![*byte] }).collect();
    take_in_bytes(mail).holds(1, 1);
    let outcome = take_in(CLAIM, |out| {
        put(out, head("long"));
        repeat(out, vec![0xff; MIB], 60);
        put(out, END);
    });
    outcome.is_rejected_by(&["token_bytes_max"]);
}

#[test]
fn lone_surrogates_are_replaced() {
    let document: Vec<u16> = report("lone", 2)
        .encode_utf16()
        .flat_map(|unit| if unit == u16::from(b'@') { vec![0xd800, unit, 0xdc00, 0xdc00] } else { vec![unit] })
        .collect();
    take_in_bytes(utf16(&document, u16::to_le_bytes)).holds(1, 2);
    take_in_bytes(utf16(&document, u16::to_be_bytes)).holds(1, 2);
}

#[test]
fn a_long_utf16_document_is_read_as_a_stream() {
    let document: Vec<u16> = report("utf16", 5_000).encode_utf16().collect();
    for bytes in [utf16(&document, u16::to_le_bytes), utf16(&document, u16::to_be_bytes)] {
        assert!(bytes.len() > 2 * MIB);
        take_in_bytes(&bytes).holds(1, 5_000);
        take_in_bytes(gzip(&bytes)).holds(1, 5_000);
    }
}

#[test]
fn json_is_looked_at_without_being_built() {
    let nested = |levels: usize| format!("{{\"policies\":{}1{}}}", "{\"a\":".repeat(levels), "}".repeat(levels));
    assert_eq!(count(&take_in_bytes(nested(60)).tally, "other"), 1);
    take_in_bytes(nested(2_000)).holds(0, 0);
    take_in("report.json", |out| put(out, format!("{{\"policies\":{}", "[".repeat(10 * MIB)))).is_ignored();
    let outcome = take_in("report.json", |out| {
        put(out, "{\"policies\":[");
        repeat(out, "{},".repeat(MIB), 6);
        put(out, "{}]}");
    });
    assert_eq!(count(&outcome.tally, "other"), 1);
}

/// UTF-16 with a byte order mark.
fn utf16(units: &[u16], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xfeff).chain(units.iter().copied()).flat_map(bytes).collect()
}

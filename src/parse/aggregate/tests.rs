//! Reports that real programs write, and some that nobody should.

use super::*;
use crate::model::{AuthResult, Disposition, DmarcResult, Field, Note, OverrideType, Policy, Sent};

/// A whole report with one record, into which tests put what they are about.
const REPORT: &str = "<?xml version=\"1.0\"?>\n<feedback>\
<report_metadata><org_name>Receiver</org_name><email>a@receiver.example</email><report_id>id-1</report_id>\
<date_range><begin>1760659200</begin><end>1760745599</end></date_range></report_metadata>\
<policy_published><domain>example.com</domain><p>none</p></policy_published>\
<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated><disposition>none</disposition>\
<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers>\
<auth_results><dkim><domain>example.com</domain><selector>s1</selector><result>pass</result></dkim>\
<spf><domain>bounce.example.net</domain><result>fail</result></spf></auth_results></record></feedback>";

/// Reads a document whole and as a stream, and holds that both say the same.
#[track_caller]
fn read(document: &str) -> Result<Parsed<AggregateReport>, Box<ParseError>> {
    let limits = Limits::standard();
    let whole = aggregate(Content::Whole(document.as_bytes()), &limits);
    let stream =
        aggregate(Content::Stream(Box::new(std::io::BufReader::with_capacity(7, document.as_bytes()))), &limits);
    match (&whole, &stream) {
        (Ok(whole), Ok(stream)) => assert_eq!(whole.value, stream.value),
        (Err(whole), Err(stream)) => assert_eq!(whole.failure.to_string(), stream.failure.to_string()),
        (whole, stream) => panic!("whole: {whole:?}\nstream: {stream:?}"),
    }
    whole
}

#[track_caller]
fn changed(from: &str, to: &str) -> Parsed<AggregateReport> {
    assert!(REPORT.contains(from), "{from} is in the report");
    read(&REPORT.replacen(from, to, 1)).expect("a usable report")
}

fn kinds(notes: &[Note]) -> Vec<NoteKind> {
    notes.iter().map(|note| note.kind.clone()).collect()
}

#[test]
fn a_plain_report_is_read_without_a_note() {
    let Parsed { value: report, notes, .. } = read(REPORT).expect("a usable report");
    assert_eq!(notes, []);
    assert_eq!(report.metadata.org_name.as_deref(), Some("Receiver"));
    assert_eq!(report.policy_published.p, Some(Sent::Read(Policy::None)));
    assert_eq!(report.policy_published.sp, None, "not sent is not none");
    let record = &report.records[0];
    assert_eq!(
        (record.mails(), record.policy_evaluated.dkim_aligned(), record.policy_evaluated.spf_aligned()),
        (3, true, false)
    );
    assert_eq!(record.auth_results.spf[0].result, Some(Sent::Read(AuthResult::Fail)));
    assert_eq!(record.auth_results.spf[0].scope, None);
}

#[test]
fn markup_is_followed_by_local_names_in_any_order() {
    let prefixed =
        REPORT.replace("</", "</d:").replace('<', "<d:").replace("<d:/d:", "</d:").replace("<d:?xml", "<?xml");
    let prefixed = prefixed.replace("<d:feedback>", "<d:feedback xmlns:d=\"urn:ietf:params:xml:ns:dmarc-2.0\">");
    let report = read(&prefixed).expect("a usable report").value;
    assert_eq!(report.namespace.as_deref(), Some("urn:ietf:params:xml:ns:dmarc-2.0"));
    assert_eq!(report.records[0].mails(), 3);

    let policy_first = "<policy_published><p>none</p><domain>example.com</domain></policy_published>";
    let moved = REPORT.replace("<policy_published><domain>example.com</domain><p>none</p></policy_published>", "");
    let moved = moved.replace("<report_metadata>", &format!("{policy_first}<report_metadata>"));
    assert_eq!(read(&moved).expect("a usable report").notes, []);
}

#[test]
fn entities_cdata_and_comments_are_part_of_values() {
    let parsed = changed("Receiver", "A &amp; B <!-- c --><![CDATA[<C>]]> &#68;&unknown; & E");
    assert_eq!(parsed.value.metadata.org_name.as_deref(), Some("A & B <C> D&unknown; & E"));
}

#[test]
fn unescaped_markup_in_a_value_is_its_text() {
    let parsed = changed("a@receiver.example", "<a@receiver.example>");
    assert_eq!(parsed.value.metadata.email.as_deref(), Some("<a@receiver.example>"));
    assert_eq!(kinds(&parsed.notes), [NoteKind::UnescapedMarkup(Field::Email)]);
}

#[test]
fn odd_words_are_kept_and_never_become_known_ones() {
    let parsed = changed("<dkim>pass</dkim>", "<dkim>hardfail</dkim>");
    let evaluated = &parsed.value.records[0].policy_evaluated;
    assert_eq!(evaluated.dkim, Some(Sent::Odd("hardfail".into())));
    assert!(!evaluated.dkim_aligned());
    let note = &parsed.notes[0];
    assert_eq!(note.kind, NoteKind::OddWord(Field::EvaluatedDkim, "hardfail".into()));
    assert!(REPORT[usize::try_from(note.offset).expect("small")..].starts_with("</dkim>") || note.offset > 0);

    let parsed = changed("<spf>fail</spf>", "<spf> Pass </spf>");
    assert_eq!(parsed.value.records[0].policy_evaluated.spf, Some(Sent::Read(DmarcResult::Pass)));
    assert_eq!(kinds(&parsed.notes), [NoteKind::LetterCase(Field::EvaluatedSpf)]);
}

#[test]
fn missing_and_empty_values_are_unknown_and_the_record_stays() {
    let parsed = changed("<count>3</count>", "<count/>");
    assert_eq!(parsed.value.records[0].count, None);
    assert_eq!(kinds(&parsed.notes), [NoteKind::Missing(Field::Count)]);
    let parsed = changed("<auth_results>", "<unknown><dkim>x</dkim></unknown><auth_results>");
    assert_eq!(parsed.value.records.len(), 1);
    assert_eq!(kinds(&parsed.notes), [NoteKind::UnknownElement("unknown".into())]);
}

#[test]
fn a_reason_may_be_bare_empty_or_repeated() {
    let reasons = "<reason>sampled_out</reason><reason/><reason><type>mailing_list</type><comment>a</comment></reason></policy_evaluated>";
    let parsed = changed("</policy_evaluated>", reasons);
    let reasons = &parsed.value.records[0].policy_evaluated.reasons;
    assert_eq!(reasons.len(), 3);
    assert_eq!(reasons[0].kind, Some(Sent::Read(OverrideType::SampledOut)));
    assert_eq!((reasons[1].kind.is_none(), reasons[1].comment.is_none()), (true, true));
    assert_eq!(reasons[2].comment.as_deref(), Some("a"));
}

#[test]
fn identities_and_doubled_elements() {
    let parsed = read(&REPORT.replace("identifiers", "identities")).expect("a usable report");
    assert_eq!(parsed.value.records[0].identifiers.header_from.as_deref(), Some("example.com"));
    let parsed = changed("</row>", "</row><row><count>99</count></row>");
    assert_eq!(parsed.value.records[0].mails(), 3, "the first counts");
    assert_eq!(kinds(&parsed.notes), [NoteKind::RepeatedElement("row")]);
}

#[test]
fn what_is_around_the_report_does_not_matter() {
    let parsed = read(&format!("\n\n \"{REPORT} trailing")).expect("a usable report");
    assert_eq!(kinds(&parsed.notes), [NoteKind::TextBeforeRoot, NoteKind::TextAfterRoot]);
    let wrapped = REPORT.replace("<feedback>", "<xs:schema xmlns:xs=\"a\"><feedback>");
    assert_eq!(kinds(&read(&wrapped).expect("a usable report").notes), [NoteKind::ElementBeforeRoot("schema".into())]);
}

#[test]
fn only_the_last_bracket_may_be_missing() {
    let parsed = read(REPORT.strip_suffix('>').expect("ends in >")).expect("a usable report");
    assert_eq!(kinds(&parsed.notes), [NoteKind::UnfinishedRootEnd]);
    for cut in ["</feedback>", "</record></feedback>", "pass</result></dkim>"] {
        let end = REPORT.find(cut).expect("in the report");
        let error = read(&REPORT[..end]).expect_err("half a report");
        assert!(matches!(error.failure, ParseFailure::Cut), "{cut}: {error}");
        assert_eq!(error.salvage.report_id.as_deref(), Some("id-1"));
        assert_eq!(error.salvage.records, u64::from(cut == "</feedback>"));
    }
}

#[test]
fn every_cut_is_refused_whatever_byte_it_is_at() {
    for end in 0..REPORT.len() - "/feedback>".len() {
        assert!(read(&REPORT[..end]).is_err(), "cut at byte {end}");
    }
}

#[test]
fn a_value_without_its_end_tag_is_none() {
    let error = read(&REPORT.replacen("</report_id>", "/report_id>", 1)).expect_err("no report id");
    assert!(matches!(error.failure, ParseFailure::NoReportId), "{error}");
    let parsed = changed("<p>none</p>", "<p>none");
    assert_eq!(parsed.value.policy_published.p, None);
}

#[test]
fn what_identifies_a_report_can_not_be_missing() {
    for (element, expected) in [
        ("<report_id>id-1</report_id>", "no report id"),
        ("<begin>1760659200</begin>", "no readable date range"),
        ("<domain>example.com</domain>", "no policy domain"),
    ] {
        let error = read(&REPORT.replacen(element, "", 1)).expect_err("unusable");
        assert_eq!(error.failure.to_string(), expected);
        assert_eq!((error.salvage.records, error.salvage.mails), (1, 3));
        assert!(error.salvage.partial.is_none());
    }
    let error = read(&REPORT.replace("1760659200", "last week")).expect_err("unusable");
    assert!(matches!(error.failure, ParseFailure::NoDateRange));
}

#[test]
fn a_doctype_is_never_read() {
    let hostile = REPORT.replace("<feedback>", "<!DOCTYPE a [<!ENTITY x \"y\">]><feedback>");
    assert!(matches!(read(&hostile).expect_err("refused").failure, ParseFailure::Doctype));
    assert!(matches!(read("<!DOCTYPE html><html></html>").expect_err("no report").failure, ParseFailure::NotAReport));
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    let mut limits = Limits::standard();
    limits.text_bytes_max = 8;
    let named = |name: &str| aggregate(Content::Whole(REPORT.replace("Receiver", name).as_bytes()), &limits);
    let org = |name: &str| named(name).expect("a usable report").value.metadata.org_name;
    assert_eq!(org("12345678").as_deref(), Some("12345678"));
    assert_eq!(org("123456789").as_deref(), Some("12345678"));
    assert_eq!(org("1234567é").as_deref(), Some("1234567"), "never inside a character");

    limits = Limits::standard();
    limits.records_max = 1;
    let second = REPORT.replace("</feedback>", "<record></record></feedback>");
    assert!(aggregate(Content::Whole(REPORT.as_bytes()), &limits).is_ok());
    let error = aggregate(Content::Whole(second.as_bytes()), &limits).expect_err("one too many");
    assert!(matches!(error.failure, ParseFailure::Limit(LimitHit { name: "records_max", bound: 1 })));

    limits = Limits::standard();
    limits.auth_results_max = 1;
    let parsed = aggregate(Content::Whole(REPORT.as_bytes()), &limits).expect("a usable report");
    assert_eq!(parsed.notes, []);
    let two = REPORT.replace("<spf><domain>", "<spf><domain>x</domain></spf><spf><domain>");
    let parsed = aggregate(Content::Whole(two.as_bytes()), &limits).expect("a usable report");
    assert_eq!(
        (parsed.value.records[0].auth_results.spf.len(), kinds(&parsed.notes)),
        (1, vec![NoteKind::AuthResultsCut])
    );

    limits = Limits::standard();
    limits.element_depth_max = 3;
    let error = aggregate(Content::Whole(REPORT.as_bytes()), &limits).expect_err("four deep");
    assert!(matches!(error.failure, ParseFailure::Limit(LimitHit { name: "element_depth_max", .. })));

    limits = Limits::standard();
    limits.notes_max = 2;
    let odd = REPORT.replace("<p>none</p>", "<a/><b/><c/><d/>");
    let parsed = aggregate(Content::Whole(odd.as_bytes()), &limits).expect("a usable report");
    assert_eq!(parsed.notes.last().map(|note| (note.kind.clone(), note.times)), Some((NoteKind::More, 2)));
}

#[test]
fn characters_that_xml_forbids_are_replaced() {
    let parsed = changed("Receiver", "Rec\u{8}eiver&#27;");
    assert_eq!(parsed.value.metadata.org_name.as_deref(), Some("Rec\u{fffd}eiver\u{fffd}"));
    assert_eq!(kinds(&parsed.notes), [NoteKind::ForbiddenCharacter]);
}

#[test]
fn disposition_pass_is_kept_apart_from_none() {
    let parsed = changed("<disposition>none", "<disposition>pass");
    assert_eq!(parsed.value.records[0].policy_evaluated.disposition, Some(Sent::Read(Disposition::Pass)));
}

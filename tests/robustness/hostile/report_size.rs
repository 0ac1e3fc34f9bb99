//! Reports that are honest, or nearly, and large.

use super::*;

/// Records of a chunk that is written over and over.
const CHUNK: usize = 1_000;

#[test]
fn a_plain_document_of_300_mb_is_read_as_a_stream() {
    // Long comments: markup is what costs time here, and bytes are what costs memory.
    let comment = format!("<!-- {} -->", "long ".repeat(600));
    let chunk: String = (0..CHUNK).map(|number| comment.clone() + &record(number, 1)).collect();
    let times = 300 * MIB / chunk.len() + 1;
    let outcome = take_in("300.xml", |out| {
        put(out, head("300"));
        repeat(out, &chunk, times);
        put(out, END);
    });
    let records = u64::try_from(times * CHUNK).expect("a count");
    outcome.holds(1, records);
    assert_eq!(count(&outcome.tally, "mails"), records);
    assert_eq!(outcome.world.audit(), 1);
}

/// Memory follows what an input becomes, not what it is.
#[test]
fn many_small_records_meet_a_limit_or_the_budget() {
    let rows: String = (0..250)
        .map(|number| format!("<record><row><source_ip>192.0.2.{number}</source_ip><count>1</count></row></record>"))
        .collect();
    let document = Deflated::of(&[(head("small").as_bytes(), 1), (rows.as_bytes(), 1_600), (END.as_bytes(), 1)]);
    settle(&take_in_bytes(document.gzip()), 1, 400_000);
}

#[test]
fn records_of_nothing_but_long_texts_meet_a_limit_or_the_budget() {
    let mut document = head("texts");
    for number in 0..40 {
        let dkim: String = (0..100)
            .map(|place| {
                format!("<dkim><domain>{number}.{place}.{}</domain><result>pass</result></dkim>", "x".repeat(1_900))
            })
            .collect();
        document += &record(number, 1).replace("<auth_results>", &format!("<auth_results>{dkim}"));
    }
    let document = document + END;
    // 30 different ones are in one zip.
    let members: Vec<(String, Deflated)> = (0..30)
        .map(|number| {
            (
                format!("{number}.xml"),
                Deflated::of(&[(
                    document
                        .replace(">texts<", &format!(">{number}<"))
                        .replace(">0.", &format!(">{number}-0."))
                        .as_bytes(),
                    1,
                )]),
            )
        })
        .collect();
    let archive = zip(&members.iter().map(|(name, content)| (name.as_str(), content)).collect::<Vec<_>>());
    settle(&take_in_bytes(archive), 30, 30 * 40);
}

#[test]
fn many_honest_members_of_one_zip_meet_a_limit_or_the_budget() {
    let records: String = (0..CHUNK).map(|number| record(number, 1)).collect();
    let members: Vec<(String, Deflated)> = (0..400)
        .map(|number| {
            let name = format!("{number}.xml");
            let content = Deflated::of(&[(head(&name).as_bytes(), 1), (records.as_bytes(), 1), (END.as_bytes(), 1)]);
            (name, content)
        })
        .collect();
    let archive = zip(&members.iter().map(|(name, content)| (name.as_str(), content)).collect::<Vec<_>>());
    settle(&take_in_bytes(archive), 400, 400 * 1_000);
}

/// All of it came in, or a limit was met: never a part of it in silence.
#[track_caller]
fn settle(outcome: &Outcome, reports: u64, records: u64) {
    if outcome.reasons.is_empty() {
        outcome.holds(reports, records);
    } else {
        assert!(outcome.reasons.iter().all(|reason| reason.contains("over the limit")), "{:?}", outcome.reasons);
    }
}

/// Sums are integers of SQLite: a stranger's counts must not carry them over their end.
#[test]
fn counts_that_add_up_to_too_much_stop_nobody_else() {
    let record = "<record><row><count>9007199254740992</count></row></record>";
    let world = World::new();
    for number in 0..3 {
        let greedy = file(world.path(&format!("greedy-{number}.xml")), |out| {
            put(out, format!("{}{}{END}", head(&format!("greedy-{number}")), record.repeat(1_100)));
        });
        world.run(&[Path::new("ingest"), &greedy]).is_orderly().json();
    }
    let honest = file(world.path("honest.xml"), |out| put(out, report("honest", 3)));
    assert_eq!(count(&world.ingest(&honest), "reports_new"), 1);
    world.audit();
    world.stats();
}

#[test]
fn times_at_the_ends_of_integers_are_survived() {
    for (begin, end) in [
        ("0", "9223372036854775807"),
        ("-9223372036854775808", "1"),
        ("9223372036854775807", "0"),
        ("99999999999", "99999999999"),
        ("0", "0"),
        ("253402300800", "253402300800"),
    ] {
        let document = report("times", 1).replace("1790000000", begin).replace("1790086399", end);
        let outcome = take_in_bytes(document);
        assert!(count(&outcome.tally, "reports_new") + count(&outcome.tally, "rejected") == 1, "{}", outcome.tally);
        outcome.world.audit();
        outcome.world.stats();
        outcome.world.run(&["summary"]).is_orderly();
    }
}

/// Each of a report's days has sums of its own, so a small report could cost a hundred times what it says.
#[test]
fn many_records_over_many_days_cost_no_more_than_on_one() {
    let record = |number: u32| {
        let [_, high, middle, low] = number.to_be_bytes();
        format!("<record><row><source_ip>10.{high}.{middle}.{low}</source_ip><count>100000</count></row></record>")
    };
    for (records, days, noted) in [(20_000, 395_u64, true), (20_000, 90, true), (1_000, 90, false)] {
        let end_s = 1_700_000_000 + days * 86_400;
        let outcome = take_in("spread.xml", |out| {
            put(
                out,
                format!(
                    "<feedback><report_metadata><org_name>x</org_name><report_id>1</report_id><date_range>\
                     <begin>1700000000</begin><end>{end_s}</end></date_range></report_metadata>\
                     <policy_published><domain>example.com</domain></policy_published>"
                ),
            );
            (0..records).for_each(|number| put(out, record(number)));
            put(out, "</feedback>");
        });
        outcome.holds(1, u64::from(records));
        let report = outcome.world.run(&["reports", "1"]).stdout;
        assert_eq!(report.contains("counted on its first day"), noted, "{records} records, {days} days: {report}");
    }
}

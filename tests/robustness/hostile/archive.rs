//! Archives: bombs, nests, overlaps, and data that gives nothing.

use super::*;

#[test]
fn a_gibibyte_of_zeros_in_gzip_is_not_read_to_its_end() {
    let bomb = Deflated::of(&[(&vec![0; MIB], 1_024)]).gzip();
    take_in_bytes(bomb).rejected(1, "no report");
}

#[test]
fn a_gibibyte_of_blanks_behind_an_honest_start_is_one_long_token() {
    let bomb = Deflated::of(&[(head("blanks").as_bytes(), 1), (&vec![b' '; MIB], 1_024), (END.as_bytes(), 1)]).gzip();
    take_in_bytes(bomb).is_rejected_by(&["token_bytes_max"]);
}

#[test]
fn a_gibibyte_of_short_tokens_from_a_mebibyte_meets_the_ratio() {
    let bomb =
        Deflated::of(&[(head("ratio").as_bytes(), 1), (&blanks_and_elements(), 1_024), (END.as_bytes(), 1)]).gzip();
    take_in_bytes(bomb).is_rejected_by(&["ratio_max", "output_bytes_max"]);
}

#[test]
fn a_zip_bomb_meets_the_ratio() {
    let bomb = Deflated::of(&[(head("zip").as_bytes(), 1), (&blanks_and_elements(), 1_024), (END.as_bytes(), 1)]);
    take_in_bytes(zip(&[("a.xml", &bomb)])).is_rejected_by(&["ratio_max", "output_bytes_max"]);
}

#[test]
fn more_output_than_is_allowed_is_met_where_the_ratio_is_modest() {
    let noise = noise(4 * MIB);
    let comment = [b"<!--".as_slice(), &vec![b'x'; 3 * MIB], b"-->"].concat();
    let start = [head("output").as_bytes(), b"<!--", &noise, b"-->"].concat();
    let bomb = Deflated::of(&[(&start, 1), (&comment, 345), (END.as_bytes(), 1)]).gzip();
    take_in_bytes(bomb).is_rejected_by(&["output_bytes_max"]);
}

#[test]
fn a_nest_of_zips_ends_soon() {
    let mut nest = zip(&[("0.dll", &Deflated::of(&[(&vec![0; MIB], 64)]))]);
    for level in 0..5 {
        let content = Deflated::of(&[(&nest, 1)]);
        let names: Vec<String> = (0..16).map(|number| format!("{level}-{number}.zip")).collect();
        nest = zip(&names.iter().map(|name| (name.as_str(), &content)).collect::<Vec<_>>());
    }
    take_in_bytes(nest).is_rejected_by(&["ratio_max", "depth_max"]);
}

#[test]
fn gzip_in_gzip_ends_at_the_depth_limit() {
    let nested = |levels: usize| (0..levels).fold(report("depth", 1).into_bytes(), |bytes, _| gzip(&bytes));
    take_in_bytes(nested(6)).holds(1, 1);
    take_in_bytes(nested(7)).is_rejected_by(&["depth_max"]);
}

#[test]
fn a_million_members_are_not_listed() {
    members_without_data(1_000_000).is_rejected_by(&["input_bytes_max", "members_max"]);
    members_without_data(400_000).is_rejected_by(&["members_max"]);
}

/// An archive whose members have a directory entry and nothing else of their own.
#[track_caller]
fn members_without_data(members: usize) -> Outcome {
    let empty = Deflated::of(&[]);
    take_in(CLAIM, |out| {
        let mut zip = Zip::new(out);
        let at = zip.data("a", &empty);
        for number in 0..members {
            zip.entry(&format!("{number:x}"), &empty, at);
        }
        zip.finish();
    })
}

#[test]
fn members_that_overlap_cost_no_more_than_one() {
    let content = Deflated::of(&[(head("overlap").as_bytes(), 1), (&blanks_and_elements(), 20), (END.as_bytes(), 1)]);
    for (members, limits) in [(900, ["ratio_max", "output_bytes_max"]), (5_000, ["members_max", "members_max"])] {
        let mut bytes = Vec::new();
        let mut zip = Zip::new(&mut bytes);
        let at = zip.data("a", &content);
        for number in 0..members {
            zip.entry(&number.to_string(), &content, at);
        }
        zip.finish();
        let outcome = take_in_bytes(bytes);
        assert!(
            outcome.reasons.iter().any(|reason| limits.iter().any(|limit| reason.contains(limit))),
            "{:?}",
            outcome.reasons
        );
        assert!(count(&outcome.tally, "reports_new") <= 1, "{}", outcome.tally);
    }
}

/// Empty stored blocks: they inflate to nothing, and compress a thousand times themselves.
#[test]
fn a_level_that_gives_nothing_is_bounded_by_what_it_takes() {
    let hollow = b"\0\0\0\xff\xff".repeat(MIB / 5);
    let inner = Deflated::of(&[(GZIP_HEAD, 1), (&hollow, 8_192)]).gzip();
    take_in_bytes(gzip(&inner)).is_rejected_by(&["ratio_max", "output_bytes_max"]);
}

#[test]
fn a_million_gzip_members_of_nothing_are_survived() {
    let empty = gzip(b"");
    take_in(CLAIM, |out| repeat(out, empty.repeat(1_000), 800)).rejected(1, "empty");
}

/// Kept raw bytes are as large as an input may be.
#[test]
fn an_archive_as_large_as_an_input_may_be_is_kept_within_the_budget() {
    let noise = noise(2 * MIB);
    let comment = [b"<!--".as_slice(), &noise, b"-->"].concat();
    let large =
        Deflated::of(&[(head("kept").as_bytes(), 1), (&comment, 8), (record(1, 1).as_bytes(), 1), (END.as_bytes(), 1)]);
    let mut bytes = large.gzip();
    let most = usize::try_from(INPUT_BYTES_MAX).expect("it fits into memory");
    assert!(bytes.len() < most);
    // Bytes behind the last member are ignored.
    bytes.resize(most, b'x');
    take_in_bytes(&bytes).holds(1, 1);
    bytes.push(b'x');
    take_in_bytes(&bytes).is_rejected_by(&["input_bytes_max"]);
}

#[test]
fn a_zip_that_claims_what_it_has_not_is_rejected() {
    for end in [
        &b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xf0\xff\xff\xff\0\0\0\0\0\0"[..],
        b"PK\x06\x06\x2c\0\0\0\0\0\0\0\x2d\0\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\
          PK\x06\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0",
    ] {
        let outcome = take_in_bytes([b"PK\x03\x04", end].concat());
        outcome.holds(0, 0);
        assert_eq!(outcome.reasons.len(), 1, "{:?}", outcome.reasons);
    }
}

/// A mebibyte of blanks in which a token ends every few kilobytes.
fn blanks_and_elements() -> Vec<u8> {
    [vec![b' '; 8_188].as_slice(), b"<a/>"].concat().repeat(128)
}

/// Letters that do not compress below half their size, and hold no `-`.
fn noise(bytes: usize) -> Vec<u8> {
    let mut chance = Chance(1);
    let mut noise = Vec::with_capacity(bytes);
    while noise.len() < bytes {
        noise.extend(chance.next().to_le_bytes().map(|byte| b'a' + (byte & 15)));
    }
    noise
}

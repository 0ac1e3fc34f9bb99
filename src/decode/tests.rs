//! Archives in every form that reporters and attackers send.

use std::io::Write as _;

use ::zip::ZipWriter;
use ::zip::write::SimpleFileOptions;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Path, content and damage of every document.
fn found_with(bytes: &[u8], limits: &Limits) -> Vec<(String, Vec<u8>, Option<DecodeError>)> {
    let mut found = Vec::new();
    members(bytes, 0, limits, &mut |member| {
        let (mut content, mut damage) = (Vec::new(), member.damage.clone());
        match member.content {
            Content::Whole(bytes) => content.extend_from_slice(bytes),
            Content::Stream(mut reader) => {
                if let Err(error) = reader.read_to_end(&mut content) {
                    damage = Some(damage_of(&error));
                }
            }
        }
        found.push((member.path.to_owned(), content, damage));
    });
    found
}

fn found(bytes: &[u8]) -> Vec<(String, Vec<u8>, Option<DecodeError>)> {
    found_with(bytes, &Limits::standard())
}

fn whole(path: &str, content: &[u8]) -> (String, Vec<u8>, Option<DecodeError>) {
    (path.to_owned(), content.to_vec(), None)
}

/// A document that is too large to be held whole, and does not compress beyond belief.
fn large() -> Vec<u8> {
    let mut text = String::from("<feedback>");
    for number in 0_u64..400_000 {
        text.push_str(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_string());
    }
    text.into_bytes()
}

#[test]
fn bare_gzip_and_zip_and_any_nesting() {
    let document = b"<feedback/>".as_slice();
    assert_eq!(found(document), [whole("", document)]);
    assert_eq!(found(&gz(document)), [whole("", document)]);
    assert_eq!(found(&gz(&gz(document))), [whole("", document)]);
    let two = zipped(&[("a.xml", document), ("__MACOSX/b", b"x"), ("c.gz", &gz(b"<c/>"))]);
    assert_eq!(found(&two), [whole("a.xml", document), whole("c.gz", b"<c/>")]);
    assert_eq!(found(&gz(&two)).len(), 2);
    assert_eq!(found(&[b"junk".as_slice(), &two].concat()).len(), 2);
}

#[test]
fn gzip_members_are_one_document_and_what_follows_is_told() {
    let both = [gz(b"<feed"), gz(b"back/>")].concat();
    assert_eq!(found(&both), [whole("", b"<feedback/>")]);
    let mut oddities = Vec::new();
    let trailing = [gz(b"<a/>"), b"\r\n".to_vec()].concat();
    members(&trailing, 0, &Limits::standard(), &mut |member| oddities.extend(member.oddities.to_vec()));
    assert_eq!(oddities, ["bytes behind the gzip data"]);
}

#[test]
fn a_gzip_header_may_have_everything_that_it_can() {
    let build = || flate2::GzBuilder::new().extra([7; 300]).filename("a.xml").comment("why");
    let mut packed = build().write(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"<feedback/>").expect("memory");
    let mut packed = packed.finish().expect("memory");
    assert_eq!(found(&packed), [whole("", b"<feedback/>")]);
    // A checksum of the header, behind it.
    let header = packed.iter().position(|byte| *byte == b'w').expect("the comment") + "why\0".len();
    packed[3] |= 1 << 1;
    packed.splice(header..header, [1, 2]);
    assert_eq!(found(&packed), [whole("", b"<feedback/>")]);
    packed[3] |= 1 << 5;
    assert_eq!(found(&packed)[0].2, Some(DecodeError::GzipDamaged));
}

proptest! {
    #[test]
    fn damaged_gzip_is_told_from_sound_gzip_as_others_do(text in "[a-c<>]{0,300}", changes in proptest::collection::vec((4_usize..400, any::<u8>()), 0..3), cut in 0_usize..400) {
        let mut packed = gz(text.as_bytes());
        for (place, byte) in changes {
            if let Some(changed) = packed.get_mut(place) {
                *changed = byte;
            }
        }
        // The magic bytes have to be there, or it is no gzip.
        packed.truncate(cut.max(4));
        let mut expected = Vec::new();
        let is_sound = flate2::bufread::GzDecoder::new(packed.as_slice()).read_to_end(&mut expected).is_ok();
        let found = found(&packed).remove(0);
        prop_assert_eq!(found.2.is_none(), is_sound, "{:?}", found.2);
        if is_sound {
            prop_assert_eq!(found.1, expected);
        }
    }
}

#[test]
fn large_documents_are_streams_and_nothing_is_lost() {
    let document = large();
    for packed in [gz(&document), zipped(&[("a", &document)]), gz(&gz(&document)), zipped(&[("a", &gz(&document))])] {
        let mut streams = 0;
        members(&packed, 0, &Limits::standard(), &mut |member| {
            streams += usize::from(matches!(member.content, Content::Stream(_)));
        });
        assert_eq!(streams, 1);
        let content = found(&packed).remove(0);
        assert!(content.1 == document && content.2.is_none(), "{:?}", content.2);
    }
}

#[test]
fn damage_is_always_said() {
    let small = gz(b"<feedback>some text that is long enough to be cut</feedback>");
    let big = gz(&large());
    for packed in [&small, &big] {
        let cut = &packed[..packed.len() - 12];
        assert_eq!(found(cut)[0].2, Some(DecodeError::GzipCut));
        let mut wrong = packed.clone();
        let at = wrong.len() - 8;
        wrong[at] ^= 0x40;
        assert_eq!(found(&wrong)[0].2, Some(DecodeError::GzipChecksum));
    }
    let archive = zipped(&[("a.xml", b"<feedback>some text</feedback>")]);
    let cut = found(&archive[..archive.len() - 30]);
    assert_eq!(
        (cut[0].1.as_slice(), cut[0].2.clone()),
        (b"<feedback>some text</feedback>".as_slice(), Some(DecodeError::ZipCut))
    );
}

#[test]
fn limits_hold_at_the_limit_and_one_past_it() {
    let mut limits = Limits::standard();
    let document = vec![b'<'; 1_000];
    limits.output_bytes_max = 1_000;
    assert_eq!(found_with(&gz(&document), &limits)[0].2, None);
    limits.output_bytes_max = 999;
    let hit = |name, bound| Some(DecodeError::Limit(LimitHit { name, bound }));
    assert_eq!(found_with(&gz(&document), &limits)[0].2, hit("output_bytes_max", 999));

    limits = Limits::standard();
    limits.members_max = 2;
    assert!(found_with(&zipped(&[("a", b"<a/>"), ("b", b"<b/>")]), &limits).iter().all(|found| found.2.is_none()));
    let three = found_with(&zipped(&[("a", b"<a/>"), ("b", b"<b/>"), ("c", b"<c/>")]), &limits);
    assert_eq!(three[0].2, hit("members_max", 2));

    limits = Limits::standard();
    limits.depth_max = 2;
    assert_eq!(found_with(&gz(&gz(b"<a/>")), &limits)[0].2, None);
    assert_eq!(found_with(&gz(&gz(&gz(b"<a/>"))), &limits)[0].2, hit("depth_max", 2));
}

#[test]
fn a_bomb_is_stopped_by_its_ratio() {
    let mut bomb = b"<feedback>".to_vec();
    bomb.resize(40 << 20, b' ');
    let packed = gz(&bomb);
    let stopped = found(&packed).remove(0);
    assert_eq!(stopped.2, Some(DecodeError::Limit(LimitHit { name: "ratio_max", bound: 400 })));
    assert!(stopped.1.len() <= 17 << 20, "{} bytes came out", stopped.1.len());
}

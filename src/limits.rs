//! Every bound on what a stranger's bytes may cost, in one place.

/// Declares [`Limits`] once: the field, its default and the table that documentation and settings read.
macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $default:expr;)*) => {
        /// Bounds on one input, and on how long a mail server may be silent. All are on by default; `[limits]` in the settings
        /// overrides single ones.
        ///
        /// A bound that is hit turns the input into a rejection that names the bound, or, where the field says
        /// so, cuts a value and leaves a note. Nothing is ever allocated because an input *says* it is large.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Limits {
            $($(#[$doc])* pub $name: u64,)*
        }

        impl Limits {
            /// The names of all limits, in the order in which the settings file lists them.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];

            /// The bounds that hold when the owner sets none.
            #[must_use]
            pub const fn standard() -> Self {
                Self { $($name: $default,)* }
            }

            /// The bound called `name`, to read or to set; `None` when there is no such bound.
            pub fn by_name(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

/// Bytes in a mebibyte.
const MIB: u64 = 1 << 20;

limits! {
    /// Largest file or attachment that is opened, in bytes: the largest real reports are under 10 MiB compressed.
    input_bytes_max = 20 * MIB;
    /// Largest mail that is opened, in bytes: reporters keep to 10 MiB, the bound that owners publish as `!10m`.
    message_bytes_max = 12 * MIB;
    /// Header bytes of a mail, over all its parts: real report mails have under 20 KiB.
    header_bytes_max = MIB;
    /// Header lines of a mail, over all its parts: real report mails have under 200.
    header_lines_max = 20_000;
    /// Parts of a mail, over all levels: real report mails have under 10.
    parts_max = 1_000;
    /// DKIM signatures of a mail that are looked at: real report mails have one or two.
    signatures_max = 5;
    /// Bytes that may come out of one input, over all its members: more than `records_max` records of ordinary size.
    output_bytes_max = 512 * MIB;
    /// Bytes out for a byte in, looked at from 8 MiB of output on: reports reach 60, deflate can reach 1,030.
    ratio_max = 400;
    /// Members of an archive: real archives hold one.
    members_max = 1_000;
    /// Archives in archives and mails in mails, counted together: real reports have at most 3.
    depth_max = 6;
    /// Records of an input, over all reports in it: twice the largest reports that are known.
    records_max = 200_000;
    /// Bytes of memory that one report may take, as far as they can be told: its records and its different texts.
    report_bytes_max = 32 * MIB;
    /// Mails that one report may count: with more, sums over years could leave the range of numbers.
    mails_max = 1 << 42;
    /// DKIM and SPF results of a record (RFC 9990 advises at most 100 DKIM results); more are cut, with a note.
    auth_results_max = 100;
    /// Policy override reasons of a record; more are cut, with a note.
    reasons_max = 20;
    /// Longest value that is kept, in bytes; more is cut, with a note.
    text_bytes_max = 2_048;
    /// Longest single tag or run of text, in bytes, in a document that is too large to be held whole.
    token_bytes_max = 4 * MIB;
    /// Open elements at one place of a document: bounds the stack, no report needs more than 6.
    element_depth_max = 1_000_000;
    /// Different notes that are kept for a report; more are only counted.
    notes_max = 100;
    /// Seconds that an address of a mail server may take to answer at all: those that do need under one.
    connect_timeout_s = 15;
    /// Seconds that a mail server or a token server may be silent in the middle of an answer: large folders need seconds.
    read_timeout_s = 60;
    /// Seconds after which `watch` begins to wait for mail anew (IDLE): routers that forget silent connections take five
    /// minutes and more, servers may hang up after thirty (RFC 2177). At most 900: whoever guards `watch` gives it twenty minutes.
    idle_timeout_s = 300;
    /// Seconds that a command which prints a password, token or key may take: those that ask a server need a few, those that
    /// ask a person wait for ever.
    command_timeout_s = 60;
    /// Different observations (day, reporter, address, names, results) of a domain that are judged at once: a year of a
    /// large domain has under a million, and this many take about 300 MiB.
    observations_max = 2_000_000;
    /// Aliases (CNAME) followed from one name: resolvers follow 8 to 16, and real chains have up to 4.
    dns_aliases_max = 10;
    /// Answers of DNS remembered in one run; further ones are asked for again: some 100 bytes each.
    dns_answers_max = 200_000;
    /// Questions to DNS under way at once: home routers drop more.
    dns_questions_at_once_max = 16;
    /// Domains out of reports that DNS is asked about, where the settings name none: strangers can invent them.
    dns_domains_max = 200;
    /// Terms of an SPF record and all that it includes that are asked for; receivers stop at 10.
    spf_lookups_max = 60;
    /// Networks of an SPF record, includes laid flat: large senders have some 500; the rest is left out, and said so.
    spf_networks_max = 20_000;
    /// Largest file of a private key, in bytes: an RSA key of 8192 bits has 7 KiB, and text may stand around it.
    key_file_bytes_max = 64 * 1_024;
    /// Rounds of deriving a key from a passphrase (PBKDF2, or cost times blocks times lanes of scrypt): files made
    /// today ask for 600,000, and each million takes about a second.
    key_rounds_max = 10_000_000;
    /// Memory that deriving a key from a passphrase may take, in bytes: files made today ask for 16 to 128 MiB.
    key_memory_bytes_max = 256 * MIB;
    /// Mails whose signatures are verified in one run, and names of keys that are asked for: the rest waits for the next.
    proofs_max = 2_000;
    /// Addresses whose reverse names are asked for in one run: two to three questions each; the rest waits for the next.
    reverse_names_max = 5_000;
    /// Largest database of networks or table of names (`[enrich]`) that is read, in bytes: those of cities have some 120 MiB.
    data_file_bytes_max = 512 * MIB;
    /// Rows of a table of names (`[enrich]`) that are read: parsedmarc's has 39,000.
    names_rows_max = 500_000;
    /// Domains with series of their own in `metrics`: each has some 25, and reports may name thousands.
    metrics_domains_max = 100;
    /// Reporters with series of their own in `metrics`: strangers choose the names, and large owners hear from some 60.
    metrics_reporters_max = 100;
}

impl Limits {
    /// The largest value of the bound called `name` that makes sense; `None` where any may.
    #[must_use]
    pub fn most(name: &str) -> Option<u64> {
        (name == "idle_timeout_s").then_some(900)
    }
}

/// From this size on, in bytes, a member is inflated and parsed as a stream instead of being held whole.
pub const STREAM_BYTES_MIN: usize = 2 << 20;

/// Output up to here, in bytes, is never measured against `ratio_max`: small files may compress extremely well.
pub const RATIO_FREE_BYTES: u64 = 8 * MIB;

/// A bound of [`Limits`] that an input went over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("over the limit {name} = {bound}")]
pub struct LimitHit {
    /// Field name in [`Limits`].
    pub name: &'static str,
    /// Its value at the time.
    pub bound: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_can_be_found_by_its_name() {
        let mut limits = Limits::standard();
        for name in Limits::NAMES {
            *limits.by_name(name).expect("listed limits exist") += 1;
        }
        assert_eq!(limits.depth_max, Limits::standard().depth_max + 1);
        assert!(limits.by_name("no_such_limit").is_none());
    }
}

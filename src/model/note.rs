//! Oddities of a usable report: what was odd, and where.

use std::fmt;
use std::sync::Arc;

/// Declares the fields of a report once, with the path that people read.
macro_rules! fields {
    ($($name:ident = $path:literal,)*) => {
        /// A place in a report, for notes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the path that as_str gives is the documentation")]
        pub enum Field { $($name,)* }

        impl Field {
            /// The element's path below `<feedback>`, as in the RFCs.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }
        }
    };
}

fields! {
    Version = "version",
    OrgName = "report_metadata/org_name",
    Email = "report_metadata/email",
    ExtraContactInfo = "report_metadata/extra_contact_info",
    ReportId = "report_metadata/report_id",
    Begin = "report_metadata/date_range/begin",
    End = "report_metadata/date_range/end",
    Error = "report_metadata/error",
    Generator = "report_metadata/generator",
    PolicyDomain = "policy_published/domain",
    DiscoveryMethod = "policy_published/discovery_method",
    Adkim = "policy_published/adkim",
    Aspf = "policy_published/aspf",
    P = "policy_published/p",
    Sp = "policy_published/sp",
    Np = "policy_published/np",
    Pct = "policy_published/pct",
    Fo = "policy_published/fo",
    Testing = "policy_published/testing",
    SourceIp = "record/row/source_ip",
    Count = "record/row/count",
    Disposition = "record/row/policy_evaluated/disposition",
    EvaluatedDkim = "record/row/policy_evaluated/dkim",
    EvaluatedSpf = "record/row/policy_evaluated/spf",
    Reason = "record/row/policy_evaluated/reason",
    ReasonType = "record/row/policy_evaluated/reason/type",
    ReasonComment = "record/row/policy_evaluated/reason/comment",
    HeaderFrom = "record/identifiers/header_from",
    EnvelopeFrom = "record/identifiers/envelope_from",
    EnvelopeTo = "record/identifiers/envelope_to",
    DkimDomain = "record/auth_results/dkim/domain",
    DkimSelector = "record/auth_results/dkim/selector",
    DkimResult = "record/auth_results/dkim/result",
    DkimHumanResult = "record/auth_results/dkim/human_result",
    SpfDomain = "record/auth_results/spf/domain",
    SpfScope = "record/auth_results/spf/scope",
    SpfResult = "record/auth_results/spf/result",
    SpfHumanResult = "record/auth_results/spf/human_result",
}

/// An oddity, where it was first met, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Byte offset in the unpacked document (in its UTF-8 form where it was sent in another encoding).
    pub offset: u64,
    /// What was odd.
    pub kind: NoteKind,
    /// How often it was met, at least 1.
    pub times: u64,
}

/// What can be odd about a report that is used all the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// The document is not UTF-8, and says so or was recognised.
    Encoding(&'static str),
    /// Bytes that don't fit the encoding; read as windows-1252.
    UndeclaredEncoding,
    /// A character that XML forbids; replaced by U+FFFD.
    ForbiddenCharacter,
    /// Something other than blanks before the document.
    TextBeforeRoot,
    /// An element outside `<feedback>`.
    ElementBeforeRoot(Arc<str>),
    /// Something other than blanks behind the document.
    TextAfterRoot,
    /// The final `>` is missing.
    UnfinishedRootEnd,
    /// An element was closed by the end of another.
    UnclosedElement(Arc<str>),
    /// An end tag without a beginning.
    StrayEnd(Arc<str>),
    /// Markup that is none, taken as text: `<a@b>`.
    UnescapedMarkup(Field),
    /// An element that no RFC has there.
    UnknownElement(Arc<str>),
    /// An element that may stand once stands again; the first counts.
    RepeatedElement(&'static str),
    /// A word outside the vocabulary.
    OddWord(Field, Arc<str>),
    /// A known word in other letters.
    LetterCase(Field),
    /// A number that is none, is negative or is too large.
    OddNumber(Field, Arc<str>),
    /// A number with a fraction, which was cut off.
    Fraction(Field),
    /// A time in milliseconds.
    Milliseconds(Field),
    /// An address that is none.
    OddAddress(Arc<str>),
    /// An address in another than its canonical form.
    AddressForm,
    /// A value over `text_bytes_max`, cut.
    Cut(Field),
    /// More DKIM or SPF results than `auth_results_max`.
    AuthResultsCut,
    /// More reasons than `reasons_max`.
    ReasonsCut,
    /// No `<record>` at all: the reporter saw no mail.
    NoRecords,
    /// A record that counts no mails.
    CountZero,
    /// A value that every record should have is missing.
    Missing(Field),
    /// The period ends before it begins.
    EndBeforeBegin,
    /// The period is too long for so many records; they are counted on its first day.
    RangeTooLong,
    /// Further notes that were only counted.
    More,
    /// Something unusual about the archive or the mail around the report.
    Wrapping(&'static str),
    /// Part of a damaged report, accepted by hand.
    Partial,
}

impl NoteKind {
    /// A short stable name, for JSON and counting.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Encoding(_) => "encoding",
            Self::UndeclaredEncoding => "undeclared-encoding",
            Self::ForbiddenCharacter => "forbidden-character",
            Self::TextBeforeRoot => "text-before-root",
            Self::ElementBeforeRoot(_) => "element-before-root",
            Self::TextAfterRoot => "text-after-root",
            Self::UnfinishedRootEnd => "unfinished-root-end",
            Self::UnclosedElement(_) => "unclosed-element",
            Self::StrayEnd(_) => "stray-end",
            Self::UnescapedMarkup(_) => "unescaped-markup",
            Self::UnknownElement(_) => "unknown-element",
            Self::RepeatedElement(_) => "repeated-element",
            Self::OddWord(..) => "odd-word",
            Self::LetterCase(_) => "letter-case",
            Self::OddNumber(..) => "odd-number",
            Self::Fraction(_) => "fraction",
            Self::Milliseconds(_) => "milliseconds",
            Self::OddAddress(_) => "odd-address",
            Self::AddressForm => "address-form",
            Self::Cut(_) => "cut",
            Self::AuthResultsCut => "auth-results-cut",
            Self::ReasonsCut => "reasons-cut",
            Self::NoRecords => "no-records",
            Self::CountZero => "count-zero",
            Self::Missing(_) => "missing",
            Self::EndBeforeBegin => "end-before-begin",
            Self::RangeTooLong => "range-too-long",
            Self::More => "more",
            Self::Wrapping(_) => "wrapping",
            Self::Partial => "partial",
        }
    }
}

impl fmt::Display for NoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding(name) => write!(f, "document is in {name}"),
            Self::UndeclaredEncoding => f.write_str("bytes that are not UTF-8, read as windows-1252"),
            Self::ForbiddenCharacter => f.write_str("a character that XML forbids, replaced"),
            Self::TextBeforeRoot => f.write_str("text before the report"),
            Self::ElementBeforeRoot(name) => write!(f, "element <{name}> around or before the report"),
            Self::TextAfterRoot => f.write_str("text after the report"),
            Self::UnfinishedRootEnd => f.write_str("the last end tag is cut off; everything before it is there"),
            Self::UnclosedElement(name) => write!(f, "<{name}> is not closed"),
            Self::StrayEnd(name) => write!(f, "</{name}> closes nothing"),
            Self::UnescapedMarkup(field) => write!(f, "{}: markup that is text", field.as_str()),
            Self::UnknownElement(name) => write!(f, "unknown element <{name}>"),
            Self::RepeatedElement(name) => write!(f, "<{name}> is repeated; the first counts"),
            Self::OddWord(field, text) => write!(f, "{}: unknown word `{text}`", field.as_str()),
            Self::LetterCase(field) => write!(f, "{}: unusual letter case", field.as_str()),
            Self::OddNumber(field, text) => write!(f, "{}: not a usable number: `{text}`", field.as_str()),
            Self::Fraction(field) => write!(f, "{}: fraction cut off", field.as_str()),
            Self::Milliseconds(field) => write!(f, "{}: milliseconds read as such", field.as_str()),
            Self::OddAddress(text) => write!(f, "{}: not an address: `{text}`", Field::SourceIp.as_str()),
            Self::AddressForm => write!(f, "{}: not in canonical form", Field::SourceIp.as_str()),
            Self::Cut(field) => write!(f, "{}: cut at the limit text_bytes_max", field.as_str()),
            Self::AuthResultsCut => {
                f.write_str("record/auth_results: more than auth_results_max results, the rest left out")
            }
            Self::ReasonsCut => {
                f.write_str("record/row/policy_evaluated: more than reasons_max reasons, the rest left out")
            }
            Self::NoRecords => f.write_str("no record: the reporter saw no mail"),
            Self::CountZero => write!(f, "{}: 0 mails", Field::Count.as_str()),
            Self::Missing(field) => write!(f, "{}: missing", field.as_str()),
            Self::EndBeforeBegin => f.write_str("report_metadata/date_range: ends before it begins"),
            Self::RangeTooLong => {
                f.write_str("report_metadata/date_range: too long for so many records, counted on its first day")
            }
            Self::More => f.write_str("further notes, not kept"),
            Self::Wrapping(oddity) => f.write_str(oddity),
            Self::Partial => f.write_str("part of a damaged report, accepted by hand"),
        }
    }
}

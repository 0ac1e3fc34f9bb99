//! What a report says, in the RFC's words.
//!
//! *Takes* nothing, *gives* types; imports nothing of ours and never touches a wire, a database or a screen.
//!
//! | word | meaning |
//! |---|---|
//! | report | one aggregate report that a receiver sent (RFC 7489 7.2, RFC 9990) |
//! | record | a `<record>` of it: some mails that had everything in common |
//! | mails | what a record counts, or a sum of it; rows are records |
//! | reporter | who sent the report |
//! | source | where the mails of a record came from (`source_ip`) |
//! | note | an oddity of a report that is used all the same |

mod aggregate;
mod note;
mod word;

pub use aggregate::{
    AggregateReport, AuthResults, DateRange, DkimResult, DomainName, Identifiers, PolicyEvaluated, PolicyOverride,
    PolicyPublished, Record, ReportMetadata, SpfResult, Text,
};
pub use note::{Field, Note, NoteKind};
pub use word::{
    AlignmentMode, AuthResult, DiscoveryMethod, Disposition, DmarcResult, OverrideType, Policy, Sent, SpfScope,
    TestMode, Word,
};

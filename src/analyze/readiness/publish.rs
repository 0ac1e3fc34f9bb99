//! The record to publish for a step, with everything in it that the owner chose.

use super::case::{Case, Current};
use super::ladder::Step;
use super::view::View;
use crate::config::Profile;
use crate::dns::dmarc::DmarcRecord;
use crate::model::{Policy, TestMode};

/// Seconds for which a record that may have to go back is kept by resolvers.
pub const CHANGE_TTL_S: u32 = 300;

/// A record, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Full name, without a final dot.
    pub name: String,
    /// Time to live to publish it with.
    pub ttl_s: u32,
    /// Its text.
    pub text: String,
}

/// Whether nobody knows where reports are sent: a record that is written out without it would end them.
pub(super) fn is_rua_unknown(case: &Case<'_>) -> bool {
    matches!(&case.current, Current::Seen(record) if record.rua.is_empty() && case.rua.is_empty())
}

/// What changes in the record for a step, as tags.
pub(super) fn change(step: Step) -> String {
    let mut record = DmarcRecord::default();
    put(&mut record, step);
    record.to_string().trim_start_matches("v=DMARC1; ").to_owned()
}

/// The record for a step. What the owner chose (addresses, alignment, subdomains) stays; `p`, `t` and `pct` change.
pub(super) fn record(view: &View<'_>, step: Step) -> Record {
    let case = view.case;
    let mut record = case.current.record(case.domain).unwrap_or_default();
    if record.rua.is_empty() {
        record.rua.clone_from(&case.rua);
    }
    put(&mut record, step);
    if view.profile == Profile::Parked && step == Step::Reject {
        record.sp = Some(Policy::Reject);
        record.np = Some(Policy::Reject);
    }
    if record.np.is_none() && step > Step::Monitor && no_mail_below(view) {
        record.np = Some(Policy::Reject);
    }
    Record { name: format!("_dmarc.{}", case.domain), ttl_s: CHANGE_TTL_S, text: record.to_string() }
}

/// What stands there now, word for word; made from what reporters saw where DNS is not known.
pub(super) fn present(case: &Case<'_>) -> Option<String> {
    match &case.current {
        Current::Published { text, .. } => Some(text.clone()),
        Current::Seen(record) => {
            let rua = if record.rua.is_empty() { case.rua.clone() } else { record.rua.clone() };
            Some(DmarcRecord { rua, ..record.clone() }.to_string())
        }
        Current::Missing | Current::Unknown => None,
    }
}

fn put(record: &mut DmarcRecord, step: Step) {
    record.p = Some(match step {
        Step::Monitor => Policy::None,
        Step::QuarantineTest | Step::Quarantine => Policy::Quarantine,
        Step::RejectTest | Step::Reject => Policy::Reject,
    });
    record.t = step.is_test().then_some(TestMode::Yes);
    record.pct = step.is_test().then_some(0);
}

/// Whether no mail of the owner's, nor any that may be, was seen from below the domain: then `np=reject` hits none.
fn no_mail_below(view: &View<'_>) -> bool {
    let case = view.case;
    let is_theirs = |sender: &&crate::analyze::Sender| sender.class != crate::analyze::Class::Spoof;
    let theirs = case.senders.iter().filter(is_theirs).flat_map(|sender| &sender.observations);
    let mut seen = theirs.filter_map(|at| case.observations.get(*at));
    !seen.any(|seen| seen.identifiers.header_from.as_deref().is_some_and(|from| from != case.domain))
}

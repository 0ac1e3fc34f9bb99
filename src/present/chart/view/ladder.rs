//! The ladder of policies.

/// Where a domain stands with one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LadderState {
    /// It was there before.
    Done,
    /// It is there now.
    Here,
    /// It is to go there next.
    Next,
    /// Further up.
    Open,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderStep {
    /// Its name.
    pub label: String,
    /// A date in words, such as "since 2026-06-30"; may be empty.
    pub note: String,
    /// Where the domain stands with it.
    pub state: LadderState,
}

/// C9: the steps from watching to rejecting, with the one that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderView {
    /// Title.
    pub title: String,
    /// Line under the title.
    pub subtitle: String,
    /// Steps from the lowest up.
    pub steps: Vec<LadderStep>,
    /// Words over the step in force, such as "you are here".
    pub here: String,
    /// Words over the next step.
    pub next: String,
    /// Line below the steps; may be empty.
    pub footer: String,
    /// Words shown when no policy was ever seen.
    pub no_data: String,
}

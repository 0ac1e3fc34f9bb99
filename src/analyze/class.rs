//! What a source is to the owner of a domain.

/// What a source is. The first rule that fits decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A server of the owner.
    Own,
    /// A service that sends for the owner, and is set up well.
    Authorised,
    /// The owner's mail, from a server or a service that is not set up well.
    Misconfigured,
    /// Passes mails of the owner on for a recipient.
    Forwarder,
    /// A mailing list: passes mails on, and usually changes them.
    List,
    /// A relay on the side of recipients, such as a filter.
    Gateway,
    /// Uses the name without any sign of being allowed to.
    Spoof,
    /// Nothing decides.
    Unknown,
}

impl Class {
    /// All, in the order of the rules.
    pub const ALL: [Self; 8] = [
        Self::Own,
        Self::Authorised,
        Self::Misconfigured,
        Self::Forwarder,
        Self::List,
        Self::Gateway,
        Self::Spoof,
        Self::Unknown,
    ];

    /// The word for JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Authorised => "authorised",
            Self::Misconfigured => "misconfigured",
            Self::Forwarder => "forwarder",
            Self::List => "list",
            Self::Gateway => "gateway",
            Self::Spoof => "spoof",
            Self::Unknown => "unknown",
        }
    }

    /// Mail that the owner sends or has sent: the only mail whose share of passes decides anything.
    #[must_use]
    pub const fn is_legitimate(self) -> bool {
        matches!(self, Self::Own | Self::Authorised | Self::Misconfigured)
    }

    /// Mail of the owner on its way through somebody else.
    #[must_use]
    pub const fn is_indirect(self) -> bool {
        matches!(self, Self::Forwarder | Self::List | Self::Gateway)
    }
}

/// How sure a class is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// A guess.
    Low,
    /// Likely.
    Medium,
    /// As good as certain.
    High,
}

impl Confidence {
    /// The word for JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

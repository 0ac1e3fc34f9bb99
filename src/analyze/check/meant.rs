//! What the owner says in the settings.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::config::{Cidr, DmarcSettings, DomainSettings, KeyState, Profile, SenderClass};
use crate::dns::dmarc::{DmarcRecord, ReportUri};
use crate::model::Word;

/// What the owner says about a domain; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Meant {
    /// The policy record; `None` when the settings have none.
    pub dmarc: Option<DmarcRecord>,
    /// Its time to live, in seconds.
    pub ttl_s: Option<u32>,
    /// Nobody sends mail from the domain.
    pub is_parked: bool,
    /// Keys: selector and state.
    pub keys: Vec<(String, KeyState)>,
    /// Senders that are declared as the owner's, with their networks.
    pub senders: Vec<(String, Vec<IpNet>)>,
}

impl Meant {
    /// What the settings of a domain say.
    #[must_use]
    pub fn of(settings: &DomainSettings) -> Self {
        let senders = settings.senders.iter().filter(|sender| is_ours(sender.class) && !sender.cidr.is_empty());
        let networks = |cidr: &[Cidr]| cidr.iter().filter_map(network).collect();
        Self {
            dmarc: settings.dmarc.as_ref().map(record),
            ttl_s: settings.dmarc.as_ref().and_then(|dmarc| dmarc.ttl),
            is_parked: settings.profile == Some(Profile::Parked),
            keys: settings.dkim.iter().map(|key| (key.selector.as_str().to_owned(), key.state)).collect(),
            senders: senders.map(|sender| (sender.name.clone(), networks(&sender.cidr))).collect(),
        }
    }
}

/// The policy record that the settings mean.
#[must_use]
pub fn record(meant: &DmarcSettings) -> DmarcRecord {
    fn same<T: Word>(text: &str) -> Option<T> {
        T::from_exact(text)
    }
    DmarcRecord {
        p: same(meant.p.as_str()),
        sp: meant.sp.and_then(|policy| same(policy.as_str())),
        np: meant.np.and_then(|policy| same(policy.as_str())),
        adkim: meant.adkim.and_then(|alignment| same(alignment.as_str())),
        aspf: meant.aspf.and_then(|alignment| same(alignment.as_str())),
        rua: meant.rua.iter().map(|uri| report_uri(uri.as_str())).collect(),
        t: meant.t.and_then(|testing| same(testing.as_str())),
        ..DmarcRecord::default()
    }
}

/// An address of the settings, as a record has it; its size, if any, is left out, as receivers ignore it.
#[must_use]
pub fn report_uri(text: &str) -> ReportUri {
    let target = text.split_once('!').map_or(text, |(target, _)| target);
    ReportUri { uri: target.to_owned(), size_bytes_max: None }
}

const fn is_ours(class: SenderClass) -> bool {
    matches!(class, SenderClass::Legit | SenderClass::Own | SenderClass::Authorised)
}

fn network(cidr: &Cidr) -> Option<IpNet> {
    let address: IpAddr = cidr.address;
    IpNet::new(address, cidr.prefix_bits).ok().map(|network| network.trunc())
}

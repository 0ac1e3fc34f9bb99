//! How addresses send in the name of several domains: out of the packed sums of days, without adding up.

use std::collections::HashMap;
use std::net::IpAddr;

use foldhash::fast::RandomState;

use super::super::codec;
use super::super::error::StoreError;
use super::super::file::Store;
use super::Filter;
use super::addresses::Addresses;

/// Bits of the parts by alignment: in both, DKIM only, SPF only, neither.
const DKIM_ONLY: u64 = 0b0010;
const SPF_ALIGNED: u64 = 0b0101;

impl Store {
    /// Every address that sent in the name of each of the domains in the filter's days, and whether its mails passed by DKIM
    /// only and never by SPF: it passes mail on. The filter's own domain does not matter.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn each_way(
        &self,
        domains: &[String],
        filter: &Filter,
        mut visit: impl FnMut(IpAddr, bool),
    ) -> Result<(), StoreError> {
        let _look = self.look()?;
        let mut addresses = Addresses::new(&self.connection)?;
        let mut all: Vec<(u32, bool)> = Vec::new();
        for domain in domains {
            let filter = Filter { domain: Some(domain.clone()), ..filter.clone() };
            let Some(condition) = filter.to_sql(&self.connection, "day")? else { continue };
            let mut ways: HashMap<i64, u64, RandomState> = HashMap::default();
            self.each_day_of_sources(&condition, |_, packed| {
                codec::each_source_flags(packed, |id, flags| *ways.entry(id).or_default() |= flags)
            })?;
            for (id, flags) in ways {
                if let Ok(id) = u32::try_from(id) {
                    addresses.mark(id);
                    all.push((id, flags & DKIM_ONLY != 0 && flags & SPF_ALIGNED == 0));
                }
            }
        }
        addresses.read(&self.connection)?;
        for (id, relays) in all {
            if let Some(address) = addresses.get(id) {
                visit(address, relays);
            }
        }
        Ok(())
    }
}

//! Many addresses at once, by the ids of their sources.

use std::net::IpAddr;

use rusqlite::Connection;

use super::super::error::{StoreError, While as _};
use super::super::source_pages::{self, PAGE_IDS};

const DOING: &str = "read addresses";

/// Ids of sources that are asked about, and afterwards their addresses. Ids are dense, so a bit stands for each.
#[derive(Default)]
pub(super) struct Addresses {
    bits: Vec<u64>,
    /// Marked ids before those of each entry of `bits`.
    before: Vec<usize>,
    /// Addresses of marked ids, ascending by id.
    list: Vec<Option<IpAddr>>,
}

/// Where the bit of an id is.
fn place(id: u32) -> (usize, u64) {
    (usize::try_from(id / 64).unwrap_or(usize::MAX), 1 << (id % 64))
}

impl Addresses {
    /// For ids up to the greatest that there is.
    pub(super) fn new(connection: &Connection) -> Result<Self, StoreError> {
        let last: Option<i64> =
            connection.query_row("SELECT max(id) FROM source", [], |row| row.get(0)).during(DOING)?;
        let last = last.unwrap_or(0).clamp(0, i64::from(u32::MAX));
        let words = usize::try_from(last / 64).unwrap_or(0) + 1;
        Ok(Self { bits: vec![0; words], ..Self::default() })
    }

    /// Marks an id; one that is too great to be there is left out.
    pub(super) fn mark(&mut self, id: u32) {
        let (at, bit) = place(id);
        if let Some(bits) = self.bits.get_mut(at) {
            *bits |= bit;
        }
    }

    /// Reads the addresses of all marked ids.
    pub(super) fn read(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut find = connection.prepare_cached("SELECT packed FROM source_page WHERE page = ?").during(DOING)?;
        let ids_a_page = usize::try_from(PAGE_IDS).unwrap_or(1);
        for (number, words) in (0_i64..).zip(self.bits.chunks(ids_a_page / 64)) {
            let marked: u32 = words.iter().map(|word| word.count_ones()).sum();
            if marked == 0 {
                self.before.extend(words.iter().map(|_| self.list.len()));
                continue;
            }
            let mut rows = find.query([number]).during(DOING)?;
            let row = rows.next().during(DOING)?;
            let page = row.map(|row| row.get_ref(0)).transpose().during(DOING)?;
            let mut page =
                source_pages::Reader::of(number, page.and_then(|page| page.as_blob().ok()).unwrap_or_default());
            for (word, first) in words.iter().zip((0_usize..).step_by(64)) {
                self.before.push(self.list.len());
                let mut left = *word;
                while left != 0 {
                    let at = first + usize::try_from(left.trailing_zeros()).unwrap_or(0);
                    self.list.push(page.address(at)?);
                    left &= left - 1;
                }
            }
        }
        Ok(())
    }

    /// The address of a marked id; `None` where there is none that can be read.
    pub(super) fn get(&self, id: u32) -> Option<IpAddr> {
        let (at, bit) = place(id);
        let bits = self.bits.get(at).filter(|bits| *bits & bit != 0)?;
        let before = usize::try_from((bits & (bit - 1)).count_ones()).unwrap_or(0);
        self.list.get(self.before.get(at)? + before).copied().flatten()
    }
}

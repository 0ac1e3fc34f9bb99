//! Addresses of sources in pages of 256, so that a question that needs a hundred thousand of them reads some hundred rows.
//!
//! A page has one entry for each id: a byte that says how many bytes follow (4, 16, or 0 where there is no readable
//! address), and the address. Pages are made from `source` alone and brought up to date by whoever adds to it, in the same transaction.

use std::net::IpAddr;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::{StoreError, While};

/// Ids of a page.
pub(super) const PAGE_IDS: i64 = 256;
const DOING: &str = "bring addresses up to date";

/// A page that is being filled.
#[derive(Default)]
struct Page {
    number: i64,
    entries: i64,
    packed: Vec<u8>,
}

impl Page {
    /// Adds the address of an id of this page that is greater than all in it.
    fn add(&mut self, id: i64, ip: &str) {
        let place = id.rem_euclid(PAGE_IDS);
        for _ in self.entries..place {
            self.packed.push(0);
        }
        match ip.parse() {
            Ok(IpAddr::V4(address)) => {
                self.packed.push(4);
                self.packed.extend(address.octets());
            }
            Ok(IpAddr::V6(address)) => {
                self.packed.push(16);
                self.packed.extend(address.octets());
            }
            Err(_) => self.packed.push(0),
        }
        self.entries = place + 1;
    }

    fn write(&self, connection: &Connection) -> Result<(), StoreError> {
        let mut put = connection
            .prepare_cached("INSERT INTO source_page (page, packed) VALUES (?, ?) ON CONFLICT DO UPDATE SET packed = excluded.packed")
            .during(DOING)?;
        put.execute(params![self.number, self.packed]).during(DOING)?;
        Ok(())
    }
}

/// Reads a page, front to back.
pub(super) struct Reader<'p> {
    number: i64,
    bytes: &'p [u8],
    /// The entry that comes next.
    entry: usize,
}

impl<'p> Reader<'p> {
    pub(super) fn of(number: i64, bytes: &'p [u8]) -> Self {
        Self { number, bytes, entry: 0 }
    }

    /// The address of an entry that is not before those that were asked for: `None` where there is none that can be read,
    /// or the page ends before.
    pub(super) fn address(&mut self, entry: usize) -> Result<Option<IpAddr>, StoreError> {
        while self.entry < entry && !self.bytes.is_empty() {
            self.take()?;
        }
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let octets = self.take()?;
        let short = octets.first_chunk::<4>().filter(|_| octets.len() == 4).map(|octets| IpAddr::from(*octets));
        Ok(short.or_else(|| Some(IpAddr::from(*octets.first_chunk::<16>()?))))
    }

    /// The bytes of the next entry.
    #[inline]
    fn take(&mut self) -> Result<&'p [u8], StoreError> {
        let length = self.bytes.first().copied().filter(|length| matches!(length, 0 | 4 | 16));
        let taken = length.and_then(|length| self.bytes.get(1..)?.split_at_checked(usize::from(length)));
        let (octets, rest) = taken.ok_or_else(|| damaged(self.number))?;
        (self.bytes, self.entry) = (rest, self.entry + 1);
        Ok(octets)
    }

    /// How many entries are left.
    fn entries(mut self) -> Result<i64, StoreError> {
        let mut entries = 0;
        while !self.bytes.is_empty() {
            self.take()?;
            entries += 1;
        }
        Ok(entries)
    }
}

/// Adds the sources that came since the last time. Ids only rise, as long as nothing is taken out of `source`.
pub(super) fn extend(connection: &Connection) -> Result<(), StoreError> {
    let mut find_last =
        connection.prepare_cached("SELECT page, packed FROM source_page ORDER BY page DESC LIMIT 1").during(DOING)?;
    let last: Option<(i64, Vec<u8>)> =
        find_last.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional().during(DOING)?;
    let mut page = Page::default();
    if let Some((number, packed)) = last {
        let entries = Reader::of(number, &packed).entries()?;
        page = Page { number, entries, packed };
    }
    make(connection, page, |page| page.write(connection))
}

/// The pages that are not what the sources say, and `None` where there are more or fewer than there should be.
pub(super) fn differing(connection: &Connection) -> Result<Vec<Option<i64>>, StoreError> {
    let doing = "compare addresses";
    let (mut differing, mut pages) = (Vec::new(), 0);
    make(connection, Page::default(), |page| {
        let mut find = connection.prepare_cached("SELECT packed FROM source_page WHERE page = ?").during(doing)?;
        let stored: Option<Vec<u8>> = find.query_row([page.number], |row| row.get(0)).optional().during(doing)?;
        if stored.as_deref() != Some(&page.packed) {
            differing.push(Some(page.number));
        }
        pages += 1;
        Ok(())
    })?;
    let stored: i64 = connection.query_row("SELECT count(*) FROM source_page", [], |row| row.get(0)).during(doing)?;
    if stored != pages {
        differing.push(None);
    }
    Ok(differing)
}

/// Fills a page with the sources behind it, and makes those that follow; gives each that holds something new to `visit`.
fn make(
    connection: &Connection,
    mut page: Page,
    mut visit: impl FnMut(&Page) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut is_new = false;
    let mut find = connection.prepare_cached("SELECT id, ip FROM source WHERE id >= ? ORDER BY id").during(DOING)?;
    let mut rows = find.query([page.number.saturating_mul(PAGE_IDS).saturating_add(page.entries)]).during(DOING)?;
    while let Some(row) = rows.next().during(DOING)? {
        let id: i64 = row.get(0).during(DOING)?;
        let number = id.div_euclid(PAGE_IDS);
        if number != page.number {
            if is_new {
                visit(&page)?;
            }
            page.packed.clear();
            page = Page { number, entries: 0, packed: page.packed };
        }
        page.add(id, row.get_ref(1).during(DOING)?.as_str().unwrap_or_default());
        is_new = true;
    }
    if is_new { visit(&page) } else { Ok(()) }
}

/// The bytes of a page can't be read.
fn damaged(page: i64) -> StoreError {
    StoreError::Damaged { what: format!("the page of addresses {page}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(connection: &Connection) -> Vec<(i64, Option<IpAddr>)> {
        let mut find = connection.prepare("SELECT page, packed FROM source_page ORDER BY page").expect("a table");
        let pages = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("readable");
        let mut all = Vec::new();
        for page in pages {
            let (number, packed): (i64, Vec<u8>) = page.expect("readable");
            let mut page = Reader::of(number, &packed);
            for entry in 0..PAGE_IDS {
                let address = page.address(usize::try_from(entry).expect("small")).expect("whole");
                all.push((number * PAGE_IDS + entry, address));
            }
            assert_eq!(page.address(1_000).expect("whole"), None, "behind the end");
        }
        all.into_iter().filter(|(_, address)| address.is_some()).collect()
    }

    #[test]
    fn pages_hold_what_the_sources_are_whatever_the_steps() {
        let connection = Connection::open_in_memory().expect("memory");
        connection
            .execute_batch(concat!(
                include_str!("migrations/0008_source_pages.sql"),
                "CREATE TABLE source (id INTEGER PRIMARY KEY, ip TEXT NOT NULL UNIQUE) STRICT;"
            ))
            .expect("tables");
        let mut expected = Vec::new();
        for (step, count) in [0, 1, 254, 0, 2, 700, 3].into_iter().enumerate() {
            for _ in 0..count {
                let number = i64::try_from(expected.len()).expect("few") + 1;
                let ip = match number % 3 {
                    0 => format!("2001:db8::{number:x}"),
                    1 => format!("10.0.{}.{}", number / 256, number % 256),
                    _ => format!("odd {number}"),
                };
                connection.execute("INSERT INTO source (ip) VALUES (?)", [&ip]).expect("writable");
                expected.push((number, ip.parse::<IpAddr>().ok()));
            }
            extend(&connection).expect("writable");
            let readable: Vec<_> = expected.iter().filter(|(_, ip)| ip.is_some()).copied().collect();
            assert_eq!(addresses(&connection), readable, "step {step}");
            assert_eq!(differing(&connection).expect("readable"), []);
        }
        connection.execute("UPDATE source SET ip = '192.0.2.1' WHERE id = 300", []).expect("writable");
        connection.execute("DELETE FROM source_page WHERE page = 2", []).expect("writable");
        assert_eq!(differing(&connection).expect("readable"), [Some(1), Some(2), None]);
    }

    #[test]
    fn damaged_pages_are_told() {
        for bytes in [&[5_u8][..], &[4, 1, 2, 3], &[16, 0], &[0, 4]] {
            assert!(Reader::of(7, bytes).entries().is_err(), "{bytes:?}");
            let told = Reader::of(7, bytes).address(1).expect_err("damaged").to_string();
            assert!(told.contains("the page of addresses 7"), "{told}");
        }
        assert_eq!(Reader::of(7, &[]).entries().expect("whole"), 0);
    }
}

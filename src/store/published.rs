//! What DNS published on which day.
//!
//! A row is written only when something was seen that differs from what was last known. What did not answer at the time
//! is not known, and no difference: reading puts what was last known in its place.

mod form;

use rusqlite::params;

use super::days::DAY_S;
use super::error::{StoreError, While as _};
use super::file::{Store, begin};
use crate::dns::{Answer, Published, PublishedKey, SpfCover};

/// What a domain published over some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What was seen, `seen_s` for the first time like this. What was not known then is what was known before.
    pub published: Published,
    /// When it was last seen like this, seconds since 1970 UTC.
    pub last_s: i64,
}

impl Store {
    /// Keeps what a domain publishes when it differs from what is known of it; `true` when it does. Something older than
    /// what is known is not kept.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn keep_published(&mut self, published: &Published) -> Result<bool, StoreError> {
        let doing = "keep what DNS publishes";
        let transaction = begin(&mut self.connection, doing)?;
        let known = snapshots(&transaction, &published.domain)?.pop();
        let Some(known) = known else {
            if !says_anything(published) {
                return Ok(false);
            }
            insert(&transaction, published)?;
            transaction.commit().during(doing)?;
            return Ok(true);
        };
        if published.seen_s < known.last_s {
            return Ok(false);
        }
        let mut now = known.published.clone();
        overlay(&mut now, published);
        let differs = Published { seen_s: known.published.seen_s, ..now.clone() } != known.published;
        // Two different sights within one second: the later one takes the place of the earlier one.
        if differs && published.seen_s == known.published.seen_s {
            let update = "UPDATE published SET content = ?3 WHERE domain = ?1 AND first_s = ?2";
            transaction.execute(update, params![now.domain, now.seen_s, form::write(&now)]).during(doing)?;
        } else if differs {
            insert(&transaction, published)?;
        } else {
            let update = "UPDATE published SET last_s = ?3 WHERE domain = ?1 AND first_s = ?2";
            transaction.execute(update, params![now.domain, known.published.seen_s, published.seen_s]).during(doing)?;
        }
        transaction.commit().during(doing)?;
        Ok(differs)
    }

    /// What a domain published on a day, in days since 1970 UTC: as last seen up to its end, or for days before
    /// anything was seen, as first seen. `None` when nothing was ever seen.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn published(&self, domain: &str, day: i64) -> Result<Option<Published>, StoreError> {
        let end_s = day.saturating_add(1).saturating_mul(DAY_S);
        let mut all = snapshots(&self.connection, domain)?;
        let after = all.iter().position(|snapshot| snapshot.published.seen_s >= end_s).unwrap_or(all.len());
        let valid = after.saturating_sub(1);
        Ok((valid < all.len()).then(|| all.swap_remove(valid).published))
    }

    /// Everything that a domain was seen to publish, oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn published_history(&self, domain: &str) -> Result<Vec<Snapshot>, StoreError> {
        snapshots(&self.connection, domain)
    }

    /// Domains of which anything is known, in alphabetical order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn published_domains(&self) -> Result<Vec<String>, StoreError> {
        let doing = "list the domains whose records are known";
        let mut find = self.connection.prepare_cached("SELECT DISTINCT domain FROM published").during(doing)?;
        let rows = find.query_map([], |row| row.get(0)).during(doing)?;
        rows.collect::<Result<_, _>>().during(doing)
    }

    /// Selectors of a domain with which a signature was seen to verify, in alphabetical order, at most `most`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn selectors_seen(&self, domain: &str, most: usize) -> Result<Vec<String>, StoreError> {
        let doing = "list the selectors in reports";
        // Measured results are kept as JSON, each different one once.
        let sql = "SELECT DISTINCT json_extract(one.value, '$.selector') AS selector
            FROM word, json_each(word.text, '$.dkim') AS one
            WHERE word.text LIKE '{\"dkim\":%' AND json_valid(word.text)
                AND lower(json_extract(one.value, '$.domain')) = lower(?1)
                AND json_extract(one.value, '$.result') = 'pass' AND selector IS NOT NULL
            ORDER BY selector LIMIT ?2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut find = self.connection.prepare_cached(sql).during(doing)?;
        let rows = find.query_map(params![domain, most], |row| row.get(0)).during(doing)?;
        rows.collect::<Result<_, _>>().during(doing)
    }
}

fn insert(connection: &rusqlite::Connection, published: &Published) -> Result<(), StoreError> {
    let sql = "INSERT INTO published (domain, first_s, last_s, content) VALUES (?1, ?2, ?2, ?3)";
    connection
        .execute(sql, params![published.domain, published.seen_s, form::write(published)])
        .during("keep what DNS publishes")?;
    Ok(())
}

/// All snapshots of a domain, oldest first.
fn snapshots(connection: &rusqlite::Connection, domain: &str) -> Result<Vec<Snapshot>, StoreError> {
    let doing = "read what DNS published";
    let mut find = connection
        .prepare_cached("SELECT first_s, last_s, content FROM published WHERE domain = ? ORDER BY first_s")
        .during(doing)?;
    let mut rows = find.query([domain]).during(doing)?;
    let mut all: Vec<Snapshot> = Vec::new();
    while let Some(row) = rows.next().during(doing)? {
        let (first_s, last_s): (i64, i64) = (|| Ok((row.get(0)?, row.get(1)?)))().during(doing)?;
        let content = row.get_ref(2).during(doing)?.as_str().unwrap_or_default();
        let seen = form::read(content, domain, first_s)
            .ok_or_else(|| StoreError::Unreadable { what: format!("what DNS published for {domain}") })?;
        let published = match all.last() {
            None => seen,
            Some(before) => {
                let mut published = before.published.clone();
                overlay(&mut published, &seen);
                published
            }
        };
        all.push(Snapshot { published, last_s });
    }
    Ok(all)
}

/// Whether anything at all was answered.
fn says_anything(published: &Published) -> bool {
    let answers = [&published.dmarc, &published.spf, &published.mx];
    let keys = published.dkim.iter().map(|key| &key.answer);
    answers.into_iter().chain(keys).any(|answer| !answer.is_unknown())
}

/// Puts what was seen over what was known before; what is not known now stays as it was.
fn overlay(known: &mut Published, seen: &Published) {
    known.seen_s = seen.seen_s;
    let take = |known: &mut Answer<String>, seen: &Answer<String>| {
        if known.is_unknown() || !seen.is_unknown() {
            known.clone_from(seen);
        }
    };
    let had_spf = known.spf.clone();
    take(&mut known.dmarc, &seen.dmarc);
    take(&mut known.spf, &seen.spf);
    take(&mut known.mx, &seen.mx);
    if seen.organizational_domain.is_some() || seen.dmarc_applies.is_some() {
        known.dmarc_applies.clone_from(&seen.dmarc_applies);
    }
    if seen.organizational_domain.is_some() {
        known.organizational_domain.clone_from(&seen.organizational_domain);
    }
    if !seen.spf.is_unknown() && (known.spf != had_spf || !is_part(seen.spf_cover.as_ref(), known.spf_cover.as_ref())) {
        known.spf_cover.clone_from(&seen.spf_cover);
    }
    for key in &seen.dkim {
        overlay_key(&mut known.dkim, key);
    }
}

/// A cover that is not complete, and holds nothing but what another one holds too: some question had no answer, so it
/// is no news.
fn is_part(cover: Option<&SpfCover>, of: Option<&SpfCover>) -> bool {
    let (Some(cover), Some(of)) = (cover, of) else { return false };
    !cover.is_complete && cover.networks.iter().all(|network| of.networks.contains(network))
}

/// A selector that is not there is news only when it was there before: which selectors are asked for varies.
fn overlay_key(known: &mut Vec<PublishedKey>, seen: &PublishedKey) {
    let place = known.iter().position(|key| key.selector == seen.selector);
    let says_more = |key: &PublishedKey| {
        // Not there is not there, whatever is said of the names above.
        let is_gone_still = key.answer.is_missing() && seen.answer.is_missing();
        !is_gone_still && (key.answer.is_unknown() || !seen.answer.is_unknown())
    };
    match place.and_then(|place| known.get_mut(place)) {
        Some(key) if says_more(key) => key.clone_from(seen),
        None if !seen.answer.is_missing() && !seen.answer.is_unknown() => known.push(seen.clone()),
        _ => {}
    }
}

#[cfg(test)]
mod tests;

-- What the mail proved that brought a raw input. Ground state: the mail itself is not kept.
CREATE TABLE proof (
    raw_id INTEGER PRIMARY KEY,       -- nothing stands here for what did not come by mail
    trust TEXT NOT NULL,              -- unknown, proven, other, failed, no_key, unsigned
    domain TEXT,                      -- whose signature it is, for proven and other
    sender_domain TEXT NOT NULL,      -- organisational domain of From; empty: none
    signatures TEXT NOT NULL,         -- JSON, as long as a key has to be asked for; `store/proofs.rs` reads and writes it
    asked_s INTEGER NOT NULL          -- when a key was last asked for; 0 never
) STRICT;
CREATE INDEX proof_open ON proof (asked_s) WHERE trust = 'unknown';

-- Who sends reports by mail, and since when.
CREATE TABLE reporter_seen (
    reporter TEXT NOT NULL,           -- as reports are grouped by
    sender_domain TEXT NOT NULL,
    first_s INTEGER NOT NULL,         -- when its first report was received
    PRIMARY KEY (reporter, sender_domain)
) STRICT, WITHOUT ROWID;

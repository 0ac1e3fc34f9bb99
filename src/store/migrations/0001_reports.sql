-- Ground state: what was received. Everything else but `delivery` and hand-made decisions can be made again from it.
CREATE TABLE raw (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,      -- of the bytes as received
    packing INTEGER NOT NULL,         -- 0 as received, 1 zlib by us, 2 not kept
    bytes BLOB NOT NULL,
    size_bytes INTEGER NOT NULL,      -- as received
    name TEXT,                        -- the sender's name for it
    origin TEXT NOT NULL,             -- file or mailbox it came from
    received_s INTEGER NOT NULL,
    mail_from TEXT,
    mail_subject TEXT,
    mail_message_id TEXT,
    mail_date_s INTEGER,
    accepted INTEGER NOT NULL DEFAULT 0   -- 1: damaged reports in it were accepted by hand as partial ones
) STRICT;

-- Every attempt to take something in.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    received_s INTEGER NOT NULL,
    origin TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    reports_new INTEGER NOT NULL,
    reports_duplicate INTEGER NOT NULL,
    reports_conflicting INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    other INTEGER NOT NULL
) STRICT;

-- Every text once: domains, reporters, selectors, and facts of records as JSON. Found by a hash: texts are long.
CREATE TABLE word (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX word_hash ON word (hash);

-- Every source address once, in RFC 5952 form; odd ones as sent.
CREATE TABLE source (id INTEGER PRIMARY KEY, ip TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    raw_id INTEGER NOT NULL,
    path TEXT NOT NULL,               -- where in raw it lies
    standing INTEGER NOT NULL,        -- 0 counted, 1 counted though partial, 2 conflicting: kept, not counted
    identity BLOB NOT NULL,           -- of reporter, domain, report id, begin, end
    fingerprint BLOB NOT NULL,        -- of everything that was read
    reporter_id INTEGER NOT NULL,     -- word, 0 unknown
    domain_id INTEGER NOT NULL,       -- word
    report_id TEXT NOT NULL,
    begin_s INTEGER NOT NULL,
    end_s INTEGER NOT NULL,
    records INTEGER NOT NULL,
    dkim_and_spf INTEGER NOT NULL,    -- mails aligned in both
    dkim_only INTEGER NOT NULL,
    spf_only INTEGER NOT NULL,
    neither INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    head TEXT NOT NULL,               -- metadata, policy and notes as JSON
    received_s INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX report_identity ON report (identity) WHERE standing < 2;
CREATE INDEX report_domain ON report (domain_id, begin_s);
CREATE INDEX report_begin ON report (begin_s);
-- What is counted without reading reports: few have notes, fewer conflict.
CREATE INDEX report_notes ON report (notes) WHERE standing < 2 AND notes > 0;
CREATE INDEX report_conflicting ON report (id) WHERE standing = 2;

-- The records of a report, packed: store/codec.rs has the form.
CREATE TABLE report_records (report_id INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;

-- Sums a day. dimension: 0 all, 1 reporter, 2 header_from, 3 disposition, 4 disposition of failing mails with an override
CREATE TABLE daily (
    dimension INTEGER NOT NULL,
    domain_id INTEGER NOT NULL,
    day INTEGER NOT NULL,             -- days since 1970-01-01 UTC
    key_id INTEGER NOT NULL,          -- word, 0 absent
    reports INTEGER NOT NULL,
    records INTEGER NOT NULL,
    dkim_and_spf INTEGER NOT NULL,
    dkim_only INTEGER NOT NULL,
    spf_only INTEGER NOT NULL,
    neither INTEGER NOT NULL,
    PRIMARY KEY (dimension, domain_id, day, key_id)
) STRICT, WITHOUT ROWID;

-- Sums a day and source, packed: store/codec.rs has the form.
CREATE TABLE daily_sources (
    domain_id INTEGER NOT NULL,
    day INTEGER NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (domain_id, day)
) STRICT, WITHOUT ROWID;

-- What claims to be a report and can't be used.
CREATE TABLE rejection (
    id INTEGER PRIMARY KEY,
    raw_id INTEGER NOT NULL,          -- 0: too large to be kept
    path TEXT NOT NULL,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL,
    readable TEXT,                    -- what could be read of it
    origin TEXT NOT NULL,
    name TEXT,
    size_bytes INTEGER NOT NULL,
    received_s INTEGER NOT NULL
) STRICT;
CREATE INDEX rejection_raw ON rejection (raw_id);

-- Reports of other kinds, recognised and kept.
CREATE TABLE other (
    id INTEGER PRIMARY KEY,
    raw_id INTEGER NOT NULL,
    path TEXT NOT NULL,
    kind TEXT NOT NULL
) STRICT;
CREATE INDEX other_raw ON other (raw_id);

-- Rises whenever ids of words and sources lose their meaning.
CREATE TABLE epoch (value INTEGER NOT NULL) STRICT;
INSERT INTO epoch VALUES (1);

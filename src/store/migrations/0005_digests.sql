-- What the last digest said to each receiver. Ground state: no report tells what people were told already.
CREATE TABLE digest (
    scope TEXT NOT NULL,              -- a domain, or empty for all
    receiver TEXT NOT NULL,           -- an address, or the name of a webhook in the settings
    made_s INTEGER NOT NULL,
    snapshot TEXT NOT NULL,           -- JSON: what was said, to compare the next one with
    PRIMARY KEY (scope, receiver)
) STRICT, WITHOUT ROWID;

-- Letters that are to be delivered. A row stays until somebody has taken it.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,        -- of the letter: the same one is never made twice
    channel TEXT NOT NULL,            -- mail, webhook
    receiver TEXT NOT NULL,           -- an address, or the name of a webhook in the settings
    payload BLOB NOT NULL,            -- as it is sent; no secret is in it
    made_s INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    due_s INTEGER NOT NULL,           -- not tried before
    taken_s INTEGER NOT NULL          -- a process tries it since then; 0 none
) STRICT;

-- What DNS published, and when it was seen. Ground state: nothing else knows the past.
CREATE TABLE published (
    domain TEXT NOT NULL,
    first_s INTEGER NOT NULL,         -- when it was first seen like this
    last_s INTEGER NOT NULL,          -- when it was last seen like this
    content TEXT NOT NULL,            -- JSON; `store/published/form.rs` reads and writes it
    PRIMARY KEY (domain, first_s)
) STRICT, WITHOUT ROWID;

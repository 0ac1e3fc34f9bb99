-- Alarms as they were last worked out. Derived: made anew out of reports and `published` at every look, as far as the
-- reports go back that are looked at; older ones stay as they were, because what they were made of may have been pruned.
CREATE TABLE alarm (
    domain TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,            -- a sender, a reporter, a selector; a stranger's text
    opened_day INTEGER NOT NULL,      -- days since 1970-01-01 UTC
    last_day INTEGER NOT NULL,        -- the last day on which the rule held
    closed_day INTEGER,               -- NULL while it is open
    severity TEXT NOT NULL,           -- info, warning, critical
    detail TEXT NOT NULL,
    PRIMARY KEY (domain, kind, subject, opened_day)
) STRICT, WITHOUT ROWID;

-- What the owner wrote down about a domain. Ground state: nobody else knows it.
CREATE TABLE owner_note (
    id INTEGER PRIMARY KEY,
    domain TEXT NOT NULL,
    kind TEXT NOT NULL,               -- complaint, change, other
    made_s INTEGER NOT NULL,          -- seconds since 1970 UTC
    text TEXT NOT NULL
) STRICT;

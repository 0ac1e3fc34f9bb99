-- How far each folder of a mailbox was read. Ground state, but only of time: without it everything is read again.
CREATE TABLE checkpoint (
    account TEXT NOT NULL,            -- user@host
    folder TEXT NOT NULL,
    uid_validity INTEGER NOT NULL,    -- another one: the server has numbered all mails anew
    uid_last INTEGER NOT NULL,        -- all mails up to this one were stored and acted on
    since_day INTEGER NOT NULL,       -- older mails were left out, in days since 1970-01-01 UTC; 0 none
    unseen_only INTEGER NOT NULL,     -- 1: mails that somebody had read were left out
    PRIMARY KEY (account, folder)
) STRICT, WITHOUT ROWID;

-- Names of addresses in reverse DNS, as they were seen at one time. Neither ground state nor derived: asked again when old.
CREATE TABLE reverse_name (
    ip TEXT PRIMARY KEY,              -- in RFC 5952 form
    name TEXT,                        -- lower case; NULL: it is known that there is none
    is_confirmed INTEGER NOT NULL,    -- 1: the name leads back to the address
    seen_s INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Addresses of `source`, 256 ids a row. Derived from it alone: `store/source_pages.rs` has the form and makes them.
CREATE TABLE source_page (page INTEGER PRIMARY KEY, packed BLOB NOT NULL) STRICT;

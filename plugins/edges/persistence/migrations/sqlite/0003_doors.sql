-- The network an account was last logged in from by password, as a keyed hash.
ALTER TABLE accounts ADD COLUMN seen_network BLOB;

-- An account whose name another one has by the rules of today: it keeps its exact old name to log in by, and this is
-- the key it would have.
ALTER TABLE accounts ADD COLUMN clash_of TEXT;
CREATE INDEX accounts_by_clash ON accounts (clash_of) WHERE clash_of IS NOT NULL;

-- The rules by which all keys of names here were made.
CREATE TABLE name_rules (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;

INSERT INTO name_rules (id, version) VALUES (1, 1);

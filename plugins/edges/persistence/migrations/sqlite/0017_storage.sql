-- Objects that programs keep with accounts. Keys are in the order of their bytes.
CREATE TABLE storage_objects (
    account INTEGER NOT NULL REFERENCES accounts (id),
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    -- A JSON object.
    value TEXT NOT NULL,
    readable_by TEXT NOT NULL CHECK (readable_by IN ('owner', 'public')),
    writable_by TEXT NOT NULL CHECK (writable_by IN ('owner', 'server')),
    version INTEGER NOT NULL CHECK (version > 0),
    -- Of the value and both names.
    bytes INTEGER NOT NULL CHECK (bytes > 0),
    written_s INTEGER NOT NULL,
    PRIMARY KEY (account, collection, key)
) STRICT;

-- How much accounts keep, and how often they have written: the version of the latest write.
CREATE TABLE storage_usage (
    account INTEGER PRIMARY KEY REFERENCES accounts (id),
    objects INTEGER NOT NULL CHECK (objects >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    writes INTEGER NOT NULL CHECK (writes >= 0)
) STRICT;

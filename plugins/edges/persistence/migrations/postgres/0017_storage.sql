-- Objects that programs keep with accounts. Keys are in the order of their bytes.
CREATE TABLE storage_objects (
    account BIGINT NOT NULL REFERENCES accounts (id),
    collection TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    -- A JSON object.
    value TEXT NOT NULL,
    readable_by TEXT NOT NULL CHECK (readable_by IN ('owner', 'public')),
    writable_by TEXT NOT NULL CHECK (writable_by IN ('owner', 'server')),
    version BIGINT NOT NULL CHECK (version > 0),
    -- Of the value and both names.
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    written_s BIGINT NOT NULL,
    PRIMARY KEY (account, collection, key)
);

-- How much accounts keep, and how often they have written: the version of the latest write.
CREATE TABLE storage_usage (
    account BIGINT PRIMARY KEY REFERENCES accounts (id),
    objects BIGINT NOT NULL CHECK (objects >= 0),
    bytes BIGINT NOT NULL CHECK (bytes >= 0),
    writes BIGINT NOT NULL CHECK (writes >= 0)
);

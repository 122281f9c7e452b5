-- A login and the refresh tokens that keep it open: a family. Used tokens stay until they would have expired, so that
-- one that is shown again is known.
CREATE TABLE logins (
    login INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES accounts (id),
    opened_s INTEGER NOT NULL,
    closed_s INTEGER
) STRICT;

CREATE INDEX logins_by_account ON logins (account);

CREATE TABLE refresh_tokens (
    digest BLOB PRIMARY KEY CHECK (length(digest) = 32),
    login INTEGER NOT NULL REFERENCES logins (login) ON DELETE CASCADE,
    expires_s INTEGER NOT NULL,
    used_s INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_login ON refresh_tokens (login);

CREATE TABLE characters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts (id),
    canonical TEXT NOT NULL,
    name TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    deleted_s INTEGER
) STRICT;

-- The name of a deleted one is free.
CREATE UNIQUE INDEX characters_by_name ON characters (canonical) WHERE deleted_s IS NULL;
CREATE INDEX characters_by_account ON characters (account) WHERE deleted_s IS NULL;

CREATE TABLE trades (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    proposer INTEGER NOT NULL REFERENCES accounts (id),
    receiver INTEGER NOT NULL REFERENCES accounts (id),
    -- Items as JSON rows of origin, serial and the version they were seen at.
    gives TEXT NOT NULL,
    wants TEXT NOT NULL,
    gives_currency INTEGER NOT NULL CHECK (gives_currency >= 0),
    wants_currency INTEGER NOT NULL CHECK (wants_currency >= 0),
    state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'cancelled')),
    expires_s INTEGER NOT NULL,
    ended_s INTEGER,
    CHECK (proposer <> receiver)
) STRICT;

CREATE INDEX trades_by_proposer ON trades (proposer, id);
CREATE INDEX trades_by_receiver ON trades (receiver, id);

-- What was bought, by the buyer's own key: the same key again buys nothing.
CREATE TABLE purchases (
    account INTEGER NOT NULL REFERENCES accounts (id),
    key INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    price INTEGER NOT NULL CHECK (price > 0),
    bought_s INTEGER NOT NULL,
    PRIMARY KEY (account, key),
    UNIQUE (account, serial)
) STRICT, WITHOUT ROWID;

-- What was sold, and at which version: the same again pays nothing. An item is sold once and then no more.
CREATE TABLE sales (
    origin INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    version INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    price INTEGER NOT NULL CHECK (price > 0),
    sold_s INTEGER NOT NULL,
    PRIMARY KEY (origin, serial)
) STRICT, WITHOUT ROWID;

-- What an account is still to be told, written with what it tells of.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts (id),
    source_event TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    done_s INTEGER,
    UNIQUE (account, source_event)
) STRICT;

CREATE INDEX outbox_untold ON outbox (account, id) WHERE done_s IS NULL;

-- How a seat stood when it was last kept; nothing is granted by it.
ALTER TABLE seats ADD COLUMN kept_tick INTEGER;
ALTER TABLE seats ADD COLUMN present INTEGER;
ALTER TABLE seats ADD COLUMN kills INTEGER;
ALTER TABLE seats ADD COLUMN xp INTEGER;
ALTER TABLE seats ADD COLUMN damage_dealt INTEGER;
ALTER TABLE seats ADD COLUMN outcome TEXT;

-- Written while nothing else can be, to find out when that is over.
CREATE TABLE pulse (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beats INTEGER NOT NULL
) STRICT;

INSERT INTO pulse (id, beats) VALUES (1, 0);

-- Unsigned 64-bit numbers (ids, seeds) are kept as the signed number with the same bits.
-- Times are seconds since 1970.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    canonical TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_s INTEGER NOT NULL
) STRICT;

CREATE TABLE profiles (
    account INTEGER PRIMARY KEY REFERENCES accounts (id),
    xp INTEGER NOT NULL DEFAULT 0 CHECK (xp >= 0),
    -- The account's balance in the ledger, kept beside it for reading; written only together with it.
    currency INTEGER NOT NULL DEFAULT 0 CHECK (currency >= 0),
    skill_mean_micros INTEGER NOT NULL,
    skill_deviation_micros INTEGER NOT NULL,
    stash_capacity INTEGER NOT NULL CHECK (stash_capacity >= 0)
) STRICT;

CREATE TABLE matches (
    id INTEGER PRIMARY KEY,
    mode TEXT NOT NULL,
    seed INTEGER NOT NULL,
    started_s INTEGER NOT NULL,
    ended_s INTEGER,
    state TEXT NOT NULL CHECK (state IN ('running', 'settled', 'abandoned'))
) STRICT;

CREATE INDEX matches_running ON matches (id) WHERE state = 'running';

CREATE TABLE seats (
    match_id INTEGER NOT NULL REFERENCES matches (id),
    account INTEGER NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (match_id, account)
) STRICT, WITHOUT ROWID;

-- An item is one row, so it is in exactly one place. A lost item is no row.
CREATE TABLE items (
    origin INTEGER NOT NULL,
    serial INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    template TEXT NOT NULL,
    place TEXT NOT NULL CHECK (place IN ('stash', 'escrow')),
    match_id INTEGER REFERENCES matches (id),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (origin, serial),
    CHECK ((place = 'escrow') = (match_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX items_by_account ON items (account, place);
CREATE INDEX items_in_escrow ON items (match_id) WHERE match_id IS NOT NULL;

-- A grant is keyed by who gets it and what for: the same key again grants nothing.
CREATE TABLE grants (
    account INTEGER NOT NULL REFERENCES accounts (id),
    source_event TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('starter', 'match')),
    amount INTEGER NOT NULL,
    -- What the account was told, as JSON.
    report TEXT NOT NULL,
    granted_s INTEGER NOT NULL,
    PRIMARY KEY (account, source_event)
) STRICT, WITHOUT ROWID;

-- Double entry: what one holder gains another loses, so that all amounts sum to zero. No account: the house.
CREATE TABLE ledger (
    entry INTEGER PRIMARY KEY,
    account INTEGER REFERENCES accounts (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    source_event TEXT NOT NULL,
    entered_s INTEGER NOT NULL
) STRICT;

CREATE INDEX ledger_by_account ON ledger (account);

CREATE TABLE rating_history (
    account INTEGER NOT NULL REFERENCES accounts (id),
    match_id INTEGER NOT NULL REFERENCES matches (id),
    skill_mean_micros INTEGER NOT NULL,
    skill_deviation_micros INTEGER NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (account, match_id)
) STRICT, WITHOUT ROWID;

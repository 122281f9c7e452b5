-- A game may be the house's own: then no account has started it. SQLite cannot take a constraint from a column, so it is another one.
DROP INDEX games_by_key;
DROP INDEX games_of_accounts;
DROP INDEX games_running;
ALTER TABLE games ADD COLUMN maker INTEGER REFERENCES accounts (id);
UPDATE games SET maker = account;
ALTER TABLE games DROP COLUMN account;
ALTER TABLE games RENAME COLUMN maker TO account;

-- When it began to be played. Without it, and not ended, people may still enter; without it, and ended, it was called off.
ALTER TABLE games ADD COLUMN started_s INTEGER;
UPDATE games SET started_s = created_s;

CREATE UNIQUE INDEX games_by_key ON games (account, request_key) WHERE request_key <> '';
CREATE INDEX games_of_accounts ON games (account, id);
CREATE INDEX games_running ON games (id) WHERE ended_s IS NULL AND started_s IS NOT NULL;
CREATE INDEX games_open ON games (id) WHERE ended_s IS NULL AND started_s IS NULL;

-- Under which terms people enter a game one by one, as they were when it was opened.
CREATE TABLE game_terms (
    game INTEGER PRIMARY KEY REFERENCES games (id),
    -- When it starts unless it is full before.
    starts_s INTEGER NOT NULL,
    -- Fewest to which machines fill it.
    size_min INTEGER NOT NULL,
    per_person_max INTEGER NOT NULL,
    people_min INTEGER NOT NULL,
    entry_fee INTEGER NOT NULL CHECK (entry_fee >= 0),
    -- What the house adds.
    purse INTEGER NOT NULL CHECK (purse >= 0),
    -- Percent of each place, as JSON.
    prizes TEXT NOT NULL,
    seeding TEXT NOT NULL,
    -- The tournament whose schedule has opened it; nothing: somebody has.
    scheduled TEXT NOT NULL,
    -- How many have entered and not left.
    entered INTEGER NOT NULL DEFAULT 0 CHECK (entered BETWEEN 0 AND 64),
    -- The key of its draw in hexadecimal digits, once it has started.
    draw TEXT NOT NULL DEFAULT '',
    -- What of fees and purse nobody got, once it is over or called off.
    burnt INTEGER
) STRICT;

CREATE UNIQUE INDEX games_of_schedules ON game_terms (scheduled, starts_s) WHERE scheduled <> '';

-- Who has entered a game, in the order of entry. Rows stay, whatever becomes of the game.
CREATE TABLE game_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    game INTEGER NOT NULL REFERENCES games (id),
    account INTEGER NOT NULL REFERENCES accounts (id),
    creature INTEGER NOT NULL REFERENCES creatures (id),
    -- By which the same request of the account is known again; nothing: it never is.
    request_key TEXT NOT NULL,
    fee INTEGER NOT NULL CHECK (fee >= 0),
    entered_s INTEGER NOT NULL,
    -- When it left, or its game was called off, and what of the fee was given back then.
    left_s INTEGER,
    refund INTEGER CHECK (refund BETWEEN 0 AND fee),
    -- What it has won, once the game is over.
    prize INTEGER CHECK (prize >= 0),
    CHECK ((left_s IS NULL) = (refund IS NULL)),
    CHECK (left_s IS NULL OR prize IS NULL)
) STRICT;

CREATE UNIQUE INDEX game_entries_by_key ON game_entries (game, account, request_key) WHERE request_key <> '';
CREATE UNIQUE INDEX game_entries_by_creature ON game_entries (game, creature) WHERE left_s IS NULL;
CREATE INDEX game_entries_of_accounts ON game_entries (account, game);

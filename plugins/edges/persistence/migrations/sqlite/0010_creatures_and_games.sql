-- Games that creatures are in: a tournament of one account's creatures and machines. A number is never used again.
CREATE TABLE games (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts (id),
    tournament TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size BETWEEN 0 AND 255),
    -- The key of the machines' level; nothing: no machines take part.
    fill TEXT NOT NULL,
    -- By which the same request of the account is known again; nothing: it never is.
    request_key TEXT NOT NULL,
    created_s INTEGER NOT NULL,
    -- When it ended, and how it stood then, in a form of its kind; both are missing while it runs.
    ended_s INTEGER,
    overview BLOB,
    CHECK ((ended_s IS NULL) = (overview IS NULL))
) STRICT;

CREATE UNIQUE INDEX games_by_key ON games (account, request_key) WHERE request_key <> '';
CREATE INDEX games_of_accounts ON games (account, id);
CREATE INDEX games_running ON games (id) WHERE ended_s IS NULL;

-- A number is never used again: who is released stays as a row.
CREATE TABLE creatures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    speed INTEGER NOT NULL,
    health INTEGER NOT NULL,
    defence INTEGER NOT NULL,
    strength INTEGER NOT NULL,
    luck INTEGER NOT NULL,
    -- Points that it has not given to a stat.
    points INTEGER NOT NULL,
    won INTEGER NOT NULL DEFAULT 0,
    lost INTEGER NOT NULL DEFAULT 0,
    streak INTEGER NOT NULL DEFAULT 0,
    best_streak INTEGER NOT NULL DEFAULT 0,
    titles INTEGER NOT NULL DEFAULT 0,
    -- The game that holds it.
    game INTEGER REFERENCES games (id),
    created_s INTEGER NOT NULL,
    released_s INTEGER,
    CHECK (game IS NULL OR released_s IS NULL)
) STRICT;

CREATE INDEX creatures_of_accounts ON creatures (account, id) WHERE released_s IS NULL;
CREATE INDEX creatures_in_games ON creatures (game) WHERE game IS NOT NULL;

-- The creatures of people in a game, the best seed first, as they were when it began: a shard is made of these.
CREATE TABLE game_creatures (
    game INTEGER NOT NULL REFERENCES games (id),
    seed INTEGER NOT NULL,
    creature INTEGER NOT NULL REFERENCES creatures (id),
    owner INTEGER NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    speed INTEGER NOT NULL,
    health INTEGER NOT NULL,
    defence INTEGER NOT NULL,
    strength INTEGER NOT NULL,
    luck INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (game, seed),
    UNIQUE (game, creature)
) STRICT, WITHOUT ROWID;

-- Boards of who is best. One that is turned round is another.
CREATE TABLE boards (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL,
    is_ascending INTEGER NOT NULL CHECK (is_ascending IN (0, 1)),
    -- When the season begins that goes on, in seconds since 1970, once one is over: whatever comes counts in that season or a later one.
    open_from_s INTEGER NOT NULL DEFAULT 0,
    -- How often a score on it has changed.
    changes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (key, is_ascending)
) STRICT;

-- Seasons in which anybody has a score.
CREATE TABLE board_seasons (
    board INTEGER NOT NULL REFERENCES boards (id),
    -- When it begins, in seconds since 1970; 0: the time without seasons.
    season_s INTEGER NOT NULL,
    -- How many have a score.
    entries INTEGER NOT NULL,
    -- When it was closed: its scores change no more.
    closed_s INTEGER,
    PRIMARY KEY (board, season_s)
) STRICT, WITHOUT ROWID;

CREATE TABLE scores (
    board INTEGER NOT NULL REFERENCES boards (id),
    season_s INTEGER NOT NULL,
    account INTEGER NOT NULL REFERENCES accounts (id),
    -- The score, or its negative where more is better: the least place stands first.
    place INTEGER NOT NULL,
    -- The change of the board that has made it so: of two with one place the earlier stands first.
    serial INTEGER NOT NULL,
    PRIMARY KEY (board, season_s, account)
) STRICT, WITHOUT ROWID;

-- A page, a rank and those around somebody are read from it alone.
CREATE INDEX scores_by_place ON scores (board, season_s, place, serial, account);

-- Scores that are known when they come again.
CREATE TABLE score_keys (
    board INTEGER NOT NULL REFERENCES boards (id),
    account INTEGER NOT NULL REFERENCES accounts (id),
    key TEXT NOT NULL,
    season_s INTEGER NOT NULL,
    PRIMARY KEY (board, account, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX score_keys_of_seasons ON score_keys (board, season_s);

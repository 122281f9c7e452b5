-- What accounts were rewarded with, each once by what for: `achievement:KEY`, `daily:TABLE:DAY`, `season:BOARD:BEGAN`.
CREATE TABLE rewards (
    account INTEGER NOT NULL REFERENCES accounts (id),
    source_event TEXT NOT NULL,
    -- What it came to; the wallet may have had room for less than was meant.
    currency INTEGER NOT NULL CHECK (currency >= 0),
    -- Empty: none.
    cosmetic TEXT NOT NULL,
    -- The rank of a season; the place in the row of days; 0: neither.
    rank INTEGER NOT NULL,
    granted_s INTEGER NOT NULL,
    PRIMARY KEY (account, source_event)
) STRICT, WITHOUT ROWID;

-- How far accounts have come, counted with what each match has settled.
CREATE TABLE achievements (
    account INTEGER NOT NULL REFERENCES accounts (id),
    achievement TEXT NOT NULL,
    progress INTEGER NOT NULL,
    done_s INTEGER,
    PRIMARY KEY (account, achievement)
) STRICT, WITHOUT ROWID;

-- The last day of UTC on which accounts have taken what a table of daily rewards has for it, in days since 1970, and how many they
-- have taken in a row.
CREATE TABLE daily_claims (
    account INTEGER NOT NULL REFERENCES accounts (id),
    daily TEXT NOT NULL,
    day INTEGER NOT NULL,
    streak INTEGER NOT NULL,
    PRIMARY KEY (account, daily)
) STRICT, WITHOUT ROWID;

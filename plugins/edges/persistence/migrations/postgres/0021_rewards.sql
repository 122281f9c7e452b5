-- What accounts were rewarded with, each once by what for: `achievement:KEY`, `daily:TABLE:DAY`, `season:BOARD:BEGAN`.
CREATE TABLE rewards (
    account BIGINT NOT NULL REFERENCES accounts (id),
    source_event TEXT NOT NULL,
    -- What it came to; the wallet may have had room for less than was meant.
    currency BIGINT NOT NULL CHECK (currency >= 0),
    -- Empty: none.
    cosmetic TEXT NOT NULL,
    -- The rank of a season; the place in the row of days; 0: neither.
    rank BIGINT NOT NULL,
    granted_s BIGINT NOT NULL,
    PRIMARY KEY (account, source_event)
);

-- How far accounts have come, counted with what each match has settled.
CREATE TABLE achievements (
    account BIGINT NOT NULL REFERENCES accounts (id),
    achievement TEXT NOT NULL,
    progress BIGINT NOT NULL,
    done_s BIGINT,
    PRIMARY KEY (account, achievement)
);

-- The last day of UTC on which accounts have taken what a table of daily rewards has for it, in days since 1970, and how many they
-- have taken in a row.
CREATE TABLE daily_claims (
    account BIGINT NOT NULL REFERENCES accounts (id),
    daily TEXT NOT NULL,
    day BIGINT NOT NULL,
    streak BIGINT NOT NULL,
    PRIMARY KEY (account, daily)
);

-- What accounts have to wear.
CREATE TABLE cosmetics (
    account INTEGER NOT NULL REFERENCES accounts (id),
    cosmetic TEXT NOT NULL,
    -- The key of the purchase that brought it; nothing: it was a reward.
    purchase INTEGER,
    -- Whether a match has begun in which it was worn.
    used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    PRIMARY KEY (account, cosmetic)
) STRICT, WITHOUT ROWID;

-- What accounts wear, one in each slot.
CREATE TABLE cosmetics_worn (
    account INTEGER NOT NULL REFERENCES accounts (id),
    slot TEXT NOT NULL,
    cosmetic TEXT NOT NULL,
    PRIMARY KEY (account, slot)
) STRICT, WITHOUT ROWID;

-- What was bought, by the buyer's keys: the same again buys and costs nothing. By the clock of the database.
CREATE TABLE cosmetic_purchases (
    account INTEGER NOT NULL REFERENCES accounts (id),
    key INTEGER NOT NULL,
    cosmetic TEXT NOT NULL,
    price INTEGER NOT NULL CHECK (price > 0),
    bought_s INTEGER NOT NULL,
    refunded_s INTEGER,
    PRIMARY KEY (account, key)
) STRICT, WITHOUT ROWID;

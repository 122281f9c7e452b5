-- What accounts have to wear.
CREATE TABLE cosmetics (
    account BIGINT NOT NULL REFERENCES accounts (id),
    cosmetic TEXT NOT NULL,
    -- The key of the purchase that brought it; nothing: it was a reward.
    purchase BIGINT,
    -- Whether a match has begun in which it was worn.
    used BIGINT NOT NULL DEFAULT 0 CHECK (used IN (0, 1)),
    PRIMARY KEY (account, cosmetic)
);

-- What accounts wear, one in each slot.
CREATE TABLE cosmetics_worn (
    account BIGINT NOT NULL REFERENCES accounts (id),
    slot TEXT NOT NULL,
    cosmetic TEXT NOT NULL,
    PRIMARY KEY (account, slot)
);

-- What was bought, by the buyer's keys: the same again buys and costs nothing. By the clock of the database.
CREATE TABLE cosmetic_purchases (
    account BIGINT NOT NULL REFERENCES accounts (id),
    key BIGINT NOT NULL,
    cosmetic TEXT NOT NULL,
    price BIGINT NOT NULL CHECK (price > 0),
    bought_s BIGINT NOT NULL,
    refunded_s BIGINT,
    PRIMARY KEY (account, key)
);

-- What accounts are told for them to read later. By the clock of the database.
CREATE TABLE inbox_messages (
    account BIGINT NOT NULL REFERENCES accounts (id),
    -- Numbered for each account, in the order in which they were sent.
    id BIGINT NOT NULL CHECK (id > 0),
    -- The sender's: the same again is not sent again, as long as it would be kept.
    key TEXT NOT NULL,
    -- A JSON object: words by language.
    texts TEXT NOT NULL,
    currency BIGINT NOT NULL CHECK (currency >= 0),
    sent_s BIGINT NOT NULL,
    expires_s BIGINT NOT NULL,
    read_s BIGINT,
    claimed_s BIGINT,
    deleted_s BIGINT,
    PRIMARY KEY (account, id),
    UNIQUE (account, key)
);

-- How many messages accounts were ever sent.
CREATE TABLE inboxes (
    account BIGINT PRIMARY KEY REFERENCES accounts (id),
    sent BIGINT NOT NULL CHECK (sent >= 0)
);

-- What accounts are told for them to read later. By the clock of the database.
CREATE TABLE inbox_messages (
    account INTEGER NOT NULL REFERENCES accounts (id),
    -- Numbered for each account, in the order in which they were sent.
    id INTEGER NOT NULL CHECK (id > 0),
    -- The sender's: the same again is not sent again, as long as it would be kept.
    key TEXT NOT NULL,
    -- A JSON object: words by language.
    texts TEXT NOT NULL,
    currency INTEGER NOT NULL CHECK (currency >= 0),
    sent_s INTEGER NOT NULL,
    expires_s INTEGER NOT NULL,
    read_s INTEGER,
    claimed_s INTEGER,
    deleted_s INTEGER,
    PRIMARY KEY (account, id),
    UNIQUE (account, key)
) STRICT;

-- How many messages accounts were ever sent.
CREATE TABLE inboxes (
    account INTEGER PRIMARY KEY REFERENCES accounts (id),
    sent INTEGER NOT NULL CHECK (sent >= 0)
) STRICT;

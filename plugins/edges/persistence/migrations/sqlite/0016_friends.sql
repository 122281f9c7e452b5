-- Friends, and requests to become some: each side has a row, but a request that a block of the other hides from it.
CREATE TABLE friends (
    account INTEGER NOT NULL REFERENCES accounts (id),
    other INTEGER NOT NULL REFERENCES accounts (id),
    state TEXT NOT NULL CHECK (state IN ('friend', 'sent', 'received')),
    since_s INTEGER NOT NULL,
    PRIMARY KEY (account, other)
) STRICT;

-- Who may see where the account is.
ALTER TABLE accounts ADD COLUMN visible_to TEXT NOT NULL DEFAULT 'friends' CHECK (visible_to IN ('everybody', 'friends', 'nobody'));

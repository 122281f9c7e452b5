-- What was said, under the name of the channel it was said on. Lines are put away as newer ones come.
CREATE TABLE chat_lines (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    account INTEGER NOT NULL,
    from_name TEXT NOT NULL,
    to_name TEXT NOT NULL,
    words TEXT NOT NULL,
    is_emote INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX chat_lines_of_channels ON chat_lines (channel, id);
CREATE INDEX chat_lines_by_time ON chat_lines (at_ms);

-- Who wants to hear whom no more.
CREATE TABLE chat_ignored (
    account INTEGER NOT NULL REFERENCES accounts (id),
    ignored INTEGER NOT NULL REFERENCES accounts (id),
    how TEXT NOT NULL CHECK (how IN ('muted', 'blocked')),
    since_s INTEGER NOT NULL,
    PRIMARY KEY (account, ignored)
) STRICT;

-- What moderators are to look at: a line, and what was said around it when it was reported, as JSON.
CREATE TABLE chat_reports (
    line INTEGER NOT NULL,
    reporter INTEGER NOT NULL REFERENCES accounts (id),
    account INTEGER NOT NULL REFERENCES accounts (id),
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    lines TEXT NOT NULL,
    at_s INTEGER NOT NULL,
    PRIMARY KEY (line, reporter)
) STRICT;

CREATE INDEX chat_reports_by_time ON chat_reports (at_s);

-- Until when a moderator has silenced the account, in seconds since 1970.
ALTER TABLE accounts ADD COLUMN silenced_until_s INTEGER NOT NULL DEFAULT 0;

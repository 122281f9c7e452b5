-- What was said, under the name of the channel it was said on. Lines are put away as newer ones come.
CREATE TABLE chat_lines (
    id BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    account BIGINT NOT NULL,
    from_name TEXT NOT NULL,
    to_name TEXT NOT NULL,
    words TEXT NOT NULL,
    is_emote BIGINT NOT NULL,
    at_ms BIGINT NOT NULL
);

CREATE INDEX chat_lines_of_channels ON chat_lines (channel, id);
CREATE INDEX chat_lines_by_time ON chat_lines (at_ms);

-- Who wants to hear whom no more.
CREATE TABLE chat_ignored (
    account BIGINT NOT NULL REFERENCES accounts (id),
    ignored BIGINT NOT NULL REFERENCES accounts (id),
    how TEXT NOT NULL CHECK (how IN ('muted', 'blocked')),
    since_s BIGINT NOT NULL,
    PRIMARY KEY (account, ignored)
);

-- What moderators are to look at: a line, and what was said around it when it was reported, as JSON.
CREATE TABLE chat_reports (
    line BIGINT NOT NULL,
    reporter BIGINT NOT NULL REFERENCES accounts (id),
    account BIGINT NOT NULL REFERENCES accounts (id),
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    lines TEXT NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (line, reporter)
);

CREATE INDEX chat_reports_by_time ON chat_reports (at_s);

-- Until when a moderator has silenced the account, in seconds since 1970.
ALTER TABLE accounts ADD COLUMN silenced_until_s BIGINT NOT NULL DEFAULT 0;

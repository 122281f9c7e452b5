-- How seats stood while their matches ran, and how ratings were, had no reader.
ALTER TABLE seats DROP COLUMN kept_tick;
ALTER TABLE seats DROP COLUMN present;
ALTER TABLE seats DROP COLUMN kills;
ALTER TABLE seats DROP COLUMN xp;
ALTER TABLE seats DROP COLUMN damage_dealt;
ALTER TABLE seats DROP COLUMN outcome;
DROP TABLE rating_history;

-- Which database this is, drawn where it is made: a backup has it, too, and a data directory notes whose it is.
CREATE TABLE identity (
    only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
    id TEXT NOT NULL
);

INSERT INTO identity (only_one, id) VALUES (1, replace(gen_random_uuid()::text, '-', ''));

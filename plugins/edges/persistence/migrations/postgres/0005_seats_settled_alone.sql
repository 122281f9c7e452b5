-- 1 once a seat was granted what it earned: alone while its match goes on, or with its match.
ALTER TABLE seats ADD COLUMN settled BIGINT NOT NULL DEFAULT 0;
-- What its account is rated after the match, once that is over and everyone was rated.
ALTER TABLE seats ADD COLUMN rating BIGINT;

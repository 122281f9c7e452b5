-- When the seat was rated, which is when its match ended: what it stands by among the matches of its account. Nothing: its match
-- is not over, or has rated nobody.
ALTER TABLE seats ADD COLUMN rated_s BIGINT;
-- Its place among all seats, and what its account was rated before. Nothing: it was rated before these were kept.
ALTER TABLE seats ADD COLUMN placement BIGINT;
ALTER TABLE seats ADD COLUMN rating_before BIGINT;

UPDATE seats SET rated_s = (SELECT ended_s FROM matches WHERE id = match_id) WHERE rating IS NOT NULL;

CREATE INDEX seats_rated ON seats (account, rated_s, match_id) WHERE rated_s IS NOT NULL;

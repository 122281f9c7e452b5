-- Visits to an open shard are matches of one seat, of this shard. What was brought is held for the visit while it goes on;
-- what a visitor leaves behind is held for the shard itself, which has a row once there is something: its shard is its own id.
-- Nothing: an ordinary match.
ALTER TABLE matches ADD COLUMN shard BIGINT;

CREATE INDEX matches_of_shard ON matches (shard) WHERE shard IS NOT NULL AND state = 'running';

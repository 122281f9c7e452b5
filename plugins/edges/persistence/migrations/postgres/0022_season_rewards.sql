-- When a season that is over has given what it gives; nothing: it has not. Those that were over before gave nothing, and never will.
ALTER TABLE board_seasons ADD COLUMN rewarded_s BIGINT;

UPDATE board_seasons SET rewarded_s = closed_s WHERE closed_s IS NOT NULL;

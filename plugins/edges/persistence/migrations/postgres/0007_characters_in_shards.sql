-- Where a character is: the title of the open shard it is in (nothing: it has never been anywhere), and what the kind of that
-- shard keeps of it, in a form of its own.
ALTER TABLE characters ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE characters ADD COLUMN body BYTEA NOT NULL DEFAULT '';
-- The visit it is checked out for while that goes on: the shard of that holds it.
ALTER TABLE characters ADD COLUMN visit BIGINT REFERENCES matches (id);

CREATE INDEX characters_in_shards ON characters (visit) WHERE visit IS NOT NULL;

-- The character that carries the item, or has brought it into the shard that holds it now; nothing: it is in the stash of its
-- account, or came from there.
ALTER TABLE items ADD COLUMN character BIGINT REFERENCES characters (id);

CREATE INDEX items_of_characters ON items (character) WHERE character IS NOT NULL;

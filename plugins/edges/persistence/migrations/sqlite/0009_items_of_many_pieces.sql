-- What an item has besides its kind: how many pieces it is, how much of its durability is gone, whether it is bound to
-- whoever has it (1) or not (0), and the name of the item in which it lies; nothing: in no other.
ALTER TABLE items ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE items ADD COLUMN wear INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN bound INTEGER NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN inside TEXT NOT NULL DEFAULT '';

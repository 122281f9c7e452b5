-- By which the request that has made a creature is known again; nothing: it never is.
ALTER TABLE creatures ADD COLUMN request_key TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX creatures_by_key ON creatures (account, request_key) WHERE request_key <> '';

-- Requests that have given points to a creature, and are known when they come again: at most one for each point.
CREATE TABLE creature_keys (
    creature BIGINT NOT NULL REFERENCES creatures (id),
    request_key TEXT NOT NULL,
    PRIMARY KEY (creature, request_key)
);

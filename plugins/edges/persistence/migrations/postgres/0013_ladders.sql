-- What people are rated on ladders, as their last battle has left it.
CREATE TABLE ladder_ratings (
    ladder TEXT NOT NULL,
    account BIGINT NOT NULL REFERENCES accounts (id),
    -- When the season began in which that battle was fought, in seconds since 1970; 0: the ladder had none.
    season_s BIGINT NOT NULL,
    -- Millionths of the Weng-Lin scale.
    mean_micros BIGINT NOT NULL,
    deviation_micros BIGINT NOT NULL,
    -- Battles of that season, and all.
    battles BIGINT NOT NULL,
    battles_ever BIGINT NOT NULL,
    PRIMARY KEY (ladder, account)
);

-- Games that are rated.
CREATE TABLE rated_games (
    game BIGINT PRIMARY KEY REFERENCES games (id),
    ladder TEXT NOT NULL,
    -- By which the same battle is known when it is asked for again.
    start_key TEXT NOT NULL UNIQUE
);

-- Who is in a rated game that goes on: one at a time.
CREATE TABLE rated_seats (
    account BIGINT PRIMARY KEY REFERENCES accounts (id),
    game BIGINT NOT NULL REFERENCES rated_games (game)
);

CREATE INDEX rated_seats_of_games ON rated_seats (game);

-- The games that somebody's creatures were in, whoever has begun them.
CREATE INDEX game_creatures_of_owners ON game_creatures (owner, game);

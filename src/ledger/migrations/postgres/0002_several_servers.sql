-- How much of its allowance each address has used, for servers that share this database. A row is gone as soon as its
-- address has all of it again, which is some minutes.
CREATE TABLE allowances (
    -- A keyed hash of the address. The key is not in this database.
    asker BYTEA PRIMARY KEY,
    -- When the whole allowance is there again, in microseconds since 1970.
    full_at BIGINT NOT NULL
);

-- Which request secrets the servers have that are there now. Servers with one database must have one secret.
CREATE TABLE secrets_in_use (
    -- A hash that names a secret and tells nothing of it.
    mark BYTEA PRIMARY KEY,
    -- When a server with it was last there, in microseconds since 1970.
    seen_at BIGINT NOT NULL
);

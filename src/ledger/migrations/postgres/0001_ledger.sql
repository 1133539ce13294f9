-- The tables of the ledger in PostgreSQL. This file was released: it is never edited, a change is a new file.
-- Instants are microseconds since 1970 (UTC), days are clinic-local text, YYYY-MM-DD. Texts that are sorted or
-- compared have the collation "C", so that the order is that of their bytes on every machine.

-- Visit requests.
CREATE TABLE requests (
    -- The order in which they came in. A number is never used again.
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- What the patient quotes, such as B7KP-4QXM.
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    -- The id of the service that was asked for.
    service TEXT COLLATE "C" NOT NULL,
    -- All that is personal, encrypted to the clinic's public keys.
    sealed BYTEA NOT NULL,
    -- A keyed hash of what was sent, 32 bytes; null once it is forgotten.
    fingerprint BYTEA UNIQUE,
    -- When it came in.
    received_at BIGINT NOT NULL,
    -- The first day on which a purge removes it.
    delete_on TEXT COLLATE "C" NOT NULL,
    -- The day until which a good-faith estimate must be sent; null when none is owed.
    estimate_due_on TEXT COLLATE "C",
    -- When staff said that it is done; null while it is open.
    done_at BIGINT
);
CREATE INDEX requests_by_deletion ON requests (delete_on);

-- The outbox: what is still to be sent about a request.
CREATE TABLE notices (
    -- Its number. A number is never used again, so nobody removes another notice by an old one.
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The request that it tells of; it goes when the request goes.
    request BIGINT NOT NULL REFERENCES requests (number) ON DELETE CASCADE,
    -- How it is sent: mail or webhook.
    channel TEXT COLLATE "C" NOT NULL,
    -- How often it was tried and failed.
    tries BIGINT NOT NULL DEFAULT 0,
    -- When it is to be sent next.
    due_at BIGINT NOT NULL,
    -- When it was due before it was last put off; tells which has waited longest.
    was_due_at BIGINT NOT NULL
);
CREATE INDEX notices_by_due ON notices (due_at);
CREATE INDEX notices_by_request ON notices (request);

-- The access log. Lines are only ever added.
CREATE TABLE accesses (
    -- The order in which lines were written.
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- When it happened.
    happened_at BIGINT NOT NULL,
    -- Who, as they named themselves.
    who TEXT NOT NULL,
    -- Why, in their words.
    why TEXT NOT NULL,
    -- What they did: listed, shown, exported, finished or purged.
    deed TEXT COLLATE "C" NOT NULL,
    -- Codes of the requests, a space between two, in the order in which they were seen.
    codes TEXT NOT NULL
);
CREATE FUNCTION refuse_change_of_accesses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the access log is only ever added to';
END;
$$;
CREATE TRIGGER accesses_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON accesses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_accesses();

-- Counts of campaigns.
CREATE TABLE tallies (
    -- The id of the campaign.
    campaign TEXT COLLATE "C" NOT NULL,
    -- The id of the service whose page it was.
    service TEXT COLLATE "C" NOT NULL,
    -- The day.
    day TEXT COLLATE "C" NOT NULL,
    -- What happened: viewed, started or sent.
    step TEXT COLLATE "C" NOT NULL,
    -- How often.
    count BIGINT NOT NULL,
    PRIMARY KEY (campaign, service, day, step)
);
CREATE INDEX tallies_by_day ON tallies (day);

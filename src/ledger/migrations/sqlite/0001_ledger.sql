-- The tables of the ledger in SQLite. This file was released: it is never edited, a change is a new file.
-- Instants are microseconds since 1970 (UTC), days are clinic-local text, YYYY-MM-DD.

-- Visit requests.
CREATE TABLE requests (
    -- The order in which they came in. A number is never used again.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What the patient quotes, such as B7KP-4QXM.
    code TEXT NOT NULL UNIQUE,
    -- The id of the service that was asked for.
    service TEXT NOT NULL,
    -- All that is personal, encrypted to the clinic's public keys.
    sealed BLOB NOT NULL,
    -- A keyed hash of what was sent, 32 bytes; null once it is forgotten.
    fingerprint BLOB UNIQUE,
    -- When it came in.
    received_at INTEGER NOT NULL,
    -- The first day on which a purge removes it.
    delete_on TEXT NOT NULL,
    -- The day until which a good-faith estimate must be sent; null when none is owed.
    estimate_due_on TEXT,
    -- When staff said that it is done; null while it is open.
    done_at INTEGER
);
CREATE INDEX requests_by_deletion ON requests (delete_on);

-- The outbox: what is still to be sent about a request.
CREATE TABLE notices (
    -- Its number. A number is never used again, so nobody removes another notice by an old one.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The request that it tells of; it goes when the request goes.
    request INTEGER NOT NULL REFERENCES requests (number) ON DELETE CASCADE,
    -- How it is sent: mail or webhook.
    channel TEXT NOT NULL,
    -- How often it was tried and failed.
    tries INTEGER NOT NULL DEFAULT 0,
    -- When it is to be sent next.
    due_at INTEGER NOT NULL,
    -- When it was due before it was last put off; tells which has waited longest.
    was_due_at INTEGER NOT NULL
);
CREATE INDEX notices_by_due ON notices (due_at);
CREATE INDEX notices_by_request ON notices (request);

-- The access log. Lines are only ever added.
CREATE TABLE accesses (
    -- The order in which lines were written.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    -- When it happened.
    happened_at INTEGER NOT NULL,
    -- Who, as they named themselves.
    who TEXT NOT NULL,
    -- Why, in their words.
    why TEXT NOT NULL,
    -- What they did: listed, shown, exported, finished or purged.
    deed TEXT NOT NULL,
    -- Codes of the requests, a space between two, in the order in which they were seen.
    codes TEXT NOT NULL
);
CREATE TRIGGER accesses_never_change BEFORE UPDATE ON accesses
BEGIN
    SELECT RAISE(ABORT, 'the access log is only ever added to');
END;
CREATE TRIGGER accesses_never_go BEFORE DELETE ON accesses
BEGIN
    SELECT RAISE(ABORT, 'the access log is only ever added to');
END;
-- INSERT OR REPLACE removes a line without asking the trigger above.
CREATE TRIGGER accesses_are_never_replaced BEFORE INSERT ON accesses
WHEN EXISTS (SELECT 1 FROM accesses WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'the access log is only ever added to');
END;

-- Counts of campaigns.
CREATE TABLE tallies (
    -- The id of the campaign.
    campaign TEXT NOT NULL,
    -- The id of the service whose page it was.
    service TEXT NOT NULL,
    -- The day.
    day TEXT NOT NULL,
    -- What happened: viewed, started or sent.
    step TEXT NOT NULL,
    -- How often.
    count INTEGER NOT NULL,
    PRIMARY KEY (campaign, service, day, step)
);
CREATE INDEX tallies_by_day ON tallies (day);

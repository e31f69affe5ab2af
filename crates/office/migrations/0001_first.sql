-- The mutable work of an office. Text ids, ISO 8601 text for days and instants, so that one SQL text serves SQLite and
-- PostgreSQL alike.

CREATE TABLE delivery (
    id        TEXT PRIMARY KEY,
    added_at  TEXT NOT NULL,
    added_by  TEXT NOT NULL
);

-- Which person each record belongs to, as of the last build: the ids that a later build keeps.
CREATE TABLE membership (
    record_id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL
);

CREATE TABLE judgement (
    id            TEXT PRIMARY KEY,
    left_record   TEXT NOT NULL,
    right_record  TEXT NOT NULL,
    verdict       TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'unsure')),
    judged_by     TEXT NOT NULL,
    judged_at     TEXT NOT NULL,
    why           TEXT NOT NULL,
    withdrawn_by  TEXT,
    withdrawn_at  TEXT,
    withdrawn_why TEXT,
    CHECK (left_record < right_record)
);

CREATE TABLE build (
    seq      BIGINT PRIMARY KEY,
    id       TEXT NOT NULL,
    as_of    TEXT NOT NULL,
    built_by TEXT NOT NULL,
    built_at TEXT NOT NULL
);

-- A stated purpose for looking into one person's file, good for a while.
CREATE TABLE opening (
    id        TEXT PRIMARY KEY,
    person_id TEXT NOT NULL,
    purpose   TEXT NOT NULL,
    reader    TEXT NOT NULL,
    opened_at TEXT NOT NULL
);
CREATE INDEX opening_of_person ON opening (person_id, opened_at);

-- Entries on their way to the ledger. Written in the same transaction as the change they record; entry `seq` stands in
-- the ledger at index `seq - 1`, so what is missing there after a crash is known.
CREATE TABLE outbox (
    seq   BIGINT PRIMARY KEY,
    entry TEXT NOT NULL
);

-- What the commitments in the ledger stand for. Deleting a row erases the person from the account; proofs stay valid.
CREATE TABLE side_store (
    seq       BIGINT PRIMARY KEY,
    person_id TEXT,
    salt      TEXT NOT NULL,
    payload   TEXT NOT NULL
);

-- The log of one directory: the columns of a file of schema 3, with the same values, byte for byte.

CREATE TABLE {schema}.directory (
    key   text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE {schema}.event (
    position    bigint PRIMARY KEY,
    event_id    bytea NOT NULL CHECK (octet_length(event_id) = 16),
    stream      bytea NOT NULL CHECK (octet_length(stream) = 16),
    version     bigint NOT NULL,
    type        text NOT NULL,
    schema      bigint NOT NULL,
    recorded_at bigint NOT NULL,
    -- What can be shown: the years 1 to 9999, in UTC microseconds.
    occurred_at bigint NOT NULL CHECK (occurred_at BETWEEN -62135596800000000 AND 253402300799999999),
    actor       text NOT NULL,
    change_id   bytea NOT NULL CHECK (octet_length(change_id) = 16),
    command_id  bytea CHECK (octet_length(command_id) = 16),
    causation   text,
    digest      bytea NOT NULL,
    chain       bytea NOT NULL,
    UNIQUE (stream, version)
);

CREATE UNIQUE INDEX command_is_carried_out_once ON {schema}.event (command_id) WHERE command_id IS NOT NULL;
CREATE INDEX event_by_change ON {schema}.event (change_id);
CREATE UNIQUE INDEX user_is_erased_once ON {schema}.event (stream) WHERE type = 'UserErased';

-- Readers do not see what is secret.
CREATE TABLE {schema}.payload (
    position  bigint PRIMARY KEY,
    is_secret boolean NOT NULL,
    salt      bytea NOT NULL CHECK (octet_length(salt) = 16),
    body      bytea NOT NULL
);

-- One row, which every writer locks. It is written anew with each change, so its page keeps room for that.
CREATE TABLE {schema}.head (
    is_head     boolean PRIMARY KEY DEFAULT true CHECK (is_head),
    position    bigint NOT NULL,
    chain       bytea NOT NULL,
    recorded_at bigint NOT NULL,
    change_id   bytea,
    transaction bigint NOT NULL
) WITH (fillfactor = 10);

INSERT INTO {schema}.head (position, chain, recorded_at, transaction)
VALUES (0, decode(repeat('00', 32), 'hex'), 0, 0);

CREATE TABLE {schema}.event_type (
    type   text NOT NULL,
    schema bigint NOT NULL,
    PRIMARY KEY (type, schema)
);

-- Keys may be longer than a B-tree takes (2,704 bytes), so they are looked up by their hashes.
CREATE TABLE {schema}.email_owner (
    email   text NOT NULL,
    user_id bytea NOT NULL
);
CREATE INDEX email_owner_by_email ON {schema}.email_owner USING hash (email);
CREATE INDEX email_owner_by_user ON {schema}.email_owner (user_id);

CREATE TABLE {schema}.external_id_owner (
    external_id text NOT NULL,
    user_id     bytea NOT NULL
);
CREATE INDEX external_id_owner_by_external_id ON {schema}.external_id_owner USING hash (external_id);
CREATE INDEX external_id_owner_by_user ON {schema}.external_id_owner (user_id);

-- How far each computer that follows the directory has forgotten who was erased, by its own word.
CREATE TABLE {schema}.follower (
    follower_id bytea PRIMARY KEY CHECK (octet_length(follower_id) = 16),
    account     text NOT NULL,
    forgotten   bigint NOT NULL,
    seen_at     timestamptz NOT NULL
);

-- Statistics hold values as they are, and would go on doing so when those are erased.
ALTER TABLE {schema}.payload ALTER COLUMN salt SET STATISTICS 0, ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE {schema}.email_owner ALTER COLUMN email SET STATISTICS 0;
ALTER TABLE {schema}.external_id_owner ALTER COLUMN external_id SET STATISTICS 0;

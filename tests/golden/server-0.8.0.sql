-- What Whowas 0.8.0 made on a server, version 1: its scripts one after the other, then what it entered in “form”.

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

-- The log refuses what is none of its business, whoever asks. What a superuser does to get past that, the chain tells.

CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.event
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
CREATE TRIGGER payload_stays BEFORE UPDATE OR TRUNCATE ON {schema}.payload
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON {schema}.head
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();

CREATE FUNCTION {schema}.refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM {schema}.event AS own JOIN {schema}.event AS erasure ON erasure.stream = own.stream
        WHERE own.position = OLD.position AND erasure.type = 'UserErased' AND erasure.position > own.position
    ) THEN
        RAISE EXCEPTION 'a payload goes only with its user' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$body$;

CREATE TRIGGER payload_goes_only_with_its_user BEFORE DELETE ON {schema}.payload
    FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_unless_erased();

-- The columns of an event in MessagePack, and its chain value: what store/chain.py writes, byte for byte.
-- https://github.com/msgpack/msgpack/blob/master/spec.md
-- Plain SQL functions of one expression are put into the statement that calls them; they hold the usual cases, and are
-- short, as every call sets them up anew. They are STABLE because convert_to is.

CREATE FUNCTION {schema}.packed_other_integer(number bigint) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    IF number >= -32 AND number < 128 THEN
        RETURN substring(int8send(number) FROM 8);
    ELSIF number >= 0 THEN
        IF number < 256 THEN
            RETURN '\xcc'::bytea || substring(int8send(number) FROM 8);
        ELSIF number < 65536 THEN
            RETURN '\xcd'::bytea || substring(int8send(number) FROM 7);
        ELSIF number < 4294967296 THEN
            RETURN '\xce'::bytea || substring(int8send(number) FROM 5);
        END IF;
        RETURN '\xcf'::bytea || int8send(number);
    ELSIF number >= -128 THEN
        RETURN '\xd0'::bytea || substring(int8send(number) FROM 8);
    ELSIF number >= -32768 THEN
        RETURN '\xd1'::bytea || substring(int8send(number) FROM 7);
    ELSIF number >= -2147483648 THEN
        RETURN '\xd2'::bytea || substring(int8send(number) FROM 5);
    END IF;
    RETURN '\xd3'::bytea || int8send(number);
END
$body$;

CREATE FUNCTION {schema}.packed_integer(number bigint) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT CASE
        WHEN number > 4294967295 THEN '\xcf'::bytea || int8send(number)
        WHEN number BETWEEN 0 AND 127 THEN substring(int8send(number) FROM 8)
        ELSE {schema}.packed_other_integer(number)
    END
$body$;

CREATE FUNCTION {schema}.packed_other_text(given text) RETURNS bytea LANGUAGE plpgsql STABLE PARALLEL SAFE AS $body$
DECLARE
    held constant bytea := convert_to(given, 'UTF8');
    size constant integer := length(held);
BEGIN
    IF size < 32 THEN
        RETURN substring(int4send(160 + size) FROM 4) || held;
    ELSIF size < 256 THEN
        RETURN '\xd9'::bytea || substring(int4send(size) FROM 4) || held;
    ELSIF size < 65536 THEN
        RETURN '\xda'::bytea || substring(int4send(size) FROM 3) || held;
    END IF;
    RETURN '\xdb'::bytea || int4send(size) || held;
END
$body$;

CREATE FUNCTION {schema}.packed_text(given text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $body$
    SELECT CASE
        WHEN given IS NULL THEN '\xc0'::bytea
        WHEN octet_length(given) < 32 THEN
            substring(int4send(160 + octet_length(given)) FROM 4) || convert_to(given, 'UTF8')
        ELSE {schema}.packed_other_text(given)
    END
$body$;

-- An array of twelve values; ids are 16 bytes.
CREATE FUNCTION {schema}.packed_columns(
    "position" bigint, event_id bytea, stream bytea, version bigint, type text, schema bigint, recorded_at bigint,
    occurred_at bigint, actor text, change_id bytea, command_id bytea, causation text
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $body$
    SELECT '\x9c'::bytea || {schema}.packed_integer($1) || '\xc410'::bytea || $2 || '\xc410'::bytea || $3
        || {schema}.packed_integer($4) || {schema}.packed_text($5) || {schema}.packed_integer($6)
        || {schema}.packed_integer($7) || {schema}.packed_integer($8) || {schema}.packed_text($9)
        || '\xc410'::bytea || $10 || coalesce('\xc410'::bytea || $11, '\xc0'::bytea) || {schema}.packed_text($12)
$body$;

CREATE FUNCTION {schema}.linked(chain bytea, before bytea, columns_and_digest bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
BEGIN
    RETURN sha256(coalesce(chain, before) || columns_and_digest);
END
$body$;

-- The chain value of each row, as a window function over the rows that follow the chain value "before".
CREATE AGGREGATE {schema}.chained(before bytea, columns_and_digest bytea) (sfunc = {schema}.linked, stype = bytea);

-- What the payloads of events and the reasons of changes hold: nobody appends, with a program of their own, what no
-- window can read. The rows are the program's own forms, see making/forms.py.

CREATE TABLE {schema}.form (
    type         text NOT NULL,
    schema       bigint NOT NULL,
    is_own       boolean NOT NULL,
    allowed      text[] NOT NULL,
    part         text,
    part_allowed text[],
    integers     text[] NOT NULL,
    is_sound     jsonpath,
    PRIMARY KEY (type, schema)
);

-- Whether only control characters are escaped by their number, as JSON wants it: a key of which another character is
-- would not be found by whoever looks for it. A pair of backslashes is one that escapes nothing.
CREATE FUNCTION {schema}.is_plain(body bytea) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $body$
    SELECT CASE WHEN position('\x5c75'::bytea IN body) = 0 THEN true
        ELSE replace(convert_from(body, 'UTF8'), '\\', '') !~ '\\u(?!00[01])' END
$body$;

-- Whether no text in it, be it a value or a key, is too long to be one. They are taken from arrays, as a path that yields
-- rows takes longer for each, the more there are: for the 300,000 ids of a list, all that others wait for meanwhile.
CREATE FUNCTION {schema}.is_short(held jsonb) RETURNS boolean LANGUAGE sql STABLE AS $body$
    SELECT coalesce(max(length(t.held)), 0) <= {text_limit} FROM (
        SELECT jsonb_array_elements_text(jsonb_path_query_array($1, '$.** ? (@.type() == "string")')) AS held
        UNION ALL SELECT jsonb_array_elements_text(
            jsonb_path_query_array($1, '$.* ? (@.type() == "object").keyvalue().key')
        )
    ) AS t
$body$;

-- Whether the numbers under some keys are written as integers.
CREATE FUNCTION {schema}.are_integers(held json, keys text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS $body$
    SELECT coalesce(bool_and((held -> k.key)::text ~ '^-?[0-9]{{1,19}}$'), true) FROM unnest(keys) AS k (key)
$body$;

-- Whether no key of it is there twice, whichever value whoever reads it then takes.
CREATE FUNCTION {schema}.has_each_once(body bytea, held jsonb) RETURNS boolean LANGUAGE sql STABLE AS $body$
    SELECT (SELECT count(*) FROM json_object_keys(convert_from(body, 'UTF8')::json))
        = (SELECT count(*) FROM jsonb_object_keys(held))
$body$;

-- Whether a text is that id of 16 bytes, in lower case with dashes.
CREATE FUNCTION {schema}.is_id_of(stream bytea, given text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $body$
    SELECT replace(given, '-', '') = encode(stream, 'hex') AND given LIKE '________-____-____-____-____________'
$body$;

CREATE FUNCTION {schema}.require_readable(
    types text[], schemas bigint[], streams bytea[], versions bigint[], bodies bytea[]
) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    place bigint;
BEGIN
    SELECT g.n INTO place FROM (
        SELECT e.n, e.type AS kind, e.stream, e.version, e.body, f.*, convert_from(e.body, 'UTF8')::jsonb AS held
        FROM unnest(types, schemas, streams, versions, bodies) WITH ORDINALITY
            AS e (type, schema, stream, version, body, n)
        LEFT JOIN form AS f ON f.type = e.type AND f.schema = e.schema AND f.schema > 0
        OFFSET 0
    ) AS g
    WHERE (
        g.held - g.allowed = '{{}}'::jsonb
        AND (g.part IS NULL OR (g.held -> g.part) - g.part_allowed = '{{}}'::jsonb)
        AND (g.is_sound IS NULL OR g.held @@ g.is_sound)
        AND g.is_own = (g.stream = {directory_stream})
        AND (g.is_own OR (g.kind = 'UserCreated') = (g.version = 1))
        AND (g.kind <> 'UserCreated' OR is_id_of(g.stream, g.held ->> 'user_id'))
        AND is_plain(g.body)
        -- Of those that are many the program takes the last.
        AND (g.part IS NOT NULL OR cardinality(g.allowed) < 2 OR has_each_once(g.body, g.held))
        AND (octet_length(g.body) <= {text_limit} OR is_short(g.held))
        AND (g.integers = ARRAY[]::text[] OR are_integers(convert_from(g.body, 'UTF8')::json, g.integers))
    ) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no window could read event % of these', place USING ERRCODE = 'WH008';
    END IF;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RAISE EXCEPTION 'no window could read one of these events' USING ERRCODE = 'WH008', DETAIL = SQLERRM;
END
$body$;

-- The reason of a change is an object with one key, its kind. It is as long as it has to be: an import of thousands of
-- lists names them all.
CREATE FUNCTION {schema}.require_reason(this_causation text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    IF (
        SELECT (SELECT count(*) FROM jsonb_object_keys(this_causation::jsonb)) = 1
            AND bool_and(
                r.held - f.allowed = '{{}}'::jsonb AND r.held @@ f.is_sound
                AND are_integers(this_causation::json -> r.kind, f.integers)
            )
        FROM jsonb_each(this_causation::jsonb) AS r (kind, held)
        LEFT JOIN form AS f ON f.type = r.kind AND f.schema = 0
    ) IS NOT TRUE THEN
        RAISE EXCEPTION 'no window could read that reason' USING ERRCODE = 'WH008';
    END IF;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
    RAISE EXCEPTION 'no window could read that reason' USING ERRCODE = 'WH008', DETAIL = SQLERRM;
END
$body$;

-- Nothing happens to a user before they were created, or after they were erased; the events are in the log by now.
CREATE FUNCTION {schema}.require_in_life(streams bytea[], versions bigint[], given bigint[]) RETURNS void
LANGUAGE plpgsql AS $body$
BEGIN
    IF cardinality(array_remove(versions, 1)) > 0 AND EXISTS (
        SELECT 1 FROM unnest(streams, versions) AS g (stream, version)
        JOIN event AS e ON e.stream = g.stream AND e.type = 'UserErased' AND e.version < g.version
        WHERE g.version > 1
    ) OR cardinality(array_remove(given, NULL)) > 0 AND EXISTS (
        SELECT 1 FROM unnest(streams, given) AS g (stream, moment)
        JOIN event AS e ON e.stream = g.stream AND e.version = 1 AND g.moment < e.occurred_at
        WHERE g.stream <> {directory_stream}
    ) THEN
        RAISE EXCEPTION 'it is not in the life of its user' USING ERRCODE = 'WH008';
    END IF;
END
$body$;

-- Appending a change. One call is one statement: it locks the head, looks whether what was decided still stands, and
-- numbers, dates, names, chains and writes the events, all or nothing.
--
-- Arrays of one group are equally long. Of the events, "occurred" is NULL where an event occurs when it is recorded,
-- and an actor is NULL where it is the account itself. A change too large for one call "continues" in the same
-- transaction. "moved" says what is not so any more; then nothing was written.

CREATE FUNCTION {schema}.append_1(
    head_position bigint, head_chain bytea, is_whole boolean, continues boolean,
    this_change bytea, this_causation text,
    event_ids bytea[], streams bytea[], versions bigint[], types text[], schemas bigint[], given bigint[],
    actors text[], command_ids bytea[], salts bytea[], bodies bytea[],
    read_streams bytea[], read_versions bigint[],
    released_emails text[], released_email_users bytea[], claimed_emails text[], claimed_email_users bytea[],
    released_external_ids text[], released_external_id_users bytea[],
    claimed_external_ids text[], claimed_external_id_users bytea[],
    erased bytea[],
    OUT moved text, OUT first_position bigint, OUT last_position bigint, OUT recorded bigint, OUT occurred bigint[],
    OUT chain_before bytea, OUT chain_after bytea, OUT is_repeated boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s'
    -- Planning each statement for these very arrays would take longer than carrying it out; and whoever begins with an
    -- empty log would go on reading all of it to find one row.
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
    -- Old databases may read the backslashes in our bytes otherwise.
    SET standard_conforming_strings = on AS $body$
DECLARE
    here record;
    commands bytea[] := command_ids;
    known_commands bytea[];
    known record;
    digest bytea;
    follows boolean;
    is_outside boolean;
BEGIN
    is_repeated := false;
    -- With NULL neither what asks for it nor what asks for its opposite would be carried out.
    continues := coalesce(continues, false);
    SELECT h.position, h.chain, h.recorded_at, h.change_id, h.transaction INTO STRICT here FROM head AS h
    WHERE h.is_head FOR UPDATE;

    IF continues THEN
        IF here.change_id IS DISTINCT FROM this_change OR here.transaction <> txid_current() THEN
            RAISE EXCEPTION 'a change continues in its own transaction only' USING ERRCODE = 'WH006';
        END IF;
    ELSE
        -- So whoever sends a change again, not knowing whether it arrived, gets the answer of the first time.
        commands[1] := coalesce(commands[1], this_change);
    END IF;
    known_commands := array_remove(commands, NULL);
    SELECT e.position, e.recorded_at, e.change_id, e.command_id INTO known FROM event AS e
    WHERE e.command_id = ANY (known_commands) ORDER BY e.command_id = commands[1] DESC LIMIT 1;
    IF FOUND AND known.change_id = this_change AND known.command_id = commands[1] AND NOT continues THEN
        first_position := known.position;
        recorded := known.recorded_at;
        SELECT coalesce(min(b.position) - 1, here.position) INTO last_position FROM (
            SELECT e.position FROM event AS e WHERE e.position > first_position AND e.change_id <> this_change
            ORDER BY e.position LIMIT 1
        ) AS b;
        is_repeated := true;
        RETURN;
    ELSIF FOUND THEN
        moved := 'a command';
        RETURN;
    END IF;

    -- Events of one change stand together: those that came later would alter what somebody did, and no window reads them.
    IF NOT continues AND EXISTS (SELECT 1 FROM event AS e WHERE e.change_id = this_change) THEN
        RAISE EXCEPTION 'what somebody did stays as it is' USING ERRCODE = 'WH006';
    END IF;
    IF here.position IS DISTINCT FROM head_position OR here.chain IS DISTINCT FROM head_chain THEN
        IF is_whole THEN
            moved := 'the log';
        ELSIF EXISTS (
            SELECT 1 FROM unnest(read_streams, read_versions) AS r (stream, version)
            WHERE r.version <> coalesce((SELECT max(e.version) FROM event AS e WHERE e.stream = r.stream), 0)
        ) THEN
            moved := 'a stream';
        ELSIF EXISTS (
            SELECT 1 FROM unnest(claimed_emails, claimed_email_users) AS c (email, user_id)
            JOIN email_owner AS o ON o.email = c.email AND o.user_id <> c.user_id
            WHERE NOT EXISTS (
                SELECT 1 FROM unnest(released_emails, released_email_users) AS r (email, user_id)
                WHERE r.email = o.email AND r.user_id = o.user_id
            )
        ) THEN
            moved := 'the owner of an email';
        ELSIF EXISTS (
            SELECT 1 FROM unnest(claimed_external_ids, claimed_external_id_users) AS c (external_id, user_id)
            JOIN external_id_owner AS o ON o.external_id = c.external_id AND o.user_id <> c.user_id
            WHERE NOT EXISTS (
                SELECT 1 FROM unnest(released_external_ids, released_external_id_users) AS r (external_id, user_id)
                WHERE r.external_id = o.external_id AND r.user_id = o.user_id
            )
        ) THEN
            moved := 'the owner of an external id';
        END IF;
        IF moved IS NOT NULL THEN
            RETURN;
        END IF;
    END IF;

    IF this_causation IS NOT NULL THEN
        PERFORM require_reason(this_causation);
    END IF;
    IF this_causation IS NOT NULL OR cardinality(array_remove(actors, NULL)) > 0 THEN
        PERFORM require_own_name(this_causation, actors);
    END IF;
    IF 'UserErased' = ANY (types) OR cardinality(erased) > 0 THEN
        PERFORM require_erasing(streams, types, erased);
    END IF;
    PERFORM require_readable(types, schemas, streams, versions, bodies);

    recorded := CASE WHEN continues THEN here.recorded_at ELSE
        greatest(here.recorded_at, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) END;
    chain_before := here.chain;
    first_position := here.position + 1;
    last_position := here.position + cardinality(event_ids);
    IF cardinality(array_remove(given, NULL)) > 0
        AND (SELECT max(g.moment) FROM unnest(given) AS g (moment)) > recorded + 60000000
    THEN
        RAISE EXCEPTION 'nothing can have occurred in the future' USING ERRCODE = 'WH002';
    END IF;

    IF cardinality(event_ids) = 1 THEN
        -- The same as below, in a fraction of its time: most of what people do is one event.
        SELECT ARRAY[coalesce(given[1], greatest(recorded, max(e.occurred_at)))],
            versions[1] = coalesce(max(e.version), 0) + 1,
            bool_or(e.type = 'UserErased') OR streams[1] <> {directory_stream}
                AND given[1] < min(e.occurred_at) FILTER (WHERE e.version = 1)
        INTO occurred, follows, is_outside FROM event AS e WHERE e.stream = streams[1];
        IF NOT follows THEN
            RAISE EXCEPTION 'versions of a stream follow each other' USING ERRCODE = 'WH006';
        ELSIF is_outside THEN
            RAISE EXCEPTION 'it is not in the life of its user' USING ERRCODE = 'WH008';
        END IF;
        actors[1] := coalesce(actors[1], session_user::text);
        digest := sha256(salts[1] || bodies[1]);
        chain_after := sha256(here.chain || packed_columns(
            last_position, event_ids[1], streams[1], versions[1], types[1], schemas[1], recorded, occurred[1],
            actors[1], this_change, commands[1], this_causation
        ) || digest);
        WITH e AS (
            INSERT INTO event (
                position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id,
                command_id, causation, digest, chain
            ) VALUES (
                last_position, event_ids[1], streams[1], versions[1], types[1], schemas[1], recorded, occurred[1],
                actors[1], this_change, commands[1], this_causation, digest, chain_after
            )
        )
        INSERT INTO payload (position, is_secret, salt, body)
        VALUES (last_position, types[1] = 'PasswordSet', salts[1], bodies[1]);
    ELSE
        SELECT d.occurred, d.follows INTO occurred, follows FROM dated(recorded, streams, versions, given) AS d;
        IF NOT follows THEN
            RAISE EXCEPTION 'versions of a stream follow each other' USING ERRCODE = 'WH006';
        END IF;
        INSERT INTO event (
            position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, command_id,
            causation, digest, chain
        )
        SELECT r.position, r.event_id, r.stream, r.version, r.type, r.schema, recorded, r.occurred_at, r.actor,
            this_change, r.command_id, this_causation, r.digest,
            chained(here.chain, packed_columns(
                r.position, r.event_id, r.stream, r.version, r.type, r.schema, recorded, r.occurred_at, r.actor,
                this_change, r.command_id, this_causation
            ) || r.digest) OVER (ORDER BY r.position ROWS UNBOUNDED PRECEDING)
        FROM (
            SELECT here.position + g.n AS position, g.event_id, g.stream, g.version, g.type, g.schema, g.occurred_at,
                coalesce(g.actor, session_user::text) AS actor, g.command_id, sha256(g.salt || g.body) AS digest
            FROM unnest(event_ids, streams, versions, types, schemas, occurred, actors, commands, salts, bodies)
                WITH ORDINALITY
                AS g (event_id, stream, version, type, schema, occurred_at, actor, command_id, salt, body, n)
        ) AS r;
        SELECT e.chain INTO STRICT chain_after FROM event AS e WHERE e.position = last_position;
        INSERT INTO payload (position, is_secret, salt, body)
        SELECT here.position + g.n, g.type = 'PasswordSet', g.salt, g.body
        FROM unnest(types, salts, bodies) WITH ORDINALITY AS g (type, salt, body, n);
        PERFORM require_in_life(streams, versions, given);
    END IF;
    PERFORM note_types(types, schemas);
    IF cardinality(released_emails) + cardinality(claimed_emails)
        + cardinality(released_external_ids) + cardinality(claimed_external_ids) > 0
    THEN
        PERFORM move_owners(
            released_emails, released_email_users, claimed_emails, claimed_email_users,
            released_external_ids, released_external_id_users, claimed_external_ids, claimed_external_id_users
        );
    END IF;
    IF cardinality(erased) > 0 THEN
        PERFORM forget(erased);
    END IF;
    UPDATE head SET position = last_position, chain = chain_after, recorded_at = recorded, change_id = this_change,
        transaction = txid_current()
    WHERE is_head;
    PERFORM pg_notify({channel_name}, last_position::text);
END
$body$;

-- What follows is called by append_1 only, with its rights and search path.

-- When events occur, and whether the versions of each stream follow each other.
CREATE FUNCTION {schema}.dated(
    recorded bigint, streams bytea[], versions bigint[], given bigint[], OUT occurred bigint[], OUT follows boolean
) LANGUAGE plpgsql AS $body$
BEGIN
    IF cardinality(array_remove(versions, 1)) + cardinality(array_remove(given, NULL)) = 0 THEN
        -- As of a list of people who are all new.
        occurred := array_fill(recorded, ARRAY[cardinality(versions)]);
        follows := true;
        RETURN;
    END IF;
    SELECT array_agg(coalesce(s.given, greatest(recorded, s.latest, b.occurred_at)) ORDER BY s.n),
           bool_and(s.version = s.nth + coalesce(b.version, 0))
    INTO occurred, follows
    FROM (
        SELECT g.n, g.stream, g.version, g.given, row_number() OVER one AS nth, max(g.given) OVER one AS latest
        FROM unnest(streams, versions, given) WITH ORDINALITY AS g (stream, version, given, n)
        WINDOW one AS (PARTITION BY g.stream ORDER BY g.n)
    ) AS s LEFT JOIN LATERAL (
        -- What is the first of its stream by its version is so by the log's unique versions.
        SELECT max(e.version) AS version, max(e.occurred_at) AS occurred_at FROM event AS e
        WHERE s.version <> s.nth AND e.stream = s.stream
    ) AS b ON true;
END
$body$;

-- Only an import may name others than the account, and says that it was the account who imported.
CREATE FUNCTION {schema}.require_own_name(this_causation text, actors text[]) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    imported jsonb := this_causation::jsonb -> 'import';
BEGIN
    IF imported IS NOT NULL AND imported ->> 'by' IS DISTINCT FROM session_user::text
        OR imported IS NULL AND EXISTS (SELECT 1 FROM unnest(actors) AS a (name) WHERE a.name <> session_user::text)
    THEN
        RAISE EXCEPTION 'another actor than the account' USING ERRCODE = 'WH003';
    END IF;
END
$body$;

CREATE FUNCTION {schema}.require_erasing(streams bytea[], types text[], erased bytea[]) RETURNS void
LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT pg_has_role(session_user, {admin_name}, 'USAGE') THEN
        RAISE EXCEPTION 'only admins erase' USING ERRCODE = 'WH004';
    END IF;
    IF EXISTS (
        SELECT 1 FROM unnest(streams, types) AS g (stream, type)
        WHERE g.type = 'UserErased' AND (g.stream = ANY (erased)) IS NOT TRUE
    ) OR EXISTS (
        SELECT 1 FROM unnest(erased) AS x (stream)
        WHERE NOT EXISTS (
            SELECT 1 FROM unnest(streams, types) AS g (stream, type)
            WHERE g.stream = x.stream AND g.type = 'UserErased'
        )
    ) THEN
        RAISE EXCEPTION 'the payloads of a user go with the event that says so' USING ERRCODE = 'WH006';
    END IF;
END
$body$;

CREATE FUNCTION {schema}.note_types(types text[], schemas bigint[]) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    -- Most of the time all of them are known.
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT o.type, o.schema FROM unnest(types, schemas) AS o (type, schema)) AS g
        WHERE NOT EXISTS (SELECT 1 FROM event_type AS t WHERE t.type = g.type AND t.schema = g.schema)
    ) THEN
        INSERT INTO event_type (type, schema)
        SELECT DISTINCT g.type, g.schema FROM unnest(types, schemas) AS g (type, schema) ON CONFLICT DO NOTHING;
    END IF;
END
$body$;

-- What is given up goes first, as somebody else may take it.
CREATE FUNCTION {schema}.move_owners(
    released_emails text[], released_email_users bytea[], claimed_emails text[], claimed_email_users bytea[],
    released_external_ids text[], released_external_id_users bytea[],
    claimed_external_ids text[], claimed_external_id_users bytea[]
) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    IF cardinality(released_emails) > 0 THEN
        DELETE FROM email_owner AS o USING unnest(released_emails, released_email_users) AS r (email, user_id)
        WHERE o.email = r.email AND o.user_id = r.user_id;
    END IF;
    IF cardinality(claimed_emails) > 0 THEN
        INSERT INTO email_owner (email, user_id)
        SELECT c.email, c.user_id FROM unnest(claimed_emails, claimed_email_users) AS c (email, user_id);
    END IF;
    IF cardinality(released_external_ids) > 0 THEN
        DELETE FROM external_id_owner AS o
        USING unnest(released_external_ids, released_external_id_users) AS r (external_id, user_id)
        WHERE o.external_id = r.external_id AND o.user_id = r.user_id;
    END IF;
    IF cardinality(claimed_external_ids) > 0 THEN
        INSERT INTO external_id_owner (external_id, user_id)
        SELECT c.external_id, c.user_id
        FROM unnest(claimed_external_ids, claimed_external_id_users) AS c (external_id, user_id);
    END IF;
END
$body$;

-- The payloads of users whose erasure has just been appended.
CREATE FUNCTION {schema}.forget(erased bytea[]) RETURNS void
LANGUAGE sql AS $body$
    DELETE FROM payload AS p USING event AS e
    WHERE e.position = p.position AND e.stream = ANY (erased) AND e.type <> 'UserErased';
    INSERT INTO directory (key, value) VALUES ('unswept', '') ON CONFLICT DO NOTHING
$body$;

-- Holds the lock until the transaction ends, which is soon: others wait for it.
CREATE FUNCTION {schema}.lock_1() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM 1 FROM head FOR UPDATE;
    PERFORM set_config('idle_in_transaction_session_timeout', '15s', true);
END
$body$;

-- Taking in a whole log as it is, into an empty one: by an admin, in one transaction, with each link of its chain
-- computed here. Salts and bodies are NULL where the payload is gone with its user.

CREATE FUNCTION {schema}.load_1(
    event_ids bytea[], streams bytea[], versions bigint[], types text[], schemas bigint[], recorded bigint[],
    occurred bigint[], actors text[], change_ids bytea[], command_ids bytea[], causations text[], digests bytea[],
    chains bytea[], salts bytea[], bodies bytea[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s'
    SET standard_conforming_strings = on AS $body$
DECLARE
    here record;
    loaded bigint;
    damaged bigint;
BEGIN
    SELECT h.position, h.chain, h.recorded_at, h.transaction INTO STRICT here FROM head AS h FOR UPDATE;
    IF here.position > 0 AND here.transaction <> txid_current() THEN
        RAISE EXCEPTION 'there is a log already' USING ERRCODE = 'WH006';
    END IF;
    loaded := here.position + cardinality(event_ids);
    INSERT INTO event (
        position, event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, command_id,
        causation, digest, chain
    )
    SELECT r.position, r.event_id, r.stream, r.version, r.type, r.schema, r.recorded_at, r.occurred_at, r.actor,
        r.change_id, r.command_id, r.causation, r.digest,
        chained(here.chain, packed_columns(
            r.position, r.event_id, r.stream, r.version, r.type, r.schema, r.recorded_at, r.occurred_at, r.actor,
            r.change_id, r.command_id, r.causation
        ) || r.digest) OVER (ORDER BY r.position ROWS UNBOUNDED PRECEDING)
    FROM (
        SELECT here.position + g.n AS position, g.* FROM unnest(
            event_ids, streams, versions, types, schemas, recorded, occurred, actors, change_ids, command_ids,
            causations, digests
        ) WITH ORDINALITY AS g (
            event_id, stream, version, type, schema, recorded_at, occurred_at, actor, change_id, command_id,
            causation, digest, n
        )
    ) AS r;
    INSERT INTO payload (position, is_secret, salt, body)
    SELECT here.position + g.n, g.type = 'PasswordSet', g.salt, g.body
    FROM unnest(types, salts, bodies) WITH ORDINALITY AS g (type, salt, body, n) WHERE g.salt IS NOT NULL;
    SELECT min(here.position + g.n) INTO damaged
    FROM unnest(digests, chains, salts, bodies) WITH ORDINALITY AS g (digest, chain, salt, body, n)
    JOIN event AS e ON e.position = here.position + g.n
    WHERE e.chain <> g.chain OR sha256(g.salt || g.body) <> g.digest;
    IF damaged IS NOT NULL THEN
        RAISE EXCEPTION 'the event at position % is not as it was written', damaged USING ERRCODE = 'WH007';
    END IF;
    PERFORM note_types(types, schemas);
    UPDATE head SET position = loaded, chain = chains[cardinality(chains)],
        recorded_at = greatest(here.recorded_at, (SELECT max(m.moment) FROM unnest(recorded) AS m (moment))),
        change_id = change_ids[cardinality(change_ids)], transaction = txid_current();
END
$body$;

CREATE FUNCTION {schema}.load_owners_1(
    emails text[], email_users bytea[], external_ids text[], external_id_users bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM head AS h WHERE h.position = 0 OR h.transaction = txid_current()) THEN
        RAISE EXCEPTION 'there is a log already' USING ERRCODE = 'WH006';
    END IF;
    PERFORM move_owners(
        ARRAY[]::text[], ARRAY[]::bytea[], emails, email_users,
        ARRAY[]::text[], ARRAY[]::bytea[], external_ids, external_id_users
    );
END
$body$;

-- Writing the tables anew from which something of people is deleted, as PostgreSQL only marks deleted rows as such.
-- VACUUM cannot run in a function, and outside of one only the owner may; CLUSTER does the same, and can. Rows stay as
-- long as an older transaction, a replica or a replication slot may still look at them: how many those are is said in a
-- message only (VERBOSE), which whoever calls this has to look at.

CREATE FUNCTION {schema}.sweep_1() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    PERFORM 1 FROM head FOR UPDATE;  -- first, as whoever appends does
    CLUSTER VERBOSE payload USING payload_pkey;
    CLUSTER VERBOSE email_owner USING email_owner_by_user;
    CLUSTER VERBOSE external_id_owner USING external_id_owner_by_user;
END
$body$;

CREATE FUNCTION {schema}.mark_swept_1() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
    DELETE FROM directory WHERE key = 'unswept'
$body$;

-- A computer says that it has forgotten who was erased up to a position: the one that knows the follower's id, which
-- nobody can look up, by whichever account. So nobody speaks for another's, nor holds the row that it waits for.
CREATE FUNCTION {schema}.confirm_forgotten_1(this_follower bytea, this_position bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s' AS $body$
    -- Whoever only reads need not wait until a second server has this too.
    SELECT set_config('synchronous_commit', 'local', true);
    INSERT INTO follower AS f (follower_id, account, forgotten, seen_at)
    VALUES (this_follower, session_user::text, this_position, clock_timestamp())
    ON CONFLICT (follower_id) DO UPDATE
    SET account = EXCLUDED.account, forgotten = greatest(f.forgotten, EXCLUDED.forgotten), seen_at = EXCLUDED.seen_at
$body$;

-- Who may do what.
--
-- The directory's roles are granted by their owner alone, in one function, so that any admin can take back what another
-- admin granted: since PostgreSQL 16 a REVOKE reaches only what the same role has granted.

CREATE FUNCTION {schema}.member_rights_1(account name) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT CASE
        WHEN pg_has_role(account, {admin_name}, 'USAGE') THEN 'admin'
        WHEN pg_has_role(account, {editor_name}, 'USAGE') THEN 'editor'
        WHEN pg_has_role(account, {reader_name}, 'USAGE') THEN 'reader'
    END
$body$;

-- All who may use the directory: accounts that may log in, however they got their rights, and groups that were granted
-- some. Superusers may everything on a server, and are left out unless they were granted it.
CREATE FUNCTION {schema}.members_1() RETURNS TABLE (account text, rights text, is_group boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $body$
    SELECT rolname::text, {schema}.member_rights_1(rolname), NOT rolcanlogin
    FROM pg_roles AS role
    WHERE rolname NOT IN ({owner_name}, {reader_name}, {editor_name}, {admin_name})
      AND {schema}.member_rights_1(rolname) IS NOT NULL
      AND (rolcanlogin AND NOT rolsuper OR EXISTS (
          SELECT 1 FROM pg_auth_members AS granted JOIN pg_roles AS ours ON ours.oid = granted.roleid
          WHERE granted.member = role.oid AND ours.rolname IN ({reader_name}, {editor_name}, {admin_name})))
    ORDER BY rolname
$body$;

-- Give an account these rights and no others; none where they are NULL. Where it has others nevertheless nothing is done,
-- and the error says by which roles (DETAIL), or who else granted them (HINT).
CREATE FUNCTION {schema}.set_rights_1(account text, rights text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $body$
DECLARE
    granted name := CASE rights
        WHEN 'reader' THEN {reader_name} WHEN 'editor' THEN {editor_name} WHEN 'admin' THEN {admin_name} END;
    ours constant name[] := ARRAY[{reader_name}, {editor_name}, {admin_name}];
    was_admin boolean;
    is_superuser boolean;
    each name;
BEGIN
    IF granted IS NULL AND rights IS NOT NULL THEN
        RAISE EXCEPTION 'there are no such rights' USING ERRCODE = '22023';
    END IF;
    -- One after the other, so that two admins do not take each other's rights at once.
    PERFORM 1 FROM {schema}.head FOR UPDATE;
    SELECT rolsuper INTO is_superuser FROM pg_roles
    WHERE rolname = account AND rolname <> ALL (ours || name {owner_name}) AND rolname NOT LIKE 'pg\_%';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no such account' USING ERRCODE = 'WH011';
    END IF;
    was_admin := {schema}.member_rights_1(account) = 'admin' AND NOT is_superuser;
    FOREACH each IN ARRAY ours LOOP
        IF each IS DISTINCT FROM granted AND EXISTS (
            SELECT 1 FROM pg_auth_members AS had JOIN pg_roles AS role ON role.oid = had.roleid
            JOIN pg_roles AS member ON member.oid = had.member
            WHERE role.rolname = each AND member.rolname = account
        ) THEN
            EXECUTE format('REVOKE %I FROM %I', each, account);
        END IF;
    END LOOP;
    IF granted IS NOT NULL AND current_setting('server_version_num')::integer >= 160000 THEN
        EXECUTE format('GRANT %I TO %I WITH INHERIT TRUE', granted, account);
    ELSIF granted IS NOT NULL THEN
        EXECUTE format('GRANT %I TO %I', granted, account);
    END IF;
    IF NOT is_superuser AND {schema}.member_rights_1(account) IS DISTINCT FROM rights THEN
        RAISE EXCEPTION 'the account has other rights' USING ERRCODE = 'WH013', DETAIL = coalesce((
            SELECT string_agg(rolname, E'\n' ORDER BY rolname) FROM pg_roles
            WHERE rolname <> account AND rolname <> ALL (ours) AND pg_has_role(account, oid, 'USAGE')
              AND {schema}.member_rights_1(rolname) IS NOT NULL), ''), HINT = coalesce((
            SELECT string_agg(DISTINCT grantor.rolname, E'\n') FROM pg_auth_members AS had
            JOIN pg_roles AS role ON role.oid = had.roleid JOIN pg_roles AS member ON member.oid = had.member
            JOIN pg_roles AS grantor ON grantor.oid = had.grantor
            WHERE role.rolname = ANY (ours) AND member.rolname = account AND grantor.rolname <> {owner_name}
              -- Since PostgreSQL 16 whoever makes a role may grant it, which alone is no right to what the role may.
              AND coalesce((to_jsonb(had) ->> 'inherit_option')::boolean, true)), '');
    END IF;
    IF was_admin AND rights IS DISTINCT FROM 'admin' AND NOT EXISTS (
        SELECT 1 FROM {schema}.members_1() AS member WHERE member.rights = 'admin' AND NOT is_group
    ) THEN
        RAISE EXCEPTION 'this is the last admin' USING ERRCODE = 'WH012';
    END IF;
END
$body$;

-- Looking is all that anybody may do to a table; the rest is in the functions. Who may edit may also read, and so on.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC;
REVOKE ALL ON SCHEMA {schema} FROM PUBLIC;

GRANT USAGE ON SCHEMA {schema} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader};
REVOKE SELECT ON {schema}.follower FROM {reader};
GRANT SELECT (account, forgotten, seen_at) ON {schema}.follower TO {reader};
GRANT EXECUTE ON FUNCTION {schema}.confirm_forgotten_1, {schema}.members_1, {schema}.member_rights_1 TO {reader};
GRANT EXECUTE ON FUNCTION {schema}.append_1, {schema}.lock_1 TO {editor};
GRANT EXECUTE ON FUNCTION {schema}.load_1, {schema}.load_owners_1, {schema}.sweep_1, {schema}.mark_swept_1,
    {schema}.set_rights_1 TO {admin};

ALTER TABLE {schema}.payload ENABLE ROW LEVEL SECURITY;
CREATE POLICY what_is_not_secret ON {schema}.payload FOR SELECT TO {reader} USING (NOT is_secret);
CREATE POLICY everything ON {schema}.payload FOR SELECT TO {editor} USING (true);

INSERT INTO {schema}.form VALUES
    ('FieldDefined', 1, true, ARRAY['name']::text[], NULL, NULL, ARRAY[]::text[], '$.name.type() == "string"'),
    ('GroupCreated', 1, true, ARRAY['group_id', 'name']::text[], NULL, NULL, ARRAY[]::text[], '$.group_id.type() == "string" && $.group_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && $.name.type() == "string"'),
    ('GroupDeleted', 1, true, ARRAY['group_id']::text[], NULL, NULL, ARRAY[]::text[], '$.group_id.type() == "string" && $.group_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"'),
    ('GroupJoined', 1, false, ARRAY['group_id']::text[], NULL, NULL, ARRAY[]::text[], '$.group_id.type() == "string" && $.group_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"'),
    ('GroupLeft', 1, false, ARRAY['group_id']::text[], NULL, NULL, ARRAY[]::text[], '$.group_id.type() == "string" && $.group_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"'),
    ('GroupRenamed', 1, true, ARRAY['group_id', 'name']::text[], NULL, NULL, ARRAY[]::text[], '$.group_id.type() == "string" && $.group_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && $.name.type() == "string"'),
    ('ListImported', 1, true, ARRAY['source', 'matched']::text[], NULL, NULL, ARRAY[]::text[], '$.source.type() == "string" && $.matched.type() == "array" && !exists($.matched[*].type() ? (@ != "string")) && !exists($.matched[*] ? (!(@ like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$")))'),
    ('MomentDeleted', 1, true, ARRAY['moment_id']::text[], NULL, NULL, ARRAY[]::text[], '$.moment_id.type() == "string" && $.moment_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"'),
    ('MomentNamed', 1, true, ARRAY['moment_id', 'name', 'note', 'occurred_at', 'position']::text[], NULL, NULL, ARRAY['occurred_at', 'position']::text[], '$.moment_id.type() == "string" && $.moment_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && $.name.type() == "string" && ($.note.type() == "string" || $.note.type() == "null") && $.occurred_at.type() == "number" && $.occurred_at >= -62135596800000000 && $.occurred_at <= 253402300799999999 && $.position.type() == "number" && $.position >= 0 && $.position <= 4611686018427387904'),
    ('MomentRenamed', 1, true, ARRAY['moment_id', 'name', 'note']::text[], NULL, NULL, ARRAY[]::text[], '$.moment_id.type() == "string" && $.moment_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && $.name.type() == "string" && ($.note.type() == "string" || $.note.type() == "null")'),
    ('PasswordCleared', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('PasswordSet', 1, false, ARRAY['password_hash']::text[], NULL, NULL, ARRAY[]::text[], '$.password_hash.type() == "string"'),
    ('UserCreated', 1, false, ARRAY['user_id', 'fields', 'attributes']::text[], 'fields', ARRAY['first_name', 'last_name', 'email', 'phone', 'title', 'department', 'notes', 'external_id']::text[], ARRAY[]::text[], '$.user_id.type() == "string" && $.fields.type() == "object" && $.attributes.type() == "object" && !exists($.*.*.type() ? (@ != "string"))'),
    ('UserDeleted', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('UserErased', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('UserReactivated', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('UserRestored', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('UserSuspended', 1, false, ARRAY[]::text[], NULL, NULL, ARRAY[]::text[], NULL),
    ('UserUpdated', 1, false, ARRAY['changes', 'attributes']::text[], 'changes', ARRAY['first_name', 'last_name', 'email', 'phone', 'title', 'department', 'notes', 'external_id']::text[], ARRAY[]::text[], '$.changes.type() == "object" && $.attributes.type() == "object" && !exists($.*.*.type() ? (@ != "string" && @ != "null"))'),
    ('import', 0, false, ARRAY['source', 'by']::text[], NULL, NULL, ARRAY[]::text[], '$.source.type() == "string" && (!exists($.by) || ($.by.type() == "string" || $.by.type() == "null"))'),
    ('undo', 0, false, ARRAY['change_id', 'reason']::text[], NULL, NULL, ARRAY[]::text[], '$.change_id.type() == "string" && $.change_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && (!exists($.reason) || ($.reason.type() == "string" || $.reason.type() == "null"))'),
    ('undo_some', 0, false, ARRAY['change_id', 'reason']::text[], NULL, NULL, ARRAY[]::text[], '$.change_id.type() == "string" && $.change_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$" && (!exists($.reason) || ($.reason.type() == "string" || $.reason.type() == "null"))'),
    ('redo', 0, false, ARRAY['change_id']::text[], NULL, NULL, ARRAY[]::text[], '$.change_id.type() == "string" && $.change_id like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"'),
    ('what_if', 0, false, ARRAY['change_ids', 'reason']::text[], NULL, NULL, ARRAY[]::text[], '$.change_ids.type() == "array" && !exists($.change_ids[*].type() ? (@ != "string")) && !exists($.change_ids[*] ? (!(@ like_regex "^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$"))) && (!exists($.reason) || ($.reason.type() == "string" || $.reason.type() == "null"))'),
    ('restore', 0, false, ARRAY['occurred_at', 'position', 'reason']::text[], NULL, NULL, ARRAY['occurred_at', 'position']::text[], '$.occurred_at.type() == "number" && $.occurred_at >= -62135596800000000 && $.occurred_at <= 253402300799999999 && $.position.type() == "number" && $.position >= 0 && $.position <= 4611686018427387904 && (!exists($.reason) || ($.reason.type() == "string" || $.reason.type() == "null"))');

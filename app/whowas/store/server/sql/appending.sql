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

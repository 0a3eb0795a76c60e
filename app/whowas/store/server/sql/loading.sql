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

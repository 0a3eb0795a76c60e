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

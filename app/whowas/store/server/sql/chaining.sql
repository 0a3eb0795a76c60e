-- The columns of an event in MessagePack, and its chain value: what store/chain.py writes, byte for byte.
-- https://github.com/msgpack/msgpack/blob/master/spec.md
-- Plain SQL functions of one expression are put into the statement that calls them. They are STABLE because what they
-- call is, though it depends on nothing but the database's encoding, which is UTF-8.

CREATE FUNCTION {schema}.packed_integer(number bigint) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $body$
    SELECT CASE
        WHEN number >= 0 THEN CASE
            WHEN number < 128 THEN substring(int8send(number) FROM 8)
            WHEN number < 256 THEN '\xcc'::bytea || substring(int8send(number) FROM 8)
            WHEN number < 65536 THEN '\xcd'::bytea || substring(int8send(number) FROM 7)
            WHEN number < 4294967296 THEN '\xce'::bytea || substring(int8send(number) FROM 5)
            ELSE '\xcf'::bytea || int8send(number)
        END
        WHEN number >= -32 THEN substring(int8send(number) FROM 8)
        WHEN number >= -128 THEN '\xd0'::bytea || substring(int8send(number) FROM 8)
        WHEN number >= -32768 THEN '\xd1'::bytea || substring(int8send(number) FROM 7)
        WHEN number >= -2147483648 THEN '\xd2'::bytea || substring(int8send(number) FROM 5)
        ELSE '\xd3'::bytea || int8send(number)
    END
$body$;

CREATE FUNCTION {schema}.packed_text(given text) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $body$
    SELECT CASE
        WHEN given IS NULL THEN '\xc0'::bytea
        WHEN octet_length(given) < 32 THEN substring(int4send(160 + octet_length(given)) FROM 4) || textsend(given)
        WHEN octet_length(given) < 256 THEN
            '\xd9'::bytea || substring(int4send(octet_length(given)) FROM 4) || textsend(given)
        WHEN octet_length(given) < 65536 THEN
            '\xda'::bytea || substring(int4send(octet_length(given)) FROM 3) || textsend(given)
        ELSE '\xdb'::bytea || int4send(octet_length(given)) || textsend(given)
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

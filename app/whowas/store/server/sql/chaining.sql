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

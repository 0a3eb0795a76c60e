-- Rewriting the table of payloads, so that its file holds nothing any more of what was deleted. Rows stay in it as long
-- as an older transaction, a replica or a replication slot may still look at them.

CREATE FUNCTION {schema}.sweep_1() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET lock_timeout = '5s' AS $body$
BEGIN
    CLUSTER payload USING payload_pkey;
END
$body$;

CREATE FUNCTION {schema}.mark_swept_1() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
    DELETE FROM directory WHERE key = 'unswept'
$body$;

-- A computer says that it has forgotten who was erased up to a position.
CREATE FUNCTION {schema}.confirm_forgotten_1(this_follower bytea, this_position bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
    INSERT INTO follower AS f (follower_id, account, forgotten, seen_at)
    VALUES (this_follower, session_user::text, this_position, clock_timestamp())
    ON CONFLICT (follower_id) DO UPDATE
    SET forgotten = greatest(f.forgotten, EXCLUDED.forgotten), seen_at = EXCLUDED.seen_at
    WHERE f.account = EXCLUDED.account
$body$;

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

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

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

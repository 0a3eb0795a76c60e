-- Who may do what: an account of the server has at most one of the directory's roles.

CREATE FUNCTION {schema}.revoke_1(account text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
BEGIN
    EXECUTE format('REVOKE %I, %I, %I FROM %I', {reader_name}, {editor_name}, {admin_name}, account);
END
$body$;

CREATE FUNCTION {schema}.grant_1(account text, rights text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $body$
BEGIN
    PERFORM revoke_1(account);
    EXECUTE format('GRANT %I TO %I', CASE rights
        WHEN 'reader' THEN {reader_name} WHEN 'editor' THEN {editor_name} WHEN 'admin' THEN {admin_name} END, account);
END
$body$;

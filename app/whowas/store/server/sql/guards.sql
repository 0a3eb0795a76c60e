-- The log refuses what is none of its business, whoever asks. What a superuser does to get past that, the chain tells.

CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'the event log is append-only' USING ERRCODE = 'restrict_violation';
END
$body$;

CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.event
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
CREATE TRIGGER payload_stays BEFORE UPDATE OR TRUNCATE ON {schema}.payload
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();
CREATE TRIGGER head_stays BEFORE DELETE OR TRUNCATE ON {schema}.head
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse();

CREATE FUNCTION {schema}.refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM {schema}.event AS own JOIN {schema}.event AS erasure ON erasure.stream = own.stream
        WHERE own.position = OLD.position AND erasure.type = 'UserErased' AND erasure.position > own.position
    ) THEN
        RAISE EXCEPTION 'a payload goes only with its user' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$body$;

CREATE TRIGGER payload_goes_only_with_its_user BEFORE DELETE ON {schema}.payload
    FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_unless_erased();

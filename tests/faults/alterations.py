"""What somebody who knows SQL can do to a directory file, and put its triggers back afterwards."""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.tampering import user_id

_LAST = "(SELECT max(position) FROM event)"
_SOMEBODY = f"x'{user_id(3).replace('-', '')}'"
_ANOTHER = f"x'{user_id(4).replace('-', '')}'"
_ERASED = "(SELECT stream FROM event WHERE type = 'UserErased')"
_OWN = "(SELECT stream FROM event WHERE position = 1)"
_SWAPPED = (
    "UPDATE event SET position = -30 WHERE position = 30",
    "UPDATE event SET position = 30 WHERE position = 31",
    "UPDATE event SET position = 31 WHERE position = -30",
)
_LONGER_SALT = "salt = CAST(salt || substr(body, 1, 1) AS BLOB), body = substr(body, 2)"
_LONGER_BODY = "salt = substr(salt, 1, 15), body = CAST(substr(salt, 16) || body AS BLOB)"
_SPACED = "CAST(replace(CAST(body AS TEXT), ':', ': ') AS BLOB)"
_COPIED = (
    "randomblob(16), stream, 99, type, schema, recorded_at, occurred_at, actor, change_id, NULL, causation, digest, "
    "chain FROM event WHERE position = 50"
)
_OTHER = "(SELECT user_id FROM two WHERE two.email != email_owner.email)"
_TWO_OWNERS = (
    "CREATE TEMP TABLE two AS SELECT email, user_id FROM email_owner ORDER BY email LIMIT 2",
    f"UPDATE email_owner SET user_id = {_OTHER} WHERE email IN (SELECT email FROM two)",
)

IN_ROWS: Mapping[str, tuple[str, ...]] = {
    "an event deleted": ("DELETE FROM event WHERE position = 50",),
    "the last event deleted": (f"DELETE FROM event WHERE position = {_LAST}",),
    "the first event deleted": ("DELETE FROM event WHERE position = 1",),
    "all events deleted": ("DELETE FROM event",),
    "an event put in": (f"INSERT INTO event SELECT {_LAST} + 1, {_COPIED}",),
    "an event put in before all": (f"INSERT INTO event SELECT 0, {_COPIED}",),
    "events re-ordered": _SWAPPED,
    "events re-ordered with their payloads": (
        *_SWAPPED,
        *(statement.replace("event", "payload") for statement in _SWAPPED),
    ),
    "every position moved": ("UPDATE event SET position = position + 1000",),
    "another event's id": ("UPDATE event SET event_id = randomblob(16) WHERE position = 50",),
    "another user's event": (f"UPDATE event SET stream = {_ANOTHER}, version = 77 WHERE position = 50",),
    "a user's event of the directory": (f"UPDATE event SET stream = {_ANOTHER}, version = 9 WHERE position = 2",),
    "a version left out": (f"UPDATE event SET version = 77 WHERE stream = {_SOMEBODY} AND version = 2",),
    "versions the other way round": (f"UPDATE event SET version = 1000 - version WHERE stream = {_SOMEBODY}",),
    "another type": ("UPDATE event SET type = 'UserDeleted' WHERE type = 'UserSuspended'",),
    "another schema": ("UPDATE event SET schema = schema + 1 WHERE position = 50",),
    "recorded later": ("UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 50",),
    "occurred earlier": ("UPDATE event SET occurred_at = occurred_at - 1 WHERE position = 50",),
    "another actor": ("UPDATE event SET actor = 'somebody' WHERE position = 50",),
    "two changes made one": (
        "UPDATE event SET change_id = (SELECT change_id FROM event WHERE position = 50) WHERE position = 51",
    ),
    "a command's id given": ("UPDATE event SET command_id = randomblob(16) WHERE position = 50",),
    "a cause taken away": ("UPDATE event SET causation = NULL WHERE causation IS NOT NULL",),
    "another digest": ("UPDATE event SET digest = randomblob(32) WHERE position = 50",),
    "another chain value at the end": (f"UPDATE event SET chain = randomblob(32) WHERE position = {_LAST}",),
    "another chain value": ("UPDATE event SET chain = randomblob(32) WHERE position = 50",),
    "a payload deleted": ("DELETE FROM payload WHERE position = 50",),
    "all payloads deleted": ("DELETE FROM payload",),
    "a payload altered": (f"UPDATE payload SET body = {_SPACED} WHERE position = 50",),
    "a payload emptied": ("UPDATE payload SET body = x'7b7d' WHERE position = 50",),
    "another salt": ("UPDATE payload SET salt = randomblob(16) WHERE position = 50",),
    "a salt grown into its payload": (f"UPDATE payload SET {_LONGER_SALT} WHERE position = 50",),
    "a payload grown into its salt": (f"UPDATE payload SET {_LONGER_BODY} WHERE position = 50",),
    "payloads swapped": (
        "UPDATE payload SET position = -50 WHERE position = 50",
        "UPDATE payload SET position = 50 WHERE position = 51",
        "UPDATE payload SET position = 51 WHERE position = -50",
    ),
    "a payload of no event": (f"INSERT INTO payload VALUES ({_LAST} + 5, randomblob(16), x'7b7d')",),
    "a payload before all events": ("INSERT INTO payload VALUES (0, randomblob(16), x'7b7d')",),
    "a payload of somebody erased": (
        f"INSERT INTO payload SELECT position, randomblob(16), x'7b7d' FROM event WHERE stream = {_ERASED} LIMIT 1",
    ),
    "an erasure taken back": ("UPDATE event SET type = 'UserDeleted' WHERE type = 'UserErased'",),
    "a type not listed": ("DELETE FROM event_type WHERE type = 'UserErased'",),
    "no type listed": ("DELETE FROM event_type",),
    "a type listed that there is not": ("INSERT INTO event_type VALUES ('MomentRenamed', 1)",),
    "another type listed": ("UPDATE event_type SET type = 'MomentRenamed' WHERE type = 'MomentNamed'",),
    "an email not kept": ("DELETE FROM email_owner WHERE email = 'p3@example.org'",),
    "no email kept": ("DELETE FROM email_owner",),
    "an email kept for nobody": ("INSERT INTO email_owner VALUES ('new@example.org', randomblob(16))",),
    "a second email kept for somebody": (f"INSERT INTO email_owner VALUES ('new@example.org', {_SOMEBODY})",),
    "an email kept for somebody deleted": (
        f"INSERT INTO email_owner VALUES ('p7@example.org', x'{user_id(7).replace('-', '')}')",
    ),
    "another email kept": ("UPDATE email_owner SET email = 'new@example.org' WHERE email = 'p3@example.org'",),
    "an email's case": ("UPDATE email_owner SET email = 'P3@example.org' WHERE email = 'p3@example.org'",),
    "owners of emails swapped": _TWO_OWNERS,
    "an external id not kept": ("DELETE FROM external_id_owner WHERE external_id = 'E3'",),
    "no external id kept": ("DELETE FROM external_id_owner",),
    "an external id kept for nobody": ("INSERT INTO external_id_owner VALUES ('new', randomblob(16))",),
    "another external id kept": ("UPDATE external_id_owner SET external_id = 'new' WHERE external_id = 'E3'",),
    "owners of external ids swapped": tuple(
        statement.replace("email_owner", "external_id_owner").replace("email", "external_id").replace(
            "external_id_owner_owner", "external_id_owner"
        )
        for statement in _TWO_OWNERS
    ),
    "no id": ("DELETE FROM directory",),
    "another id": (f"UPDATE directory SET value = '{user_id(888)}' WHERE key = 'id'",),
    "the id of a user": (f"UPDATE directory SET value = '{user_id(3)}' WHERE key = 'id'",),
    "an id that is none": ("UPDATE directory SET value = upper(value) WHERE key = 'id'",),
    "one more key": ("INSERT INTO directory VALUES ('owner', 'max')",),
}  # fmt: skip
"""Statements that leave every table with the triggers and indexes it had."""

_REPLACED = (
    "DROP TRIGGER event_is_never_updated",
    "CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event BEGIN SELECT 1; END",
)

_ELSEWHERE = "(SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_event_1')"

IN_SCHEMA: Mapping[str, tuple[str, ...]] = {
    "a trigger dropped": ("DROP TRIGGER event_is_never_deleted",),
    "a trigger replaced": _REPLACED,
    "a trigger added": ("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM email_owner; END",),
    "a trigger's text": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'append-only', 'open') WHERE name = 'event_is_never_updated'",
    ),
    "an index dropped": ("DROP INDEX user_is_erased_once",),
    "an index added": ("CREATE INDEX i ON event (actor)",),
    "an index that refuses": ("CREATE UNIQUE INDEX i ON event (actor, event_id)",),
    "a table added": ("CREATE TABLE t (x)",),
    "a table dropped": ("DROP TABLE external_id_owner",),
    "a view added": ("CREATE VIEW v AS SELECT 1",),
    "a column added": ("ALTER TABLE event ADD COLUMN x TEXT",),
    "another version": ("PRAGMA user_version = 1",),
    "no version": ("PRAGMA user_version = 0",),
    "a newer version": ("PRAGMA user_version = 4",),
    "another application": ("PRAGMA application_id = 1",),
    "a table that takes anything": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', '') WHERE name = 'payload'",
    ),
    "an index elsewhere": (
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET rootpage = {_ELSEWHERE} WHERE name = 'user_is_erased_once'",
    ),
}
"""Statements after which the schema is another."""

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "statistics": ("ANALYZE",),
    "statistics that are untrue": ("ANALYZE", "UPDATE sqlite_stat1 SET stat = '7 3 1'"),
    "rewritten": ("VACUUM",),
    "indexed again": ("REINDEX",),
    "without a write-ahead log": ("PRAGMA journal_mode = DELETE",),
    "pages of another size": ("PRAGMA journal_mode = DELETE", "PRAGMA page_size = 8192", "VACUUM"),
    # Every command first finishes an erasure that was interrupted, which takes the mark away.
    "a mark with words in it": ("INSERT INTO directory VALUES ('unswept', 'yes')",),
}
"""What people may do to a file of theirs, or what is mended before anything is verified."""

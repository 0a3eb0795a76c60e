"""The tables of a directory file, and the rules that the database itself enforces.

They are declared in SQL and not as peewee models, unlike those of the read model. A file is only opened if its schema
is this text, word for word (see ``schema_check``), as in the files of all versions so far; peewee writes the same
tables differently and has no triggers. Queries are SQL too: most read or append to the log, where building a query with
peewee would take longer than running it.
"""

from __future__ import annotations

APPLICATION_ID = 0x57484F57
"""``WHOW`` in ASCII, in the header of every directory file (``PRAGMA application_id``)."""

SCHEMA_VERSION = 3
"""The schema of new files.

Files of schema 1 are used as they are until a user is erased, see ``migration.migrate``; those of schema 1 and 2 until
something is written that the comparison keys of now tell otherwise than those of then, see ``former_keys``.
"""

ERASABLE = 2
"""The first schema in which somebody can be erased."""

COMPARED_ANEW = 3
"""The first schema whose owners are stored under the comparison keys of now; two users may own the same one."""

ERASURES = """
CREATE UNIQUE INDEX user_is_erased_once ON event (stream) WHERE type = 'UserErased';

CREATE TRIGGER payload_goes_only_with_its_user BEFORE DELETE ON payload
WHEN NOT EXISTS (
    SELECT 1 FROM event AS own JOIN event AS erasure ON erasure.stream = own.stream
    WHERE own.position = OLD.position AND erasure.type = 'UserErased' AND erasure.position > own.position
)
BEGIN SELECT raise(ABORT, 'a payload goes only with its user'); END;
"""
"""What schema 2 has instead of the trigger of schema 1 that refuses to delete any payload."""

_PAYLOADS_STAY = """CREATE TRIGGER payload_is_never_deleted BEFORE DELETE ON payload
BEGIN SELECT raise(ABORT, 'payloads are never deleted'); END"""

FROM_1 = ("DROP TRIGGER payload_is_never_deleted", *ERASURES.strip().split(";\n\n"), "PRAGMA user_version = 2")
"""The statements that make a file of schema 1 one of schema 2."""

TABLES = """
CREATE TABLE directory (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    position    INTEGER PRIMARY KEY,
    event_id    BLOB NOT NULL,
    stream      BLOB NOT NULL,
    version     INTEGER NOT NULL,
    type        TEXT NOT NULL,
    schema      INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    actor       TEXT NOT NULL,
    change_id   BLOB NOT NULL,
    command_id  BLOB UNIQUE,
    causation   TEXT,
    digest      BLOB NOT NULL,
    chain       BLOB NOT NULL,
    UNIQUE (stream, version)
) STRICT;

CREATE TABLE payload (
    position INTEGER PRIMARY KEY REFERENCES event (position),
    salt     BLOB NOT NULL,
    body     BLOB NOT NULL
) STRICT;

CREATE TABLE event_type (
    type   TEXT NOT NULL,
    schema INTEGER NOT NULL,
    PRIMARY KEY (type, schema)
) STRICT, WITHOUT ROWID;

CREATE TABLE email_owner (
    email   TEXT PRIMARY KEY,
    user_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE external_id_owner (
    external_id TEXT PRIMARY KEY,
    user_id     BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_is_gapless BEFORE INSERT ON event
WHEN NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM event)
BEGIN SELECT raise(ABORT, 'positions of the event log are gapless'); END;

CREATE TRIGGER event_type_is_listed AFTER INSERT ON event
WHEN NOT EXISTS (SELECT 1 FROM event_type WHERE type = NEW.type AND schema = NEW.schema)
BEGIN INSERT INTO event_type VALUES (NEW.type, NEW.schema); END;

CREATE TRIGGER event_is_never_updated BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'the event log is append-only'); END;

CREATE TRIGGER payload_is_never_replaced BEFORE INSERT ON payload
WHEN EXISTS (SELECT 1 FROM payload WHERE position = NEW.position)
BEGIN SELECT raise(ABORT, 'payloads are never replaced'); END;

CREATE TRIGGER payload_is_never_updated BEFORE UPDATE ON payload
BEGIN SELECT raise(ABORT, 'payloads are never updated'); END;
"""
"""Only the first event of each command has a ``command_id``, so that UNIQUE refuses a repeated command.

``directory`` holds the id under ``id``, and the key ``unswept`` from an erasure until its last traces are removed.
The write model decides uniqueness by the two owner tables; they change in the transaction that appends the events, and
can be derived from the events alone. Up to schema 2 they are as here, in schema 3 as below.
"""

_EMAIL_OWNER = """CREATE TABLE email_owner (
    email   TEXT NOT NULL,
    user_id BLOB NOT NULL,
    PRIMARY KEY (email, user_id)
) STRICT, WITHOUT ROWID"""

_EXTERNAL_ID_OWNER = """CREATE TABLE external_id_owner (
    external_id TEXT NOT NULL,
    user_id     BLOB NOT NULL,
    PRIMARY KEY (external_id, user_id)
) STRICT, WITHOUT ROWID"""

_FIRST = tuple(TABLES.strip().removesuffix(";").split(";\n\n"))
_ERASURES = tuple(ERASURES.strip().removesuffix(";").split(";\n\n"))
_OWNERS = {"CREATE TABLE email_owner": _EMAIL_OWNER, "CREATE TABLE external_id_owner": _EXTERNAL_ID_OWNER}
_THIRD = tuple(_OWNERS.get(statement.partition(" (")[0], statement) for statement in _FIRST)
STATEMENTS = {1: (*_FIRST, _PAYLOADS_STAY), 2: (*_FIRST, *_ERASURES), 3: (*_THIRD, *_ERASURES)}
"""The statements that create the whole schema of a file, by its version."""

RENEWED_TYPE = "OwnersRenewed"
"""A type of event that there is none of: listed in files that were migrated to schema 3.

An older program that has the file open looks only there before it writes, finds a type that it does not know, says so,
and writes nothing; otherwise it would go on storing owners under its own keys.
"""

HIDDEN_TYPE = "PasswordsHidden"
"""Another one, listed in files whose password hashes a server hid from whoever keeps them: followers, and their copies.

In such a file a ``PasswordSet`` need not have a payload. An older program, which would take that for damage, says that
it does not know the type.
"""

NO_TYPES = frozenset({RENEWED_TYPE, HIDDEN_TYPE})
"""What is listed as types of events and is none."""

LIST_HIDDEN = "INSERT OR IGNORE INTO event_type VALUES ('PasswordsHidden', 1)"
HIDES = "EXISTS (SELECT 1 FROM event_type WHERE type = 'PasswordsHidden')"
"""In SQL, whether it is such a file."""

FROM_2 = (
    "DROP TABLE email_owner",
    "DROP TABLE external_id_owner",
    _EMAIL_OWNER,
    _EXTERNAL_ID_OWNER,
    "INSERT INTO event_type VALUES ('OwnersRenewed', 1)",
    "PRAGMA user_version = 3",
)
"""The statements that make a file of schema 2 one of schema 3, but for the owners themselves."""

INSERT_EVENT = "INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
INSERT_PAYLOAD = "INSERT INTO payload VALUES (?,?,?)"
DELETE_PAYLOADS = (
    "DELETE FROM payload WHERE position IN (SELECT position FROM event WHERE stream = ? AND type != 'UserErased')"
)
SELECT_ERASURES = "SELECT stream, position FROM event WHERE type = 'UserErased'"

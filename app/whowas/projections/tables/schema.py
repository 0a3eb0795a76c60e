"""The tables of the read model, as peewee's models. They may be thrown away at any time: the log makes them again."""

from __future__ import annotations

import re
from typing import Final

import peewee
from peewee import AutoField, BlobField, IntegerField, TextField

from whowas.domain.fields import LABELS
from whowas.domain.users import User
from whowas.store.file.connections import Connections

_USER_COLUMNS = User._fields[1:]
USER_COLUMNS: Final = ", ".join(f"version_row.{name}" for name in _USER_COLUMNS)
"""The columns in which a user lies, as a query asks for them: all that there is of a user but the id, in its order."""

READ_SCHEMA: Final = " ".join(("8", *_USER_COLUMNS))
"""Of a read model of another schema all is made again.

The number is raised whenever a table below or what is put into it changes; a user's columns count by themselves.
"""


def _name(table: type[peewee.Model]) -> str:
    return re.sub(r"\B(?=[A-Z])", "_", table.__name__.removesuffix("Table")).lower()


class _Table(peewee.Model):
    """Of no database: there is a read model for every directory, and more of them for other sides."""

    class Meta:
        strict_tables = True
        legacy_table_names = False
        table_function = _name


class CheckpointTable(_Table):
    """The one row that says how far the read model has come.

    ``generation`` counts the events that landed before the end of the timeline, and in far larger steps the erasures,
    after which arrays kept elsewhere are void; ``latest`` is the greatest occurred_at of any step; ``searchable`` is
    the last row number that the trigram index holds.
    """

    only = IntegerField(primary_key=True, default=1, constraints=[peewee.Check("only = 1")])
    schema = TextField()
    directory_id = TextField()
    position = IntegerField(default=0)
    chain = BlobField()
    generation = IntegerField(default=0)
    latest = IntegerField(default=0)
    searchable = IntegerField(default=0)


class UserTable(_Table):
    """The number under which arrays know a user."""

    number = AutoField()
    user_id = TextField(unique=True)


class ChangeTable(_Table):
    """What one commit did."""

    number = AutoField()
    change_id = TextField(unique=True)
    actor = TextField()
    recorded_at = IntegerField()
    first_position = IntegerField()
    last_position = IntegerField()
    causation = TextField(null=True)


_CAUSED = ChangeTable.index(ChangeTable.number, where=ChangeTable.causation.is_null(False), name="change_with_cause")
ChangeTable.add_index(_CAUSED)


class StepTable(_Table):
    """Of a step's events ``created``, ``changed`` and ``removed`` count all.

    ``gone`` counts those of users who were erased since, or by it, ``gone_users`` these users, and ``erasures`` those
    whom it erased itself. An erased user has no other trace here.
    """

    number = AutoField()
    change = IntegerField()
    occurred_at = IntegerField()
    first_position = IntegerField()
    actor = TextField()
    created = IntegerField()
    changed = IntegerField()
    removed = IntegerField()
    gone = IntegerField()
    gone_users = IntegerField()
    erasures = IntegerField()

    class Meta:
        indexes = ((("change", "occurred_at", "first_position"), False),)


class VersionRowTable(_Table):
    """One state of one user.

    ``begins`` and ``ends`` are step numbers (in recorded order); the version index turns them into timeline order.
    ``content`` is the same for two rows that show the same of a user.
    """

    number = AutoField()
    user = IntegerField(index=True)
    begins = IntegerField()
    ends = IntegerField(null=True)
    actor = TextField()
    version = IntegerField()
    status = TextField()
    locals().update({name: TextField(null=True) for name in _USER_COLUMNS if name in LABELS})
    password = TextField(null=True)
    groups = TextField()
    attributes = TextField()
    content = IntegerField()


class DirectoryStateTable(_Table):
    """The state of the directory after each step that altered it."""

    step = AutoField()
    version = IntegerField()
    state = TextField()


class SearchTextTable(_Table):
    """What searching may find in a version row, folded."""

    number = AutoField()
    text = TextField()


_TABLES: Final = (
    CheckpointTable,
    UserTable,
    ChangeTable,
    StepTable,
    VersionRowTable,
    DirectoryStateTable,
    SearchTextTable,
)

# In SQL, as peewee's own model of such a table is in a module that costs more to import than all of these.
_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    text, content='search_text', content_rowid='number', tokenize='trigram case_sensitive 1'
)
"""


def lay_tables(database: Connections) -> None:
    """Create all tables and indexes in an empty database."""
    for table in _TABLES:
        peewee.SchemaManager(table, database).create_all(safe=False)
    database.connection().execute(_SEARCH)


def insertion(table: type[peewee.Model]) -> str:
    """Return the statement that inserts a whole row, for ``executemany``: peewee's own are too slow for a log."""
    described = table._meta  # noqa: SLF001 (so peewee calls what it documents)
    columns = [field.column_name for field in described.sorted_fields]
    return f"INSERT INTO {described.table_name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608

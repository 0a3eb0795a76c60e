"""The tables of the read model, as peewee models. They are a cache: they can be rebuilt from the log at any time."""

from __future__ import annotations

import re
from typing import Any, Final

from whowas.domain.fields import LABELS
from whowas.domain.users import User
from whowas.store.file.connections import EachThreads
from whowas.store.file.sqlite_only import peewee

_USER_COLUMNS = User._fields[1:]
USER_COLUMNS: Final = ", ".join(f"version_row.{name}" for name in _USER_COLUMNS)
"""The columns of VersionRowTable that hold a user, for use in a query: all fields of User but the id, in that order."""

READ_SCHEMA: Final = " ".join(("17", *_USER_COLUMNS))
"""A read model with another value in its checkpoint is rebuilt.

Raise the number whenever a table below changes, or what is put into it. A new column of a user needs no new number.
"""


def _name(table: type[peewee.Model]) -> str:
    return re.sub(r"\B(?=[A-Z])", "_", table.__name__.removesuffix("Table")).lower()


class _Table(peewee.Model):
    """Bound to no database, because several read models are open at once; see ``ReadModel.ask``."""

    class Meta:
        strict_tables = True
        legacy_table_names = False
        table_function = _name


class CheckpointTable(_Table):
    """One row that says how far the read model has followed the log.

    ``ordering_epoch`` and ``erasure_count`` are those of ``Epoch``, ``latest`` is the greatest occurred_at of any step,
    and ``searchable`` the last row number in the trigram index.
    """

    only = peewee.IntegerField(primary_key=True, default=1, constraints=[peewee.Check("only = 1")])
    schema = peewee.TextField()
    directory_id = peewee.TextField()
    position = peewee.IntegerField(default=0)
    chain = peewee.BlobField()
    ordering_epoch = peewee.IntegerField(default=0)
    erasure_count = peewee.IntegerField(default=0)
    latest = peewee.IntegerField(default=0)
    searchable = peewee.IntegerField(default=0)


class UserTable(_Table):
    """The number that stands for a user in the arrays of the index."""

    number = peewee.AutoField()
    user_id = peewee.TextField(unique=True)


class ChangeTable(_Table):
    """One change: all events of one commit."""

    number = peewee.AutoField()
    change_id = peewee.TextField(unique=True)
    actor = peewee.TextField()
    recorded_at = peewee.IntegerField()
    first_position = peewee.IntegerField()
    last_position = peewee.IntegerField()
    causation = peewee.TextField(null=True)


_CAUSED = ChangeTable.index(ChangeTable.number, where=ChangeTable.causation.is_null(False), name="change_with_cause")
ChangeTable.add_index(_CAUSED)


class StepTable(_Table):
    """One step; ``created``, ``changed`` and ``removed`` count its events.

    ``gone`` counts its events of users who were erased by it or later, ``gone_users`` these users, and ``erasures``
    the users it erased itself. Nothing else in these tables is left of an erased user.
    """

    number = peewee.AutoField()
    change = peewee.IntegerField()
    occurred_at = peewee.IntegerField()
    first_position = peewee.IntegerField()
    actor = peewee.TextField()
    created = peewee.IntegerField()
    changed = peewee.IntegerField()
    removed = peewee.IntegerField()
    gone = peewee.IntegerField()
    gone_users = peewee.IntegerField()
    erasures = peewee.IntegerField()

    class Meta:
        indexes = ((("change", "occurred_at", "first_position"), False),)


class VersionRowTable(_Table):
    """One state of one user.

    ``begins`` is a step number (in recorded order); the version index turns it into timeline order. A row ends where
    the next of its user begins: rows of one user are numbered in timeline order.
    ``content`` is the same for two rows that show the same of a user.
    """

    number = peewee.AutoField()
    user = peewee.IntegerField(index=True)
    begins = peewee.IntegerField()
    actor = peewee.TextField()
    version = peewee.IntegerField()
    status = peewee.TextField()
    locals().update({name: peewee.TextField(null=True) for name in _USER_COLUMNS if name in LABELS})
    password = peewee.TextField(null=True)
    groups = peewee.TextField()
    attributes = peewee.TextField()
    content = peewee.IntegerField()


class DirectoryStateTable(_Table):
    """The state of the directory after each step that altered it."""

    step = peewee.AutoField()
    version = peewee.IntegerField()
    state = peewee.TextField()


class SearchTextTable(_Table):
    """The text of a version row as searching compares it; only the first rows have one yet, see ``search_texts``."""

    number = peewee.AutoField()
    text = peewee.TextField()


_TABLES: Final = (
    CheckpointTable,
    UserTable,
    ChangeTable,
    StepTable,
    VersionRowTable,
    DirectoryStateTable,
    SearchTextTable,
)

# In SQL, because the module with peewee's model of FTS5 tables takes longer to import than this one.
_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    text, content='search_text', content_rowid='number', tokenize='trigram case_sensitive 1'
)
"""


def lay_tables(database: EachThreads[Any]) -> None:
    """Create all tables and indexes in an empty database."""
    for table in _TABLES:
        peewee.SchemaManager(table, database).create_all(safe=False)
    database.connection().execute(_SEARCH)


(_BY_USER,) = VersionRowTable._meta.fields_to_index()  # noqa: SLF001 (so peewee calls what it documents)
_HAS_LOOKUP = f"SELECT count(*) FROM sqlite_schema WHERE name = '{_BY_USER._name}'"  # noqa: S608, SLF001


def drop_lookup(database: EachThreads[Any]) -> None:
    """Drop the index by which a user's version rows are found, until ``lay_lookup``.

    Rows come in the order of their steps: to keep it up with very many takes several times as long as to make it then.
    """
    peewee.SchemaManager(VersionRowTable, database).drop_indexes()


def lay_lookup(database: EachThreads[Any]) -> None:
    """Make the index that ``drop_lookup`` dropped, if it did."""
    ((count,),) = database.connection().execute(_HAS_LOOKUP)
    if not count:
        peewee.SchemaManager(VersionRowTable, database).create_indexes()


def insertion(table: type[peewee.Model]) -> str:
    """Return an INSERT of all columns, in the order declared, for ``executemany`` where peewee's own is too slow."""
    described = table._meta  # noqa: SLF001 (so peewee calls what it documents)
    columns = [field.column_name for field in described.sorted_fields]
    return f"INSERT INTO {described.table_name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608

"""The tables of the read model. They may be thrown away at any time: the log makes them again."""

from __future__ import annotations

from typing import Final

READ_SCHEMA: Final = "7"
"""Raised whenever a table below or what is put into it changes; a read model of another schema is rebuilt."""

TABLES: Final = """
CREATE TABLE checkpoint (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    schema       TEXT NOT NULL,
    directory_id TEXT NOT NULL,
    position     INTEGER NOT NULL,
    chain        BLOB NOT NULL,
    generation   INTEGER NOT NULL,
    latest       INTEGER NOT NULL,
    searchable   INTEGER NOT NULL
) STRICT;

CREATE TABLE user (
    number  INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE change (
    number         INTEGER PRIMARY KEY,
    change_id      TEXT NOT NULL UNIQUE,
    actor          TEXT NOT NULL,
    recorded_at    INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    last_position  INTEGER NOT NULL,
    causation      TEXT
) STRICT;

CREATE INDEX change_with_cause ON change (number) WHERE causation IS NOT NULL;

CREATE TABLE step (
    number         INTEGER PRIMARY KEY,
    change         INTEGER NOT NULL,
    occurred_at    INTEGER NOT NULL,
    first_position INTEGER NOT NULL,
    actor          TEXT NOT NULL,
    created        INTEGER NOT NULL,
    changed        INTEGER NOT NULL,
    removed        INTEGER NOT NULL,
    gone           INTEGER NOT NULL,
    gone_users     INTEGER NOT NULL,
    erasures       INTEGER NOT NULL
) STRICT;
CREATE INDEX step_of_change ON step (change, occurred_at, first_position);

CREATE TABLE version_row (
    number      INTEGER PRIMARY KEY,
    user        INTEGER NOT NULL,
    begins      INTEGER NOT NULL,
    ends        INTEGER,
    actor       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    status      TEXT NOT NULL,
    first_name  TEXT,
    last_name   TEXT,
    email       TEXT,
    phone       TEXT,
    title       TEXT,
    department  TEXT,
    notes       TEXT,
    external_id TEXT,
    password    TEXT,
    groups      TEXT NOT NULL,
    attributes  TEXT NOT NULL,
    content     INTEGER NOT NULL
) STRICT;
CREATE INDEX version_row_of_user ON version_row (user);

CREATE TABLE directory_state (
    step    INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    state   TEXT NOT NULL
) STRICT;

CREATE TABLE search_text (
    number INTEGER PRIMARY KEY,
    text   TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
    text, content='search_text', content_rowid='number', tokenize='trigram case_sensitive 1'
);
"""
"""Of a step's events ``created``, ``changed`` and ``removed`` count all; ``gone`` counts those of users who were
erased since, or by it, ``gone_users`` these users, and ``erasures`` those whom it erased itself. An erased user has no
other trace here.

``begins`` and ``ends`` are step numbers (in recorded order); the version index turns them into timeline order.

``generation`` counts the events that landed before the end of the timeline, and in far larger steps the erasures,
after which arrays kept elsewhere are void; ``latest`` is the greatest occurred_at of any step; ``searchable`` is the
last row number that the trigram index holds. ``content`` is the same for two rows that show the same of a user.
"""

INSERT_STEP: Final = "INSERT INTO step VALUES (?,?,?,?,?,?,?,?,?,?,?)"
INSERT_VERSION: Final = "INSERT INTO version_row VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

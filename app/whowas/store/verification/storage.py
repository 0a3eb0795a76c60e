"""The second step of verifying: SQLite finds its tables and indexes whole, and nothing in the file is not ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from whowas.domain.errors import CancelledError
from whowas.domain.fields import is_id, shortened
from whowas.domain.progress import Progress
from whowas.store.chain import Damage
from whowas.store.file import schema
from whowas.store.file.schema_check import difference_in

_STEPS_AN_EVENT = 120
"""About how many virtual machine steps SQLite takes to check an event, its payload and its place in the indexes."""

_EVENTS_BETWEEN_REPORTS = 1_000

_KEYS = {"id", "unswept"}


def damage_in_storage(connection: sqlite3.Connection, events: int, progress: Progress) -> Damage | None:
    """Return what is wrong with the tables of a file whose ``events`` events are known to be sound, or None.

    Raises CancelledError and the driver's errors.
    """
    wrong = difference_in(connection)  # first, because an index may be of functions that nobody here knows
    if wrong is not None:
        return _damage(wrong.sentence)
    with _reporting(connection, events, progress):
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        return _damage(f"its tables and indexes do not fit together ({shortened(str(found), 200)})")
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != schema.APPLICATION_ID:
        return _damage("it does not say any more that it is a directory of Whowas")
    stray = connection.execute("SELECT 1 FROM payload WHERE position < 1 OR position > ? LIMIT 1", (events,)).fetchone()
    if stray is not None:
        return _damage("it holds a payload that belongs to no event")
    return _damage_in_own_table(connection)


def _damage_in_own_table(connection: sqlite3.Connection) -> Damage | None:
    rows = dict(connection.execute("SELECT key, value FROM directory LIMIT ?", (len(_KEYS) + 1,)))
    if not is_id(rows.get("id")):
        return _damage("its id is missing or none")
    if not rows.keys() <= _KEYS or rows.get("unswept", "") != "":
        return _damage("what it says about itself holds something that Whowas does not write")
    return None


def _damage(reason: str) -> Damage:
    return Damage(None, reason)


@contextmanager
def _reporting(connection: sqlite3.Connection, events: int, progress: Progress) -> Iterator[None]:
    """Report while SQLite works on something that takes long, in events, and let it be cancelled."""
    done = 0
    cancelled: list[CancelledError] = []

    def step() -> bool:
        nonlocal done
        done = min(done + _EVENTS_BETWEEN_REPORTS, events)
        try:
            progress(done, events)
        except CancelledError as error:
            cancelled.append(error)
        return bool(cancelled)

    connection.set_progress_handler(step, _EVENTS_BETWEEN_REPORTS * _STEPS_AN_EVENT)
    try:
        yield
    except sqlite3.OperationalError:
        if cancelled:
            raise cancelled[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)

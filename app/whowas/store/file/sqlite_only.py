"""peewee for SQLite alone.

It imports every driver of other databases that it finds. Psycopg is there for directories that several people share
(``whowas.store.server``), and takes longer to import than peewee itself: no other start should wait for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["peewee"]


@contextmanager
def _not_to_be_found(package: str) -> Iterator[None]:
    """Let nobody import a package while the block lasts, unless that has been done."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]


with _not_to_be_found("psycopg"):
    import peewee

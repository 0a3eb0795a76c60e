"""Whoever works on a file does not wait for what speaks to servers, and whoever shares a directory still gets it."""

from __future__ import annotations

import subprocess
import sys

import pytest


def modules_after(program: str) -> set[str]:
    """The modules that a program has imported at its end."""
    program += "\nimport sys; print(*(name for name, module in sys.modules.items() if module is not None))"
    return set(subprocess.check_output([sys.executable, "-c", program], text=True).split())


BY_THE_WINDOW = "from whowas.desktop.window import preload; preload.import_reading(None); preload.import_writing(None)"


@pytest.mark.parametrize("program", ["import whowas.store.event_log", "import whowas.cli.list_show", BY_THE_WINDOW])
def test_what_works_on_a_file_imports_no_driver_of_servers(program: str) -> None:
    found = modules_after(program)
    assert "peewee" in found
    assert not found & {"psycopg", "psycopg_binary", "asyncio"}


@pytest.mark.parametrize("first", ["psycopg", "whowas.store.event_log"])
def test_the_driver_is_there_for_whoever_asks_for_it_before_or_after(first: str) -> None:
    found = modules_after(f"import {first}\nimport whowas.store.event_log\nimport psycopg")
    assert {"peewee", "psycopg_binary.pq"} <= found

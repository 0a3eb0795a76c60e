"""Which tests run in one process where `make test` has several, in which order, and which run beside no other."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/distribution/",)
"""Folders whose files go to one process: they use the packages and the Debians that are made once for all of them."""

FIRST = (*TOGETHER, "tests/faults/", "tests/properties/", "tests/end_to_end/")
"""Folders that begin first, in this order, so that no process has the longest of them left when the others are done."""

ALONE = ("tests/end_to_end/test_shared_directory.py::test_what_one_changes_the_other_sees_at_once",)
"""Tests that measure time. They come last, when little else is left, and whatever is left waits for them."""

LONGEST_END_S = 60
"""How long a process may take after Ctrl+C to take away what it made, such as servers and whole Debians."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest begin where there are several processes; all else is in the order that was drawn."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Hand out files; some folders as if they were one, and some tests as if they were files."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = nodeid if nodeid in ALONE else super()._split_scope(nodeid)
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    # Else those with the most tests would be first.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """After Ctrl+C, which all processes got, wait for the others: xdist would end them after a few seconds."""
    running = session.config.pluginmanager.getplugin("dsession")
    nodes = list(running._active_nodes) if running else []
    for node in nodes:
        node.shutdown()  # as Qt lets a test go on that is interrupted in a slot
    for node in nodes:
        with suppress(node.channel.RemoteError, node.channel.TimeoutError):
            node.channel.waitclose(LONGEST_END_S)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Have what measures time run beside no other test; before the clock of pytest-timeout is started."""
    if not hasattr(item.config, "workerinput"):
        return (yield)
    with _turn(item.config.rootpath, item.config.inipath, fcntl.LOCK_EX if item.nodeid in ALONE else fcntl.LOCK_SH):
        return (yield)


def _place(nodeid: str) -> int:
    if nodeid in ALONE:
        return len(FIRST) + 1
    return next((place for place, folder in enumerate(FIRST) if nodeid.startswith(folder)), len(FIRST))


@contextmanager
def _turn(gate: Path, room: Path | None, kind: int) -> Iterator[None]:
    """Be in the room, with others or alone. Whoever waits for it to be empty holds the gate, so that none comes in.

    Both are of what is tested, so that tests which run tests elsewhere wait for none of themselves.
    """
    assert room is not None
    within = ExitStack()
    with _locked(gate, kind):
        within.enter_context(_locked(room, kind))
    with within:
        yield


@contextmanager
def _locked(path: Path, kind: int) -> Iterator[None]:
    opened = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(opened, kind)
        yield
    finally:
        # A program that a test forked may have the file open as well.
        fcntl.flock(opened, fcntl.LOCK_UN)
        os.close(opened)

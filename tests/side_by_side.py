"""Which tests run in one process where `make test` has several: those of a file, and those that share what is dear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/distribution/",)
"""Folders whose files go to one process: they use the packages and the Debians that are made once for all of them."""

FIRST = (*TOGETHER, "tests/faults/", "tests/end_to_end/")
"""Folders that begin first, in this order, so that no process has the longest of them left when the others are done."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest begin where there are several processes; all else is in the order that was drawn."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: _first(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Hand out files, and some folders as if they were one."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return next((folder for folder in TOGETHER if file.startswith(folder)), file)

    # Else those with the most tests would be first.
    config.option.loadscopereorder = False
    return Scheduling(config, log)


def _first(nodeid: str) -> int:
    return next((place for place, folder in enumerate(FIRST) if nodeid.startswith(folder)), len(FIRST))

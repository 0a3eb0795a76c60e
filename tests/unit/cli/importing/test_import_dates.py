"""Which clock says whether a list's date is still to come: that of the server, where the directory is on one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from whowas.cli.importing import import_dates
from whowas.cli.importing.import_dates import clock_of, true_since
from whowas.cli.where import SharedAt
from whowas.domain.errors import RefusedError
from whowas.interchange import iso_moments
from whowas.store.server.address import ServerAddress


@pytest.mark.parametrize("server_says", ["2018-01-01", "2099-01-01"])
def test_a_list_for_a_shared_directory_is_judged_by_its_server_s_clock(
    monkeypatch: pytest.MonkeyPatch, server_says: str
) -> None:
    when_us = iso_moments.parsed(server_says)

    @contextmanager
    def shared(where: SharedAt) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(clock=lambda: when_us)

    monkeypatch.setattr(import_dates, "shared", shared)
    where = SharedAt(ServerAddress())
    now = clock_of(where)
    assert now == when_us
    if server_says == "2018-01-01":
        with pytest.raises(RefusedError, match="still to come"):
            true_since(where, ["a.csv"], "2019-03-01", now)
    else:
        assert set(true_since(where, ["a.csv"], "2098-03-01", now)) == {"a.csv"}


def test_a_list_for_a_file_is_judged_by_this_computer_s() -> None:
    assert clock_of(Path("staff.whowas")) is None

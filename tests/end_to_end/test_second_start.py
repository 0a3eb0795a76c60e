"""Started a second time on a real screen."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.conftest import Launch
from whowas.store.event_log import EventLog


def test_a_second_start_opens_its_file_in_the_first_window(launch: Launch, home: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.whowas" for name in ("staff", "guests")]
    for file in files:
        EventLog.create(file).close()
    first = launch(files[0])
    first.eventually(lambda: first.title.startswith("staff"), "the first window is there")

    second = launch(files[1])

    assert second.wait_closed() == 0
    first.eventually(lambda: first.title.startswith("guests"), "the first window shows the other file")
    assert len(first.windows) == 1
    first.menu_item("Quit").press()
    assert first.wait_closed() == 0
    assert not list((home / "runtime").glob("*.socket"))
    again = launch(files[0])
    again.eventually(lambda: again.title.startswith("staff"), "the next start is the first again")

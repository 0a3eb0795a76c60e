"""A file of a first screen is used as it was written, by this version, for its owner alone, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import whowas.desktop.first_screen.kept as written
from whowas.desktop.first_screen.finding import content_of
from whowas.desktop.first_screen.kept import (
    MOST_BYTES,
    KeptRow,
    KeptScreen,
    KeptSection,
    KeptTimeline,
    decoded,
    encoded,
)
from whowas.desktop.timeline.drawing import AxisMark, Drawn

SCREEN = KeptScreen(
    directory_id="0199a3c4-0000-7000-8000-000000000000",
    position=7,
    chain="ab" * 32,
    fields=(("Room", "Room"),),
    columns=("name", "email"),
    sort=("name", False),
    total=9_000,
    rows=(
        KeptRow("u1", "active", ("Ada Osei", "ada@example.org"), ("Choir",)),
        KeptRow("u2", "suspended", ("", ""), ()),
    ),
    statuses=(KeptSection("everyone", "Everyone", 9_000, None),),
    groups=(KeptSection("group:1", "Choir", 1, "teal"), KeptSection("group:2", "Staff", 3, None)),
    changes=12,
    label="Now · change 12",
    speed="1 day / s",
    filter="All changes",
    timeline=KeptTimeline(
        "640 Sans",
        Drawn(
            14,
            626,
            (14, 320, 626),
            (4, 0),
            ((1, 2, 1), (0, 0, 0)),
            (30.5,),
            (AxisMark(1, 2, "2020"),),
            ((9.5, "import"),),
        ),
        626.0,
        121,
        500,
    ),
)
CONTENT = encoded(SCREEN)


def test_what_was_written_is_read_again() -> None:
    assert decoded(CONTENT) == SCREEN


@given(st.integers(0, len(CONTENT) - 1), st.integers(1, 255))
def test_a_file_with_another_byte_is_not_read(place: int, difference: int) -> None:
    changed = bytearray(CONTENT)
    changed[place] ^= difference
    assert decoded(bytes(changed)) is None


@given(st.integers(0, len(CONTENT)), st.integers(0, len(CONTENT)), st.binary(max_size=20))
def test_a_file_that_was_cut_or_written_over_is_read_as_it_was_or_not(begin: int, end: int, instead: bytes) -> None:
    changed = CONTENT[:begin] + instead + CONTENT[end:]
    assert decoded(changed) == (SCREEN if changed == CONTENT else None)


def test_values_of_another_kind_are_refused_even_where_the_digest_is_right() -> None:
    """As one could be of a program that says it is of this version: at each place, each other value."""
    values = json.loads(json.dumps(SCREEN))

    def places(holder: list[Any]) -> Iterator[tuple[list[Any], int]]:
        for number, inner in enumerate(holder):
            yield holder, number
            if isinstance(inner, list):
                yield from places(inner)

    for holder, number in list(places(values)):
        before = holder[number]
        for other in (None, -1, 1.5, "", [], {}, True, 2**40, 1e300, ["x"]):
            holder[number] = other
            content = json.dumps(values).encode()
            screen = decoded(written._head() + written._digest(content) + content)
            assert screen is None or (len(screen) == len(SCREEN) and decoded(encoded(screen)) == screen)
        holder[number] = before


def test_one_of_another_version_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "__version__", "0.6.0")
    older = encoded(SCREEN)
    monkeypatch.undo()
    assert decoded(older) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there are no modes")
def test_only_a_file_of_its_owner_alone_is_read(tmp_path: Path) -> None:
    file = tmp_path / "first-screen"
    file.write_bytes(CONTENT)
    file.chmod(0o640)
    assert content_of(file) == b""
    file.chmod(0o600)
    assert content_of(file) == CONTENT
    link = tmp_path / "link"
    link.symlink_to(file)
    with pytest.raises(OSError, match="link"):
        content_of(link)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert content_of(tmp_path / "pipe") == b""


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_one_of_another_account_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "first-screen"
    file.write_bytes(CONTENT)
    file.chmod(0o600)
    os.chown(file, 65534, 65534)
    assert content_of(file) == b""


def test_one_that_is_too_long_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "first-screen"
    file.touch(0o600)
    os.truncate(file, MOST_BYTES + 1)
    assert content_of(file) == b""


def test_it_is_painted_before_anything_of_a_directory_is_imported() -> None:
    heavy = ("numpy", "peewee", "msgspec", "apsw", "whowas.projections", "whowas.command_bus", "whowas.store.event_log")
    program = (
        "import sys, whowas.desktop.start.application\n"
        "import whowas.desktop.first_screen.finding, whowas.desktop.first_screen.page, whowas.store.file.glance\n"
        f"print(*sorted(sys.modules.keys() & {set(heavy)!r}))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "\n"

"""What is kept to be read again comes back as it was, from memory or a private file that goes with it."""

from __future__ import annotations

import csv
import gc
import io
import stat
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from whowas.interchange import spill
from whowas.interchange.reading.spilled import SpilledRows, SpilledTexts, csv_line
from whowas.system import folders

TEXTS = st.text(max_size=5)


@pytest.fixture(params=[0, 1 << 20])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(spill, "HELD_BYTES", request.param)
    return int(request.param)


@pytest.mark.parametrize("texts", [[], [""], ["a", "", "é🙂", "two\nlines"], ["x"] * 1000])
def test_texts_come_back_by_their_number(held: int, texts: list[str]) -> None:
    kept = SpilledTexts()
    for text in texts:
        kept.add(text)

    with kept.opened() as view:
        assert [view[number] for number in range(len(texts))] == texts
        for number in (-1, len(texts)):
            with pytest.raises(IndexError):
                view[number]


def test_rows_come_back_again_and_again_as_long_as_the_longest(held: int) -> None:
    kept = SpilledRows()
    kept.add(1, ["a", "b\n"], {})
    kept.add(7, ["é"], {1: "why"})

    for _ in range(2):
        first, second = kept.rows()
        assert (first.line, first.cells, dict(first.faults), first.raw) == (1, ["a", "b\n"], {}, 'a,"b\n"')
        assert (second.line, second.cells, dict(second.faults), second.raw) == (7, ["é", ""], {1: "why"}, "é,")


def test_the_file_is_for_its_owner_and_goes_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD_BYTES", 0)
    kept = SpilledRows()
    kept.add(1, ["Mara"], {})
    [file] = _files()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    reading = kept.rows()
    next(reading)
    reading.close()
    del kept, reading
    gc.collect()
    assert not _files()
    assert not file.parent.exists()


def _files() -> list[Path]:
    return list(folders.cache().rglob("rows"))


@given(st.lists(TEXTS, min_size=1, max_size=4).filter([""].__ne__))
@example(["two\nlines", 'a "quoted" word', "a, b", "\r"])
def test_a_line_of_csv_is_read_back(cells: list[str]) -> None:
    assert list(csv.reader(io.StringIO(csv_line(cells), newline=""))) == [cells]

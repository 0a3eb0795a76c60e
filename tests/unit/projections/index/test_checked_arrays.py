"""A file of arrays is read as it was written, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from whowas.projections.index import checked_arrays
from whowas.projections.index.checked_arrays import BLOCK_BYTES, Contents, DamagedArraysError

ARRAYS: dict[str, Any] = {
    "long": np.arange(3 * BLOCK_BYTES // 8 + 5, dtype=np.int64) * 7919,
    "none": np.zeros(0, dtype=np.int32),
    "short": np.array([3, 1, 2], dtype=np.uint8),
    "turned": np.arange(20, dtype=np.int32)[::-2],
}


def written(path: Path, arrays: dict[str, Any]) -> Contents:
    with path.open("wb") as file:
        return checked_arrays.write(file, arrays)


@pytest.fixture(scope="module", params=["as read", "in memory"], autouse=True)
def way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check the arrays in each of the two ways, where the system knows the second."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "as read":
            patch.setattr(checked_arrays, "_can_be_brought_in", lambda _mapping: False)
        yield


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Contents, bytes]:
    path = tmp_path_factory.mktemp("arrays") / "arrays.bin"
    contents = written(path, ARRAYS)
    return path, contents, path.read_bytes()


def is_refused(kept: tuple[Path, Contents, bytes], content: bytes) -> bool:
    path, contents, _ = kept
    path.write_bytes(content)
    try:
        checked_arrays.mapped(path, contents)
    except DamagedArraysError:
        return True
    return False


def test_arrays_come_back(kept: tuple[Path, Contents, bytes]) -> None:
    path, contents, content = kept
    path.write_bytes(content)
    found = checked_arrays.mapped(path, msgspec.json.decode(msgspec.json.encode(contents), type=Contents))
    assert list(found) == list(ARRAYS)
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_nothing_comes_back_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "arrays.bin"
    for arrays in ({}, {"none": ARRAYS["none"]}):
        found = checked_arrays.mapped(path, written(path, arrays))
        assert [len(array) for array in found.values()] == [0] * len(arrays)


@given(st.data())
def test_no_flipped_bit_is_read(kept: tuple[Path, Contents, bytes], data: st.DataObject) -> None:
    content = bytearray(kept[2])
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    assert is_refused(kept, bytes(content))


@given(st.data())
def test_no_other_length_is_read(kept: tuple[Path, Contents, bytes], data: st.DataObject) -> None:
    content = kept[2]
    length = data.draw(st.integers(0, len(content) - 1))
    assert is_refused(kept, content[:length])
    assert is_refused(kept, content + content[:length] + b"\0")


def test_no_block_is_read_in_the_place_of_another_nor_when_it_is_lost(kept: tuple[Path, Contents, bytes]) -> None:
    content = kept[2]
    one, two = content[:BLOCK_BYTES], content[BLOCK_BYTES : 2 * BLOCK_BYTES]
    assert is_refused(kept, two + one + content[2 * BLOCK_BYTES :])
    assert is_refused(kept, bytes(BLOCK_BYTES) + content[BLOCK_BYTES:])


def test_arrays_of_another_time_are_not_read(kept: tuple[Path, Contents, bytes], tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    written(other, {**ARRAYS, "short": np.array([3, 1, 4], dtype=np.uint8)})
    assert len(other.read_bytes()) == len(kept[2])
    assert is_refused(kept, other.read_bytes())


def test_a_file_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    arrays = {"many": np.arange(1_000_003, dtype=np.int64)}
    path = tmp_path / "arrays.bin"
    contents = written(path, arrays)
    assert np.array_equal(checked_arrays.mapped(path, contents)["many"], arrays["many"])
    content = bytearray(path.read_bytes())
    content[7_000_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DamagedArraysError):
        checked_arrays.mapped(path, contents)

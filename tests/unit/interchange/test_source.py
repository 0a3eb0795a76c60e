"""What is imported stays as it was when the import began, and what does not fit into memory lies in a private copy."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest

from whowas.domain.errors import CancelledError, StoreError
from whowas.interchange import source as module
from whowas.interchange.source import HELD_BYTES, Source
from whowas.system import folders
from whowas.system.hidden_names import key_of

CONTENT = bytes(range(1, 256)) * 100


@pytest.fixture(params=["held", "copied"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "copied":
        monkeypatch.setattr(module, "HELD_BYTES", 100)
        monkeypatch.setattr(module, "_CHUNK", 1000)
    return str(request.param)


class Drop(io.RawIOBase):
    """A pipe, which gives what it has, a byte at a time."""

    def __init__(self, content: bytes) -> None:
        self._rest = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._rest.read(min(size, 7))


def test_the_file_may_change_meanwhile(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(CONTENT)

    with Source.read_from(path) as source:
        path.write_bytes(b"other")
        path.unlink()

        assert (source.name, source.size) == ("list.csv", len(CONTENT))
        assert (source.path is None) == (kind == "held")
        assert source.beginning(10) == CONTENT[:10]
        for _ in range(2):
            with source.opened() as file:
                assert file.read() == CONTENT
                file.seek(5)
                assert file.read(1) == CONTENT[5:6]


def test_a_pipe_is_read_to_its_end(kind: str) -> None:
    with Source.taken_from("standard input", Drop(CONTENT)) as source, source.opened() as file:  # type: ignore[arg-type]
        assert (source.name, source.size, file.read()) == ("standard input", len(CONTENT), CONTENT)


def test_the_copy_is_private_is_known_to_the_sweeper_and_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_BYTES", 100)
    with Source.taken_from("x", io.BytesIO(CONTENT)) as source:
        assert source.path is not None
        assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(source.path.parent.stat().st_mode) == 0o700
        assert key_of(source.path.parent.name) is not None
        assert (folders.state() / "unfinished").is_dir()

    assert not source.path.parent.exists()


def test_copying_tells_its_progress_and_can_be_cancelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "HELD_BYTES", 100)
    monkeypatch.setattr(module, "_CHUNK", 1000)
    path = tmp_path / "list.csv"
    path.write_bytes(CONTENT)
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 3:
            raise CancelledError

    with pytest.raises(CancelledError), Source.read_from(path, progress):
        pytest.fail("it was cancelled")

    assert told == [(101, len(CONTENT)), (1101, len(CONTENT)), (2101, len(CONTENT))]
    assert not list(folders.cache().iterdir())


def test_a_disk_is_not_filled_with_zeros(tmp_path: Path) -> None:
    path = tmp_path / "zeros.csv"
    with path.open("wb") as file:
        file.truncate(HELD_BYTES * 1000)

    with pytest.raises(StoreError, match=r"“zeros\.csv” holds nothing but zeros"), Source.read_from(path):
        pytest.fail("it is no list")


def test_what_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    for path, said in ((tmp_path, "directory"), (tmp_path / "none.csv", "No such file")):
        with pytest.raises(StoreError, match=f"“{path.name}” cannot be read: .*{said}"), Source.read_from(path):
            pytest.fail("there is nothing to read")


def test_a_copy_that_cannot_be_made_is_a_sentence(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "private_folder", full)
    if kind == "copied":
        taken = Source.taken_from("standard input", io.BytesIO(CONTENT))
        with pytest.raises(StoreError, match=r"Standard input cannot be copied .*No space left"), taken:
            pytest.fail("the disk is full")
    else:
        with Source.taken_from("standard input", io.BytesIO(CONTENT)) as source:
            assert source.content == CONTENT

"""The look for a person in files finds them in whatever form, also while a server removes files of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leftovers_of import Person, files_with

PERSON = Person()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_they_are_found_below_a_folder(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "within").mkdir()
    held = tmp_path / "within" / "held"
    held.write_bytes(b"..." + PERSON.name.upper().encode(encoding))
    (tmp_path / "other").write_bytes("somebody else".encode(encoding))
    assert files_with(tmp_path, PERSON) == [held]


def test_what_is_gone_before_it_is_read_holds_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, gone = tmp_path / "held", tmp_path / "gone"
    for path in (held, gone):
        path.write_text(PERSON.name)
    listed = Path.is_file

    def listed_then_gone(path: Path) -> bool:
        found = listed(path)
        gone.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "is_file", listed_then_gone)
    assert files_with(tmp_path, PERSON) == [held]

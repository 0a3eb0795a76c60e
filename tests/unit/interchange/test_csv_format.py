"""CSV as it is written: one user a row below a header, as they were at the moment that is asked for."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.command_line import json_lines, whowas


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the directory will be."""
    folder = tmp_path / "directory"
    folder.mkdir()
    return folder / "staff.whowas"


def test_an_export_starts_with_its_header_and_is_private(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    whowas(
        "run",
        file,
        stdin=json_lines({"command": "CreateUser", "email": "ada@example.org", "attributes": {"Room": "1"}}),
    )

    assert whowas("export", file, out, "--format", "csv").code == 0

    header = "id,external_id,first_name,last_name,email,phone,title,department,notes,status,groups,Room"
    assert out.read_text(encoding="utf-8").splitlines()[0] == header
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert whowas("export", file, "-", "--format", "csv").out == out.read_text(encoding="utf-8")


def test_an_export_of_the_past_is_as_it_was(file: Path) -> None:
    lines = [
        {"command": "CreateUser", "email": "ada@example.org", "title": "Clerk", "occurred_at": "2020-01-01T00:00:00Z"},
        {"command": "UpdateUser", "id": "ada@example.org", "title": "Fellow", "occurred_at": "2021-01-01T00:00:00Z"},
    ]
    assert whowas("run", file, stdin=json_lines(*lines)).code == 0

    past = whowas("export", file, "-", "--format", "csv", "--at", "2020-06-01T00:00:00Z").out

    assert "Clerk" in past
    assert "Fellow" not in past

"""What the command line takes in and gives out is what was asked for: read once, in the format that was named."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from tests.command_line import whowas


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("name", ["pipe", "pipe.csv"])
def test_an_import_reads_its_file_once(name: str, tmp_path: Path) -> None:
    file, pipe, refused = tmp_path / "staff.whowas", tmp_path / name, tmp_path / "refused.csv"
    os.mkfifo(pipe)
    lines = "first_name,email\nAda,ada@example.org\nBen,no email,too much\n"
    writer = threading.Thread(target=pipe.write_text, args=(lines,))
    writer.start()
    answer = whowas("import", file, pipe, "--skip-refused", "--refused", refused)
    writer.join()
    assert answer.code in (0, 1)
    assert [user["email"] for user in whowas("list", file, "--json").objects] == ["ada@example.org"]
    assert refused.read_text() == "first_name,email\nBen,no email,too much\n"


def test_a_format_that_was_named_counts_more_than_the_ending(tmp_path: Path) -> None:
    file = tmp_path / "staff.whowas"
    assert whowas("run", file, stdin='{"command": "CreateUser", "first_name": "Ada"}\n').code == 0
    log, users = tmp_path / "log.csv", tmp_path / "users.jsonl"
    assert whowas("export", file, log, "--format", "log").code == 0
    assert whowas("export", file, users, "--format", "csv").code == 0
    assert json.loads(log.read_text())["position"] == 1
    assert users.read_text().startswith("id,external_id,first_name")

"""An export that somebody opened in a spreadsheet and saved as a workbook comes in as the same users."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.command_line import json_lines, whowas
from tests.workbooks import ods, xlsx

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"first_name": TEXTS, "last_name": TEXTS, "phone": TEXTS, "title": TEXTS, "department": TEXTS}
        | {"notes": st.text(st.sampled_from("a é\n\t\r;,\"'_x000D_"), max_size=12), "attributes": st.just({})}
    ),
    min_size=1,
    max_size=4,
)
MARA = {"first_name": "Mara", "external_id": "00123", "notes": "two\r\nlines\r", "attributes": {"کد\u200cها": "=1+1"}}


@pytest.mark.parametrize("written_as", ["xlsx", "ods"])
@settings(max_examples=10)
@given(PEOPLE)
@example([MARA])
def test_the_same_users(written_as: str, people: list[dict[str, object]]) -> None:
    if written_as == "ods":  # which has paragraphs, and no other ends of lines
        people = [{**person, "notes": str(person["notes"]).replace("\r", "")} for person in people]
    with tempfile.TemporaryDirectory() as folder:
        file, out, other = Path(folder) / "staff.whowas", Path(folder) / "out.csv", Path(folder) / "other.whowas"
        told = whowas("run", file, stdin=json_lines(*({"command": "CreateUser", **person} for person in people)))
        if not any(reply["ok"] for reply in told.objects):
            return
        assert whowas("export", file, out, "--format", "csv").code == 0

        answer = whowas("import", other, _as_a_spreadsheet_saves_it(out, written_as))

        assert answer.code == 0, answer.err
        assert _users(other) == _users(file)


def _users(file: Path) -> dict[str, dict[str, object]]:
    return {user["id"]: {**user, "version": 0} for user in whowas("list", file, "--json").objects}


def _as_a_spreadsheet_saves_it(exported: Path, written_as: str) -> Path:
    """Write an export as a workbook, each of its cells as text, and return where."""
    with exported.open(encoding="utf-8", newline="") as lines:
        rows = [[cell or None for cell in row] for row in csv.reader(lines)]
    workbook = exported.with_suffix(f".{written_as}")
    workbook.write_bytes({"xlsx": xlsx, "ods": ods}[written_as]({"Users": rows}))
    return workbook

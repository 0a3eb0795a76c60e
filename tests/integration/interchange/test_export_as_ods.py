"""An export that somebody opened in LibreOffice and saved as ODS comes in as the same users."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.command_line import json_lines, whowas
from tests.examples import at_most
from tests.workbooks import ods

# Ends of lines are those of paragraphs: a carriage return does not come through.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"first_name": TEXTS, "last_name": TEXTS, "phone": TEXTS, "title": TEXTS, "department": TEXTS}
        | {"notes": st.text(st.sampled_from("a é\n\t;,\"'_x000D_"), max_size=12), "attributes": st.just({})}
    ),
    min_size=1,
    max_size=4,
)
MARA = {"first_name": "Mara", "external_id": "00123", "notes": "two\nlines", "attributes": {"کد\u200cها": "=1+1"}}


@settings(max_examples=at_most(10))
@given(PEOPLE)
@example([MARA])
def test_the_same_users(people: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, out, other = Path(folder) / "staff.whowas", Path(folder) / "out.csv", Path(folder) / "other.whowas"
        told = whowas("run", file, stdin=json_lines(*({"command": "CreateUser", **person} for person in people)))
        if not any(reply["ok"] for reply in told.objects):
            return
        assert whowas("export", file, out, "--format", "csv").code == 0

        answer = whowas("import", other, _as_ods(out))

        assert answer.code == 0, answer.err
        assert _users(other) == _users(file)


def _users(file: Path) -> dict[str, dict[str, object]]:
    return {user["id"]: {**user, "version": 0} for user in whowas("list", file, "--json").objects}


def _as_ods(exported: Path) -> Path:
    """Write an export as a workbook, each of its cells as text, and return where."""
    with exported.open(encoding="utf-8", newline="") as lines:
        rows = [[cell or None for cell in row] for row in csv.reader(lines)]
    workbook = exported.with_suffix(".ods")
    workbook.write_bytes(ods({"Users": rows}))
    return workbook

"""Everything that an export holds comes back, out of CSV and out of a spreadsheet into which somebody put it."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.command_line import json_lines, whowas
from tests.examples import at_most
from tests.workbooks import write_xlsx
from whowas.domain.fields import LABELS, MULTILINE

# Control characters cannot be stored, and the last two cannot stand in a spreadsheet.
_UNSTORABLE = [chr(code) for code in (*range(9), 11, 12, *range(14, 32), 127)]
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters=[*_UNSTORABLE, "\ufffe", "\uffff"])
HARD = [
    *("", '"', '""', ",", ";", "a;b", "\n", "\r\n", "\r", " x ", "=1+1", "00123", "1e5", "TRUE", "2020-03-03"),
    *("🏳️‍🌈", "مرحبا", "\u202eabc", "e\u0301", "\ufeffx", "\u2028", "\x85"),
]
TEXTS = st.one_of(st.sampled_from(HARD), st.text(LETTERS, max_size=30))
LINES = TEXTS.map(lambda text: text.replace("\n", "").replace("\r", ""))
NAMES = LINES.map(str.strip).filter(bool)
EMAILS = st.from_regex(r"[a-zäß]{1,9}@[a-z]{1,9}\.example", fullmatch=True)
FIELDS = {name: TEXTS if name in MULTILINE else EMAILS if name == "email" else LINES for name in LABELS}
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            **FIELDS,
            "attributes": st.dictionaries(NAMES, TEXTS, max_size=3),
            "groups": st.lists(NAMES, max_size=3),
            "status": st.sampled_from(["active", "suspended"]),
        },
    ),
    min_size=1,
    max_size=4,
)


def everybody(file: Path) -> dict[str, dict[str, Any]]:
    return {user["id"]: {**user, "version": 0} for user in whowas("list", file, "--status", "any", "--json").objects}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=at_most(25))
@given(people=PEOPLE)
@example(
    people=[{"first_name": "Ada", "external_id": "007", "phone": "+49 30 1", "notes": "a\r\nb", "groups": ["a;b"]}]
)
@example(people=[{"email": "a@a.example", "attributes": {"\x93": "\r\n"}}])
def test_an_export_brings_every_field_back(ending: str, people: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, other, out = (Path(folder) / name for name in ("one.whowas", "other.whowas", f"out.{ending}"))
        told = whowas("run", file, stdin=json_lines(*({"command": "CreateUser", **person} for person in people)))
        if not any(reply["ok"] for reply in told.objects):
            return
        exported = whowas("export", file, "-", "--format", "csv").out
        if ending == "csv":
            out.write_text(exported, encoding="utf-8", newline="")
        else:
            write_xlsx(out, {"Users": csv.reader(io.StringIO(exported, newline=""))})
        before = everybody(file)

        elsewhere, here = whowas("import", other, out), whowas("import", file, out)

        assert (elsewhere.code, here.code) == (0, 0), elsewhere.err + here.err
        assert everybody(other) == everybody(file) == before
        head = whowas("head", file).out
        assert whowas("import", file, out).code == 0
        assert whowas("head", file).out == head, "what is known of a list is recorded once"

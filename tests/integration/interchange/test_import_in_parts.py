"""A history that comes in two parts shows the same as one that comes at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.command_line import whowas


def shown(file: Path, moment: str) -> dict[str, dict[str, Any]]:
    """Return all users at a moment without the ids that each directory gives them."""
    people = whowas("list", file, "--at", moment, "--status", "any", "--json").people
    return {who: {name: value for name, value in user.items() if name != "id"} for who, user in people.items()}


def test_two_parts_are_as_good_as_one(shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "congress-history.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    whole, parts = tmp_path / "whole.whowas", tmp_path / "parts.whowas"
    half = len(lines) // 2 + 7
    assert whowas("import", whole, "-", stdin="".join(lines)).code == 0
    for part in (lines[:half], lines[half:]):
        assert whowas("import", parts, "-", stdin="".join(part)).code == 0

    moments = [entry["at"] for entry in json.loads((shared_data / "congress-as-of.json").read_text(encoding="utf-8"))]
    for moment in [*moments, json.loads(lines[half])["at"], "now"]:
        assert shown(parts, moment) == shown(whole, moment), moment

"""Fourteen years of real history, dragged through with the window's slider."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path

from tests.end_to_end.conftest import WHOWAS, Launch


def steps_until(lines: list[dict[str, str]], moment: str) -> int:
    """How many of the source's moments lie at or before ``moment``."""
    until = datetime.fromisoformat(moment)
    return len({at for line in lines if (at := datetime.fromisoformat(line["at"])) <= until})


def shown(fields: dict[str, str]) -> tuple[str, str, str]:
    name = f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()
    return name, fields.get("phone", ""), fields.get("title", "")


def test_the_slider_shows_the_six_known_moments(launch: Launch, shared_data: Path, tmp_path: Path) -> None:
    directory = tmp_path / "congress.whowas"
    source = shared_data / "congress-history.jsonl"
    subprocess.run([*WHOWAS, "import", str(directory), str(source)], check=True, capture_output=True)
    lines = [json.loads(line) for line in source.read_text().splitlines()]
    moments = {datetime.fromisoformat(line["at"]) for line in lines}
    app = launch(directory)
    slider, users = app.slider("Timeline"), app.table("Users")
    app.eventually(lambda: slider.range == (0, len(moments)), "every moment of the source is a step")
    headers = users.headers
    columns = [headers.index(header) for header in ("Name", "Phone", "Title")]
    for known in json.loads((shared_data / "congress-as-of.json").read_text()):
        expected = sorted(shown(fields) for fields in known["users"].values())
        slider.value = steps_until(lines, known["at"])

        def shows(expected: list[tuple[str, str, str]] = expected) -> bool:
            # As many may have been there at another moment.
            rows = users.rows(0, len(expected) + 1)
            return sorted(tuple(row[column] for column in columns) for row in rows) == expected

        app.eventually(shows, f"the table shows {known['at']}")
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0

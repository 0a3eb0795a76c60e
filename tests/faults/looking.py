"""Run in a fresh process after a fault: try every command on a file, and tell what each answered.

``python -m`` is not needed: ``machine.Machine`` forks it with the file, and the external id of a user to be made, as
arguments.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.command_line import json_lines, whowas


def look() -> None:
    """Print a JSON object: what every command said of the file, or nothing where there is no file."""
    file, external_id = Path(sys.argv[1]), sys.argv[2]
    if not file.exists():
        assert whowas("head", file).code == 2  # any command sweeps
        print("{}")
        return
    another = json_lines({"command": "CreateUser", "external_id": external_id})
    said = {
        "list": whowas("list", file, "--status", "any", "--json"),
        "verify": whowas("verify", file),
        "history": whowas("history", file, "--json"),
        "export": whowas("export", file, "-", "--format", "log"),
        "run": whowas("run", file, stdin=another),
        "rebuild": whowas("rebuild", file),
        "again": whowas("list", file, "--status", "any", "--json"),
    }
    print(json.dumps({name: [answer.code, answer.out, answer.err] for name, answer in said.items()}))

"""What sharing needs is imported when it is asked for, in parts that are each small, and not before."""

from __future__ import annotations

import subprocess
import sys

_IMPORTED = """
import sys
from importlib import import_module
import whowas.desktop.page.directory_page
import whowas.desktop.window.page_commands
from whowas.desktop.window.preload import import_reading, import_writing
import_reading(print)
import_writing(print)
from whowas.desktop.sharing.commands import ASSISTANT

def ours():
    return {name for name in sys.modules if name.startswith(("whowas.", "PySide6"))}

print(*sorted(name for name in ours() if "sharing" in name))
for part in ASSISTANT:
    before = ours()
    import_module(part)
    print(len(ours() - before), end=" ")
print()
before = ours()
from whowas.desktop.sharing.assistant.dialog import ShareDialog
print("psycopg" in sys.modules, *sorted(ours() - before))
"""


def test_the_assistant_comes_in_small_parts_and_only_when_it_is_wanted() -> None:
    answer = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True, check=True)
    before, parts, after = answer.stdout.splitlines()
    assert before.split() == [
        "whowas.desktop.sharing",
        "whowas.desktop.sharing.commands",
        "whowas.desktop.sharing.words",
    ]
    assert max(map(int, parts.split())) <= 6, parts
    assert after == "False", "nothing is left to be imported, and the driver only by a job"

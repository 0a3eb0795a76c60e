"""What every target needs to know of the project, and the one clock of a build."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
BUILD = REPOSITORY / "build" / "dist"
DIST = REPOSITORY / "dist"

SUMMARY = "user directory that remembers"
DESCRIPTION = """\
Whowas keeps the list of users of a small organisation in one file and
forgets nothing: every edit is recorded, the past is one drag of the
timeline away, and whatever was changed can be put back."""
# The program's own, then Qt's and the bindings', NumPy's, and Python's.
LICENSES = "MIT AND LGPL-3.0-only AND BSD-3-Clause AND PSF-2.0"
MAINTAINER = "The Whowas authors <whowas@example.org>"


def version() -> str:
    """The version that the program itself tells, for example ``0.1.0``."""
    text = (REPOSITORY / "app" / "whowas" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("app/whowas/__init__.py states no version")
    return found.group(1)


def fix_clock() -> None:
    """Make the environment of everything started from here such that the same source gives the same bytes."""
    if "SOURCE_DATE_EPOCH" not in os.environ:
        os.environ["SOURCE_DATE_EPOCH"] = str(_last_commit())
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["TZ"] = "UTC"
    os.umask(0o022)


def epoch() -> int:
    """Seconds since 1970 that every file of a package is dated with; ``fix_clock`` goes before."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _last_commit() -> int:
    asked = ["git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct"]
    answer = subprocess.run(asked, check=False, capture_output=True, text=True)
    # Outside of a clone, as in an unpacked archive, the newest thing known is the source itself.
    return int(answer.stdout) if answer.returncode == 0 else int((REPOSITORY / "pyproject.toml").stat().st_mtime)

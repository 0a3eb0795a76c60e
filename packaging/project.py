"""What every target needs to know of the project, and the one clock of a build."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
BUILD = REPOSITORY / "build" / "dist" / sys.platform  # Windows's is made beside Linux's, under Wine
DIST = REPOSITORY / "dist"

SUMMARY = "user directory that remembers"
DESCRIPTION = """\
Whowas keeps the list of users of a small organisation in one file and
forgets nothing: every edit is recorded, the past is one drag of the
timeline away, and whatever was changed can be put back."""
# The program's own, then those of what it carries, see bundle/carried.py and the About dialog.
LICENSES = (
    "MIT AND LGPL-3.0-only AND BSD-3-Clause AND PSF-2.0 AND MIT-0 AND Unicode-DFS-2016 AND PostgreSQL AND OLDAP-2.8"
    " AND BSD-2-Clause AND HPND AND BSD-Attribution-HPND-disclaimer AND LGPL-2.0-or-later"
    " AND GPL-3.0-or-later WITH GCC-exception-3.1 AND LGPL-2.1-or-later"
    " AND GPL-2.0-or-later WITH Bootloader-exception"
)
MAINTAINER = "The Whowas authors <whowas@example.org>"


class CannotBuildError(Exception):
    """One target cannot be built here, for a reason that one sentence tells."""


def run(command: list[str], **further: Any) -> subprocess.CompletedProcess[str]:
    """Run a program of the build and return what it printed.

    Raises CannotBuildError, with the last of what it said, where it is not installed or does not exit with 0.
    """
    try:
        done = subprocess.run(
            command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", **further
        )
    except FileNotFoundError as error:
        raise CannotBuildError(f"{error.filename} is not installed") from error
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-20:])
        raise CannotBuildError(f"{Path(command[0]).name} ended with {done.returncode}:\n{last}".rstrip(":\n"))
    return done


def version() -> str:
    """The version that the program itself tells, for example ``0.1.0``."""
    text = (REPOSITORY / "app" / "whowas" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError("app/whowas/__init__.py states no version")
    return found.group(1)


def fix_clock() -> None:
    """Make the environment of everything started from here such that the same source gives the same bytes.

    Raises CannotBuildError where nothing tells the date of the source.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH") or _last_commit()
    if not re.fullmatch(r"\d{1,12}", told):
        raise CannotBuildError(f"SOURCE_DATE_EPOCH is no number of seconds: {told}")
    os.environ["SOURCE_DATE_EPOCH"] = told
    os.environ["PYTHONHASHSEED"] = "0"
    os.environ["TZ"] = "UTC"
    os.umask(0o022)


def epoch() -> int:
    """Seconds since 1970 that every file of a package is dated with; ``fix_clock`` goes before."""
    return int(os.environ["SOURCE_DATE_EPOCH"])


def _last_commit() -> str:
    try:
        return run(["git", "-C", str(REPOSITORY), "log", "-1", "--format=%ct"]).stdout.strip()
    except CannotBuildError as error:
        # The date of a file would do, and be another one wherever the source is unpacked.
        mend = "set SOURCE_DATE_EPOCH to the seconds since 1970 that all files are to be dated with"
        raise CannotBuildError(f"Git does not tell when this source was committed; {mend}") from error

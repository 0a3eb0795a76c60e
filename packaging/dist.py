"""``make dist``: everything that this machine can build, into dist/, with checksums.

``python packaging/dist.py [bundle|deb|rpm|arch|appdir|wheel]…`` builds some of it; packages are made from the bundle
that is there. Needs nothing from the network. The same commit gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import project
from bundle.build import bundle, size
from project import BUILD, DIST

BUNDLE = DIST / "whowas"


def main() -> int:
    """Build what is asked for, tell about each, write SHA256SUMS of all files; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dist.py", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(TARGETS)}; all when none is")
    wanted = parser.parse_args().targets or list(TARGETS)
    if unknown := set(wanted).difference(TARGETS):
        parser.error(f"there is no target called {', '.join(sorted(unknown))}")
    project.fix_clock()
    for folder in (DIST, BUILD):
        folder.mkdir(parents=True, exist_ok=True)
    if "bundle" not in wanted and not BUNDLE.is_dir() and wanted != ["wheel"]:
        wanted.insert(0, "bundle")
    for name, make in TARGETS.items():
        if name in wanted:
            begun = time.monotonic()
            print(f"{name:8} {make()}  ({time.monotonic() - begun:.0f} s)", flush=True)
    write_checksums(DIST)
    return 0

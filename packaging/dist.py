"""``make dist``: everything that this machine can build, into dist/, with checksums.

``python packaging/dist.py [bundle|deb|rpm|arch|appdir|wheel]…`` builds some of it; packages are made of the bundle
that is there. Needs nothing from the network. The same commit gives the same bytes, see ``dist_twice.py``.
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
from bundle.build import bundle
from linux import appdir, nfpm
from linux.deb import deb
from project import BUILD, DIST, REPOSITORY

BUNDLE = DIST / "whowas"


def main() -> int:
    """Build what is asked for, telling about each, and write the checksums of all; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dist.py", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"any of {', '.join(TARGETS)}; all when none is")
    asked = parser.parse_args().targets
    wanted = asked or list(TARGETS)
    if unknown := set(wanted).difference(TARGETS):
        parser.error(f"there is no target called {', '.join(sorted(unknown))}")
    project.fix_clock()
    if not asked:
        shutil.rmtree(DIST, ignore_errors=True)
    for folder in (DIST, BUILD):
        folder.mkdir(parents=True, exist_ok=True)
    for name, make in TARGETS.items():
        if name in wanted:
            begun = time.monotonic()
            made = make()
            print(f"{name:7} {made.relative_to(REPOSITORY)}, {time.monotonic() - begun:.0f} s", flush=True)
    write_checksums(DIST)
    return 0


def wheel() -> Path:
    """Build the package for pip, for those who have Python and Qt's libraries already."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(DIST)]
    subprocess.run(command, check=True, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return DIST / f"whowas-{project.version()}-py3-none-any.whl"


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS of the files to hand out, as ``sha256sum --check`` reads it; folders are for trying out here."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file() and file.name != "SHA256SUMS"]
    sums = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


TARGETS = {
    "bundle": lambda: bundle(DIST),
    "deb": lambda: deb(BUNDLE, DIST, version=project.version()),
    "rpm": lambda: nfpm.package(BUNDLE, DIST, "rpm"),
    "arch": lambda: nfpm.package(BUNDLE, DIST, "archlinux"),
    "appdir": lambda: appdir.appdir(BUNDLE, DIST),
    "wheel": wheel,
}

if __name__ == "__main__":
    sys.exit(main())

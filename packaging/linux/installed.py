"""The tree that every Linux package installs: the bundle, and what tells the desktop and the shell about it."""

from __future__ import annotations

import gzip
import os
import shutil
from pathlib import Path

from project import REPOSITORY, epoch

PROGRAM = "usr/lib/whowas"
STARTED = f"{PROGRAM}/whowas"
ICONS = "usr/share/icons/hicolor"

FILES = {
    "resources/completion/whowas.bash": "usr/share/bash-completion/completions/whowas",
    "resources/completion/whowas.fish": "usr/share/fish/vendor_completions.d/whowas.fish",
    "resources/desktop/icons/hicolor": ICONS,
    "resources/desktop/whowas-mime.xml": "usr/share/mime/packages/whowas.xml",
    "resources/desktop/whowas.desktop": "usr/share/applications/whowas.desktop",
    "resources/desktop/whowas.metainfo.xml": "usr/share/metainfo/whowas.metainfo.xml",
    "resources/man/whowas.1": "usr/share/man/man1/whowas.1.gz",
}
"""Source in the repository -> where every distribution has it; a destination that ends in .gz is compressed."""

ZSH = "resources/completion/_whowas"
CHANGELOG = "packaging/CHANGELOG.md"
DOCUMENTS = "usr/share/doc/whowas"
ELSEWHERE = {
    ZSH: "usr/share/zsh/site-functions/_whowas",
    CHANGELOG: f"{DOCUMENTS}/CHANGELOG.md.gz",
    "LICENSE": f"{DOCUMENTS}/LICENSE",
}
"""What Debian has in other places than everybody else, see ``deb``."""


SAYS_WHERE_DATA_IS = Path(__file__).with_name("postrm")
"""The script that packages run when they are removed."""


def install(bundle: Path, root: Path, files: dict[str, str]) -> None:
    """Fill ``root`` anew with the bundle, the command and ``files`` (as in ``FILES``)."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(bundle, root / PROGRAM, symlinks=True)
    program = root / "usr/bin/whowas"
    program.parent.mkdir(parents=True)
    program.symlink_to("../lib/whowas/whowas")
    for source, destination in files.items():
        _install(REPOSITORY / source, root / destination)
    tidy(root)


def _install(source: Path, destination: Path) -> None:
    destination.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, destination)
    elif destination.suffix == ".gz":
        destination.write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))
    else:
        shutil.copyfile(source, destination)


def tidy(root: Path, programs: tuple[str, ...] = (STARTED,)) -> None:
    """Give everything the mode and the date that do not depend on who built it."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            runs = path.is_dir() or path.relative_to(root).as_posix() in programs
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)

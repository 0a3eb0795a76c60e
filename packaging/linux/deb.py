"""The package for Debian, Ubuntu and what is made of them."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import textwrap
from email.utils import formatdate
from pathlib import Path

import project
from linux import depends, installed

FILES = installed.FILES | {
    installed.ZSH: "usr/share/zsh/vendor-completions/_whowas",
    installed.CHANGELOG: f"{installed.DOCUMENTS}/NEWS.gz",
    "packaging/linux/copyright": f"{installed.DOCUMENTS}/copyright",
    "packaging/linux/lintian-overrides": "usr/share/lintian/overrides/whowas",
}

CONTROL = """\
Package: whowas
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kibibytes}
Depends: {depends}
Recommends: ca-certificates
Section: database
Priority: optional
Description: {summary}
{description}
"""

CHANGELOG = """\
whowas ({version}) unstable; urgency=medium

  * Release {version}; /usr/share/doc/whowas/NEWS.gz tells what is new.

 -- {maintainer}  {date}
"""


def deb(bundle: Path, into: Path, *, version: str, quick: bool = False) -> Path:
    """Build ``into/whowas_VERSION_ARCHITECTURE.deb``, compressed little where it is to be ``quick``; return it."""
    root = project.BUILD / "deb"
    architecture = _architecture()
    installed.install(bundle, root, FILES)
    told = {"version": version, "architecture": architecture, "maintainer": project.MAINTAINER, "date": _date()}
    documents = root / installed.DOCUMENTS
    documents.mkdir(parents=True, exist_ok=True)
    (documents / "changelog.gz").write_bytes(gzip.compress(CHANGELOG.format(**told).encode(), 9, mtime=0))
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    fields = CONTROL.format(
        **told,
        kibibytes=sum(-(-file.stat().st_size // 1024) for file in files),
        depends=", ".join(depends.debian(bundle)),
        summary=project.SUMMARY,
        description=textwrap.indent(project.DESCRIPTION, " "),
    )
    control = root / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(fields, encoding="utf-8")
    (control / "md5sums").write_text("".join(_sum(file, root) for file in files), encoding="utf-8")
    shutil.copyfile(installed.SAYS_WHERE_DATA_IS, control / "postrm")
    installed.tidy(root, programs=(installed.STARTED, "DEBIAN/postrm"))
    package = into / f"whowas_{version}_{architecture}.deb"
    compressed = ("-Zgzip", "-z1") if quick else ("-Zxz", "-z6")
    project.run(["dpkg-deb", "--root-owner-group", *compressed, "--build", str(root), str(package)])
    return package


def _architecture() -> str:
    return project.run(["dpkg", "--print-architecture"]).stdout.strip()


def _date() -> str:
    return formatdate(project.epoch())


def _sum(file: Path, root: Path) -> str:
    # For debsums, which finds files that a disk has lost; nobody's safety rests on it.
    digest = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
    return f"{digest}  {file.relative_to(root)}\n"

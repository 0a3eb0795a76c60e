"""The packages for Fedora, openSUSE and their like (rpm), and for Arch Linux, by nfpm from one description."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import project
from linux import depends, installed

DEPENDS: dict[str, Callable[[Path], list[str]]] = {"rpm": depends.rpm, "archlinux": depends.arch}


def package(bundle: Path, into: Path, packager: str, *, quick: bool = False) -> Path:
    """Build a package by nfpm's packager ``rpm`` or ``archlinux``; return the file.

    An rpm is compressed little where it is to be ``quick``; of Arch's packages that cannot be chosen.
    """
    root = project.BUILD / packager
    installed.install(bundle, root, installed.FILES | installed.ELSEWHERE)
    config = project.BUILD / f"{packager}.json"  # which is YAML as well
    told = description(root, packager, DEPENDS[packager](bundle), quick=quick)
    config.write_text(json.dumps(told, indent=2), encoding="utf-8")
    program = str(Path(sys.executable).with_name("nfpm"))
    command = [program, "package", "--packager", packager, "--config", str(config), "--target", str(into)]
    return Path(project.run(command).stdout.rpartition("created package: ")[2].strip())


def description(root: Path, packager: str, wanted: list[str], *, quick: bool) -> dict[str, Any]:
    """What nfpm is told: the tree as it is, and what the package asks for."""
    summary = project.SUMMARY.capitalize()
    return {
        "name": "whowas",
        "arch": {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()],
        "platform": "linux",
        "version": project.version(),
        "release": "1",
        "mtime": datetime.fromtimestamp(project.epoch(), UTC).isoformat(),
        "maintainer": project.MAINTAINER,
        # Pacman shows a line, rpm a line and a text.
        "description": summary if packager == "archlinux" else project.DESCRIPTION,
        "license": project.LICENSES,
        "depends": wanted,
        "scripts": {"postremove": str(installed.SAYS_WHERE_DATA_IS)},
        "contents": [{"src": str(root), "dst": "/", "type": "tree"}],
        "rpm": {
            "summary": summary,
            "group": "Applications/Databases",
            "packager": project.MAINTAINER,
            "compression": "gzip:1" if quick else "zstd",
            "buildhost": "localhost",
        },
        "archlinux": {"packager": project.MAINTAINER},
    }

"""The installer for Windows, by NSIS."""

from __future__ import annotations

import struct
from pathlib import Path

import project

ICONS = project.REPOSITORY / "resources" / "desktop" / "icons" / "hicolor"
SIZES = (16, 24, 32, 48, 64, 128, 256)
SCRIPT = Path(__file__).with_name("installer.nsi")


def icon() -> Path:
    """Make the .ico of the icon's own sizes: a table of contents, then the PNG files as they are."""
    drawn = [(size, ICONS / f"{size}x{size}" / "apps" / "whowas.png") for size in SIZES]
    pictures = [(size, file.read_bytes()) for size, file in drawn if file.exists()]
    offset = 6 + 16 * len(pictures)
    entries = b""
    for size, picture in pictures:
        # A side of 256 pixels is written as 0.
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    project.BUILD.mkdir(parents=True, exist_ok=True)
    made = project.BUILD / "whowas.ico"
    made.write_bytes(struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(picture for _, picture in pictures))
    return made


def installer(bundle: Path, into: Path) -> Path:
    """Pack the bundle into ``into/whowas-VERSION-setup.exe``, which needs no administrator; return it."""
    made = into.resolve() / f"whowas-{project.version()}-setup.exe"
    kibibytes = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file()) // 1024
    told = {"VERSION": project.version(), "BUNDLE": bundle.resolve(), "ICON": icon(), "OUTPUT": made, "SIZE": kibibytes}
    defined = [f"-D{name}={value}" for name, value in told.items()]
    project.run(["makensis", "-V2", "-INPUTCHARSET", "UTF8", *defined, str(SCRIPT)])
    return made

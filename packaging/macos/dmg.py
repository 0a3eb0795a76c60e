"""The disk image for macOS, from which the program is dragged into Applications. Not run so far, see README.md."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

import project

ICONS = project.REPOSITORY / "resources" / "desktop" / "icons" / "hicolor"
SIZES = (16, 32, 128, 256, 512)


def icon() -> Path:
    """Make the .icns that the bundle is built with, of the icon's own sizes; a size that is not drawn is left out."""
    folder = project.BUILD / "whowas.iconset"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for size in SIZES:
        for scale, suffix in ((1, ""), (2, "@2x")):
            drawn = ICONS / f"{size * scale}x{size * scale}" / "apps" / "whowas.png"
            if drawn.exists():
                shutil.copyfile(drawn, folder / f"icon_{size}x{size}{suffix}.png")
    made = project.BUILD / "whowas.icns"
    project.run(["iconutil", "--convert", "icns", "--output", str(made), str(folder)])
    return made


def dmg(into: Path) -> Path:
    """Sign ``into/Whowas.app`` for this machine only, and pack it with a link to Applications; return the image."""
    # Whoever has a developer's certificate signs with that and has Apple look at it; this one opens by right click.
    project.run(["codesign", "--force", "--deep", "--sign", "-", str(into / "Whowas.app")])
    folder = project.BUILD / "dmg"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copytree(into / "Whowas.app", folder / "Whowas.app", symlinks=True)
    (folder / "Applications").symlink_to("/Applications")
    image = into / f"Whowas-{project.version()}-{platform.machine()}.dmg"
    command = ["hdiutil", "create", "-volname", "Whowas", "-srcfolder", str(folder), "-format", "UDZO", "-ov"]
    project.run([*command, str(image)])
    return image

"""What the bundle starts with: the program, independent of what becomes of the bundle's folder, and with no trace of
the bundle in the environment of the programs that it may start itself."""

from __future__ import annotations

import os
import sys


def restore_library_path() -> None:
    """Give LD_LIBRARY_PATH the value it had before the start of the bundle put its own folder there."""
    # The loader has read it already; another program, such as a browser, must not meet the bundle's libraries.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before


def read_modules_of_this_very_program() -> None:
    """Let modules that are imported late come from the file that was started, also once an upgrade has replaced it."""
    import pyimod02_importers

    # PyInstaller opens the path anew for each module; the kernel keeps the file itself for as long as it runs.
    pyimod02_importers.pyz_archive._filename = "/proc/self/exe"  # noqa: SLF001


if __name__ == "__main__":
    if sys.platform == "linux":
        restore_library_path()
        read_modules_of_this_very_program()
    from whowas.main import main

    main()

"""What the bundle starts with: the program, in an environment fit for the programs that it may start itself."""

from __future__ import annotations

import os


def restore_library_path() -> None:
    """Give LD_LIBRARY_PATH the value it had before the bundle's start put its own folder there."""
    # The loader has read it already; another program, such as a browser, must not meet the bundle's libraries.
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before:
        os.environ["LD_LIBRARY_PATH"] = before


if __name__ == "__main__":
    restore_library_path()
    from whowas.main import main

    main()

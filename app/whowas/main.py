"""The entry point: a window, or a command. The only module that knows both."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Run ``whowas`` with the process's arguments and exit with its code (see ``whowas --help``)."""
    arguments = sys.argv[1:]
    wants_window = not arguments or (len(arguments) == 1 and _may_be_file(arguments[0]))
    sys.exit(_window(arguments) if wants_window else _command(arguments))


def _may_be_file(argument: str) -> bool:
    return not argument.startswith("-") and (Path(argument).suffix != "" or "/" in argument or Path(argument).exists())


def _window(arguments: list[str]) -> int:
    if arguments and not Path(arguments[0]).exists():
        print(f"There is no directory at “{arguments[0]}”.", file=sys.stderr)  # noqa: T201
        return 2
    from whowas.desktop.application import run

    return run(Path(arguments[0]) if arguments else None)


def _command(arguments: list[str]) -> int:
    from whowas.cli import run

    return run(arguments)

"""The entry point: a window, or a command. The only module that knows both."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from whowas.system.single_instance import StartRequest

COMMANDS = frozenset(
    {
        *("backup", "backups", "diff", "erase", "export", "head", "history", "import", "list", "rebuild", "run"),
        *("salvage", "sample", "show", "team", "verify"),
    }
)
"""The names of the commands, which the window must not wait for the command line to tell."""

ADDRESSES = ("postgresql://", "postgres://")
"""How the addresses of directories on servers begin, which are no paths."""

REFUSED = 2
"""The exit code where nothing was done."""

COMPLETION = "_WHOWAS_COMPLETE"
"""The environment variable with which a shell asks how a line could go on."""


def main() -> None:
    """Run ``whowas`` with the process's arguments and exit with its code (see ``whowas --help``)."""
    arguments = sys.argv[1:]
    try:
        if COMPLETION in os.environ:
            sys.exit(_completion(os.environ[COMPLETION]))
        if arguments == ["--self-check"]:
            sys.exit(_self_check())
        sys.exit(_window(arguments) if wants_window(arguments) else _command(arguments))
    except KeyboardInterrupt:
        sys.exit(REFUSED)
    except ImportError as error:
        sentence = f"Whowas is not installed completely: {str(error).rstrip('.')}."
        sys.exit(_not_started(sentence, shown=wants_window(arguments)))


def wants_window(arguments: list[str]) -> bool:
    """Say whether the arguments are those of the window: none, a request of the desktop's, or a directory's path."""
    match arguments:
        case [] | ["--new"] | ["--open-recent"]:
            return True
        case [argument] if argument not in COMMANDS and not argument.startswith("-"):
            path = Path(argument)
            return "/" in argument or path.suffix != "" or path.exists()
        case _:
            return False


def _window(arguments: list[str]) -> int:
    request = _start_request(arguments)
    if isinstance(request, Path) and not request.exists():
        return _not_started(f"There is no directory at “{arguments[0]}”.", shown=True)
    # Measured: collecting garbage is a tenth of a start, and finds none. The application lets it begin.
    gc.disable()
    from whowas.system.single_instance import claimed

    claim = claimed(request)
    if claim is None:
        return 0
    from whowas.desktop.start.unread_sources import leave_sources_unread

    leave_sources_unread()
    from whowas.desktop.start.application import run

    return run(request, claim.address)


def _not_started(sentence: str, *, shown: bool) -> int:
    """Say why nothing was done, also in a window where nobody reads what is ``shown``; return the exit code."""
    print(sentence, file=sys.stderr)  # noqa: T201
    if shown:
        with suppress(ImportError):  # it may be what is missing
            from whowas.desktop.start.failure_notice import show

            show(sentence, REFUSED)
    return REFUSED


def _start_request(arguments: list[str]) -> StartRequest:
    match arguments:
        case []:
            return None
        case ["--new"]:
            return "new"
        case ["--open-recent"]:
            return "recent"
        case [address] if address.startswith(ADDRESSES):
            from whowas.system.single_instance import ServerName

            return ServerName(address)
        case _:
            return _path(arguments[0])


def _path(argument: str) -> Path:
    """Return the absolute path that an argument names, which some file managers give as a URL."""
    if argument.startswith("file:///"):
        from urllib.parse import unquote_to_bytes

        argument = os.fsdecode(unquote_to_bytes(argument.removeprefix("file://")))
    try:
        return Path(argument).absolute()
    except FileNotFoundError:  # the folder one stands in is gone
        return Path(argument)


def _self_check() -> int:
    # Before Qt is imported: on no account may it look for a display.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from whowas.desktop.start.self_check import run

    return run({"Command line": _commands})


def _commands() -> str:
    from whowas.cli import main as command_line

    if (there := frozenset(command_line.commands)) != COMMANDS:
        raise RuntimeError(f"it knows {', '.join(sorted(there))}")
    return f"{len(there)} commands"


def _completion(instruction: str) -> int:
    from whowas.cli import complete

    return complete(COMPLETION, instruction)


def _command(arguments: list[str]) -> int:
    from whowas.cli import run

    return run(arguments)

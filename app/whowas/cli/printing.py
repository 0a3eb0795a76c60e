"""What the commands print: lines, JSON and tables, always UTF-8."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Literal, TextIO

ROWS_MEASURED = 200
GAP = "  "

_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def prepare_streams() -> None:
    """Let stdout and stderr take every character there is, whatever the locale.

    Where one is closed, something stands in for it that nothing can be read from, or nothing be written to.
    """
    if sys.stdin is None:
        sys.stdin = _standing_in(os.O_RDONLY, "r")
    if sys.stdout is None:
        sys.stdout = _standing_in(os.O_RDONLY, "w")
    if sys.stderr is None:
        sys.stderr = _standing_in(os.O_WRONLY, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _standing_in(access: int, mode: Literal["r", "w"]) -> TextIO:
    """Open nothing, to be left open until the process ends, as what it stands in for would be."""
    return os.fdopen(os.open(os.devnull, access), mode, encoding="utf-8", closefd=False)


def give_up_stdout() -> None:
    """Throw away whatever stdout still holds: nobody takes it, and Python would complain about that at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def flush_or_give_up() -> None:
    """Write what stdout still holds, or throw it away where it was told already that nobody takes it."""
    try:
        sys.stdout.flush()
    except OSError:
        give_up_stdout()


def say(text: str) -> None:
    """Print a line of data."""
    sys.stdout.write(text + "\n")


def say_json(value: object) -> None:
    """Print one JSON object on a line of its own, also for programs that take any Unicode line end for one."""
    line = json.dumps(value, ensure_ascii=False)
    say(line if line.isprintable() else line.translate(_LINE_ENDS))


def tell(message: str) -> None:
    """Print a message for the person at the keyboard, without anything from a file that a terminal would obey.

    It comes after what was printed before it. What cannot be flushed is told of where the command ends; of what cannot
    be told nobody could be told.
    """
    text = "\n".join(map(plain, message.split("\n"))) + "\n"
    for stream, written in ((sys.stdout, ""), (sys.stderr, text)):
        with suppress(OSError):
            stream.write(written)
            stream.flush()


def plain(text: str) -> str:
    """Return ``text`` as one line without anything that a terminal would obey."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def local_time(microseconds: int) -> str:
    """Return UTC microseconds as people here write the moment, to the second."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    with suppress(OverflowError):  # at either end of the calendar there is no local time
        moment = moment.astimezone()
    return moment.isoformat(" ", "seconds")


def say_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as the first some hundred need, cut to the terminal where there is one."""
    rows = iter(rows)
    measured = list(islice(rows, ROWS_MEASURED))
    widths = [max(_width(plain(row[column])) for row in (header, *measured)) for column in range(len(header))]
    widest = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for row in chain((header,), measured, rows):
        say(_cut(GAP.join(_padded(plain(text), width) for text, width in zip(row, widths, strict=True)), widest))


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _cut(line: str, width: int) -> str:
    line = line.rstrip()
    if _width(line) <= width:
        return line
    taken = 0
    for place, character in enumerate(line):
        taken += _width(character)
        if taken >= width:
            return line[:place] + "…"
    return line


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)

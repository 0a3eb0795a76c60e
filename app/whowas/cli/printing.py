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
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Literal, TextIO

from whowas.domain.errors import StoreError

ROWS_MEASURED = 200
GAP = "  "

_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def prepare_streams() -> None:
    """Have stdout and stderr write UTF-8, whatever the locale, as a command begins.

    A stream that is closed is replaced by one from which nothing can be read, or to which nothing can be written.
    """
    for printed in (_printed, _before):
        printed.count = printed.digest = 0
    if sys.stdin is None:
        sys.stdin = _stand_in(os.O_RDONLY, "r")
    if sys.stdout is None:
        sys.stdout = _stand_in(os.O_RDONLY, "w")
    if sys.stderr is None:
        sys.stderr = _stand_in(os.O_WRONLY, "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _stand_in(access: int, mode: Literal["r", "w"]) -> TextIO:
    """Return a stream over the null device, left open until the process ends like the one that it replaces."""
    return os.fdopen(os.open(os.devnull, access), mode, encoding="utf-8", closefd=False)


def give_up_stdout() -> None:
    """Discard what is left in stdout's buffer: the reader is gone, and Python would complain about that at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def flush_or_give_up() -> None:
    """Flush stdout, or discard what is left in it if that fails; the failure was reported before."""
    try:
        sys.stdout.flush()
    except OSError:
        give_up_stdout()


@dataclass(slots=True)
class _Printed:
    """How many pieces of data the running command has printed, and a hash of them all."""

    count: int = 0
    digest: int = 0


_printed, _before = _Printed(), _Printed()
"""What was printed since the command began, or began again, and what it had printed before it did."""


def print_again() -> None:
    """Expect the same data once more, from its beginning, and leave out what was printed already."""
    _before.count, _before.digest = _printed.count, _printed.digest
    _printed.count = _printed.digest = 0


def write(text: str) -> None:
    """Print a piece of data as it is. Raises StoreError where it was to be the same again, and is not."""
    _printed.count += 1
    _printed.digest = hash((_printed.digest, text))
    if _printed.count > _before.count:
        sys.stdout.write(text)
    elif _printed.count == _before.count and _printed.digest != _before.digest:
        raise StoreError("The directory was changed while this was printed. Try again.")


def say(text: str) -> None:
    """Print a line of data."""
    write(text + "\n")


def say_json(value: object) -> None:
    """Print one JSON object on a line of its own; other Unicode line ends in it are escaped."""
    line = json.dumps(value, ensure_ascii=False)
    say(line if line.isprintable() else line.translate(_LINE_ENDS))


def notify(message: str) -> None:
    """Print a message on stderr, without control characters that a file may have brought into it.

    Flushes stdout first, so that the message comes after the data printed so far. Failures to write are ignored here:
    those of stdout are reported when the command ends, and those of stderr cannot be reported anywhere.
    """
    text = "\n".join(map(plain, message.split("\n"))) + "\n"
    for stream, written in ((sys.stdout, ""), (sys.stderr, text)):
        with suppress(OSError):
            stream.write(written)
            stream.flush()


def plain(text: str) -> str:
    """Return ``text`` as one line without control characters."""
    return text if text.isprintable() else "".join(character if character.isprintable() else " " for character in text)


def local_time(microseconds: int) -> str:
    """Return UTC microseconds as local date and time, to the second."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    with suppress(OverflowError):  # at either end of the calendar there is no local time
        moment = moment.astimezone()
    return moment.isoformat(" ", "seconds")


def say_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as the first ROWS_MEASURED rows need, cut to the width of a terminal."""
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
    for index, character in enumerate(line):
        taken += _width(character)
        if taken >= width:
            return line[:index] + "…"
    return line


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)

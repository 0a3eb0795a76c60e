"""Replacing Qt's fatal messages while it starts, after which it would abort the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler


@contextmanager
def fatal_in_a_sentence(beginning: str, code: int) -> Iterator[None]:
    """If Qt would abort the process in the block, end it with ``code`` and one sentence on stderr instead.

    The sentence is ``beginning`` followed by Qt's first message. Other messages are printed after the block.
    """
    complaints: list[str] = []

    def take(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        # Only the first line, because the rest is advice for people who build Qt.
        complaints.append(text.strip().partition("\n")[0].rstrip(". "))
        if kind == QtMsgType.QtFatalMsg:
            print(f"{beginning}: {complaints[0]}.", file=sys.stderr, flush=True)  # noqa: T201
            os._exit(code)

    before = qInstallMessageHandler(take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    for complaint in complaints:
        print(f"{complaint}.", file=sys.stderr)  # noqa: T201

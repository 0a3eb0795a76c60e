"""What Qt says on stderr while it starts, where it would abort the process too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler


@contextmanager
def fatal_in_a_sentence(beginning: str, code: int) -> Iterator[None]:
    """Throughout the block end the process with ``code``, and one sentence on stderr, where Qt would abort it.

    The sentence is ``beginning`` with the first thing that Qt complained of. Other complaints are passed on.
    """
    complaints: list[str] = []

    def take(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        # One line of it: what follows is advice for whoever builds Qt.
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

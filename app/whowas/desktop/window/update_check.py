"""Asking whether there is a newer version: only where somebody wants that, and only where the build knows whom to ask.

Whoever publishes a build that nothing else updates writes an HTTPS address into ``resources/updates.txt``; what lies
there is one line, the newest version. Without that file, as it is here, there is nobody to ask.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress

from PySide6.QtCore import QCoreApplication, QObject, Signal

from whowas import __version__
from whowas.system import resources

NOT_ASKED = "This build has nowhere to ask for updates: they come the way it was installed."

_PATIENCE_S = 10
_LONGEST_ANSWER = 64
_VERSION = re.compile(r"\d{1,9}(\.\d{1,9}){0,4}")


def address() -> str:
    """Return the address that this build asks, "" for none."""
    file = resources.folder() / "updates.txt"
    try:
        found = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return found if found.startswith("https://") else ""


def answer(asked: str) -> str:
    """Ask at ``asked`` for the newest version and say in a sentence what came of it; takes some seconds at most."""
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    try:
        request = Request(asked, headers={"User-Agent": f"Whowas/{__version__}"})  # noqa: S310 - the build's own
        with urlopen(request, timeout=_PATIENCE_S) as response:  # noqa: S310
            newest = response.read(_LONGEST_ANSWER).decode("ascii", "replace").strip()
    except (OSError, HTTPException, ValueError):
        return "The newest version could not be asked for. Are you connected?"
    return what_it_means(newest)


def what_it_means(newest: str) -> str:
    """Say what the newest version means to somebody who has this one."""
    if _VERSION.fullmatch(newest) is None:
        return "The newest version could not be asked for: the answer was none."
    if _numbers(newest) > _numbers(__version__):
        return f"Whowas {newest} is there; this is {__version__}."
    return f"This is the newest version, {__version__}."


def _numbers(version: str) -> list[int]:
    numbers = [int(number) for number in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers


class Asking(QObject):
    """One question, on a thread of its own: nobody's saving must wait for a network. ``answered`` has the sentence.

    It goes when it is answered; a receiver that has gone before is not told.
    """

    answered = Signal(str)

    def __init__(self) -> None:
        super().__init__(QCoreApplication.instance())

    def start(self, asked: str) -> None:
        """Ask at the address ``asked``."""
        # A daemon: leaving the program does not wait for it either.
        threading.Thread(target=self._ask, args=(asked,), name="whowas-updates", daemon=True).start()

    def _ask(self, asked: str) -> None:
        sentence = answer(asked)
        with suppress(RuntimeError):  # the program has been left
            self.answered.emit(sentence)
            # Not by a connection: the other thread would destroy it while this one is still telling the receivers.
            self.deleteLater()

"""A person's screen in a new Debian, and the programs that they start on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.distribution.new_debian import NewDebian
from tests.end_to_end.application import Application
from tests.end_to_end.screen import Screen
from tests.end_to_end.screen_reader import ScreenReader

WANTED = ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "QT_")


class Desk:
    """Where one person works; see ``desk_of``."""

    def __init__(self, debian: NewDebian, person: str, screen: Screen, reader: ScreenReader, folder: Path) -> None:
        self._debian = debian
        self._person = person
        self._reader = reader
        self._log = folder / f"{person}.txt"
        self._started: list[subprocess.Popen[str]] = []
        self._environment = {name: value for name, value in screen.environment.items() if name.startswith(WANTED)}

    def start(self, *words: str, **environment: str) -> Application:
        """Start a program inside, as this person, on the host's screen."""
        line = self._debian.command(*words, user=self._person, environment=self._environment | environment)
        with self._log.open("w") as errors:
            process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, text=True)
        self._started.append(process)
        return Application(self._reader, process, self._log)

    def clear(self) -> None:
        """End what a failed test has left."""
        for process in self._started:
            process.kill()
            process.wait()

    def said(self) -> str:
        """What the program that was started last has written."""
        return self._log.read_text()


@contextmanager
def desk_of(person: str, debian: NewDebian, logs: Path) -> Iterator[Desk]:
    """Set up a screen that belongs to one of the persons inside."""
    with TemporaryDirectory(prefix="desk-") as folder, Screen(Path(folder), debian.number_of(person)) as screen:
        Path(folder).chmod(0o700)
        with debian.showing(Path(folder)), ScreenReader(screen.environment) as reader:
            desk = Desk(debian, person, screen, reader, logs)
            yield desk
            desk.clear()


def quit_in_peace(app: Application, said: str = "") -> None:
    """Leave a program by its menu; it has written nothing but ``said``."""
    app.menu_item("Quit").press()
    assert app.wait_closed() == 0
    # Qt tells what screen readers may ask and it does not answer.
    lines = [line for line in app.errors().splitlines() if not line.startswith("qt.accessibility")]
    assert "\n".join(lines) == said

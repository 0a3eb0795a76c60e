"""Trying every part that the program is made of, with no display and without touching anything of the person's."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING

from whowas import __version__
from whowas.system import folders, resources

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from whowas.desktop.window.main_window import MainWindow

FAILED = 1
PATIENCE_S = 60.0
_WINDOW_PLUGINS = {"win32": "qwindows", "darwin": "qcocoa"}
_ADA, _BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in (1, 2))


def run(further: Mapping[str, Callable[[], str]]) -> int:
    """Try one part after the other, print a line about each, and return the exit code: 1 where one fails.

    Needs no display; the process is good for nothing else afterwards.

    Args:
        further: Parts that this package does not know, by name; each returns what it found, or raises.
    """
    try:
        return _tried(further)
    except _NotToldError as error:
        # Python would complain of it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"What was found cannot be written: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED


def _tried(further: Mapping[str, Callable[[], str]]) -> int:
    _tell(f"Whowas {__version__}")
    trial = _Trial()
    trying = "Qt"
    try:
        # Before anything lies on the disk: where Qt cannot start at all, it ends the process.
        _tell(f"Qt: {trial.qt()}.")
        trying = "The temporary folder"
        with TemporaryDirectory(prefix="whowas-", ignore_cleanup_errors=True) as folder:
            folders.keep_below(Path(folder))
            parts = {**trial.parts(Path(folder) / "Überprüft, 検査.whowas"), **further}
            for part, tried in parts.items():
                trying = part
                _tell(f"{part}: {tried()}.")
    except _NotToldError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is that fails, it is told the same way
        print(f"{trying} failed: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED
    _tell("Everything works.")
    return 0


class _NotToldError(Exception):
    """Nobody can read what was found: a full disk, or a reader that has gone."""


def _tell(line: str) -> None:
    try:
        print(line, flush=True)  # noqa: T201
    except OSError as error:
        raise _NotToldError(error.strerror or error) from error


class _Trial:
    """The parts, in the order in which they need each other. Nothing is imported before its turn: that may fail too."""

    def __init__(self) -> None:
        self._application: QApplication | None = None
        self._bugs: list[BaseException] = []

    def qt(self) -> str:
        """Start Qt with nowhere to show a window; end the process, with a sentence, where that cannot be."""
        from PySide6.QtCore import qVersion
        from PySide6.QtWidgets import QApplication

        from whowas.desktop.kit import theme
        from whowas.desktop.start.qt_messages import fatal_in_a_sentence

        with fatal_in_a_sentence("Qt failed", FAILED):
            self._application = QApplication(["whowas"])
        theme.apply(self._application, "light")
        return f"{qVersion()} draws {self._application.platformName()}, {_plugins()}"

    def parts(self, path: Path) -> dict[str, Callable[[], str]]:
        """Each returns what it found, without a full stop, or raises; a directory is written to ``path``."""
        return {
            "Icons": _icons,
            "Fonts": _fonts,
            "Network": _network,
            "NumPy": _numpy,
            "SQLite": partial(_sqlite, path.with_name("read.db")),
            "Passwords": _passwords,
            "Events": _events,
            "Time zone": _time_zone,
            "Directory": partial(_directory, path),
            "Window": partial(self._window, path),
        }

    def _window(self, path: Path) -> str:
        import shiboken6
        from PySide6.QtCore import qInstallMessageHandler

        from whowas.desktop.session.jobs import SerialJobRunner
        from whowas.desktop.window.assembly import assembled
        from whowas.desktop.window.settings import Settings

        # Qt calls this for what is raised in a slot, and goes on.
        sys.excepthook = self._take_bug
        # The offscreen plugin says what it cannot do with real windows.
        qInstallMessageHandler(lambda _kind, _context, _text: None)
        runner = SerialJobRunner()
        window = assembled(Settings(folders.config()), runner, actor="self-check")
        try:
            window.start(path)
            self._wait(window)
            image = window.grab().toImage()
            _require(_colours(image) > 10, "nothing was painted")
            return f"{image.width()} by {image.height()} pixels painted, {len((_ADA, _BEN))} users in the table"
        finally:
            window.put_away()
            runner.close()
            shiboken6.delete(window)

    def _wait(self, window: MainWindow) -> None:
        """Let the window work until it shows both users and can be commanded."""
        assert self._application is not None
        until = time.monotonic() + PATIENCE_S
        while not window.is_equipped or window.page is None or window.page.model.rowCount() != len((_ADA, _BEN)):
            self._application.processEvents()
            if self._bugs:
                raise self._bugs[0]
            _require(not (said := window.messages.message()), said)
            _require(time.monotonic() < until, "the directory does not appear")
            time.sleep(0.01)

    def _take_bug(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._bugs.append(error)


def _plugins() -> str:
    """Load, and do not use, what Qt needs where there is a display, and libraries that drawing offscreen does not.

    A bundle carries only what the program needs, and all of it is tried. Otherwise Qt brings much for other programs
    too, and what draws real windows here is tried.
    """
    from PySide6.QtCore import QLibraryInfo, QPluginLoader

    name = _WINDOW_PLUGINS.get(sys.platform, "qxcb")
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    plugins = [plugin for plugin in sorted(folder.glob("*/*")) if plugin.suffix in (".so", ".dll", ".dylib")]
    window = [plugin for plugin in plugins if plugin.stem.removeprefix("lib") == name]
    _require(len(window) == 1, f"the plugin {name} is not in {folder}")
    bundled = getattr(sys, "frozen", False)
    for plugin in plugins if bundled else window:
        loader = QPluginLoader(str(plugin))
        _require(loader.load(), loader.errorString())
    return f"{name} and all other {len(plugins) - 1} plugins can be loaded" if bundled else f"{name} can be loaded"


def _icons() -> str:
    from PySide6.QtGui import QImage

    from whowas.desktop.kit.icons import pixmap

    names = [drawing.stem for drawing in resources.path("icons").glob("*.svg")]
    for name in names:
        _require(_colours(pixmap(name, 24, 1.0).toImage()) > 1, f"the icon “{name}” is not drawn")
    # The stylesheet's pictures go through Qt's image plugins, not through the renderer of the icons.
    for picture in resources.path("theme").glob("*/*.svg"):
        _require(not QImage(str(picture)).isNull(), f"Qt's plugin for SVG images cannot read “{picture.name}”")
    _require(len(names) > 0, "there is none")
    return f"{len(names)} drawn"


def _fonts() -> str:
    from whowas.desktop.kit import theme

    # Nothing of the program fails without one, and it carries none.
    return "letters are drawn" if theme.has_font() else "none is installed, so all text shows as boxes"


def _network() -> str:
    """Make ready to ask for updates, and ask nobody."""
    import ssl
    from urllib.request import HTTPSHandler, build_opener

    build_opener(HTTPSHandler(context=ssl.create_default_context())).close()
    return f"{ssl.OPENSSL_VERSION}, and nobody was asked"


def _numpy() -> str:
    import numpy as np

    ends = np.array([3, 1, 2], dtype=np.int64)
    _require(np.flatnonzero((ends > 1)[np.argsort(ends)]).tolist() == [1, 2], "it does not count")
    return np.__version__


def _sqlite(path: Path) -> str:
    from whowas.projections.tables.read_model import ReadModel
    from whowas.store.file.database import SQLITE_VERSION

    model = ReadModel(path)
    model.prepare("directory", bytes(32))
    with model.writing() as connection:
        connection.execute("INSERT INTO search (rowid, text) VALUES (1, 'ada osei')")
    ((found,),) = model.select("SELECT count(*) FROM search WHERE search MATCH '\"osei\"'")
    ((value,),) = model.select("""SELECT value FROM json_each('{"room": "B 12"}') WHERE key = 'room'""")
    model.close()
    _require((found, value) == (1, "B 12"), "searching or JSON does not answer")
    return f"{SQLITE_VERSION} with trigram search and JSON"


def _passwords() -> str:
    from whowas.system.passwords import hashed

    _require(hashed("correct horse").startswith("$argon2id$"), "the hash is not argon2id's")
    return "argon2id"


def _events() -> str:
    from whowas.domain.events import PasswordSet
    from whowas.store import codec

    event = PasswordSet("$argon2id$")
    _require(codec.EVENTS.decode(1, *codec.EVENTS.encode(event)) == event, "one is read as another")
    return "written and read"


def _time_zone() -> str:
    from whowas.desktop.kit.dates import local

    return f"{local(time.time_ns() // 1000):%z} from UTC"


def _directory(path: Path) -> str:
    from whowas.command_bus.bus import Bus
    from whowas.domain.commands import CreateUser, UpdateUser
    from whowas.projections.sides.read_side import ReadSide
    from whowas.store.event_log import EventLog
    from whowas.system.person import os_user

    with closing(EventLog.create(path)) as log, closing(ReadSide(log, folders.cache())) as read_side:
        bus = Bus(log, clock=lambda: time.time_ns() // 1000, actor=os_user())
        for user_id, name in ((_ADA, "Ada"), (_BEN, "Ben")):
            bus.dispatch(CreateUser(user_id, {"first_name": name, "email": f"{name}@example.org"}))
        bus.dispatch(UpdateUser(_ADA, {"last_name": "Osei"}))
        index = read_side.catch_up()
        read_side.index_texts()
        mask = read_side.matching("osei")
        _require(mask is not None and int(mask.sum()) == 1, "a user is not found by name")
        _require(int(index.alive(index.now).sum()) == len((_ADA, _BEN)), "the read side differs from the history")
        damage = log.verify()
        _require(damage is None, "the history differs from what was written")
        read_side.keep_index()
        position = log.head().position
    return f"{position} events written, folded and verified"


def _colours(image: QImage) -> int:
    """Return how many colours an image has, counting some hundred points of it, or a few more."""
    step = max(1, image.width() // 100)
    across, down = range(0, image.width(), step), range(0, image.height(), step)
    return len({image.pixel(x, y) for y in down for x in across})


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)


def _in_one_line(error: Exception) -> str:
    said = " ".join(str(error).split()).rstrip(".")
    return said or type(error).__name__

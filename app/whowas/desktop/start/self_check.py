"""Testing every part of the program, without a display and without touching any of the person's files."""

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
    """Test one part after the other, print a line about each, and return the exit code: 1 if one fails.

    Needs no display; the process must not be used for anything else afterwards.

    Args:
        further: Tests of parts outside this package, by name; each returns a description of what it found, or raises.
    """
    try:
        return _tried(further)
    except _NotPrintedError as error:
        # Otherwise Python would report the same error again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"What was found cannot be written: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED


def _tried(further: Mapping[str, Callable[[], str]]) -> int:
    _print(f"Whowas {__version__}")
    trial = _Trial()
    trying = "Qt"
    try:
        # Before anything is written to disk, because Qt ends the process if it cannot start.
        _print(f"Qt: {trial.qt()}.")
        trying = "The temporary folder"
        with TemporaryDirectory(prefix="whowas-", ignore_cleanup_errors=True) as folder:
            folders.keep_below(Path(folder))
            parts = {**trial.parts(Path(folder) / "Überprüft, 検査.whowas"), **further}
            for part, tried in parts.items():
                trying = part
                _print(f"{part}: {tried()}.")
    except _NotPrintedError:
        raise
    except Exception as error:  # noqa: BLE001 - any failure is reported in the same way
        print(f"{trying} failed: {_in_one_line(error)}.", file=sys.stderr)  # noqa: T201
        return FAILED
    _print("Everything works.")
    return 0


class _NotPrintedError(Exception):
    """The results cannot be printed: the disk is full, or the reader of the pipe has gone."""


def _print(line: str) -> None:
    try:
        print(line, flush=True)  # noqa: T201
    except OSError as error:
        raise _NotPrintedError(error.strerror or error) from error


class _Trial:
    """The tests, in the order in which parts depend on each other. Imports are part of each test, as they may fail."""

    def __init__(self) -> None:
        self._application: QApplication | None = None
        self._bugs: list[BaseException] = []

    def qt(self) -> str:
        """Start Qt without a display; if that fails, end the process with a sentence on stderr."""
        from PySide6.QtCore import qVersion
        from PySide6.QtWidgets import QApplication

        from whowas.desktop.kit import theme
        from whowas.desktop.start.qt_messages import fatal_in_a_sentence

        with fatal_in_a_sentence("Qt failed", FAILED):
            self._application = QApplication(["whowas"])
        theme.apply(self._application, "light")
        return f"{qVersion()} draws {self._application.platformName()}, {_plugins()}"

    def parts(self, path: Path) -> dict[str, Callable[[], str]]:
        """Return the tests by name; each returns what it found, without a full stop, or raises.

        A directory is written to ``path``.
        """
        return {
            "Icons": _icons,
            "Fonts": _fonts,
            "Network": _network,
            "Servers": _servers,
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

        # Exceptions in slots end up here, and Qt goes on.
        sys.excepthook = self._take_bug
        # Silence the offscreen plugin, which reports what it cannot do with real windows.
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
        """Process events until the window shows both users and accepts commands."""
        assert self._application is not None
        until = time.monotonic() + PATIENCE_S
        while not window.is_equipped or window.page is None or window.page.model.rowCount() != len((_ADA, _BEN)):
            self._application.processEvents()
            if self._bugs:
                raise self._bugs[0]
            _require(not (message := window.messages.message()), message)
            _require(time.monotonic() < until, "the directory does not appear")
            time.sleep(0.01)

    def _take_bug(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        self._bugs.append(error)


def _plugins() -> str:
    """Load, but do not use, the plugins that Qt needs with a display, with the libraries that they depend on.

    In a bundle, which contains only plugins that the program needs, all of them are loaded. Elsewhere Qt has many
    plugins for other programs, so only the one that draws real windows on this platform is loaded.
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
    # The stylesheet's images are read by Qt's image plugins, not by the renderer of the icons.
    for picture in resources.path("theme").glob("*/*.svg"):
        _require(not QImage(str(picture)).isNull(), f"Qt's plugin for SVG images cannot read “{picture.name}”")
    _require(len(names) > 0, "there is none")
    return f"{len(names)} drawn"


def _fonts() -> str:
    from whowas.desktop.kit import theme

    # Not a failure: the program works without fonts, and a bundle contains none.
    return "letters are drawn" if theme.has_font() else "none is installed, so all text shows as boxes"


def _network() -> str:
    """Prepare a request for updates without sending it."""
    import ssl
    from urllib.request import HTTPSHandler, build_opener

    build_opener(HTTPSHandler(context=ssl.create_default_context())).close()
    return f"{ssl.OPENSSL_VERSION}, and nobody was asked"


def _servers() -> str:
    from whowas.store.server.driver import driver_found

    return driver_found()


def _numpy() -> str:
    import numpy as np

    ends = np.array([3, 1, 2], dtype=np.int64)
    _require(np.flatnonzero((ends > 1)[np.argsort(ends)]).tolist() == [1, 2], "it does not count")
    return np.__version__


def _sqlite(path: Path) -> str:
    from whowas.projections.tables.checked_database import DRIVER_ERRORS, is_damage
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
    content = path.read_bytes()
    path.write_bytes(content[:-100] + bytes([content[-100] ^ 1]) + content[-99:])
    try:
        list(model.select("PRAGMA integrity_check"))
        noticed = False
    except DRIVER_ERRORS as error:
        noticed = is_damage(error)
    model.close()
    _require(noticed, "a flipped bit goes unnoticed")
    return f"{SQLITE_VERSION} with trigram search, JSON and checksums"


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
    """Return how many colours an image has, in a grid of about 100 points across."""
    step = max(1, image.width() // 100)
    across, down = range(0, image.width(), step), range(0, image.height(), step)
    return len({image.pixel(x, y) for y in down for x in across})


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)


def _in_one_line(error: Exception) -> str:
    message = " ".join(str(error).split()).rstrip(".")
    return message or type(error).__name__

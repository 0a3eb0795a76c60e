"""The parts that the self-check tries one by one: each returns what it found, without a full stop, or raises.

Imports are part of each, as they may fail.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from whowas.system import folders, resources

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

_ADA, _BEN = (f"0199a3c4-0000-7000-8000-{number:012}" for number in (1, 2))
USERS = 2
"""How many users the directory has that is made."""

_WINDOW_PLUGINS = {"win32": "qwindows", "darwin": "qcocoa"}


def plugins() -> str:
    """Load, but do not use, the plugins that Qt needs with a display, with the libraries that they depend on.

    In a bundle, which contains only plugins that the program needs, all of them are loaded. Elsewhere Qt has many
    plugins for other programs, so only the one that draws real windows on this platform is loaded.
    """
    from PySide6.QtCore import QLibraryInfo, QPluginLoader

    name = _WINDOW_PLUGINS.get(sys.platform, "qxcb")
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    plugins = [plugin for plugin in sorted(folder.glob("*/*")) if plugin.suffix in (".so", ".dll", ".dylib")]
    window = [plugin for plugin in plugins if plugin.stem.removeprefix("lib") == name]
    require(len(window) == 1, f"the plugin {name} is not in {folder}")
    bundled = getattr(sys, "frozen", False)
    for plugin in plugins if bundled else window:
        loader = QPluginLoader(str(plugin))
        require(loader.load(), loader.errorString())
    return f"{name} and all other {len(plugins) - 1} plugins can be loaded" if bundled else f"{name} can be loaded"


def icons() -> str:
    from PySide6.QtGui import QImage

    from whowas.desktop.kit.icons import pixmap

    names = [drawing.stem for drawing in resources.path("icons").glob("*.svg")]
    for name in names:
        require(colours(pixmap(name, 24, 1.0).toImage()) > 1, f"the icon “{name}” is not drawn")
    # The stylesheet's images are read by Qt's image plugins, not by the renderer of the icons.
    for picture in resources.path("theme").glob("*/*.svg"):
        require(not QImage(str(picture)).isNull(), f"Qt's plugin for SVG images cannot read “{picture.name}”")
    require(len(names) > 0, "there is none")
    return f"{len(names)} drawn"


def fonts() -> str:
    from whowas.desktop.kit import theme

    # Not a failure: the program works without fonts, and a bundle contains none.
    return "letters are drawn" if theme.has_font() else "none is installed, so all text shows as boxes"


def network() -> str:
    """Prepare a request for updates without sending it."""
    import ssl
    from urllib.request import HTTPSHandler, build_opener

    build_opener(HTTPSHandler(context=ssl.create_default_context())).close()
    return f"{ssl.OPENSSL_VERSION}, and nobody was asked"


def servers() -> str:
    from whowas.store.server.driver import driver_found

    return driver_found()


def numpy() -> str:
    import numpy as np

    ends = np.array([3, 1, 2], dtype=np.int64)
    require(np.flatnonzero((ends > 1)[np.argsort(ends)]).tolist() == [1, 2], "it does not count")
    return np.__version__


def sqlite(path: Path) -> str:
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
    require((found, value) == (1, "B 12"), "searching or JSON does not answer")
    content = path.read_bytes()
    path.write_bytes(content[:-100] + bytes([content[-100] ^ 1]) + content[-99:])
    try:
        list(model.select("PRAGMA integrity_check"))
        noticed = False
    except DRIVER_ERRORS as error:
        noticed = is_damage(error)
    model.close()
    require(noticed, "a flipped bit goes unnoticed")
    return f"{SQLITE_VERSION} with trigram search, JSON and checksums"


def passwords() -> str:
    from whowas.system.passwords import hashed

    require(hashed("correct horse").startswith("$argon2id$"), "the hash is not argon2id's")
    return "argon2id"


def events() -> str:
    from whowas.domain.events import PasswordSet
    from whowas.store import codec

    event = PasswordSet("$argon2id$")
    require(codec.EVENTS.decode(1, *codec.EVENTS.encode(event)) == event, "one is read as another")
    return "written and read"


def time_zone() -> str:
    from whowas.desktop.kit.dates import local

    return f"{local(time.time_ns() // 1000):%z} from UTC"


def directory(path: Path) -> str:
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
        require(mask is not None and int(mask.sum()) == 1, "a user is not found by name")
        require(int(index.alive(index.now).sum()) == USERS, "the read side differs from the history")
        damage = log.verify()
        require(damage is None, "the history differs from what was written")
        read_side.keep_index()
        position = log.head().position
    return f"{position} events written, folded and verified"


def colours(image: QImage) -> int:
    """Return how many colours an image has, in a grid of about 100 points across."""
    step = max(1, image.width() // 100)
    across, down = range(0, image.width(), step), range(0, image.height(), step)
    return len({image.pixel(x, y) for y in down for x in across})


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(otherwise)

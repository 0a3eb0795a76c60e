"""One running window a person and a screen: a second start hands its file over to the first one and ends.

On the way to the first paint this costs a lock on a file. All else is imported when there is somebody to talk to.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR
from typing import Literal

from whowas.system import folders

StartRequest = Path | Literal["new", "recent"] | None
"""What a start is for: a directory (absolute), a new one, the choice of those used last, or just the window."""

REQUEST_BYTES = 32_768
"""The longest request: a path of 4,096 bytes, none of which is text, a token, and some room."""

TOKEN_LETTERS = 1_000

TAKEN = b"taken\n"
"""What the first program answers to a request."""

PATIENCE_S = 5.0
_BETWEEN_TRIES_S = 0.03
_ADDRESS_BYTES = 100
"""No system takes a longer path for a socket."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Being the one program that runs, until the process ends.

    ``address`` is a socket's path, on Windows a pipe's name; None where nobody can be listened to.
    """

    address: str | None


def claimed(request: StartRequest) -> Claim | None:
    """Become the one that runs, or hand ``request`` over to it and return None.

    Takes PATIENCE_S where the one that runs does not answer; this one then runs beside it.
    """
    name = f"whowas-{_key():08x}"
    if sys.platform == "win32":
        return _claimed_on_windows(request, rf"\\.\pipe\{name}")
    address = next((str(folder / f"{name}.socket") for folder in _folders() if _is_private(folder)), None)
    if address is None or len(os.fsencode(address)) > _ADDRESS_BYTES:
        return Claim(None)
    try:
        return _claimed_by_lock(request, address)
    except OSError:
        return Claim(None)


@dataclass(frozen=True, slots=True)
class StartMessage:
    """What a second start asks of the first, and the desktop's leave to come to the front, "" where it gave none."""

    request: StartRequest
    token: str = ""


def line_of(request: StartRequest) -> bytes:
    """Return the line that asks the program that runs to show itself and do what ``request`` says.

    The desktop gives a program that it starts a token, with which a window may come before others; Wayland asks for it.
    """
    import json

    asked = {"ask": request} if request in ("new", "recent") else {"open": None if request is None else str(request)}
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    with_token = asked | {"token": token} if _is_token(token) else asked
    return json.dumps(with_token).encode() + b"\n"


def _is_token(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable() and 0 < len(text) <= TOKEN_LETTERS


def message_of(line: bytes) -> StartMessage:
    """Return what a request asks for. Raises ValueError for anything else, and a path that is not absolute."""
    import json

    if len(line) > REQUEST_BYTES or not line.endswith(b"\n"):
        raise ValueError("not a request")
    try:
        asked = json.loads(line)
    except RecursionError as error:
        raise ValueError("not a request") from error
    match asked:
        case {"token": str(token), **request} if _is_token(token):
            return StartMessage(_start_request(request), token)
        case _:
            return StartMessage(_start_request(asked))


def _start_request(asked: object) -> StartRequest:
    match asked:
        case {"open": None, **others} if not others:
            return None
        case {"ask": "new", **others} if not others:
            return "new"
        case {"ask": "recent", **others} if not others:
            return "recent"
        case {"open": str(path), **others} if not others and "\0" not in path and Path(path).is_absolute():
            return Path(path)
        case _:
            raise ValueError("not a request")


def _key() -> int:
    """Return what tells a person's programs apart: another screen or other folders are another program."""
    from zlib import crc32

    screen = (os.environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"))
    return crc32("\0".join([str(folders.config()), str(folders.state()), *screen]).encode(errors="surrogateescape"))


def _folders() -> Iterator[Path]:
    """Yield where a socket may lie, the best place first."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(os.fsencode(runtime)) < _ADDRESS_BYTES - len("/whowas-01234567.socket"):
        yield Path(runtime)
    # Anybody may write there, so everyone has a folder of their own, and looks whose it is.
    own = Path(os.environ.get("TMPDIR") or "/tmp", f"whowas-{os.getuid()}")  # noqa: S108
    with suppress(OSError):
        own.mkdir(mode=0o700, exist_ok=True)
    yield own


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def _claimed_by_lock(request: StartRequest, address: str) -> Claim | None:
    # The lock goes with the process however it ends, so that a socket without one is known to be left over.
    lock = os.open(f"{address}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    until = time.monotonic() + PATIENCE_S
    while not _locked(lock):
        # It may be about to listen, or about to end.
        if _handed_over(request, address, until):
            os.close(lock)
            return None
        if time.monotonic() > until:
            os.close(lock)
            return Claim(None)
        time.sleep(_BETWEEN_TRIES_S)
    return Claim(address)


def _locked(lock: int) -> bool:
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _handed_over(request: StartRequest, address: str, until: float) -> bool:
    import socket

    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(max(until - time.monotonic(), _BETWEEN_TRIES_S))
            connection.connect(address)
            connection.sendall(line_of(request))
            return connection.recv(len(TAKEN)) == TAKEN
    except OSError:
        return False


def _claimed_on_windows(request: StartRequest, address: str) -> Claim | None:
    """Do the same over a named pipe, which Windows takes away with its program; nothing waits for the answer."""
    try:
        with open(address, "r+b", buffering=0) as pipe:  # noqa: PTH123 - a pipe's name is no path
            pipe.write(line_of(request))
    except FileNotFoundError:
        return Claim(address)
    except OSError:
        return Claim(None)
    return None

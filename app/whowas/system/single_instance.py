"""One running program for each person and screen: a second start hands its file over to the first one and ends.

Before the first paint this costs only a lock on a file. Everything else is imported when another program is running.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from typing import Literal, NamedTuple

from whowas.system import folders


class ServerName(str):
    """The address of a directory on a server, as text."""

    __slots__ = ()


StartRequest = Path | ServerName | Literal["new", "recent"] | None
"""What to open: a directory (absolute path, or on a server), a new one, the list of recent ones, or just the window."""

REQUEST_BYTES = 32_768
"""The longest request: a path of 4,096 bytes, all of them escaped in JSON, a token, and some room."""

TOKEN_LETTERS = 1_000

TAKEN = b"taken\n"
"""The answer of the first program to a request."""

PATIENCE_S = 5.0
_BETWEEN_TRIES_S = 0.03
_ADDRESS_BYTES = 100
"""The longest socket path that all systems accept."""


class Claim(NamedTuple):
    """The right to be the one running program, held until the process ends.

    ``address`` is where to listen for other starts: a socket's path, on Windows a pipe's name; None if that is
    impossible.
    """

    address: str | None


def claimed(request: StartRequest) -> Claim | None:
    """Become the one running program and return the claim, or hand ``request`` over to the other one and return None.

    If a running program does not answer within PATIENCE_S seconds, this one runs beside it, with an address of None.
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


class StartMessage(NamedTuple):
    """The request of a second start, and the desktop's activation token that lets a window come to the front, or ""."""

    request: StartRequest
    token: str = ""


def line_of(request: StartRequest) -> bytes:
    """Return the line (JSON) that asks the running program to show its window and open ``request``.

    The desktop gives each program that it starts an activation token, which Wayland requires for raising a window.
    """
    import json

    asked = {"ask": request} if request in ("new", "recent") else {"open": None if request is None else str(request)}
    token = os.environ.get("XDG_ACTIVATION_TOKEN") or os.environ.get("DESKTOP_STARTUP_ID") or ""
    with_token = asked | {"token": token} if _is_token(token) else asked
    return json.dumps(with_token).encode() + b"\n"


def _is_token(text: object) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable() and 0 < len(text) <= TOKEN_LETTERS


def message_of(line: bytes) -> StartMessage:
    """Return the message in a request line. Raises ValueError if it is not valid, or its path is not absolute."""
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
        case {"open": str(address), **others} if not others and address.startswith(folders.ADDRESSES):
            return ServerName(address)
        case {"open": str(path), **others} if not others and "\0" not in path and Path(path).is_absolute():
            return Path(path)
        case _:
            raise ValueError("not a request")


def _key() -> int:
    """Return a checksum of screen and folders: programs that differ in either run beside each other."""
    from zlib import crc32

    screen = (os.environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"))
    return crc32("\0".join([str(folders.config()), str(folders.state()), *screen]).encode(errors="surrogateescape"))


def _folders() -> Iterator[Path]:
    """Yield the folders in which the socket may be created, the best one first."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(os.fsencode(runtime)) < _ADDRESS_BYTES - len("/whowas-01234567.socket"):
        yield Path(runtime)
    # Anybody may write to /tmp, so each account uses a folder of its own, whose owner and mode are checked.
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
    # The lock ends with the process however it ends, so a socket without a lock is known to be a leftover.
    lock = os.open(f"{address}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    until = time.monotonic() + PATIENCE_S
    while not _locked(lock):
        # If the request is not taken, the other program may be about to listen, or about to end.
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
    """Do the same over a named pipe, which Windows removes with its program; the answer is not waited for."""
    try:
        with open(address, "r+b", buffering=0) as pipe:  # noqa: PTH123 - a pipe's name is no path
            pipe.write(line_of(request))
    except FileNotFoundError:
        return Claim(address)
    except OSError:
        return Claim(None)
    return None

"""Answering programs that were started while this one runs."""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier

from whowas.desktop.start.start_request import carry_out
from whowas.system.single_instance import REQUEST_BYTES, TAKEN, message_of

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

    from whowas.desktop.window.main_window import MainWindow


class SecondStarts(QObject):
    """Listens at an address that is this program's by its claim, and shows the window for whoever asks."""

    def __init__(self, window: MainWindow, address: str) -> None:
        super().__init__(window)
        self._window = window
        self._listening: _Socket | _Pipe = _Pipe(self, address) if sys.platform == "win32" else _Socket(self, address)

    def close(self) -> None:
        """Listen no longer; who asks from now on becomes the program that runs."""
        self._listening.close()

    def answer(self, line: bytes) -> bytes:
        """Do what a request asks for and return the answer, b"" where it is none."""
        try:
            asked = message_of(line)
        except ValueError:
            return b""
        carry_out(self._window, asked.request, asked.token)
        return TAKEN


class _Socket:
    """A socket in a private folder. Each connection is read when it has something to say, up to its first line."""

    def __init__(self, starts: SecondStarts, address: str) -> None:
        self._starts = starts
        self._address = address
        self._asking: dict[socket.socket, tuple[QSocketNotifier, bytearray]] = {}
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        with suppress(OSError):
            # Nobody else may knock, not even before the address has its mode; only Linux takes this.
            os.fchmod(self._socket.fileno(), 0o600)
        with suppress(OSError):
            # Left behind by a program that crashed: the claim says that it is gone.
            Path(address).unlink(missing_ok=True)
            self._socket.bind(address)
            Path(address).chmod(0o600)
            self._socket.listen()
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, starts)
        self._notifier.activated.connect(self._accept)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        for connection in list(self._asking):
            self._part_from(connection)
        self._socket.close()
        with suppress(OSError):
            Path(self._address).unlink()

    def _accept(self) -> None:
        try:
            connection, _ = self._socket.accept()
        except OSError:
            return
        connection.setblocking(False)
        notifier = QSocketNotifier(connection.fileno(), QSocketNotifier.Type.Read, self._starts)
        self._asking[connection] = notifier, bytearray()
        notifier.activated.connect(partial(self._read, connection))

    def _read(self, connection: socket.socket, *_socket: object) -> None:
        heard = self._asking[connection][1]
        try:
            some = connection.recv(REQUEST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        heard += some
        line, end, _rest = heard.partition(b"\n")
        if some and not end and len(heard) <= REQUEST_BYTES:
            return
        with suppress(OSError):
            connection.send(self._starts.answer(bytes(line + end)))
        self._part_from(connection)

    def _part_from(self, connection: socket.socket) -> None:
        notifier, _ = self._asking.pop(connection)
        notifier.setEnabled(False)
        notifier.deleteLater()
        connection.close()


class _Pipe:
    """A named pipe of Windows, which only this person may open."""

    def __init__(self, starts: SecondStarts, address: str) -> None:
        from PySide6.QtNetwork import QLocalServer

        self._starts = starts
        self._server: QLocalServer = QLocalServer(starts)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        self._server.listen(address)

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while (connection := self._server.nextPendingConnection()) is not None:
            connection.readyRead.connect(partial(self._read, connection))
            connection.disconnected.connect(connection.deleteLater)
            self._read(connection)

    def _read(self, connection: QLocalSocket) -> None:
        if connection.canReadLine() or connection.bytesAvailable() > REQUEST_BYTES:
            connection.write(self._starts.answer(bytes(connection.readLine(REQUEST_BYTES + 1).data())))
            connection.disconnectFromServer()

"""Listening for second starts of the program, which hand over what they were to open."""

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
    """Listens at the address of this program's claim, and shows the window on request."""

    def __init__(self, window: MainWindow, address: str) -> None:
        super().__init__(window)
        self._window = window
        self._listening: _Socket | _Pipe = _Pipe(self, address) if sys.platform == "win32" else _Socket(self, address)

    def close(self) -> None:
        """Stop listening; the next start becomes the running program."""
        self._listening.close()

    def answer(self, line: bytes) -> bytes:
        """Carry out a request and return the answer, b"" if the line is not a request."""
        try:
            message = message_of(line)
        except ValueError:
            return b""
        carry_out(self._window, message.request, message.token)
        return TAKEN


class _Socket:
    """A socket in a private folder. Each connection is read as data arrives, up to its first line."""

    def __init__(self, starts: SecondStarts, address: str) -> None:
        self._starts = starts
        self._address = address
        self._connections: dict[socket.socket, tuple[QSocketNotifier, bytearray]] = {}
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        with suppress(OSError):
            # So that nobody else can connect even before the path has its mode; only Linux supports this.
            os.fchmod(self._socket.fileno(), 0o600)
        with suppress(OSError):
            # A leftover of a program that crashed; holding the claim proves that it is gone.
            Path(address).unlink(missing_ok=True)
            self._socket.bind(address)
            Path(address).chmod(0o600)
            self._socket.listen()
        self._notifier = QSocketNotifier(self._socket.fileno(), QSocketNotifier.Type.Read, starts)
        self._notifier.activated.connect(self._accept)

    def close(self) -> None:
        self._notifier.setEnabled(False)
        for connection in list(self._connections):
            self._disconnect(connection)
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
        self._connections[connection] = notifier, bytearray()
        notifier.activated.connect(partial(self._read, connection))

    def _read(self, connection: socket.socket, *_socket: object) -> None:
        received = self._connections[connection][1]
        try:
            some = connection.recv(REQUEST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        received += some
        line, end, _rest = received.partition(b"\n")
        if some and not end and len(received) <= REQUEST_BYTES:
            return
        with suppress(OSError):
            connection.send(self._starts.answer(bytes(line + end)))
        self._disconnect(connection)

    def _disconnect(self, connection: socket.socket) -> None:
        notifier, _ = self._connections.pop(connection)
        notifier.setEnabled(False)
        notifier.deleteLater()
        connection.close()


class _Pipe:
    """A named pipe of Windows that only this account may open."""

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

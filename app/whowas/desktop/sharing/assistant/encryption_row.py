"""How the connection is encrypted, in words, and by what the server's certificate is verified."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QWidget

from whowas.desktop.kit import theme
from whowas.desktop.kit.icons import pixmap
from whowas.desktop.kit.labels import TextLabel
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.desktop.kit.theme import Token
from whowas.desktop.sharing.assistant.said import ADDRESS, How

_ICON = 16
_NAME = "The server's certificate"
_BY_COMPUTER = "Verified by this computer"
_BY_FILE = "Verified by a certificate in a file…"
_NOT = "Not verified"
_VERIFIED = "Encrypted with TLS: the server has to prove who it is before anything is sent."
_UNPROVEN = "Encrypted with TLS, but another computer could pretend to be the server and read everything."
_LOCAL = "Nothing leaves this computer, so there is nothing to encrypt."
_AS_SAID = "Encrypted with TLS, and the server has to prove who it is, unless the address says otherwise."


class EncryptionRow(QWidget):
    """Says it for one way to reach a server; ``edited`` is emitted when the person chooses otherwise."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._how: How = "server"
        self._file: Path | None = None
        self._verifies = True
        self._colour: Token = "muted"
        self._sign = QLabel()
        self._sentence = TextLabel(token="muted", size=12, wrap=True)
        self.box = MenuBox(_NAME, self._fill, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.box)
        theme.signals.changed.connect(self._draw)
        self.show_for("server")

    def show_for(self, how: How) -> None:
        """Say how it is for another way to reach a server."""
        self._how = how
        self._tell()

    def said(self) -> Mapping[str, str]:
        """Return what is chosen, in libpq's words."""
        if self._how != "server":
            return {}
        root = {} if self._file is None or not self._verifies else {"sslrootcert": str(self._file)}
        return root if self._verifies else {"sslmode": "require"}

    def mark(self, wrong: bool) -> None:
        """Let the edge of the drop-down say that something is wrong with it."""
        self.box.set_marked(wrong)

    def _fill(self, menu: QMenu) -> None:
        by_file = self._verifies and self._file is not None
        add_choice(menu, _BY_COMPUTER, self._by_computer, chosen=self._verifies and not by_file)
        add_choice(menu, _BY_FILE, self._ask_file, chosen=by_file)
        add_choice(menu, _NOT, self._not_at_all, chosen=not self._verifies)

    def _by_computer(self) -> None:
        self._choose(None, verifies=True)

    def _not_at_all(self) -> None:
        self._choose(None, verifies=False)

    def _ask_file(self) -> None:
        kinds = "Certificates (*.pem *.crt *.cer);;All files (*)"
        chosen, _ = QFileDialog.getOpenFileName(self, "The certificate of who vouches for the server", "", kinds)
        if chosen:
            self._choose(Path(chosen), verifies=True)

    def _choose(self, file: Path | None, *, verifies: bool) -> None:
        self._file, self._verifies = file, verifies
        self._tell()
        self.edited.emit()

    def _tell(self) -> None:
        over_network = self._how == "server"
        self._colour = "muted" if self._verifies or not over_network else "error"
        sentence = _VERIFIED if self._verifies else _UNPROVEN
        self._sentence.setText(_AS_SAID if self._how == ADDRESS else sentence if over_network else _LOCAL)
        self._sentence.set_token(self._colour)
        shown = _NOT if not self._verifies else _BY_COMPUTER if self._file is None else f"Verified by {self._file.name}"
        self.box.say(shown)
        self.box.setVisible(over_network)
        self._draw()

    def _draw(self) -> None:
        name = "lock" if self._colour == "muted" else "alert"
        self._sign.setPixmap(pixmap(name, _ICON, self.devicePixelRatioF(), self._colour))

"""The dialog that lists what a server had saved and lost again, and lets it be sent once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.fields import counted

_WIDTH, _HEIGHT = 720, 240
_COLUMNS = (150, 120)


@dataclass(frozen=True, slots=True)
class LostLine:
    """One change: when it was saved (UTC microseconds), by whom, and what it did in a sentence."""

    recorded_at: int
    actor: str
    sentence: str
    now: int

    def texts(self) -> tuple[str, ...]:
        """See ``Texts``."""
        return dates.timed(self.recorded_at, self.now), self.actor, self.sentence


class LostChangesDialog(DialogFrame):
    """``sent`` asks to send what is the account's own again, ``kept`` to let go of all of it but for the file."""

    sent = Signal()
    kept = Signal()

    def __init__(
        self, lines: Sequence[LostLine], account: str, kept: str, folder: str, parent: QWidget | None = None
    ) -> None:
        """``kept`` is the name of the file that holds them, in ``folder``."""
        super().__init__(f"The server has lost {counted(len(lines), 'change')}", parent)
        self.ask_width(_WIDTH)
        own = sum(line.actor == account for line in lines)
        self.body.addWidget(TextLabel(_what_happened(len(lines)), wrap=True))
        self._list = LinesView("Lost changes", ("When", "Who", "What"), _COLUMNS)
        self._list.setMinimumHeight(_HEIGHT)
        self._list.lines.show(lines)
        self.body.addWidget(self._list, 1)
        for sentence in _what_to_do(own, len(lines) - own):
            self.body.addWidget(TextLabel(sentence, token="muted", wrap=True))
        where = TextLabel(f"They are kept in “{kept}”, a directory of its own, in {folder}.", token="muted", wrap=True)
        self.body.addWidget(where)
        self.add_button("Decide later").clicked.connect(self.reject)
        keep = self.add_button("Keep the file", primary=not own)
        keep.clicked.connect(self.accept)
        keep.clicked.connect(self.kept)
        send = self.add_button("Send again", primary=bool(own))
        send.setVisible(bool(own))
        send.clicked.connect(self.accept)
        send.clicked.connect(self.sent)
        self._list.setFocus()


def _what_happened(number: int) -> str:
    they, were, them = ("They", "were", "them") if number > 1 else ("It", "was", "it")
    return (
        f"{they} {were} saved, and this computer saw {them}. The server does not have {them} any more, as happens "
        "where another one, which lagged behind, takes its place."
    )


def _what_to_do(own: int, others: int) -> list[str]:
    said = []
    if own:
        which = "your change" if own == 1 else f"your {own:,} changes"
        said.append(
            f"“Send again” saves {which} once more, as of when that was done: what others have done since stands. "
            "“Keep the file” sends nothing, and you are not asked again."
        )
    if others:
        which = "The other change was" if others == 1 else f"{others:,} changes were"
        if not own:
            which = "The change was" if others == 1 else "The changes were"
        said.append(f"{which} made by others: they can send {'it' if others == 1 else 'them'} from their own windows.")
    return said

"""Among whom those are looked for who are not in the files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.exchange.assistant.known import KnownDirectory
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.domain.fields import shortened
from whowas.interchange.importing.given import rules
from whowas.interchange.importing.given.rules import EVERYBODY, SAME_SOURCE


class AmongBox(MenuBox):
    """Offers users of the same source, everybody, and each group; ``amongChosen(str)`` is emitted for another one."""

    amongChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Among", self._offer, "link", parent)
        self._known = KnownDirectory((), {}, 0, 0)
        self._among = SAME_SOURCE

    def show_among(self, among: str, known: KnownDirectory) -> None:
        """Show among whom, and how many they are."""
        self._among, self._known = among, known
        self.say(_sentence(among, known))

    def _offer(self, menu: QMenu) -> None:
        for among, text in _offered(self._known):
            add_choice(menu, text, partial(self.amongChosen.emit, among), chosen=among == self._among)


def _sentence(among: str, known: KnownDirectory) -> str:
    match among:
        case rules.SAME_SOURCE:
            return f"of {known.of_source:,} from this source"
        case rules.EVERYBODY:
            return f"of all {known.everybody:,}"
        case group:
            return f"of {known.groups.get(group, 0):,} in {shortened(group)}"


def _offered(known: KnownDirectory) -> Iterator[tuple[str, str]]:
    yield SAME_SOURCE, f"From this source ({known.of_source:,})"
    yield EVERYBODY, f"Everybody ({known.everybody:,})"
    for group, count in known.groups.items():
        # The rules take these two words for the entries above.
        if group not in (SAME_SOURCE, EVERYBODY):
            yield group, f"In {shortened(group)} ({count:,})"

"""Asking into which group another one is merged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.fields import counted


class MergeGroupDialog(DialogFrame):
    """Asks for one of ``others``, which are (id, name); ``members`` is how many users are in the group."""

    def __init__(
        self, name: str, members: int, others: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(f"Merge {name} into another group", parent)
        self.ask_width(380)
        who = f"Its {counted(members, 'member')} {'joins' if members == 1 else 'join'}" if members else "Nobody joins"
        self.body.addWidget(TextLabel(f"{who} the group chosen here, and {name} is deleted.", token="muted", wrap=True))
        self._into = QComboBox()
        self._into.setAccessibleName("Into")
        for group_id, called in others:
            self._into.addItem(called, group_id)
        self._into.setCurrentIndex(-1)
        self._into.setPlaceholderText("Choose a group…")
        heading = TextLabel("Into", token="muted", size=12)
        heading.setBuddy(self._into)
        self.body.addWidget(heading)
        self.body.addWidget(self._into)
        self.add_cancel()
        merge = self.add_button("Merge", primary=True)
        merge.setEnabled(False)  # until a group is chosen
        merge.clicked.connect(self.accept)
        self._into.currentIndexChanged.connect(lambda place: merge.setEnabled(place >= 0))
        self._into.setFocus()

    def answer(self) -> str:
        """Return the id of the group chosen."""
        group_id: str = self._into.currentData()
        return group_id

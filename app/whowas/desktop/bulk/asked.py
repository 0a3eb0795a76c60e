"""What a person asks for in a dialog about many users."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from whowas.domain.bulk_edit import Edit
from whowas.domain.directory import Directory
from whowas.domain.done_sentences import Whom
from whowas.domain.errors import RefusedError

if TYPE_CHECKING:
    from whowas.command_bus.unit_of_work import Change

ROW_GAP = 8
"""In pixels, between the rows of a form."""


@dataclass(frozen=True, slots=True)
class BulkAsked:
    """An edit, and how it is told of.

    ``begin`` makes the edit as it is carried out, ``edit`` is the same to be looked at, in the ``directory`` as it is
    once ``begin`` has dispatched what is needed first. ``doing`` is the title of its progress, for example "Adding to
    Records", and ``done`` says what was done to those whom it changed. ``button`` is what the button says of so many
    users and cells, and ``note`` what else is to be known. Where values go and none come in their place, ``clears``
    says of so many users and cells which do; Enter alone does not do that.
    """

    begin: Callable[[Change], Edit]
    edit: Edit
    directory: Directory
    doing: str
    done: Callable[[Whom], str]
    button: Callable[[int, int], str]
    note: str = ""
    clears: Callable[[int, int], str] | None = None


class BulkForm(QWidget):
    """What is asked for; ``edited`` is emitted after every change of it."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(ROW_GAP)

    @abstractmethod
    def asked(self) -> BulkAsked | None:
        """Return what is asked for, None as long as that is not said. Raises RefusedError naming one of its fields."""

    @abstractmethod
    def refuse(self, error: RefusedError) -> bool:
        """Show a refusal at the field that it names; say whether there is such a field here."""

    @abstractmethod
    def take_focus(self) -> None:
        """Put the focus where one begins."""

"""Whose export a list is, and by which mapping its titles are read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from whowas.desktop.exchange.assistant.columns.merged import MergedLook
from whowas.desktop.kit.menu_box import MenuBox, add_choice
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.interchange.mapping.chosen import Chosen
from whowas.interchange.mapping.saved_mappings import saved_mappings
from whowas.interchange.mapping.title_keys import title_key

NO_PRODUCT = "No product recognised"
AS_LAST_TIME = "As last time"


class SourceBox(MenuBox):
    """Offers what was recognised, what was chosen last time, and the mappings that are kept under a name.

    ``chosenChanged(Chosen)`` is emitted when a person takes one of them, ``failed(sentence)`` where those that are kept
    cannot be read.
    """

    chosenChanged = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Source", self._offer, "small", parent)
        self._names: tuple[str, ...] | None = None
        self._titles: tuple[str, ...] = ()
        self._recognised = NO_PRODUCT
        self._last_time: Chosen | None = None
        self._taken = Chosen()

    def show_source(self, merged: MergedLook, chosen: Chosen) -> None:
        """Show by what the titles are read; what is chosen as lists are shown first was chosen last time."""
        if merged.names != self._names:
            self._names = merged.names
            remembered = bool(chosen.fields or chosen.statuses) and not chosen.name
            self._last_time = chosen if remembered else None
            self._taken = chosen
        self._titles = tuple(column.title for column in merged.columns)
        self._recognised = f"{merged.product} export" if merged.product else NO_PRODUCT
        self.say(self._text(chosen))

    def _text(self, chosen: Chosen) -> str:
        if chosen.name:
            return f"Mapping “{shortened(chosen.name)}”"
        return AS_LAST_TIME if self._recognised == NO_PRODUCT and self._is_as_last_time else self._recognised

    @property
    def _is_as_last_time(self) -> bool:
        return self._last_time is not None and self._taken is self._last_time

    def _offer(self, menu: QMenu) -> None:
        last, name = self._is_as_last_time, self._taken.name
        add_choice(menu, self._recognised, partial(self._take, Chosen()), chosen=not (last or name))
        if self._last_time is not None:
            add_choice(menu, AS_LAST_TIME, partial(self._take, self._last_time), chosen=last)
        try:
            kept = saved_mappings()
        except RefusedError as error:
            self.failed.emit(str(error))
            return
        if kept:
            menu.addSeparator()
        for mapping in kept:
            take = partial(self._take, self._fitting(mapping))
            add_choice(menu, self._text(mapping), take, chosen=name == mapping.name)

    def _take(self, chosen: Chosen) -> None:
        self._taken = chosen
        self.chosenChanged.emit(chosen)

    def _fitting(self, mapping: Chosen) -> Chosen:
        """Return a mapping without what it says of titles that no list has, which would be refused."""
        keys = {title_key(title) for title in self._titles}
        fields = {title: field for title, field in mapping.fields.items() if title_key(title) in keys}
        return Chosen(fields, mapping.statuses, mapping.blank, mapping.name, mapping.days)

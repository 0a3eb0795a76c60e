"""The dialog in which a custom field is described: its name, type, rules, choices and help text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from whowas.desktop.fields.type_row import TypeRow
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.field_row import FieldRow, LineRow, RowNote, TextRow
from whowas.desktop.kit.notes_row import NotesRow
from whowas.desktop.kit.plain_text import tool_tip
from whowas.desktop.kit.value_rows import value_row
from whowas.domain.field_definitions import PLAIN, FieldDefinition

_WIDTH: Final = 440
_REQUIRED = "Everybody must have a value; whoever has none gets the default"
_UNIQUE = "No two users may have the same value"


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """What a field is to be: its name, and its definition but for whether it is hidden."""

    name: str
    definition: FieldDefinition


class DefinitionDialog(DialogFrame):
    """Asks what a field is to be; ``answered`` carries a FieldAnswer, and the dialog stays until it is closed.

    So nothing that was typed is lost where the answer is refused.
    """

    answered = Signal(object)

    def __init__(self, name: str, definition: FieldDefinition | None = None, parent: QWidget | None = None) -> None:
        """``definition`` is that of a field that is there, None for a new one."""
        is_new, known = definition is None, definition or PLAIN
        super().__init__("Add field" if is_new else "Edit field", parent)
        self.ask_width(_WIDTH)
        self._before = known
        self.name = LineRow("name", "Name")
        self.type = TypeRow(known.type)
        self.choices = NotesRow("choices", "Choices, one a line")
        self.required, self.unique = QCheckBox("Required"), QCheckBox("Unique")
        self.default: TextRow = value_row("default", "Default", self._of_default())
        self.help = NotesRow("help", "Help text")
        self._said = RowNote(self)
        self.name.set_text(name)
        self.choices.set_text("\n".join(known.choices))
        self.required.setChecked(known.required)
        self.unique.setChecked(known.unique)
        self.help.set_text(known.help)
        self._lay_out()
        self.add_cancel()
        self._save = self.add_button("Add field" if is_new else "Save", primary=True)
        self._save.clicked.connect(self._answer)
        self._listen()
        self._show_type()
        self.default.set_text(known.default)
        self._show_button()
        self.name.take_focus()
        self.name.select_all()

    def answer(self) -> FieldAnswer:
        """Return what is asked for."""
        lines = (line.strip() for line in self.choices.text().split("\n"))
        choices = tuple(filter(None, lines)) if self.type.chosen == "choice" else ()
        definition = FieldDefinition(
            type=self.type.chosen,
            required=self.required.isChecked(),
            unique=self.unique.isChecked(),
            default=self.default.text().strip(),
            choices=choices,
            help=self.help.text().strip(),
            hidden=self._before.hidden,
        )
        return FieldAnswer(self.name.text().strip(), definition)

    def refuse(self, field: str, sentence: str) -> None:
        """Say why the field cannot be like that, beside what is at fault; all stays as it was typed."""
        row = self._row(field)
        if row is None:
            self._said.say(sentence, error=True)
            announce(self, sentence, urgent=True)
        else:
            row.set_note(sentence)
            row.take_focus()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """See DialogFrame."""
        super().showEvent(event)
        self._fit()

    def _rows(self) -> tuple[FieldRow, ...]:
        return self.name, self.type, self.choices, self.default, self.help

    def _row(self, field: str) -> FieldRow | None:
        rows: dict[str, FieldRow] = {row.key: row for row in self._rows()}
        row = rows.get(field)
        return None if row is None or row.isHidden() else row

    def _lay_out(self) -> None:
        rules = QHBoxLayout()
        rules.setSpacing(16)
        for box, tip in ((self.required, _REQUIRED), (self.unique, _UNIQUE)):
            box.setToolTip(tool_tip(tip))
            box.setAccessibleDescription(tip)
            rules.addWidget(box)
        rules.addStretch(1)
        for row in (self.name, self.type, self.choices):
            self.body.addWidget(row)
        self.body.addLayout(rules)
        for part in (self.default, self.help, self._said):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _listen(self) -> None:
        for row in (self.name, self.choices, self.help):
            row.edited.connect(self._take_back)
        self.name.edited.connect(self._show_button)
        self.type.edited.connect(self._take_back)
        self.type.edited.connect(self._show_type)
        self.choices.edited.connect(self._show_default)
        self.default.edited.connect(self._take_back)
        for box in (self.required, self.unique):
            box.toggled.connect(self._take_back)

    def _answer(self) -> None:
        self._take_back()
        for row in self._rows():
            row.set_note("")
        self.answered.emit(self.answer())

    def _take_back(self) -> None:
        """Show no refusal any more: it was of what was asked for before."""
        self._said.say("", error=True)

    def _show_button(self) -> None:
        self._save.setEnabled(bool(self.name.text().strip()))

    def _show_type(self) -> None:
        self.choices.setVisible(self.type.chosen == "choice")
        self._show_default()
        self._fit()

    def _show_default(self) -> None:
        """Have an editor of the type for the default, which keeps what was typed there."""
        before, typed = self.default, self.default.text()
        self.default = value_row("default", "Default", self._of_default())
        self.default.set_text(typed)
        self.default.edited.connect(self._take_back)
        self.body.replaceWidget(before, self.default)
        before.hide()
        before.deleteLater()
        self.default.show()
        QWidget.setTabOrder(self.unique, self.default.focus_widget)
        QWidget.setTabOrder(self.default.last_stop(), self.help.focus_widget)

    def _of_default(self) -> FieldDefinition:
        """Return by what the default is edited."""
        lines = (line.strip() for line in self.choices.text().split("\n"))
        return FieldDefinition(type=self.type.chosen, choices=tuple(filter(None, lines)))

    def _fit(self) -> None:
        if self.isVisible():
            self.fit_screen()

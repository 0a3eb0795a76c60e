"""The dialog that previews what would change for which user before something is put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from whowas.desktop.kit.dialogs.frame import DialogFrame
from whowas.desktop.kit.dialogs.lines_table import LinesView
from whowas.desktop.kit.labels import TextLabel
from whowas.domain.commands import ColourGroup, DescribeField, LookCommand, OrderGroups
from whowas.domain.directory import Directory
from whowas.domain.field_sentences import definition_text, order_text
from whowas.domain.groups import GroupLooks, ordered_groups
from whowas.domain.sentences import FieldChange

_WIDTH, _HEIGHT = 760, 300
_COLUMNS = (200, 120, 190)

DIRECTORY = "Directory"
"""Who is named where nobody is."""
NOT_THERE = "not there"
"""What is said of a user, group or named moment that is absent."""
WOULD_NOT_BE_THERE = "would not be there"


@dataclass(frozen=True, slots=True)
class Line:
    """One change of a user: ``what`` would change, from ``now`` to ``then``; "" leaves a column empty."""

    who: str
    what: str = ""
    now: str = ""
    then: str = ""

    def texts(self) -> tuple[str, ...]:
        """Return a text for each column, or ``who`` alone, which then spans all columns."""
        return (self.who, self.what, self.now, self.then) if self.what else (self.who,)


class PutBackDialog(DialogFrame):
    """A list of what would change, a field for a reason that is kept with the change, and a button that does it.

    Lines with a key have a check box; ``chosen`` returns the keys of the ticked ones.
    """

    def __init__(self, title: str, sentence: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.ask_width(_WIDTH)
        self.sentence = TextLabel(sentence, token="muted", wrap=True)
        self.body.addWidget(self.sentence)
        self.list = LinesView("What would change", ("Who", "What", "Now", "Would be"), _COLUMNS)
        self.list.setMinimumHeight(_HEIGHT)
        self.list.lines.ticked.connect(self._take_ticks)
        self.body.addWidget(self.list, 1)
        self._reason = add_reason(self.body)
        self.add_cancel()
        self._do = self.add_button(button, primary=True)
        self._do.clicked.connect(self.accept)

    def reason(self) -> str:
        """Return the reason that was typed, "" for none."""
        return self._reason.text()

    def set_sentence(self, sentence: str) -> None:
        """Replace the sentence above the list; the dialog grows if that takes more lines."""
        self.sentence.setText(sentence)
        self.resize(self.size().expandedTo(self.sizeHint()).boundedTo(self.screen().availableSize()))

    def show_lines(self, lines: Sequence[Line], *, possible: bool) -> None:
        """Show what would change; ``possible`` enables the button that does it.

        Lines are read only when they become visible, so a sequence that makes them on demand may have any length.
        """
        self.list.lines.show(lines)
        self._do.setEnabled(possible)

    def show_choices(self, choices: Sequence[tuple[str | None, Line]], unticked: Collection[str] = ()) -> None:
        """Show (key, line) pairs with check boxes, ticked unless in ``unticked``; a key of None has no box."""
        self.list.lines.show([line for _, line in choices], [key for key, _ in choices], unticked)
        self._take_ticks()

    def chosen(self) -> list[str]:
        """Return the keys of the ticked lines."""
        return self.list.lines.chosen()

    def _take_ticks(self) -> None:
        self._do.setEnabled(bool(self.chosen()))


def add_reason(body: QVBoxLayout) -> QLineEdit:
    """Add the field for a reason to a dialog's body."""
    heading = TextLabel("Reason", token="muted", size=12)
    reason = QLineEdit()
    reason.setAccessibleName("Reason")
    reason.setPlaceholderText("Kept with the change, if you like")
    heading.setBuddy(reason)
    body.addSpacing(4)
    body.addWidget(heading)
    body.addWidget(reason)
    return reason


def lines_of(who: str, changes: Iterable[FieldChange]) -> list[Line]:
    """Return a line for each changed field; only the first has the name."""
    return [line_of("" if index else who, change) for index, change in enumerate(changes)]


def line_of(who: str, change: FieldChange) -> Line:
    """Return the line of one changed field."""
    return Line(who, change.label, change.before or "empty", change.after or "empty")


def directory_line(what: str, now: str | None, then: str | None) -> Line:
    """Return the line of a group or the like, by its name now and then; None where it is absent."""
    return Line(DIRECTORY, what, now or NOT_THERE, then or WOULD_NOT_BE_THERE)


def look_line(command: LookCommand, now: Directory, names: Mapping[str, str]) -> Line:
    """Return the line of another colour, or of another order; ``names`` maps the ids of groups that come to names."""
    match command:
        case ColourGroup(group_id, colour):
            name = now.groups.get(group_id) or names.get(group_id, "")
            return Line(name, "Colour", now.looks.colours.get(group_id, "none"), colour or "none")
        case OrderGroups(group_ids):
            then = ordered_groups(now.groups, GroupLooks(order=group_ids))
            return Line(DIRECTORY, "Order of groups", *map(_in_order, (now.ordered_groups(), then)))
        case _:
            assert_never(command)


def definition_line(command: DescribeField, now: Directory) -> Line:
    """Return the line of a custom field that would be something else."""
    known = now.definition(command.field_id)
    name = now.fields.get(command.field_id) or now.deleted_fields.get(command.field_id, "")
    return Line(name, "Type and rules", definition_text(known), definition_text(known.described(command)))


def field_order_line(now: Directory, order: Sequence[str], coming: Mapping[str, str]) -> Line:
    """Return the line of another order of custom fields, given by ids; ``coming`` maps those that come to names."""
    names = {**now.fields, **coming}
    then = ", ".join(names[field_id] for field_id in order if field_id in names)
    return Line(DIRECTORY, "Order of fields", order_text(now), then)


def _in_order(groups: Sequence[tuple[str, str]]) -> str:
    return ", ".join(name for _, name in groups)

"""One field of a form: its label, its editor, and a note beneath it."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from whowas.desktop.kit import plain_text, theme
from whowas.desktop.kit.announce import announce
from whowas.desktop.kit.edited_mark import EditedMark
from whowas.desktop.kit.icons import icon
from whowas.desktop.kit.kept_size import keep_height
from whowas.desktop.kit.labels import ElidedLabel, TextLabel
from whowas.desktop.kit.whole_pastes import LINE_MOST, WholePastes

LABEL_HEIGHT = 16
LABEL_GAP = 3
FIELD_HEIGHT, FIELD_COMPACT = 30, 26
"""Label, gap and field make 49 pixels; with 8 pixels between rows, a row begins every 57 pixels.

All of them grow with the text, see ``sizes``; where rows lie close to each other a field is lower."""


class RowNote(QWidget):
    """A sentence with an icon beneath a field: an error, a remark that does not prevent saving, or that all is well."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_error, self._is_praise = True, False
        self._icon = QLabel(self)
        self._text = TextLabel(size=12, wrap=True, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._icon, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()
        theme.signals.changed.connect(self._recolour)

    def say(self, sentence: str, *, error: bool) -> None:
        """Show ``sentence``, or hide the note if it is empty."""
        self._show(sentence, error=error, praise=False)

    def praise(self, sentence: str) -> None:
        """Show a ``sentence`` that says that all is well."""
        self._show(sentence, error=False, praise=True)

    def sentence(self) -> str:
        """Return the sentence that is shown, "" for none."""
        return self._text.text()

    def is_error(self) -> bool:
        """Return whether an error is shown."""
        return self._is_error and bool(self.sentence())

    def _show(self, sentence: str, *, error: bool, praise: bool) -> None:
        if (sentence, error, praise) == (self._text.text(), self._is_error, self._is_praise):
            return
        self._is_error, self._is_praise = error, praise
        self._text.setText(sentence)
        self._recolour()
        self.setVisible(bool(sentence))

    def _recolour(self) -> None:
        self._text.set_token("error" if self._is_error else "text" if self._is_praise else "muted")
        if self._is_praise:
            drawing = icon("circle-check", "active_text")
        else:
            drawing = icon("alert", "error") if self._is_error else icon("history", "muted")
        self._icon.setPixmap(drawing.pixmap(QSize(14, 14), self.devicePixelRatioF()))


class FieldRow(QWidget):
    """A labelled editor with a note below it. ``key`` is the name by which RefusedError refers to the field."""

    edited = Signal()
    """Emitted when the person changes something, never when the program does."""
    submitted = Signal()
    """Emitted when Enter is pressed in a field of one line."""
    putBackRequested = Signal(str)
    """Emitted with the key when the person asks for what the field was."""

    def __init__(
        self, key: str, label: str, editor: QWidget, *, focus: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """``focus`` is the part of ``editor`` that takes the focus, if it is not the whole editor."""
        super().__init__(parent)
        self.key = key
        self.editor = editor
        self._focus = focus or editor
        self._label = label
        self._mark: EditedMark | None = None
        self._about = self._state = ""
        self.label = ElidedLabel(
            plain_text.label(label), token="muted", size=12, weight=QFont.Weight.Medium, parent=self
        )
        self.label.setToolTip(plain_text.tool_tip(label))  # a long name of a custom field is shortened
        keep_height(self.label, LABEL_HEIGHT)
        self.label.setBuddy(self._focus)
        self.note = RowNote(self)
        editor.setAccessibleName(label)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.label)
        column.addSpacing(LABEL_GAP)
        column.addWidget(editor)
        column.addWidget(self.note)
        column.addStretch(1)

    def set_note(self, sentence: str, *, error: bool = True) -> None:
        """Show a sentence beneath the field and announce it to screen readers; "" removes it."""
        self.note.say(sentence, error=error)
        self._describe()
        self.editor.setProperty("error", self.note.is_error())
        self._polish()
        if sentence:
            announce(self._focus, sentence, urgent=error)

    def set_about(self, *, required: bool, about: str) -> None:
        """Mark the field as ``required``, and say in its tool tip, and to screen readers, what it is ``about``."""
        self.label.setText(plain_text.label(f"{self._label} *" if required else self._label))
        self._about = "; ".join(filter(None, ("required" if required else "", about)))
        tip = " ".join(filter(None, ("Required." if required else "", about)))
        if tip:
            self.label.setToolTip(plain_text.wrapped_tip(f"{self._label}: {tip}"))
            self._focus.setToolTip(plain_text.wrapped_tip(tip))
        self._describe()

    def set_state(self, state: str) -> None:
        """Have screen readers say something of what the field holds that is not its text."""
        self._state = state
        self._describe()

    def show_was(self, words: str, shorter: str = "") -> None:
        """Mark the field as edited, with ``words`` such as "was Clerk" beneath it; "" takes the mark away.

        The ``shorter`` ones are shown where there is no room for all of them.
        """
        if self._mark is None:
            if not words:
                return
            self._mark = self._made_mark()
        if words != self._mark.words():
            self._mark.say(words, shorter)
            self._describe()

    def words(self, text: str) -> str:
        """Return a text of this field as people read it."""
        return text

    def was(self) -> str:
        """Return the words beneath an edited field, "" where it is not marked as one."""
        return self._mark.words() if self._mark is not None else ""

    @property
    def focus_widget(self) -> QWidget:
        """The part of the field that takes the focus."""
        return self._focus

    def last_stop(self) -> QWidget:
        """Return the last widget of this row in the order of the Tab key."""
        return self._focus if self._mark is None else self._mark.link

    def take_focus(self) -> None:
        """Put the focus into the field."""
        self._focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_take_focus(self) -> bool:
        """Return whether there is anything in the field that takes the focus just now."""
        return not self._focus.isHidden() and self._focus.isEnabled()

    def select_all(self) -> None:
        """Select the text of the field, where it is one that is typed."""

    def has_focus(self) -> bool:
        """Return whether the field has the focus."""
        return self._focus.hasFocus()

    @abstractmethod
    def set_read_only(self, read_only: bool) -> None:
        """Allow only reading, selecting and copying, or editing again."""

    def set_plain(self, plain: bool) -> None:
        """Show the value as plain text, which nobody takes for a field that can be edited."""
        self.editor.setProperty("plain", plain)
        self._polish()

    def _polish(self) -> None:
        # Qt evaluates properties in the stylesheet only when a widget is polished again.
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)
        self.editor.update()

    def _made_mark(self) -> EditedMark:
        before = self.last_stop()
        mark = EditedMark(self._label, self.editor, self)
        mark.putBackRequested.connect(self._ask_put_back)
        self._column.insertWidget(self._column.indexOf(self.editor) + 1, mark)
        QWidget.setTabOrder(before, mark.link)
        return mark

    def _ask_put_back(self) -> None:
        self.putBackRequested.emit(self.key)

    def _describe(self) -> None:
        self._focus.setAccessibleDescription(self._said())

    def _said(self) -> str:
        """Return what screen readers say of the field beside its name and value."""
        return self.note.sentence() or self.was() or "; ".join(filter(None, (self._state, self._about)))

    def _changed(self) -> None:
        """Remove the note, which was about the text before the edit, and emit ``edited``."""
        if self.note.sentence():
            self.set_note("")
        self.edited.emit()


class TextRow(FieldRow):
    """A field whose value is one text.

    Every change of the text counts as an edit except those that the program itself makes: text from a screen reader or
    an input method is an edit too, although no key is pressed.
    """

    _setting = False

    @abstractmethod
    def text(self) -> str:
        """Return the text in the editor."""

    @abstractmethod
    def set_text(self, text: str) -> None:
        """Show ``text`` without emitting ``edited``; the cursor stays if nothing changes."""

    def put_back(self, text: str) -> None:
        """Show ``text`` as if the person had typed it; where the editor can undo typing, it can undo that too."""
        self.set_text(text)
        self._changed()

    def forget_typing(self) -> None:
        """Clear the undo history, because what was typed is saved, or was about another user."""

    def make_way(self, other: TextRow | None) -> None:
        """Go, and leave text and focus to the row that comes in place of this one, where one does."""
        had_focus = self.has_focus()
        if other is not None:
            other.set_text(self.text())
        if had_focus:
            # Else Qt would put it into a field further down, and what is being typed with it.
            self._focus.clearFocus()
        self.hide()
        self.deleteLater()
        if had_focus and other is not None and other.can_take_focus():
            other.take_focus()
            other.go_to_end()

    def go_to_end(self) -> None:
        """Put the cursor behind the text, where the editor has one."""

    def set_placeholder(self, text: str) -> None:
        """Say something faintly where there is no text."""

    def as_shown(self, text: str) -> str:
        """Return what ``text()`` would be after ``set_text(text)``: the editor may convert line ends."""
        return text


class LineRow(TextRow):
    """A text of one line."""

    def __init__(self, key: str, label: str, parent: QWidget | None = None, *, line: QLineEdit | None = None) -> None:
        self.line = line or QLineEdit()
        super().__init__(key, label, self.line, parent=parent)
        self._whole = WholePastes(self.line, LINE_MOST)
        self._whole.refused.connect(self.set_note)
        keep_height(self.line, FIELD_HEIGHT, FIELD_COMPACT)
        self.line.textChanged.connect(self._text_changed)
        self.line.returnPressed.connect(self.submitted)

    def text(self) -> str:
        return self.line.text()

    def set_text(self, text: str) -> None:
        if text != self.line.text():
            self._setting = True
            self.line.setText(text)
            self._setting = False
            # Show the beginning of a long text.
            self.line.setCursorPosition(0)

    def put_back(self, text: str) -> None:
        self.line.selectAll()
        self.line.insert(text)

    def select_all(self) -> None:
        self.line.selectAll()

    def go_to_end(self) -> None:
        self.line.end(False)

    def forget_typing(self) -> None:
        if self.line.isUndoAvailable() or self.line.isRedoAvailable():
            cursor = self.line.cursorPosition()
            self._setting = True
            self.line.setText(self.line.text())
            self._setting = False
            self.line.setCursorPosition(cursor)

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)

    def set_placeholder(self, text: str) -> None:
        self.line.setPlaceholderText(text)

    def _text_changed(self) -> None:
        if not self._setting and not self._whole.too_much():
            self._changed()

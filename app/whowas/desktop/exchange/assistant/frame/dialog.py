"""The dialog of the import assistant: two pages, and what its foot says and offers on each."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from whowas.desktop.kit import plain_text
from whowas.desktop.kit.assistant.frame import AssistantFrame

Step = Literal["Columns", "Preview", "Done"]
STEPS: Final[tuple[Step, ...]] = ("Columns", "Preview", "Done")
BEFORE_PREVIEW = "Nothing is saved before you have seen the preview"
UNDOABLE = "One change, can be undone at any time"


class AssistantDialog(AssistantFrame):
    """Shows ``columns`` or ``preview``; whoever owns it says when, and does what the buttons ask for.

    What closes it is Cancel, Escape, or the window's own button; nothing was saved then.
    """

    nextWanted = Signal()
    backWanted = Signal()
    importWanted = Signal()
    refusedWanted = Signal()

    def __init__(self, called: str, columns: QWidget, preview: QWidget, parent: QWidget | None = None) -> None:
        """``called`` is the file, or what the files are called together."""
        super().__init__(f"Import {called}", STEPS, parent)
        self.columns, self.preview = columns, preview
        self._only_preview = False
        self.cancel = self.add_cancel()
        self.next = self.add_wanting("Next", self.nextWanted, primary=True)
        self.refused_button = self.add_wanting("Save the refused rows…", self.refusedWanted)
        self.back = self.add_wanting("Back", self.backWanted)
        self.import_button = self.add_wanting("Import", self.importWanted, primary=True)
        self.pages.addWidget(self.columns)
        self.pages.addWidget(self.preview)
        self.show_columns()

    def name(self, called: str) -> None:
        """Say what is imported."""
        self.setWindowTitle(plain_text.title(f"Import {called}"))
        self.heading.setText(f"Import {called}")

    def show_columns(self) -> None:
        """Show the first page."""
        self._show_page(self.columns)
        self.steps.show_step("Columns")
        self.foot.say(BEFORE_PREVIEW)

    def show_preview(self, subtitle: str, *, only: bool = False) -> None:
        """Show the second page; ``subtitle`` says what it is of. It is the ``only`` one where nothing can be said."""
        self._only_preview = self._only_preview or only
        self.subtitle.setText(subtitle)
        self._show_page(self.preview)
        self.steps.show_step("Preview")

    @property
    def on_preview(self) -> bool:
        """Whether the second page is shown."""
        return self.pages.currentWidget() is self.preview

    def wait(self) -> None:
        """Let nobody go on before it is known what would become of the rows."""
        self.next.setEnabled(False)
        self.import_button.setEnabled(False)
        self.refused_button.setEnabled(False)

    def stop_waiting(self) -> None:
        """Show what stands in the foot as long as nothing is known."""
        self.foot.say("" if self.on_preview else BEFORE_PREVIEW)

    def offer_import(self, text: str, counts: str) -> None:
        """Say what the last button does, and what that comes to."""
        self.import_button.setText(text)
        self.import_button.setEnabled(True)
        self.foot.promise(UNDOABLE, counts)

    def offer_nothing(self, why: str) -> None:
        """Say why nothing can be imported."""
        self.import_button.setText("Import")
        self.import_button.setEnabled(False)
        self.foot.say(why)

    def _show_page(self, page: QWidget) -> None:
        preview = page is self.preview
        self.subtitle.setVisible(preview)
        self.pages.setCurrentWidget(page)
        for button, there in (
            (self.refused_button, preview),
            (self.back, preview and not self._only_preview),
            (self.import_button, preview),
            (self.cancel, not preview or self._only_preview),
            (self.next, not preview),
        ):
            button.setVisible(there)
        # Enter goes on to what saves nothing; somebody who searches the preview presses it, too.
        self.next.setDefault(not preview)
        self.import_button.setDefault(False)
        page.setFocus()

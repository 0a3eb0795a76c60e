"""Every dialog there is, with the same text wherever a dialog shows what people have written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog

from whowas.desktop.dialogs.about import AboutDialog, ShortcutsDialog
from whowas.desktop.dialogs.conflict import ConflictDialog, Contested
from whowas.desktop.dialogs.differences import DifferencesDialog
from whowas.desktop.dialogs.erase import EraseDialog
from whowas.desktop.dialogs.field_history import FieldHistoryDialog
from whowas.desktop.dialogs.frame import DialogFrame
from whowas.desktop.dialogs.go_to_date import GoToDateDialog
from whowas.desktop.dialogs.import_preview import ImportPreviewDialog, RefusedLine
from whowas.desktop.dialogs.moment_name import MomentNameDialog
from whowas.desktop.dialogs.progress import ProgressDialog
from whowas.desktop.dialogs.put_back import Line, PutBackDialog
from whowas.desktop.dialogs.restore import LaterLine, RestoreDialog
from whowas.desktop.dialogs.set_password import SetPasswordDialog
from whowas.desktop.dialogs.true_since import TrueSinceDialog
from whowas.desktop.dialogs.undo_this import UndoThisDialog
from whowas.desktop.history_list import HistoryItem
from whowas.desktop.settings import Settings
from whowas.undoing_one.plan import Conflict

DAY = 86_400_000_000


def every_dialog(text: str, folder: Path) -> dict[type[QDialog], Callable[[], QDialog]]:
    """What makes one dialog of each kind."""
    line, later = Line(text, text, text, text), LaterLine(text, text, text)
    conflict = Conflict("x", text, "title", text, text, text, text, text, DAY)

    def put_back() -> QDialog:
        dialog = PutBackDialog(text, text, "Put back")
        dialog.show_lines([line], possible=True)
        return dialog

    def restore() -> QDialog:
        dialog = RestoreDialog("1 March", [text, "Everybody"], lambda _scope: None, lambda: None)
        dialog.tell(text)
        dialog.show_lines([line], possible=True)
        dialog.show_later([later])
        return dialog

    def progress() -> QDialog:
        dialog = ProgressDialog(text)
        dialog.set_progress(1, 2, text)
        return dialog

    item = HistoryItem(1, "user-plus", text, text, text, text, future=False, why=text, because=text)
    return {
        AboutDialog: lambda: AboutDialog(Settings(folder)),
        ShortcutsDialog: lambda: ShortcutsDialog([QAction("Undo")]),
        ConflictDialog: lambda: ConflictDialog([Contested("title", text, text, text)]),
        DifferencesDialog: lambda: DifferencesDialog(text, text, [line]),
        EraseDialog: lambda: EraseDialog(text),
        FieldHistoryDialog: lambda: FieldHistoryDialog(text, text, [item]),
        GoToDateDialog: lambda: GoToDateDialog(DAY, 9 * DAY, 5 * DAY),
        ImportPreviewDialog: lambda: ImportPreviewDialog(text, text, [RefusedLine(1, text, text)]),
        MomentNameDialog: lambda: MomentNameDialog(text, text, name=text, note=text),
        ProgressDialog: progress,
        PutBackDialog: put_back,
        RestoreDialog: restore,
        SetPasswordDialog: lambda: SetPasswordDialog(text, True),
        TrueSinceDialog: lambda: TrueSinceDialog(DAY),
        UndoThisDialog: lambda: UndoThisDialog(text, text, [line], [conflict], [text]),
    }


def kinds_of_dialogs() -> set[type[QDialog]]:
    """Every kind of dialog that the program has, whether listed above or not."""

    def below(kind: type[QDialog]) -> set[type[QDialog]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    return {kind for kind in below(DialogFrame) - {DialogFrame} if kind.__module__.startswith("whowas.")}

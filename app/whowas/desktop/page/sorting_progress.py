"""How far a sort order is that is laid for the first time, of so many rows that somebody has to wait for it."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from whowas.desktop.kit.dialogs.progress import ProgressDialog
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.job_progress import SHOWN_AFTER_MS


class SortingProgress(PageFeature):
    """Shows it over the window, and lets the person go back to the order before."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._told = 0, 0
        self._dialog: ProgressDialog | None = None
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_AFTER_MS)
        self._timer.timeout.connect(self._open_dialog)
        context.page.view.layingOrder.connect(self._tell)
        context.page.view.orderLaid.connect(self._tell_sort)
        context.page.closing.connect(self._finish)

    def _tell(self, done: int, total: int) -> None:
        self._told = done, total
        if self._dialog is not None:
            self._show_told(self._dialog)
        elif not self._timer.isActive():
            self._timer.start()

    def _open_dialog(self) -> None:
        self._dialog = ProgressDialog("Sorting", self._window)
        self._dialog.cancelled.connect(self._page.view.stop_sorting)
        self._show_told(self._dialog)
        self._dialog.open()

    def _show_told(self, dialog: ProgressDialog) -> None:
        done, total = self._told
        dialog.set_progress(done, total, f"{done:,} of {total:,} rows")

    def _tell_sort(self) -> None:
        self._finish()
        # It is the order before where the other one was cancelled, or could not be laid.
        column, descending = self._page.view.sort
        self._page.table.columns.sort_by(column, descending=descending)

    def _finish(self) -> None:
        self._timer.stop()
        if self._dialog is not None:
            self._dialog.finish()
            self._dialog.deleteLater()
            self._dialog = None

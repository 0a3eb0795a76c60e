"""From the table into the form: by Enter, F2 and a double click."""

from __future__ import annotations

from whowas.desktop.page.feature import PageContext, PageFeature


class EditInForm(PageFeature):
    """Puts the cursor into a field of the user whose row is the current one, or of several who are selected."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        context.page.table.fieldWanted.connect(self._lead)

    def _lead(self, key: str) -> None:
        table, page = self._page.table, self._page
        current = table.currentIndex()
        if current.isValid() and not table.selectionModel().isRowSelected(current.row()):
            table.selectRow(current.row())  # the keyboard went there without selecting
        if page.several.is_shown:
            page.several.presenter.panel.focus_field(key)
        elif page.selection.count == 1:
            page.panel.show_details()
            page.panel.form.focus_field(key)

"""Looking at the directory as it would be without some changes, and making it so when told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QDialog

from whowas.command_bus.bus import Bus
from whowas.corrections.what_if.apply import apply
from whowas.desktop.chrome.standing import LOOKING
from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.change_preview import PutBackDialog
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import AsKnown, WhatIf
from whowas.desktop.what_if.differences_dialog import DifferencesDialog
from whowas.desktop.what_if.lines import WhatIfLines, summary
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex

LONGEST_CALLED = 50
"""So many characters of what was taken out are told in the bar, so that there is room for what came of it."""


class WhatIfCommands(PageFeature):
    """Turns the page to what would be, tells what differs, and leaves it again; nothing is written meanwhile."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._dialog: QDialog | None = None
        self._on(context.actions.what_if.triggered, self._without_step_shown)
        page = context.page
        page.whatIfRequested.connect(self.look)
        page.what_if_banner.differences.connect(self._see_differences)
        page.what_if_banner.makeSo.connect(self._ask_to_make_it_so)
        page.what_if_banner.discard.connect(self._session.shown.show_now)
        page.closing.connect(self._close_dialog)
        page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the action and the banner to what is shown."""
        # No more than was known once: what is shown may not be what is to be taken out.
        self._actions.what_if.setEnabled(
            not isinstance(self._session.shown.lens, AsKnown)
            and self._page.view.moment > 0
            and not self._session.read_only
        )
        self._show()

    def look(self, change_ids: Sequence[str], called: str) -> None:
        """Show what would be without some changes; ``called`` says which.

        Where something is imagined already, they are taken out as well.
        """
        lens = self._session.shown.lens
        if isinstance(lens, WhatIf):
            change_ids = [*lens.outcome.without, *change_ids]
            called = f"these {len(change_ids):,} changes"
        imagine = partial(self._session.shown.show_what_if, change_ids, called)
        self._progress.follow("What if", imagine, self._looked, self._messages.failing(LOOKING))

    def _looked(self, _index: VersionIndex) -> None:
        self._messages.succeed(LOOKING)

    def _without_step_shown(self) -> None:
        if (line := self._session.reads.change_line(self._page.view.moment)) is not None:
            self.look([line.change_id], line.change)

    def _show(self) -> None:
        """Say above the page what is imagined, if anything is."""
        lens, banner = self._session.shown.lens, self._page.what_if_banner
        if not isinstance(lens, WhatIf):
            banner.hide()
            self._close_dialog()
            return
        outcome, view = lens.outcome, self._page.view
        note = ["imagined, nothing is written", summary(outcome)]
        occurred_at = view.occurred_at()
        if occurred_at is not None and view.moment < view.index.now:
            note.insert(0, dates.long(occurred_at))
        banner.show_imagined(
            f"What if not: {_quoted(lens, LONGEST_CALLED)}",
            " · ".join(note),
            differing=bool(outcome.differs or outcome.fields or outcome.refused),
            possible=outcome.differs and not self._session.not_now,
        )

    def _see_differences(self) -> None:
        self._with_lines(self._list_differences)

    def _ask_to_make_it_so(self) -> None:
        self._with_lines(self._offer)

    def _with_lines(self, show: Callable[[WhatIf, WhatIfLines], None]) -> None:
        """Find out what differs, off the GUI thread as there may be a lot, and go on with that."""
        lens = self._session.shown.lens
        if isinstance(lens, WhatIf):

            def work(_progress: Progress) -> WhatIfLines:
                return WhatIfLines(lens.outcome)

            def found(lines: WhatIfLines) -> None:
                if self._session.shown.lens is lens:
                    show(lens, lines)

            run = partial(self._session.queries.run, work)
            self._progress.follow("What differs", run, found, self._messages.failing(LOOKING))

    def _list_differences(self, lens: WhatIf, lines: WhatIfLines) -> None:
        title = f"What if not: {_quoted(lens)}"
        told = f"{summary(lens.outcome)}. Every later change was decided again; nothing is written."
        self._open(DifferencesDialog(title, told, lines, self._window))

    def _offer(self, lens: WhatIf, lines: WhatIfLines) -> None:
        told = f"{summary(lens.outcome)}. What differs is appended as one change, which can be undone."
        if lens.outcome.fields:
            told += " Custom fields stay defined."
        dialog = PutBackDialog(f"Make it so: without {_quoted(lens)}", told, "Make it so", self._window)
        dialog.show_lines(lines, possible=True)
        dialog.accepted.connect(partial(self._make_it_so, lens, dialog))
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self._dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        super()._open(dialog)

    def _forget_dialog(self, _result: int) -> None:
        self._dialog = None

    def _close_dialog(self) -> None:
        """Close what lists something that is no longer imagined."""
        if self._dialog is not None:
            self._dialog.reject()

    def _make_it_so(self, lens: WhatIf, dialog: PutBackDialog) -> None:
        reason = dialog.reason()

        def work(bus: Bus, progress: Progress) -> str:
            return apply(bus, lens.outcome, reason, progress)

        on_bus = partial(self._session.writer.on_bus, work)
        made_so = partial(self._made_so, f"Made it so: without {_quoted(lens, LONGEST_CALLED)}")
        self._progress.follow("Making it so", on_bus, made_so, self._messages.failing())

    def _made_so(self, sentence: str, change_id: str) -> None:
        self._page.return_to_now()
        self._answer(change_id, sentence)


def _quoted(lens: WhatIf, longest: int = 500) -> str:
    called = shortened(lens.called, longest)
    return f"“{called}”" if len(lens.outcome.without) == 1 else called

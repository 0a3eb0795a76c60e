"""What the menus do with the moment shown: play, step, go to a date, give it a name, return to now."""

from __future__ import annotations

from functools import partial

import uuid_utils

from whowas.command_bus.unit_of_work import Change
from whowas.desktop.chrome.actions import AS_KNOWN_TIP, describe
from whowas.desktop.kit import dates
from whowas.desktop.kit.plain_text import label, tool_tip
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.lens import AsKnown, WhatIf
from whowas.desktop.time_travel.go_to_date_dialog import GoToDateDialog
from whowas.desktop.time_travel.moment_name_dialog import MomentNameDialog
from whowas.domain.commands import DeleteMoment, NameMoment, RenameMoment
from whowas.domain.fields import shortened
from whowas.projections.queries.named_moments import PlacedMoment, named_moments, place_of


class TimeCommands(PageFeature):
    """Goes to moments and names them."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        a, page, self._named = context.actions, context.page, context.menus.named
        self._on(a.play.triggered, page.timeline.play_or_stop)
        self._on(a.previous.triggered, page.timeline.to_previous)
        self._on(a.next.triggered, page.timeline.to_next)
        self._on(a.go_to_date.triggered, self._go_to_date)
        self._on(a.name_moment.triggered, self._name_moment)
        self._on(a.return_to_now.triggered, page.return_to_now)
        self._on(self._named.aboutToShow, self._fill_named)
        page.closing.connect(self._named.clear)
        page.goToDateRequested.connect(self._go_to_date)
        page.nameMomentRequested.connect(a.name_moment.trigger)
        page.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Bring the actions to the moment that is shown."""
        view, a, lens = self._page.view, self._actions, self._session.shown.lens
        moment, is_past, has_steps = view.moment, view.is_past, view.index.now > 0
        a.go_to_date.setEnabled(has_steps)
        a.name_moment.setEnabled(has_steps and self._session.may_write)
        a.play.setEnabled(has_steps)
        unknown = "" if isinstance(lens, AsKnown) else self._session.reads.why_unknown(view.occurred_at())
        a.as_known.setEnabled(is_past and not unknown and not isinstance(lens, WhatIf))
        a.as_known.setChecked(isinstance(lens, AsKnown))
        describe(a.as_known, unknown if is_past and unknown else AS_KNOWN_TIP)
        slider = self._page.timeline.slider
        a.previous.setEnabled(slider.stop_before(moment) is not None)
        a.next.setEnabled(slider.stop_after(moment) is not None)
        a.return_to_now.setEnabled(is_past)

    def _go_to_date(self) -> None:
        steps = self._page.view.index.steps
        if not len(steps):
            return
        shown = self._page.view.occurred_at()
        first, last = int(steps.occurred_at[0]), int(steps.occurred_at[-1])
        dialog = GoToDateDialog(first, last, first if shown is None else shown, self._window)
        dialog.accepted.connect(partial(self._show_date, dialog))
        self._open(dialog)

    def _show_date(self, dialog: GoToDateDialog) -> None:
        self._page.view.show_moment(self._page.view.index.steps.moment_at(dialog.moment()))

    def _name_moment(self) -> None:
        view = self._page.view
        when = dates.moment(view.occurred_at())
        dialog = MomentNameDialog("Name this moment", when, parent=self._window)
        dialog.accepted.connect(partial(self._named_by, dialog, view.moment))
        self._open(dialog)

    def _named_by(self, dialog: MomentNameDialog, moment: int) -> None:
        name, note = dialog.answer()
        log, steps = self._session.log, self._page.view.index.steps

        def decide(change: Change) -> None:
            change.dispatch(NameMoment(str(uuid_utils.uuid7()), name, note, *place_of(log, steps, moment)))

        self._dispatch(decide, f"Named this moment “{shortened(name)}”")

    def _fill_named(self) -> None:
        self._named.clear()
        known = named_moments(self._page.view.index)
        if not known:
            self._named.addAction("No moment has a name yet").setEnabled(False)
        for named in known:
            menu = self._named.addMenu(label(named.name))
            menu.menuAction().setToolTip(tool_tip(named.name))
            menu.addAction("Show this moment", partial(self._page.view.show_moment, named.moment))
            rename = menu.addAction("Rename…", partial(self._rename, named))
            delete = menu.addAction("Delete name", partial(self._delete, named))
            for action in (rename, delete):
                action.setEnabled(self._session.may_write)

    def _rename(self, named: PlacedMoment) -> None:
        when = dates.moment(self._page.view.index.steps.occurred_before(named.moment))
        dialog = MomentNameDialog("Rename moment", when, name=named.name, note=named.note or "", parent=self._window)
        dialog.accepted.connect(partial(self._renamed_by, dialog, named.moment_id))
        self._open(dialog)

    def _renamed_by(self, dialog: MomentNameDialog, moment_id: str) -> None:
        command = RenameMoment(moment_id, *dialog.answer())
        self._dispatch(lambda change: change.dispatch(command))

    def _delete(self, named: PlacedMoment) -> None:
        self._dispatch(lambda change: change.dispatch(DeleteMoment(named.moment_id)))

"""Which moment is shown, in words: above the timeline, in the banner, and to whoever points at it or listens."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from whowas.desktop.kit import dates, sizes, theme
from whowas.desktop.page.past_banner import PastBanner
from whowas.desktop.session.lens import AsKnown, Now, WhatIf
from whowas.desktop.session.session import Session
from whowas.desktop.session.view import DirectoryView
from whowas.desktop.timeline.drawing import IMPORT, NAME
from whowas.desktop.timeline.markers import Marker
from whowas.desktop.timeline.panel import TimelinePanel
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.named_moments import named_moments
from whowas.safekeeping.damage_told import what_happened, within

ANNOUNCE_AFTER_MS = 150
_LARGE = 125
"""How long the slider rests before a screen reader is told what happened there."""


class MomentShown(QObject):
    """Keeps the timeline and the banner at the moment of a view."""

    def __init__(
        self, session: Session, view: DirectoryView, timeline: TimelinePanel, banner: PastBanner, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._view = view
        self._timeline = timeline
        self._banner = banner
        self._marked: VersionIndex | None = None
        self._markers: list[Marker] = []
        self._announce_soon = QTimer(self, singleShot=True, interval=ANNOUNCE_AFTER_MS)
        self._announce_soon.timeout.connect(self._announce)
        timeline.slider.set_describer(self._told)
        theme.signals.changed.connect(self._look_again)

    def show(self) -> None:
        """Bring both to the moment of the view."""
        index, moment = self._view.index, self._view.moment
        self._timeline.set_history(index.steps, moment)
        self._timeline.allow_naming(self._session.may_write and index.now > 0)
        if self._marked is not index:
            self._marked = index
            self._markers = self._found_markers()
            self._timeline.slider.set_markers(self._markers)
        self._timeline.slider.set_damage(self._damaged_at())
        label = self._label_of(moment)
        self._timeline.set_label(label, self._view.is_past)
        self._timeline.slider.set_description(label)
        self._announce_soon.start()
        self._show_banner()

    def _look_again(self) -> None:
        """Take in another size of text, or another style of dates."""
        self._marked = None
        if self._banner.isVisible():
            self._show_banner()

    def _show_banner(self) -> None:
        view, comparison = self._view, self._view.compared()
        lens, is_past, occurred_at = self._session.shown.lens, view.is_past, view.occurred_at()
        imagining, knowing = isinstance(lens, WhatIf), isinstance(lens, AsKnown)
        # Large text leaves no room for the name of a month.
        when = dates.moment(occurred_at, brief=sizes.percent() >= _LARGE) if is_past else "Now"
        self._banner.show_moment(f"As we knew it: {when}" if knowing else when, self._note(comparison is not None))
        self._banner.show_differences(None if comparison is None else comparison.counts)
        unknown = "" if knowing else self._session.reads.why_unknown(occurred_at)
        self._banner.set_past(is_past and not imagining, knowing=knowing, unknown=unknown)
        self._banner.allow_restoring(self._session.may_write)
        self._banner.setVisible((is_past and not imagining) or view.pinned is not None)

    def _note(self, is_compared: bool) -> str:
        """Say what is not to be seen, what is compared with, and that nothing can be changed, as far as it is so."""
        view, lens = self._view, self._session.shown.lens
        pinned, is_past = view.pinned, view.is_past
        parts = []
        if isinstance(lens, AsKnown):
            parts.append(f"what had been recorded by {dates.long(lens.recorded_at)}")
        if pinned is not None:
            other = dates.moment(view.index.steps.occurred_before(pinned)) if pinned else "the beginning"
            doing = "compared" if is_compared else "being compared"
            parts.append(f"{doing} with {'now' if view.pinned_to_now else other}")
        if is_past and not parts:
            hidden = view.index.now - view.moment
            parts.append(f"{hidden:,} later change{'' if hidden == 1 else 's'} hidden")
        if is_past:
            parts.append("read-only")
        return " · ".join(parts)

    def _label_of(self, moment: int) -> str:
        index, lens = self._view.index, self._session.shown.lens
        now = index.now
        if moment == now and isinstance(lens, WhatIf):
            return f"Now, as it would be · change {now:,}" if now else "Now, as it would be · no changes"
        if moment == now and self._session.ends_before is not None:
            return f"The last sound moment · change {now:,}"
        if moment == now and isinstance(lens, Now):
            return f"Now · change {now:,}" if now else "Now · no changes yet"
        if moment == 0:
            return f"Before the first of {now:,} changes"
        occurred_at = int(index.steps.occurred_at[moment - 1])
        return f"{dates.precise(occurred_at)} · change {moment:,} of {now:,}"

    def _told(self, moment: int) -> str:
        """Say what happened right before a moment, for whoever points at it or hears it."""
        step = self._session.reads.change_line(moment)
        label = self._label_of(moment)
        if step is None:
            return label
        # Where it was imported from the sentence says itself.
        why = f"\n{step.cause.told(dates.precise)}" if step.cause and not step.cause.source else ""
        return f"{label}\n{step.text} · {step.actor}{why}"

    def _announce(self) -> None:
        moment = self._view.moment
        signs = [
            f"named moment {marker.text}" if marker.drawing == NAME else marker.text
            for marker in self._markers
            if marker.value == moment
        ]
        if (damaged := self._damaged_at()) is not None and damaged[0] == moment:
            signs.append(damaged[1])
        self._timeline.slider.set_description("\n".join((self._told(moment), *signs)).replace("\n", " · "))

    def _found_markers(self) -> list[Marker]:
        imports = [
            Marker(mark.moment, IMPORT, f"{mark.change} by {mark.actor}") for mark in self._session.reads.import_marks()
        ]
        names = [
            Marker(named.moment, NAME, f"{named.name}\n{named.note}" if named.note else named.name)
            for named in named_moments(self._view.index)
        ]
        return imports + names

    def _damaged_at(self) -> tuple[int, str] | None:
        """Return where the history was found damaged, and how: at its end, as no more of it is shown."""
        damage = self._session.ends_before
        if damage is None:
            return None
        return self._view.index.now, f"Damaged: {within(what_happened(damage, self._session.damaged_change))}"

"""Which moment is shown, in words: above the timeline, in the banner, and to whoever points at it or listens."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from whowas.desktop import moments
from whowas.desktop.banner import PastBanner
from whowas.desktop.directory_view import DirectoryView
from whowas.desktop.session import Session
from whowas.desktop.timeline_paint import Marker
from whowas.desktop.timeline_panel import TimelinePanel
from whowas.projections.compared import Became
from whowas.projections.moment_list import named_moments
from whowas.projections.version_index import VersionIndex

ANNOUNCE_AFTER_MS = 150
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
        self._announce_soon = QTimer(self, singleShot=True, interval=ANNOUNCE_AFTER_MS)
        self._announce_soon.timeout.connect(self._announce)
        timeline.slider.set_teller(self._told)

    def show(self) -> None:
        """Bring both to the moment of the view."""
        view = self._view
        self._timeline.set_history(view.index.steps, view.moment)
        self._timeline.allow_naming(self._session.instead is None and view.index.now > 0)
        if self._marked is not view.index:
            self._marked = view.index
            self._timeline.slider.set_markers(self._markers())
        label = self._label_of(view.moment)
        self._timeline.set_label(label, view.is_past)
        self._timeline.slider.set_spoken(label)
        self._announce_soon.start()
        self._show_banner()

    def _show_banner(self) -> None:
        view, comparison = self._view, self._view.compared()
        hidden = view.index.now - view.moment
        note = f"{hidden:,} later change{'' if hidden == 1 else 's'} hidden · read-only" if view.is_past else ""
        counts = None
        if comparison is not None and view.pinned is not None:
            other = "now" if view.pinned == view.index.now else self._when(view.pinned)
            note = f"compared with {other}" + (" · read-only" if view.is_past else "")
            found = comparison.counts
            counts = found[Became.ADDED], found[Became.CHANGED], found[Became.REMOVED]
        when = self._when(view.moment)
        if self._session.known_by is not None:
            when = f"As we knew it: {when}"
            note = f"what had been recorded by {moments.long(self._session.known_by)} · read-only"
        self._banner.show_moment(when if view.is_past else "Now", note)
        self._banner.show_differences(counts)
        imagining = self._session.imagining
        self._banner.set_past(view.is_past and not imagining, knowing=self._session.knowing)
        self._banner.setVisible((view.is_past and not imagining) or comparison is not None)

    def _when(self, moment: int) -> str:
        if moment == 0:
            return "Before the first change"
        return moments.long(int(self._view.index.steps.occurred_at[moment - 1]))

    def _label_of(self, moment: int) -> str:
        now = self._view.index.now
        if moment == now and self._session.imagining:
            return f"Now, as it would be · change {now:,}" if now else "Now, as it would be · no changes"
        if moment == now and not self._session.knowing:
            return f"Now · change {now:,}" if now else "Now · no changes yet"
        if moment == 0:
            return f"Before the first of {now:,} changes"
        occurred_at = int(self._view.index.steps.occurred_at[moment - 1])
        return f"{moments.precise(occurred_at)} · change {moment:,} of {now:,}"

    def _told(self, moment: int) -> str:
        """Say what happened right before a moment, for whoever points at it or hears it."""
        step = self._session.step_sentence(moment)
        label = self._label_of(moment)
        return label if step is None else f"{label}\n{step.sentence} · {step.actor}"

    def _announce(self) -> None:
        self._timeline.slider.set_spoken(self._told(self._view.moment).replace("\n", " · "))

    def _markers(self) -> list[Marker]:
        imports = [
            Marker(mark.moment, "import", f"Import of {mark.source} by {mark.actor}")
            for mark in self._session.import_marks()
        ]
        names = [
            Marker(named.moment, "bookmark", f"{named.name}\n{named.note}" if named.note else named.name)
            for named in named_moments(self._view.index)
        ]
        return imports + names

"""What a server lost is told as soon as the directory is open, and sent again where the person says so."""

from __future__ import annotations

from contextlib import closing
from functools import partial

from whowas.command_bus.bus import Bus
from whowas.corrections.sending_again import SentAgain, send_again
from whowas.desktop.chrome.standing import LOST, SAVING, Condition, Severity
from whowas.desktop.kit import dates
from whowas.desktop.page.feature import PageContext, PageFeature
from whowas.desktop.session.jobs import JobProgress
from whowas.desktop.session.live import Live
from whowas.desktop.sharing.lost_dialog import LostChangesDialog, LostLine
from whowas.domain.errors import StoreError
from whowas.domain.fields import counted
from whowas.domain.progress import Progress
from whowas.projections.sides.temporary import temporary_side
from whowas.store.event_log import EventLog
from whowas.store.follower.lost_changes import LostChanges

SEE_THEM = "See them…"

LISTED = 1_000
"""Of no more than so many changes is it read what they did."""


class LostChangesFound(PageFeature):
    """Holds a strip as long as there are any, and shows them in a dialog."""

    def __init__(self, context: PageContext, live: Live) -> None:
        super().__init__(context)
        self._live = live
        self._lost: LostChanges | None = live.shared.lost()
        if self._lost is None:
            return
        self._on(context.messages.acted, self._act)
        told = "The server has lost changes that this computer saw."
        context.messages.hold(Condition(LOST, Severity.RED, told, (SEE_THEM,), closable=False))
        self._read(self._lost)

    def _act(self, about: str, _action: str) -> None:
        if about == LOST and self._lost is not None:
            self._read(self._lost)

    def _read(self, lost: LostChanges) -> None:
        run = partial(self._session.queries.run, partial(_lines_of, lost, dates.microseconds_now()))
        self._progress.follow("Reading what was lost", run, self._show, self._messages.failing(LOST))

    def _show(self, lines: list[LostLine]) -> None:
        if self._lost is None:
            return
        kept, account = self._lost.kept, self._live.shared.account
        dialog = LostChangesDialog(lines, account, kept.name, str(kept.parent), self._window)
        dialog.sent.connect(partial(self._send, self._lost))
        dialog.kept.connect(partial(self._keep_file, self._lost))
        self._open(dialog)

    def _send(self, lost: LostChanges) -> None:
        account = self._live.shared.account

        def work(bus: Bus, progress: JobProgress) -> list[SentAgain]:
            own = [each for each in lost.changes() if each.actor == account]
            return send_again(bus, own, len(own), progress)

        on_bus = partial(self._session.writer.on_bus, work)
        self._progress.follow("Sending again", on_bus, partial(self._sent, lost), self._messages.failing())

    def _sent(self, lost: LostChanges, outcome: list[SentAgain]) -> None:
        refused = [f"{dates.precise(each.change.recorded_at)}: {each.refusal}" for each in outcome if each.refusal]
        self._keep_file(lost)
        count = len(outcome) - len(refused)
        sent = f"{counted(count, 'change')} {'was' if count == 1 else 'were'} sent again."
        if not refused:
            self._messages.show_notice(sent)
            return
        not_sent = f"{counted(len(refused), 'change')} could not be: {' '.join(refused[:3])}"
        more = f" And {len(refused) - 3:,} more." if len(refused) > 3 else ""
        self._messages.show_error(f"{sent} {not_sent}{more} All of them are kept in “{lost.kept}”.", about=SAVING)

    def _keep_file(self, lost: LostChanges) -> None:
        try:
            lost.let_go()
        except StoreError as error:
            self._messages.show_failure(error, about=LOST)
            return
        self._lost = None
        self._messages.end(LOST)


def _lines_of(lost: LostChanges, now: int, progress: Progress) -> list[LostLine]:
    """Read what each of them did, as part of a job."""
    with closing(EventLog.open(lost.kept)) as log, temporary_side(log) as side:
        index = side.catch_up(progress)
        since = index.steps.first_position > lost.through
        moments = [int(place) + 1 for place in since.nonzero()[0]]
        lines = [side.change_line(index, moment) for moment in moments[:LISTED]]
    return [LostLine(line.occurred_at, line.actor, line.text, now) for line in lines]

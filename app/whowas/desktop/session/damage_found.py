"""What a session does about damage of the history that is found while the directory is open."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from whowas.desktop.session.file_follower import FileFollower
from whowas.desktop.session.jobs import JobRunner
from whowas.desktop.session.open_directory import OpenDirectory
from whowas.desktop.session.shown import Shown
from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress
from whowas.projections.index.version_index import VersionIndex
from whowas.safekeeping.damage_told import why_read_only
from whowas.store.chain import Damage


class DamageFound(QObject):
    """Has nothing written any more, and no more shown than the sound part, from the damage on that it is told of.

    ``told`` says that the directory can only be read from then on, and again once only the sound part is shown.
    """

    told = Signal()

    def __init__(self, runner: JobRunner, directory: OpenDirectory, shown: Shown, file: FileFollower) -> None:
        super().__init__()
        self._runner = runner
        self._directory = directory
        self._shown = shown
        file.refused.connect(self._tell_refused)

    def take(self, damage: Damage) -> None:
        """Write nothing any more, and show no more than the last whole change before ``damage``, once that is read."""
        directory = self._directory
        if not directory.is_open or _lies_behind(damage, directory.damage):
            return
        directory.damage, directory.damaged_change = damage, None
        log, today = directory.log, directory.today

        def work(progress: Progress) -> VersionIndex:
            from whowas.safekeeping.sound_part import keep_before

            keep_before(log, damage)
            return today.catch_up(progress)

        # At once, as the job may have to wait for another one.
        log.refuse_writing(why_read_only(damage), damage=damage)
        self._shown.show_now()
        self.told.emit()
        if damage.position is not None:
            self._runner.submit(work, self._show_sound_part, self._shown.report)

    def look(self, met: DamagedError) -> None:
        """Find where the damage begins that was met when the file was followed, and take that."""
        log = self._directory.log

        def work(progress: Progress) -> Damage:
            from whowas.safekeeping.sound_part import keep_to_sound_part

            return keep_to_sound_part(log, met, progress)

        self._runner.submit(work, self.take, self._shown.report)

    def _tell_refused(self) -> None:
        """Say that nothing can be written any more, where a job found out: one that saves, or makes a backup."""
        if (damage := self._directory.log.damage) is not None:
            self.take(damage)
        else:
            self.told.emit()

    def _show_sound_part(self, index: VersionIndex) -> None:
        self._directory.in_part, self._directory.damaged_change = True, index.now + 1
        self._shown.begin_again(index)
        self.told.emit()


def _lies_behind(damage: Damage, known: Damage | None) -> bool:
    """Return whether what is shown already ends before ``damage``."""
    if known is None:
        return False
    return damage.position is None or (known.position is not None and known.position <= damage.position)

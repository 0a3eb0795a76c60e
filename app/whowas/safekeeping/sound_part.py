"""Opening what is sound of a damaged directory: everything up to the last whole change before the first damage."""

from __future__ import annotations

from whowas.domain.errors import DamagedError
from whowas.domain.progress import Progress, unwatched
from whowas.safekeeping.damage_told import CONTRADICTS, why_read_only
from whowas.store.chain import Damage
from whowas.store.event_log import EventLog


def keep_to_sound_part(log: EventLog, met: DamagedError, progress: Progress = unwatched) -> Damage:
    """Find the first damage of a log in which reading ``met`` some, and let it be read up to there and not be written.

    Raises ``met`` where nothing before it is sound, or nothing is found that could be read around; CancelledError, or
    StoreError.
    """
    damage = log.verify(progress=progress)
    if met.position and (damage is None or damage.position is None or met.position < damage.position):
        damage = Damage(met.position, CONTRADICTS)
    if damage is None or damage.position is None or not log.end_of_change_before(damage.position):
        raise met
    keep_before(log, damage)
    return damage


def keep_before(log: EventLog, damage: Damage) -> None:
    """Let a log not be written any more, and be read no further than to the last whole change before its damage."""
    through = None if damage.position is None else log.end_of_change_before(damage.position)
    log.refuse_writing(why_read_only(damage), damage=damage, through=through)

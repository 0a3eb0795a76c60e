"""Carrying out a plan that somebody looked at: one ordinary change, refused where the log has gone on since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from whowas.command_bus.bus import Bus
from whowas.command_bus.steering import bring
from whowas.command_bus.unit_of_work import Change
from whowas.domain.causation import Causation
from whowas.domain.commands import DescribeField, LookCommand, MomentCommand, OrderFields
from whowas.domain.errors import RefusedError
from whowas.domain.fields import shortened
from whowas.domain.progress import Progress
from whowas.domain.users import User

REASON_LIMIT = 200
"""Characters; every event of the change carries the reason."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What a directory is to become: ``users`` as they are to be, ``groups`` from ids to names, and its ``own`` rest.

    ``fields`` maps ids of custom fields to names. A group that is to end has None for its name, as everything here that
    is absent once the plan is carried out. ``users`` may be read one by one, while the change is made; the looks of
    groups, the order of fields and named moments come after both. ``described`` is what fields are to be,
    and ``relaxes`` as for ``bring``.
    """

    users: Iterable[User]
    groups: Mapping[str, str | None]
    own: Iterable[LookCommand | MomentCommand | OrderFields] = ()
    fields: Mapping[str, str | None] = field(default_factory=dict)
    described: Collection[DescribeField] = ()
    relaxes: bool = False


def carry_out(
    bus: Bus,
    position: int,
    targets: Targets,
    because: Callable[[str | None], Causation],
    reason: str,
    progress: Progress,
) -> str:
    """Append what brings the directory to ``targets`` as one change; return its id, "" where there was nothing to do.

    ``position`` is where the log ended when that was planned; ``because`` makes the causation of the reason, which is
    None where none is given. Raises RefusedError when the log has gone on since, the reason is too long, or a rule
    forbids the state; CancelledError, StoreError. Then nothing is appended.
    """

    def decide(change: Change) -> None:
        # Where others were faster it is called again, and ends here, so that ``users`` are read once.
        if change.head_position != position:
            raise RefusedError("", "The directory was changed since you looked at this. Please look again.")
        bring(
            change,
            targets.users,
            targets.groups,
            progress,
            targets.fields,
            targets.described,
            relaxes=targets.relaxes,
        )
        change.dispatch(*targets.own)

    _, receipt = bus.carry_out(decide, causation=because(_checked(reason)), whole=True, progress=progress)
    return receipt.changed


def _checked(reason: str) -> str | None:
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        raise RefusedError("reason", f"A reason is at most {REASON_LIMIT} characters long.")
    return shortened(reason, REASON_LIMIT) or None

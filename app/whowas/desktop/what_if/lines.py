"""How what is imagined differs from what there is, as lines that are only made where they are looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import overload

from whowas.corrections.what_if.outcome import (
    FieldDifference,
    GroupDifference,
    MomentDifference,
    Refused,
    UserDifference,
    WhatIfOutcome,
)
from whowas.desktop.kit.dialogs.change_preview import (
    DIRECTORY,
    WOULD_NOT_BE_THERE,
    Line,
    definition_line,
    directory_line,
    field_order_line,
    line_of,
    look_line,
)
from whowas.domain.commands import OrderFields
from whowas.domain.fields import counted
from whowas.domain.named_moments import NamedMoment


class WhatIfLines(Sequence[Line]):
    """What could not have been first, then users, groups with their looks, moments and fields; see ``Line``."""

    def __init__(self, what_if: WhatIfOutcome) -> None:
        self._users = what_if.user_differences
        self._user_ends = list(accumulate(1 if user.would_be is None else len(user.changes) for user in self._users))
        self._parts: list[tuple[int, Callable[[int], Line]]] = [
            (len(what_if.refused), lambda place: _refused(what_if.refused[place])),
            (self._user_ends[-1] if self._user_ends else 0, self._user),
            (len(what_if.group_differences), lambda place: _group(what_if.group_differences[place])),
            (len(what_if.looks), lambda place: _look(what_if, place)),
            (len(what_if.moment_differences), lambda place: _moment(what_if.moment_differences[place])),
            (len(what_if.fields), lambda place: directory_line("Custom field", what_if.fields[place], None)),
            (len(what_if.field_differences), lambda place: _field(what_if.field_differences[place])),
            (len(what_if.described), lambda place: definition_line(what_if.described[place], what_if.directory_now)),
            (len(what_if.field_order), lambda place: _field_order(what_if, what_if.field_order[place])),
        ]

    def __len__(self) -> int:
        return sum(count for count, _ in self._parts)

    @overload
    def __getitem__(self, place: int) -> Line: ...
    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...
    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        for count, line in self._parts:
            if 0 <= place < count:
                return line(place)
            place -= count
        raise IndexError("there are no more lines")

    def _user(self, place: int) -> Line:
        number = bisect_right(self._user_ends, place)
        user = self._users[number]
        return _user(user, place - (self._user_ends[number - 1] if number else 0))


def summary(what_if: WhatIfOutcome) -> str:
    """Say in a few words how much differs."""
    told = [counted(len(what_if.user_differences), "user") + " would be different"]
    if what_if.refused:
        told.append(counted(len(what_if.refused), "later change") + " refused")
    return " · ".join(told)


def _refused(refused: Refused) -> Line:
    return Line(refused.person or DIRECTORY, refused.title, "happened", f"refused: {refused.reason}")


def _user(difference: UserDifference, place: int) -> Line:
    who = "" if place else difference.now.name
    if difference.would_be is None:
        return Line(who, "Status", difference.now.status, WOULD_NOT_BE_THERE)
    return line_of(who, difference.changes[place])


def _group(group: GroupDifference) -> Line:
    return directory_line("Group", group.now, group.would_be)


def _field(field: FieldDifference) -> Line:
    return directory_line("Custom field", field.now, field.would_be)


def _field_order(what_if: WhatIfOutcome, command: OrderFields) -> Line:
    return field_order_line(what_if.directory_now, command.field_ids, what_if.directory.fields)


def _look(what_if: WhatIfOutcome, place: int) -> Line:
    return look_line(what_if.looks[place], what_if.directory_now, what_if.directory.groups)


def _moment(moment: MomentDifference) -> Line:
    return directory_line("Named moment", _named(moment.now), _named(moment.would_be))


def _named(moment: NamedMoment | None) -> str | None:
    if moment is None:
        return None
    return f"{moment.name} ({moment.note})" if moment.note else moment.name

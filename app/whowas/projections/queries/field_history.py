"""The history of one field of one user, value by value, and who gave it each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from whowas.domain.fields import ATTRIBUTE_PREFIX, LABELS, listed
from whowas.domain.sentences import Sentence
from whowas.domain.users import User
from whowas.projections.index.version_index import VersionIndex
from whowas.projections.queries.causes import Cause, StepOrigin, origins_of
from whowas.projections.queries.history import HistoryEntry, history_of
from whowas.projections.tables.read_model import ReadModel


@dataclass(frozen=True, slots=True)
class Span:
    """A value that a field held from the moment ``begins`` until the moment ``until``, None where it holds still.

    ``value`` is None where the field was empty; groups are listed by name. ``begins_at`` and ``until_at`` say when the
    steps of those moments occurred, ``recorded_at`` when the change behind ``begins`` was recorded: UTC microseconds.
    ``position`` is that of the first event of the step; ``cause`` says why the change was made, where that is known;
    ``sentence`` tells what the step did to this user.
    """

    value: str | None
    begins: int
    begins_at: int
    until: int | None
    until_at: int | None
    position: int
    recorded_at: int
    actor: str
    change_id: str
    cause: Cause | None
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class _Turn:
    """A moment from which the field may have another value; ``entry`` is None where only groups were renamed."""

    moment: int
    user: User
    names: Mapping[str, str]
    entry: HistoryEntry | None


def spans_of(read_model: ReadModel, index: VersionIndex, user_id: str, field: str) -> list[Span]:
    """Return the values of a user's field, newest first, neighbours never equal; none for an unknown user.

    ``field`` is a key of LABELS, ``attributes.<name>``, ``name``, ``status`` or ``groups``. Deleting a user ends none
    of their values but the status. Raises KeyError for any other field.
    """
    with read_model.reading():
        entries = history_of(read_model, index, user_id)
        naming = _naming(index, entries) if field == "groups" else []
        begun: list[tuple[_Turn, str | None, Sentence]] = []
        before: _Turn | None = None
        for turn in _turns(entries, naming):
            value = _value(turn, field)
            if before is None or value != begun[-1][1]:
                begun.append((turn, value, _sentence(before, turn)))
            before = turn
        ends: list[int | None] = [*(turn.moment for turn, _, _ in begun[1:]), None]
        spans = [_span(read_model, index, *one, end) for one, end in zip(begun, ends, strict=False)]
    return spans[::-1]


def _value(turn: _Turn, field: str) -> str | None:
    user = turn.user
    match field:
        case "name":
            return user.name
        case "status":
            return user.status
        case "groups":
            return ", ".join(sorted(turn.names[group] for group in user.groups if group in turn.names)) or None
        case _ if field in LABELS or field.startswith(ATTRIBUTE_PREFIX):
            return user.value(field)
        case _:
            raise KeyError(field)


def _naming(index: VersionIndex, entries: Iterable[HistoryEntry]) -> list[tuple[int, Mapping[str, str]]]:
    """Return (moment, names by group id) for moment 0 and every moment at which a group of the user's is renamed."""
    groups = {group for entry in entries for group in entry.user.groups}
    moments = [0]
    known: dict[str, str | None] = {}
    for moment, state in index.directories:
        names = {group: state.groups.get(group) for group in groups}
        if names != known:
            moments.append(moment)
            known = names
    return [(moment, index.directory(moment).groups) for moment in moments]


def _turns(entries: Iterable[HistoryEntry], naming: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[_Turn]:
    """Yield what may have changed the field, in timeline order, from the user's beginning on."""
    own = {entry.moment: entry for entry in entries}
    renamed = [moment for moment, _ in naming]
    user: User | None = None
    for moment in sorted({*own, *renamed}):
        entry = own.get(moment)
        user = entry.user if entry else user
        if user is not None:
            names = naming[bisect_right(renamed, moment) - 1][1] if naming else {}
            yield _Turn(moment, user, names, entry)


def _span(
    read_model: ReadModel, index: VersionIndex, turn: _Turn, value: str | None, sentence: Sentence, until: int | None
) -> Span:
    steps, step = index.steps, turn.moment - 1
    change_id, recorded_at, actor, cause = _origin(read_model, index, turn)
    return Span(
        value,
        turn.moment,
        int(steps.occurred_at[step]),
        until,
        None if until is None else int(steps.occurred_at[until - 1]),
        int(steps.first_position[step]),
        recorded_at,
        actor,
        change_id,
        cause,
        sentence,
    )


def _origin(read_model: ReadModel, index: VersionIndex, turn: _Turn) -> tuple[str, int, str, Cause | None]:
    """Return (change id, recorded_at, actor, cause) of what happened at ``turn``."""
    known: HistoryEntry | StepOrigin
    if turn.entry is not None:
        known = turn.entry
    else:
        (known,) = origins_of(read_model, index, [int(index.steps.numbers[turn.moment - 1])]).values()
    return known.change_id, known.recorded_at, known.actor, known.cause


def _sentence(before: _Turn | None, turn: _Turn) -> Sentence:
    """Return what happened at ``turn``; to somebody's groups, where nothing happened to the user."""
    if turn.entry is not None:
        return turn.entry.sentence
    old = before.names if before else {}
    groups = sorted(turn.user.groups)
    both = [(old[group], turn.names[group]) for group in groups if group in old and group in turn.names]
    parts = {
        "renamed": [f"{earlier} → {later}" for earlier, later in both if earlier != later],
        "deleted": [old[group] for group in groups if group not in turn.names and group in old],
        "restored": [turn.names[group] for group in groups if group not in old and group in turn.names],
    }
    titles = [
        f"{'Group' if len(names) == 1 else f'{len(names)} groups'} {verb}" for verb, names in parts.items() if names
    ]
    return Sentence("groups", "; ".join(titles), "; ".join(listed(names) for names in parts.values() if names))

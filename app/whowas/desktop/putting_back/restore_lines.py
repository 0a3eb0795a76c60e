"""What a plan to restore says: a line for each user, group and later change, and sentences about all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from whowas.corrections.restore import Plan
from whowas.desktop.kit import dates
from whowas.desktop.kit.dialogs.change_preview import Line, directory_line, line_of
from whowas.desktop.kit.dialogs.lines_table import Fetched
from whowas.desktop.putting_back.restore_dialog import LaterLine
from whowas.desktop.session.session import Session
from whowas.domain.directory import Directory
from whowas.domain.errors import RefusedError
from whowas.domain.fields import LABELS, counted, label, listed
from whowas.domain.users import User
from whowas.projections.queries.change_lines import change_lines
from whowas.projections.queries.restorations import Restoration, Taken

_ACTORS_TOLD = 5
_BETWEEN = " · "
_UNREAD = "…"


def plan_lines(session: Session, plan: Plan) -> Sequence[Line]:
    """Return a line for each group and each user, read as it is looked at."""
    groups = [directory_line("Group", plan.groups_now.get(group_id), name) for group_id, name in plan.groups.items()]

    def fetch(first: int, beyond: int) -> Sequence[Line] | None:
        users = read(session, plan, slice(max(0, first - len(groups)), max(0, beyond - len(groups))))
        return None if users is None else [*groups[first:beyond], *map(_user_line, users)]

    return Fetched(len(groups) + len(plan.users), fetch, Line(_UNREAD))


def read(session: Session, plan: Plan, places: slice) -> Sequence[Restoration] | None:
    """Return some of the users of a plan; None while they cannot be read."""
    try:
        return session.reads.ask(lambda _read_model: plan.users[places])
    except RefusedError:
        return None


def choices(restoration: Restoration) -> list[tuple[str | None, Line]]:
    """Return (field, line) for each field of one user; None for the field of what somebody else has now."""
    return list(_pieces(restoration))


def later_lines(session: Session, plan: Plan) -> Sequence[LaterLine]:
    """Return a line for each later change, newest first, read as it is looked at."""
    newest_first = plan.later.moments

    def fetch(first: int, beyond: int) -> Sequence[LaterLine] | None:
        some = newest_first[first:beyond].tolist()
        told = session.reads.ask(lambda read_model: change_lines(read_model, plan.index, some))
        if told is None:
            return None
        return [LaterLine(dates.long(one.occurred_at), one.actor, one.text) for one in told]

    return Fetched(len(newest_first), fetch, LaterLine(_UNREAD))


def plan_sentence(plan: Plan) -> str:
    """Say how many users and groups would change, what does not come back, and whose later work is taken back."""
    if not plan:
        return "Nothing but passwords would change." if plan.passwords else ""
    changing = ((len(plan.users) - plan.stuck, "user"), (len(plan.groups), "group"))
    told = [counted(count, what) for count, what in changing if count]
    sentences = [f"{listed(told)} would change."] if told else []
    if plan.taken:
        does = "does" if plan.taken == 1 else "do"
        sentences.append(f"{counted(plan.taken, 'user')} {does} without what somebody else has now.")
    if (count := len(plan.later.moments)) and plan.possible:
        sentences.append(f"This takes back work of {counted(count, 'later change')}: {_people(plan)}.")
    return " ".join(sentences)


def nothing_sentence(plan: Plan, *, everybody: bool) -> str:
    """Say that nothing would change, and what is not as it was then but does not come back with a moment.

    ``everybody`` says that not only some users are asked about.
    """
    index, same = plan.index, "Nothing would change: all of it is as it was then."
    if not everybody:
        return same
    states = index.directory_states(index.steps.moment_of(plan.key.occurred_at, plan.key.position))
    then, now = index.directories[states - 1][1] if states else Directory(), index.latest_directory()
    fields_then, fields_now = ([*one.fields.items(), *one.definitions.items()] for one in (then, now))
    looks_then, looks_now = ((one.looks.by_name(one.groups), one.ordered_groups()) for one in (then, now))
    others = ["custom fields"] if fields_then != fields_now else []
    others += ["colours and order of groups"] if looks_then != looks_now else []
    if not others:
        return same
    return f"Nothing would change: users and groups are as they were then. Only {listed(others)} differ, and stay so."


def passwords_offer(plan: Plan) -> str:
    """Say what it means to bring passwords back; "" where nobody's differs."""
    if not plan.passwords:
        return ""
    whose = "The password of 1 user too:" if plan.passwords == 1 else f"The passwords of {plan.passwords:,} users too:"
    return f"{whose} those of then would work again, the present ones no longer"


def password_sentence(restoration: Restoration) -> str:
    """Say what it means to tick the password of one user; "" where it does not differ."""
    if restoration.now.password == restoration.then.password:
        return ""
    if restoration.then.password is None:
        return "There was no password then: tick Password to take the present one away."
    return "Tick Password only if the password of then is to work again, and the present one no longer."


def _people(plan: Plan) -> str:
    told = [f"{count:,} by {actor}" for actor, count in plan.later.actors[:_ACTORS_TOLD]]
    if others := plan.later.actors[_ACTORS_TOLD:]:
        told.append(f"{sum(count for _, count in others):,} by {counted(len(others), 'other')}")
    return listed(told)


def _user_line(restoration: Restoration) -> Line:
    lines = [line for _, line in _pieces(restoration)]
    what = ", ".join(line.what for line in lines)
    now, then = (_BETWEEN.join(texts) for texts in zip(*((line.now, line.then) for line in lines), strict=True))
    return Line(restoration.now.name, what, now, then)


def _pieces(restoration: Restoration) -> Iterator[tuple[str | None, Line]]:
    """Yield a line for each field, in the order of the form, with the field where it can be chosen."""
    changes = {change.field: change for change in restoration.changes}
    taken: dict[str, Taken] = {one.field: one for one in restoration.taken}
    now, then = restoration.now, restoration.then
    for field in dict.fromkeys([*LABELS, *changes, *taken]):
        if (one := taken.get(field)) is not None:
            yield None, _taken_line(one, now, then)
        elif field == "password":
            yield field, Line(now.name, label(field), _password(now, "set"), _password(then, "the password of then"))
        elif field in changes:
            yield field, line_of(now.name, changes[field])


def _taken_line(taken: Taken, now: User, then: User) -> Line:
    would_be = f"{then.value(taken.field) or 'empty'}: {taken.owner} has {taken.value}"
    return Line(now.name, taken.called, now.value(taken.field) or "empty", would_be)


def _password(user: User, called: str) -> str:
    return called if user.password else "none"

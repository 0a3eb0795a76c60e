"""Rows of a dated list whose keys nobody has at its date: users who were deleted by then, or who begin only later."""

from __future__ import annotations

from collections.abc import Iterator

from whowas.domain.users import User
from whowas.interchange.importing.given.rules import ImportRules
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.people.as_of import EarlierMoment, LatestMoment
from whowas.interchange.importing.people.keys import TELLING, hashed, key_of_user
from whowas.interchange.importing.people.later_changes import begins_later
from whowas.interchange.importing.told.outcomes import Refusal


def match_returning(matching: Matching, change: LatestMoment) -> None:
    """Let rows be about deleted users whose email, name or other key asked for they give: these are there again.

    The emails of deleted users name nobody, so that others may have them. None of their keys may differ; of several
    users it is the one who was there last. Raises CancelledError.
    """
    rows, telling = matching.rows, _telling(matching)
    for number in matching.watched(matching.unknown()):
        if number in rows.decided.new or rows.row(number)[0].record.status == "deleted":
            continue
        for key in matching.keys:
            given = rows.hashes[key][number]
            if key in ("id", "external_id") or not given:
                continue
            alike = [
                user
                for user in map(change.user, change.ever.holders(key, given))
                if user is not None
                and user.status == "deleted"
                and hashed(key_of_user(user, key)) == given
                and not matching.differ(number, user, telling)
            ]
            if alike:
                last = max(alike, key=lambda user: (change.last_altered(user.id), user.id))
                matching.user[number] = rows.users.number(last.id)
                break


def refuse_beginning_later(matching: Matching, change: EarlierMoment, rules: ImportRules) -> None:
    """Refuse rows that are about users whom the directory knows only from later on, or that may be about them.

    Raises CancelledError.
    """
    by_name = "name" not in rules.keys and rules.similar == "refuse"
    for number in matching.watched(matching.unknown()):
        keys = (*rules.keys, "name") if by_name and number not in matching.rows.decided.new else rules.keys
        for key, user_id in _named(matching, change, number, keys):
            begins = change.begins_later(user_id)
            user = None if begins is None else change.user_now(user_id)
            if begins is None or user is None or _is_another(matching, number, user, key):
                continue
            row, _ = matching.rows.row(number)
            column = row.columns.get(key, 0)
            field = key if column else ""
            matching.refuse(number, Refusal(column, field, begins_later(user.name, begins)))
            break


def _is_another(matching: Matching, number: int, user: User, key: str) -> bool:
    """Say whether a user of whom a row gives one key is told apart from whom it is about by another one."""
    if key in matching.keys:
        return matching.differ(number, user, matching.keys[: matching.keys.index(key)])
    return any(matching.rows.hashes[each][number] and key_of_user(user, each) for each in _telling(matching))


def _telling(matching: Matching) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*TELLING, *(key for key in matching.keys if key != "name"))))


def _named(matching: Matching, change: EarlierMoment, number: int, keys: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a row and the ids of the users who ever had them."""
    for key in keys:
        given = matching.rows.hashes[key][number]
        if not given:
            continue
        if key == "id":
            row, _ = matching.rows.row(number)
            yield key, row.record.user_id or ""
        else:
            yield from ((key, user_id) for user_id in change.ever.holders(key, given))

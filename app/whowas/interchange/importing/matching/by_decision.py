"""Rows of which a person said whom they are about, or that they are left out."""

from __future__ import annotations

from whowas.domain.fields import shortened
from whowas.domain.users import User
from whowas.interchange.importing.matching.matching import BY_DECISION, Matching
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.keys import hashed, name_of
from whowas.interchange.importing.told.outcomes import Refusal, RowPlace


def bind_decided(matching: Matching) -> None:
    """Let rows be about whom somebody said before any key is tried, or refuse them. Raises CancelledError."""
    for number in matching.watched(sorted(matching.rows.decided.new)):
        known = matching.rows.owners["id"][number]
        if known >= 0:
            row, _ = matching.rows.row(number)
            reason = f"The id in this row is that of {shortened(matching.known(known).name)}, who is no new user."
            matching.refuse(number, Refusal(row.columns.get("id", 0), "id", reason))
    claimed: list[tuple[int, int]] = []
    for number in matching.watched(matching.rows.decided.same_as):
        if not matching.live[number]:
            continue
        owner = matching.same_as.get(number)
        if owner is not None:
            matching.user[number], matching.level[number] = owner, BY_DECISION
        wrong = _cannot_be(matching, number, None if owner is None else matching.known(owner))
        if wrong:
            matching.refuse(number, Refusal(0, "", wrong))
        elif owner is not None:
            claimed.append((owner, number))
    matching.claim(claimed)


def leave_out(matching: Matching) -> None:
    """Tell of the rows that somebody decided to leave out; those that keys find count as being in the file.

    To be called once it is known whom the other rows are about. Raises CancelledError.
    """
    rows = matching.rows
    for number in matching.watched(sorted(rows.decided.left_out)):
        if matching.outcomes.told(number):
            continue
        matching.user[number] = _found_by_keys(matching, number)
        row, _ = rows.row(number)
        user = None if matching.user[number] == NOBODY else matching.known(int(matching.user[number]))
        named = (user.id, user.name) if user is not None else ("", name_of(row.record))
        place = RowPlace(rows.file_of(number), row.line, row.raw)
        matching.outcomes.tell(number, place, "left_out", *named, met=0 if user is None else user.version)


def _found_by_keys(matching: Matching, number: int) -> int:
    """Return the number of the user whom a row would be about, NOBODY where that is not known."""
    rows = matching.rows
    for level, key in enumerate(matching.keys):
        owner, given = rows.owners[key][number], rows.hashes[key][number]
        if owner >= 0 and not matching.gives_up(owner, key, given):
            others = [other for other in matching.keys[:level] if rows.hashes[other][number]]
            return NOBODY if matching.disagreement(number, matching.known(owner), key, others) else owner
    return NOBODY


def _cannot_be(matching: Matching, number: int, user: User | None) -> str:
    """Return why a row is not about a user although somebody said so, or ""."""
    if user is None:
        return "The user whom somebody said this row is about is not in the directory."
    said = f"Somebody said that this row is about {shortened(user.name)}"
    if user.status == "deleted":
        return f"{said}, who is deleted: restore them first."
    given = matching.rows.hashes["id"][number]
    return f"{said}, but its id is another one." if given and given != hashed(user.id) else ""

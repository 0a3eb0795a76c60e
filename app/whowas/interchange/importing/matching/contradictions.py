"""Rows whose keys, and what else they say, are those of different people: they are refused, as nobody can tell which.

The name counts too where it was not asked for: ids may have been given out anew, or sorted without the rest of a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set

import numpy as np

from whowas.domain.fields import shortened
from whowas.interchange.importing.matching.matching import BY_DECISION, Matching
from whowas.interchange.importing.matching.rows import NOBODY, SEVERAL
from whowas.interchange.importing.people.keys import UNIQUE, hashed, key_label, key_of_user, shown_key
from whowas.interchange.importing.told.outcomes import Refusal
from whowas.interchange.mapping.field_names import option_of


def refuse_contradictions(matching: Matching) -> None:
    """Refuse the rows, each matched alone, whose keys or names are those of different people. Raises CancelledError."""
    _refuse_disagreeing(matching)
    if len(matching.keys) > 1 and "name" not in matching.keys:
        _refuse_exchanged_names(matching)


def is_rather(matching: Matching, number: int, owner: int) -> bool:
    """Say whether a row that a key says is about one user is called like another one, by its number, instead.

    So are all rows of a list whose ids were given out anew, or sorted without the rest.
    """
    name, user = int(matching.rows.hashes["name"][number]), int(matching.user[number])
    if not name or user == NOBODY or not 0 <= matching.level[number] < len(matching.keys):
        return False
    own, other = (hashed(key_of_user(matching.known(each), "name")) for each in (user, owner))
    return name == other != own


def refuse_confused(matching: Matching, number: int, owner: int, key: str) -> None:
    """Refuse a row that one key says is about one user, and another key and the name about another one."""
    row, _ = matching.rows.row(number)
    decided = matching.keys[int(matching.level[number])]
    first, second = (shortened(shown_key(row.record, each)) for each in (decided, key))
    user, other = (shortened(matching.known(each).name) for each in (int(matching.user[number]), owner))
    reason = f"{first} belongs to {user}, but {second} and the name to {other}."
    advice = f"Say --key {option_of(decided)} or --key {option_of(key)}, whichever is right."
    matching.refuse(number, Refusal(row.columns.get(decided, 0), decided, reason, advice))


def _refuse_disagreeing(matching: Matching) -> None:
    """Refuse rows whose name or custom field, where that is a key, is that of others than an earlier key names."""
    for level, key in enumerate(matching.keys):
        if key in ("id", *UNIQUE):
            continue
        owners = np.frombuffer(matching.rows.owners[key], dtype=np.intc)
        decided = matching.live & (matching.user != NOBODY) & (matching.level < level)
        for number in matching.watched(np.flatnonzero(decided & (owners >= 0) & (owners != matching.user)).tolist()):
            owner = shortened(matching.known(int(owners[number])).name)
            _refuse_key(matching, number, key, "", f" belongs to {owner}.")
        for number in matching.watched(np.flatnonzero(decided & (owners == SEVERAL)).tolist()):
            user = int(matching.user[number])
            if user not in matching.rows.several[number, key]:
                meant = f"{shortened(matching.known(user).name)}, whom the {_decided_by(matching, number)} names"
                _refuse_key(matching, number, key, "Two users have the ", f", and {meant}, is neither.")


def _refuse_exchanged_names(matching: Matching) -> None:
    """Refuse rows that give a user the name of another one, whom another row calls otherwise.

    Two people may get other names at once by chance, and one of them the other's: where id and email say so, a row is
    refused only if names went round. Where only one key is asked for, somebody says that it is right.
    """
    names = matching.hashes("name")
    renamed: dict[int, tuple[int, int]] = {}
    holders: dict[int, int] = {}
    bound = np.flatnonzero(matching.live & (matching.user != NOBODY) & (names != 0)).tolist()
    for number in matching.watched(bound):
        former = hashed(key_of_user(matching.known(int(matching.user[number])), "name"))
        if former and former != names[number]:
            renamed[number] = former, int(names[number])
            holders.setdefault(former, number)
    round_ = _going_round(renamed)
    for number, (_, name) in matching.watched(renamed.items()):
        holder = holders.get(name)
        if holder is None or matching.level[number] == BY_DECISION:
            continue
        if number in round_ or not _is_plainly_theirs(matching, number, holder):
            row, _ = matching.rows.row(number)
            decided = matching.keys[int(matching.level[number])]
            user, other = (shortened(matching.known(int(matching.user[each])).name) for each in (number, holder))
            reason = (
                f"{shortened(shown_key(row.record, decided))} belongs to {user}, but the name to {other}, who is "
                f"called otherwise in {matching.rows.place(number, holder)}."
            )
            advice = f"Say --key {option_of(decided)} if it is the names that changed, or choose another --key."
            matching.refuse(number, Refusal(row.columns.get(decided, 0), decided, reason, advice))


def _going_round(renamed: Mapping[int, tuple[int, int]]) -> Set[int]:
    """Return which rows pass names on in a circle, or into one, given the former and the new name of each.

    So do the rows of a list whose names were sorted without the rest; where names are new to it, they end there.
    """
    holding = Counter(former for former, _ in renamed.values())
    takers: dict[int, list[int]] = {}
    for number, (_, name) in renamed.items():
        takers.setdefault(name, []).append(number)
    left = set(renamed)
    ended = [number for name, numbers in takers.items() if not holding[name] for number in numbers]
    while ended:
        number = ended.pop()
        left.remove(number)
        former, _ = renamed[number]
        holding[former] -= 1
        if not holding[former]:
            ended += takers.get(former, ())
    return left


def _is_plainly_theirs(matching: Matching, number: int, holder: int) -> bool:
    """Say whether a row has the external id of its user, and an email that is not that of whose name it is.

    A new one must not look like theirs either, as ids may be given out anew when all addresses change.
    """
    user, other = (matching.known(int(matching.user[each])) for each in (number, holder))
    own_id, own_email = (hashed(key_of_user(user, key)) for key in UNIQUE)
    given_id, given_email = (matching.rows.hashes[key][number] for key in UNIQUE)
    owner = matching.rows.owners["email"][number]
    if not own_id or own_id != given_id or not own_email or not given_email or owner == SEVERAL:
        return False
    if own_email == given_email:
        return True
    if owner != NOBODY and hashed(key_of_user(matching.known(owner), "name")) == matching.rows.hashes["name"][number]:
        return False
    row, _ = matching.rows.row(number)
    return len({_before_at(email) for email in (row.record.texts.get("email"), other.email)}) == 2


def _before_at(email: str | None) -> str:
    return (email or "").partition("@")[0].casefold()


def _decided_by(matching: Matching, number: int) -> str:
    level = int(matching.level[number])
    return "decision" if level == BY_DECISION else key_label(matching.keys[level]).lower()


def _refuse_key(matching: Matching, number: int, key: str, before: str, behind: str) -> None:
    row, _ = matching.rows.row(number)
    label = key_label(key).lower() if before else key_label(key)
    value = shortened(shown_key(row.record, key))
    matching.refuse(number, Refusal(row.columns.get(key, 0), key, f"{before}{label} {value}{behind}"))

"""Rows that say somebody is deleted whom no key finds, as the emails of deleted users name nobody: who that was.

Without that, each import of such a list would make these users anew.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whowas.domain.directory import Directory
from whowas.domain.users import User
from whowas.interchange.importing.matching.matching import Matching
from whowas.interchange.importing.matching.merging import says_nothing_new
from whowas.interchange.importing.matching.rows import NOBODY
from whowas.interchange.importing.people.everybody import Everybody
from whowas.interchange.importing.people.keys import TELLING, hashed, key_of_user


def match_deleted(matching: Matching, directory: Directory, everybody: Callable[[], Everybody]) -> None:
    """Let each such row be about a deleted user of its name, or of its email where it has none.

    None of their keys may differ. Of several it is one of whom the row says nothing new, if there is one.
    """
    rows = matching.rows
    without_email = np.frombuffer(rows.gives_up_email, dtype=np.bool_)
    open_rows = np.flatnonzero(matching.live & (matching.user == NOBODY) & without_email).tolist()
    waiting = [
        number
        for number in open_rows
        if number not in rows.decided.new and rows.row(number)[0].record.status == "deleted"
    ]
    if not waiting:
        return
    telling = tuple(dict.fromkeys((*TELLING, *matching.keys)))
    known: dict[tuple[str, int], list[User]] = {}
    for user in everybody().deleted():
        for key in ("name", "email"):
            if number := hashed(key_of_user(user, key)):
                known.setdefault((key, number), []).append(user)
    for number in waiting:
        key = "name" if rows.hashes["name"][number] else "email"
        alike = [
            user
            for user in known.get((key, rows.hashes[key][number]), ())
            if not matching.differ(number, user, telling)
        ]
        if alike:
            record = rows.row(number)[0].record
            user = next((user for user in alike if says_nothing_new(record, user, directory)), alike[0])
            matching.user[number] = rows.users.number(user.id)

"""Files whose owners are stored under the comparison keys of former versions, and when that ends.

A file of schema 1 or 2 stays as it is, so that older programs open it, while the two ways of comparing tell nothing
apart. They would not as soon as a value is asked for, taken or given up whose two keys differ; or where one is stored
that the present rule would store otherwise, which is looked for once, and again after another program has written; or
where the user who is found under a key has a value of another key, as of *weiß@* once found under *weiss@*. In each
of these cases the owners are stored anew, in the transaction that met it and before that is told anything. Nothing
else can tell the two apart: of two values that are one by the present rule, and were two, at least one has a stored
key that the present rule changes, as every invisible character, xn-- and dot of another kind stays in a key of then.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.former_keys import former_key
from whowas.domain.unique import Unique

_SUSPECT = (
    ("SELECT email FROM email_owner WHERE email GLOB '*[^!-~]*' OR email GLOB '*xn--*'", email_key),
    ("SELECT external_id FROM external_id_owner WHERE external_id GLOB '*[^!-~]*'", external_id_key),
)
"""The stored keys with anything but plain ASCII in them, or with Punycode, and what the present rule makes of each."""


class FormerKeys:
    """Watches over such a file during one transaction; ``renew`` stores its owners anew.

    ``are_plain`` says whether it is known already that the present rule changes no stored key.
    """

    def __init__(self, connection: sqlite3.Connection, renew: Callable[[], None], *, are_plain: bool) -> None:
        self.are_plain = are_plain
        self.renew = renew
        self._connection = connection

    def meet(self, field: Unique, text: str) -> None:
        """Have the owners stored anew if need be, before an email or external id is asked for or changes hands."""
        key = email_key(text) if field == "email" else external_id_key(text)
        if key != former_key(field, text) or not self._found_plain():
            self.renew()

    def _found_plain(self) -> bool:
        if not self.are_plain:
            self.are_plain = all(
                key_of(stored) == stored
                for select, key_of in _SUSPECT
                for (stored,) in self._connection.execute(select)
            )
        return self.are_plain

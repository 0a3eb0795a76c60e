"""The statements of the two tables of who owns which unique value, the same in all schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from whowas.domain.unique import Unique


class OwnerTable(NamedTuple):
    """The statements of one table."""

    every: str
    one: str
    several: str
    add: str
    remove: str
    has: str
    clear: str


TABLES: Mapping[Unique, OwnerTable] = {
    "email": OwnerTable(
        every="SELECT email, user_id FROM email_owner",
        one="SELECT user_id FROM email_owner WHERE email = ?",
        several="SELECT email, user_id FROM email_owner "
        "WHERE email IN (SELECT email FROM email_owner GROUP BY email HAVING count(*) > 1)",
        add="INSERT INTO email_owner VALUES (?, ?)",
        remove="DELETE FROM email_owner WHERE email = ? AND user_id = ?",
        has="SELECT EXISTS (SELECT 1 FROM email_owner WHERE email = ? AND user_id = ?)",
        clear="DELETE FROM email_owner",
    ),
    "external_id": OwnerTable(
        every="SELECT external_id, user_id FROM external_id_owner",
        one="SELECT user_id FROM external_id_owner WHERE external_id = ?",
        several="SELECT external_id, user_id FROM external_id_owner "
        "WHERE external_id IN (SELECT external_id FROM external_id_owner GROUP BY external_id HAVING count(*) > 1)",
        add="INSERT INTO external_id_owner VALUES (?, ?)",
        remove="DELETE FROM external_id_owner WHERE external_id = ? AND user_id = ?",
        has="SELECT EXISTS (SELECT 1 FROM external_id_owner WHERE external_id = ? AND user_id = ?)",
        clear="DELETE FROM external_id_owner",
    ),
}

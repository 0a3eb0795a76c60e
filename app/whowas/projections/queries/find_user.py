"""Finding a user by what people call one by: an id, an external id or an email."""

from __future__ import annotations

from collections.abc import Iterator

from whowas.domain.comparison_keys import email_key, external_id_key
from whowas.domain.fields import is_id
from whowas.projections.tables.read_model import ReadModel

# What is held now goes before what was held once; an external id before an email; the latest holder before others.
_HOLDERS = """
SELECT user_id, is_last FROM (
    SELECT *, number = (SELECT max(number) FROM version_row AS other WHERE other.user = version_row.user) AS is_last
    FROM version_row WHERE external_id = ? OR email = ? COLLATE NOCASE
) AS held JOIN user ON user.number = held.user
ORDER BY NOT is_last, external_id IS NOT ?, status = 'deleted', begins DESC LIMIT 1
"""

# Of those in plain ASCII, only their case can differ.
_SPELLED_OTHERWISE = (
    "SELECT DISTINCT email FROM version_row WHERE email GLOB '*[^ -~]*' OR email LIKE '%xn--%'",
    "SELECT DISTINCT external_id FROM version_row WHERE external_id GLOB '*[^!-~]*'",
)


def user_called(read_model: ReadModel, who: str) -> str | None:
    """Return the id of the user with that id, external id or email, held now or, if nobody has it now, ever.

    Emails and external ids are compared as they are for uniqueness. None where nobody was ever called so.
    """
    if is_id(who.lower()) and read_model.user_number(who.lower()) is not None:
        return who.lower()
    if any("\ud800" <= character <= "\udfff" for character in who):
        return None  # half a character, which nobody is called and SQLite does not take
    once: str | None = None
    for external_id, email in _spellings(read_model, who):
        for user_id, is_now in read_model.select(_HOLDERS, (external_id, email, external_id)):
            if is_now:
                return str(user_id)
            once = once or str(user_id)
    return once


def _spellings(read_model: ReadModel, who: str) -> Iterator[tuple[str | None, str | None]]:
    """Yield what may be held, as (external id, email): ``who``, its keys, then all of the same keys."""
    yield who, who
    yield external_id_key(who), email_key(who)
    emails, external_ids = _SPELLED_OTHERWISE
    if "@" in who:
        key = email_key(who)
        yield from ((None, email) for (email,) in read_model.select(emails) if email_key(email) == key)
    key = external_id_key(who)
    yield from ((held, None) for (held,) in read_model.select(external_ids) if external_id_key(held) == key)

"""Finding a user by what people call one by: an id, an external id or an email."""

from __future__ import annotations

from whowas.domain.comparison_keys import email_key
from whowas.domain.fields import is_id
from whowas.projections.tables.read_model import ReadModel

# What is held now goes before what was held once; an external id before an email; the latest holder before others.
_HOLDERS = """
SELECT user_id FROM version_row JOIN user ON user.number = version_row.user
WHERE external_id = ? OR email = ? COLLATE NOCASE
ORDER BY ends IS NOT NULL, external_id IS NOT ?, status = 'deleted', begins DESC LIMIT 1
"""


def user_called(read_model: ReadModel, who: str) -> str | None:
    """Return the id of the user with that id, external id or email, held now or, if nobody has it now, ever.

    Emails are compared as they are for uniqueness. None where nobody was ever called so.
    """
    if is_id(who.lower()) and read_model.user_number(who.lower()) is not None:
        return who.lower()
    if any("\ud800" <= character <= "\udfff" for character in who):
        return None  # half a character, which nobody is called and SQLite does not take
    for email in (who, *_spellings(read_model, who)):
        for (user_id,) in read_model.select(_HOLDERS, (who, email, who)):
            return str(user_id)
    return None


def _spellings(read_model: ReadModel, who: str) -> list[str]:
    """Return the emails that differ from ``who`` only by the case of letters that SQLite does not fold."""
    if "@" not in who:
        return []
    emails = read_model.select("SELECT DISTINCT email FROM version_row WHERE email IS NOT NULL")
    return [email for (email,) in emails if email_key(email) == email_key(who)]

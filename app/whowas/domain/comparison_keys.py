"""The keys by which emails, external ids and names of people are compared, wherever they are stored or looked for.

Two spellings that people cannot tell apart, or that reach the same mailbox, have one key: invisible characters do not
count, letters are composed (NFC), and a domain is what UTS 46 makes of it, non-transitional, as for browsers. Of what
is before the @, upper and lower case are the same by *simple* case folding only: ß is not ss and ı is not i, as those
may be two mailboxes of two people. Every key is its own key, and no text is refused.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
"""Unicode's Default_Ignorable_Code_Point: soft hyphen, zero-width characters, controls of direction, BOM and others."""

_BLANK_BUT_NO_SPACE = "\u2800"
"""A braille pattern without dots."""

_FIRST_UNSEEN_LETTER = "\u115f"
"""The first letter, as Unicode counts, that is invisible: a filler of Hangul."""

_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})


def without_invisible(text: str) -> str:
    """Return ``text`` without the characters that nobody can see, wherever they are; blanks stay."""
    return text if text.isascii() else _INVISIBLE.sub("", text)


def is_readable(text: str) -> bool:
    """Say whether there is anything in ``text`` that one can see."""
    if text.isascii() and text.isprintable():
        return bool(text.strip())
    if text[:1].isalpha() and text < _FIRST_UNSEEN_LETTER:
        return True
    return any(
        not character.isspace()
        and character != _BLANK_BUT_NO_SPACE
        and unicodedata.category(character) not in _UNSEEN_CATEGORIES
        for character in without_invisible(text)
    )


def email_key(email: str) -> str:
    """Return the form in which two emails are compared."""
    if email.isascii():
        lowered = email.lower().strip()
        if "xn--" not in lowered:
            return lowered
    local, at, domain = without_invisible(email).strip().rpartition("@")
    if not at:
        return _simply_folded(domain)
    return f"{_simply_folded(local)}@{_domain_key(domain)}"


def external_id_key(external_id: str) -> str:
    """Return the form in which two external ids are compared; upper and lower case differ."""
    if external_id.isascii():
        return external_id.strip()
    return unicodedata.normalize("NFC", without_invisible(external_id)).strip()


def person_key(first_name: str | None, last_name: str | None) -> str:
    """Return the form in which the full names of two people are compared; empty where there is nothing to read."""
    name = f"{first_name or ''} {last_name or ''}"
    if not name.isascii():
        if not is_readable(name):
            return ""
        name = unicodedata.normalize("NFC", unicodedata.normalize("NFC", without_invisible(name)).casefold())
    return " ".join(name.casefold().split())


def _domain_key(domain: str) -> str:
    """Return a domain with its labels in Unicode, not in Punycode; what UTS 46 forbids, as it is but for its case."""
    lowered = domain.lower()
    if domain.isascii() and "xn--" not in lowered:
        return lowered
    # There are capitals that it forbids while it knows their small letters.
    for spelling in (domain, _simply_folded(domain)):
        mapped = _mapped(spelling)
        if mapped is not None:
            return ".".join(_label(label) for label in mapped.split("."))
    return _simply_folded(domain)


def _label(label: str) -> str:
    """Return a label of a domain in Unicode, if it is sound Punycode, else as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        decoded = without_invisible(label.removeprefix("xn--").encode("ascii").decode("punycode"))
    except UnicodeError:
        return label
    return label if decoded.isascii() or _mapped(decoded) != decoded else decoded


def _mapped(domain: str) -> str | None:
    """Return what UTS 46 maps a domain to, None if it forbids a character of it."""
    import idna  # takes a while, and most domains are plain ASCII

    try:
        return idna.uts46_remap(domain, std3_rules=False, transitional=False)
    except idna.IDNAError:
        return None


def _simply_folded(text: str) -> str:
    """Return ``text`` composed and with every letter as its simple case folding, which is one letter too."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFC", text)
    folded = composed.casefold()
    if len(folded) == len(composed):  # every letter has one letter for its full folding, which is then the simple one
        return unicodedata.normalize("NFC", folded)
    return unicodedata.normalize("NFC", "".join(map(_simple_folding, composed)))


def _simple_folding(letter: str) -> str:
    """Return the simple case folding of a letter (status C or S in Unicode's CaseFolding.txt).

    Python has the full one only. Where that takes several letters, the simple one is the small letter, if there is a
    single one (ẞ becomes ß), or none (İ stays).
    """
    for folding in (letter.casefold(), letter.lower()):
        if len(folding) == 1:
            return folding
    return letter

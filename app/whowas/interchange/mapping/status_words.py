"""Words for a status, and for yes and no, in the languages of the titles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from whowas.domain.users import Status
from whowas.interchange.mapping.roles import Role
from whowas.interchange.mapping.title_keys import title_key

WORDS: Mapping[Status, tuple[str, ...]] = {
    "active": (
        *("active", "activated", "enabled", "current", "unblocked", "not blocked", "not suspended"),
        *("aktiv", "aktiviert", "freigeschaltet", "nicht gesperrt"),
        *("actif", "active", "activé", "activée", "non bloqué"),
        *("activo", "activa", "activado", "activada", "habilitado", "habilitada"),
        *("启用", "已启用", "啟用", "已啟用", "激活", "已激活", "正常", "在职", "在職", "有效", "活跃", "活动"),
    ),
    "suspended": (
        *("suspended", "inactive", "disabled", "deactivated", "blocked", "archived", "not active"),
        *("inaktiv", "deaktiviert", "gesperrt", "blockiert", "archiviert", "suspendiert", "nicht aktiv", "ruhend"),
        *("inactif", "inactive", "désactivé", "désactivée", "suspendu", "suspendue", "bloqué", "bloquée", "archivé"),
        *("archivée", "non actif"),
        *("inactivo", "inactiva", "desactivado", "desactivada", "suspendido", "suspendida", "bloqueado", "bloqueada"),
        *("deshabilitado", "deshabilitada", "inhabilitado", "inhabilitada", "archivado", "archivada"),
        *(
            "禁用",
            "已禁用",
            "停用",
            "已停用",
            "冻结",
            "已冻结",
            "暂停",
            "已暂停",
            "暫停",
            "离职",
            "離職",
            "已离职",
            "无效",
        ),
        *("已归档", "非活动", "未启用", "未激活"),
    ),
    "deleted": (
        *("deleted", "gelöscht", "supprimé", "supprimée", "eliminado", "eliminada", "borrado", "borrada"),
        *("已删除", "已刪除"),
    ),
}

YES = (
    *("yes", "true", "1", "y", "on", "ja", "wahr", "oui", "vrai", "sí", "si", "verdadero", "是", "真", "x", "✓", "✔"),
)
NO = ("no", "false", "0", "n", "off", "nein", "falsch", "non", "faux", "falso", "否", "假")

BLANK = ""
"""The word by which a person says what blank cells mean."""

_LONGEST_NUMBER = 10

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d|\b\d\d?([/.-])\d\d?\1\d\d\b", re.ASCII)

_MEANINGS: Mapping[Role, tuple[Status, Status]] = {
    "enabled": ("active", "suspended"),
    "blocked": ("suspended", "active"),
    "deleted": ("deleted", "active"),
}
"""What yes and what no mean under a title of that role."""


@cache
def words_of(role: Role) -> Mapping[str, Status]:
    """Return what a cell says under a title of that role, by the words' keys.

    A bare yes or no says nothing of a status: only a question like "Enabled" or "Blocked" makes it one.
    """
    words: dict[str, Status] = {title_key(word): status for status, all_of in WORDS.items() for word in all_of}
    if role in _MEANINGS:
        yes, no = _MEANINGS[role]
        words |= {word_key(word): yes for word in YES} | {word_key(word): no for word in NO}
    return words


def status_of_number(text: str) -> Status | None:
    """Return what the attribute userAccountControl of Active Directory says: its second bit disables an account."""
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        return None
    return "suspended" if int(text) & 2 else "active"


def has_year(text: str) -> bool:
    """Say whether a cell holds a year of our time, as a moment does, and not "0", "never" or 0001-01-01."""
    return _YEAR.search(text) is not None


def word_key(word: str) -> str:
    """Return the form in which words for a status are compared."""
    return title_key(word) or word.strip()

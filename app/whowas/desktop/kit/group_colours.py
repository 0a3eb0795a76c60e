"""The colours of groups, as the theme has them."""

from __future__ import annotations

from collections.abc import Mapping

from whowas.desktop.kit.theme import Token

_TOKENS: Mapping[str, Token] = {
    "red": "group_red",
    "pink": "group_pink",
    "purple": "group_purple",
    "blue": "group_blue",
    "teal": "group_teal",
    "green": "group_green",
    "olive": "group_olive",
    "grey": "group_grey",
}


def token_of(colour: str | None) -> Token | None:
    """Return the token of a group's colour; None for none, or for one that only a newer program knows."""
    return None if colour is None else _TOKENS.get(colour)

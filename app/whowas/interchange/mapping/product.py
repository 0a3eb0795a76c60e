"""A product whose exports are recognised: its titles and its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from whowas.domain.users import Status
from whowas.interchange.mapping.roles import Titles
from whowas.interchange.mapping.title_keys import title_key
from whowas.interchange.mapping.titles.recognised import Meaning, general_keys, keys_of, meaning_in


@dataclass(frozen=True, slots=True)
class Product:
    """What the exports of a product look like, as far as it differs from what is recognised anyway.

    It is recognised by any of the sets of titles in ``known_by``. ``titles`` come before those of the languages, and
    ``other_things`` are titles that mean something else here than they usually do. ``words`` are its own words for a
    status. ``between_values`` separates several values in a cell.
    """

    name: str
    known_by: tuple[tuple[str, ...], ...]
    titles: Titles
    other_things: tuple[str, ...] = ()
    words: Mapping[Status, tuple[str, ...]] = field(default_factory=dict)
    between_values: str = ""

    def recognises(self, keys: Collection[str]) -> bool:
        """Say whether these keys of titles are those of an export of this product."""
        return any(all(title_key(title) in keys for title in known) for known in self.known_by)

    def known_titles(self, keys: Collection[str]) -> int:
        """Return how many of these keys are known as titles of this product."""
        own = set(keys_of([self.titles])) | {title_key(title) for title in self.other_things}
        own |= {title_key(title) for known in self.known_by for title in known}
        return len(own.intersection(keys))


NO_PRODUCT = Product("", (), {})


class TitleMeanings:
    """What titles mean in the exports of a product."""

    def __init__(self, product: Product) -> None:
        self._own = keys_of([product.titles])
        self._other_things = {title_key(title) for title in product.other_things}

    def meaning(self, title: str) -> Meaning | None:
        """Return the meaning of a title, which is preferred where the product itself has it; None for unrecognised."""
        own = meaning_in(self._own, title)
        if own is not None or title_key(title) in self._other_things:
            return own
        general = meaning_in(general_keys(), title)
        return general and Meaning(general.role, (len(self._own) + general.place[0], general.place[1]))

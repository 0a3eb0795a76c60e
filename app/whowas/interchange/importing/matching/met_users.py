"""The users whom the keys of rows name, by number, as an array has room for numbers only."""

from __future__ import annotations


class MetUsers:
    """The ids of users who are met, each with a number from 0."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def number(self, user_id: str) -> int:
        """Return the number of a user, a new one where there is none."""
        known = self._numbers.setdefault(user_id, len(self.ids))
        if known == len(self.ids):
            self.ids.append(user_id)
        return known

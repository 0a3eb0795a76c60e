"""What became of a file of an older version when its owners were stored anew, in sentences for the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from whowas.domain.fields import label, listed, shortened
from whowas.store.owner_folding import Shared

_USERS_NAMED = 10
"""How many users of one shared value are named."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """Owners were stored anew in a file of which there is a ``copy`` as it was; ``shared`` is what several have now."""

    copy: Path
    shared: tuple[Shared, ...]

    def told(self, at_most: int | None = None) -> list[str]:
        """Return what people have to know of it: a sentence about the file, and one for each shared value.

        Where there are more than ``at_most``, the last one says how they are found.
        """
        sentence = (
            "Emails and external ids that look alike count as one from now on, so this file was renewed: versions of "
            f"Whowas before 0.5.0 do not open it any more. Before that, a copy of it was made: “{self.copy}”."
        )
        sentences = [sentence, *shared_told(self.shared[:at_most])]
        more = 0 if at_most is None else len(self.shared) - at_most
        if more > 0:
            sentences.append(f"There are {more:,} more of these: “whowas verify” lists them.")
        return sentences


def shared_told(shared: Iterable[Shared]) -> list[str]:
    """Return a sentence for each value that several users have."""
    return [_told(one) for one in shared]


def _told(shared: Shared) -> str:
    users = [f"{shortened(user.name)} ({shortened(user.text(shared.field) or '')})" for user in shared.users]
    more = len(users) - _USERS_NAMED
    who = listed([*users[:_USERS_NAMED], f"{more:,} more"] if more > 0 else users)
    what = label(shared.field)
    return f"{who} have the same {what[0].lower()}{what[1:]}. Each keeps it until it is changed."

"""What verifying found, as a text that can be kept beside the directory's papers."""

from __future__ import annotations

from whowas import __version__
from whowas.desktop.keeping.seen_words import SeenLine
from whowas.desktop.keeping.verify_words import LOOKED_AT, VerifyOutcome
from whowas.desktop.kit import dates
from whowas.desktop.session.verification import Verification


def report_lines(file: str, found: Verification, outcome: VerifyOutcome, seen: SeenLine, now: int) -> list[str]:
    """Return the lines of the report on what ``file`` names; ``now`` is in UTC microseconds."""
    in_part = found.damage is not None and found.damage.position is not None
    called = "Head of what is sound" if in_part else "Head"
    head = "Head: there is none to rely on" if found.head is None else f"{called}: {found.head}"
    return [
        "Is the history as it was written?",
        "",
        f"File: {file}",
        f"Checked: {dates.precise(now)}, by Whowas {__version__}",
        "",
        outcome.title,
        outcome.detail,
        "",
        *LOOKED_AT.splitlines(),
        "",
        head,
        seen.text,
    ]

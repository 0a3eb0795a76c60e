"""Telling what fails before a commit from what fails after it: once something is done, no failure undoes it."""

from __future__ import annotations

from dataclasses import dataclass

import click


@dataclass(slots=True)
class Done:
    """What the command that runs has done for good, in a ``sentence``; empty where it has done nothing yet."""

    sentence: str = ""


def committed(sentence: str) -> None:
    """Note that the command has done its work: whatever fails from here on is told with ``sentence``, and exits 0."""
    done = click.get_current_context().find_object(Done)
    assert done is not None
    done.sentence = sentence

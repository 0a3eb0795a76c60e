"""Imports that take longer than showing the window, made as jobs before they are needed.

They run off the GUI thread, and therefore import nothing of Qt: its types are made where they are first asked for, and
one that is asked for by two threads at once may end the program.
"""

from __future__ import annotations

from whowas.domain.progress import Progress


def import_reading(_progress: Progress) -> None:
    """Import what a page answers its questions with."""
    import whowas.projections.blame
    import whowas.projections.compared
    import whowas.projections.comparison
    import whowas.projections.moment_list
    import whowas.projections.read_side  # noqa: F401


def import_writing(_progress: Progress) -> None:
    """Import what commands need."""
    import whowas.bus
    import whowas.interchange.comparison_export
    import whowas.interchange.importing
    import whowas.restoring
    import whowas.undo_sentences
    import whowas.undoing_one.outcome
    import whowas.undoing_one.planning
    import whowas.what_if.applying
    import whowas.what_if.imagining  # noqa: F401

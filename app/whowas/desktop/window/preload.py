"""Imports that take longer than showing the window, made as jobs before they are needed.

They run off the GUI thread, and therefore import nothing of Qt: its types are made where they are first asked for, and
one that is asked for by two threads at once may end the program.
"""

from __future__ import annotations

from whowas.domain.progress import Progress


def import_reading(_progress: Progress) -> None:
    """Import what a page answers its questions with."""
    import whowas.projections.queries.comparison
    import whowas.projections.queries.differences
    import whowas.projections.queries.field_history
    import whowas.projections.queries.named_moments
    import whowas.projections.sides.read_side  # noqa: F401


def import_writing(_progress: Progress) -> None:
    """Import what commands need."""
    import whowas.command_bus.bus
    import whowas.corrections.restore
    import whowas.corrections.undo.last_change
    import whowas.corrections.undo.sentences
    import whowas.corrections.undo_one.outcome
    import whowas.corrections.undo_one.planning
    import whowas.corrections.what_if.apply
    import whowas.corrections.what_if.rerun
    import whowas.erasure
    import whowas.interchange.comparison_export
    import whowas.interchange.formats
    import whowas.interchange.importing.list_look
    import whowas.interchange.importing.ready
    import whowas.interchange.importing.remembered
    import whowas.interchange.importing.told.deeds
    import whowas.interchange.importing.told.sentences
    import whowas.interchange.writing
    import whowas.projections.queries.present
    import whowas.safekeeping.backing_up
    import whowas.store.backup
    import whowas.system.passwords  # noqa: F401

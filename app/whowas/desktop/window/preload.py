"""Imports that take longer than showing the window, made before they are needed.

Those made as jobs run off the GUI thread, and therefore import nothing of Qt: its types are made where they are first
asked for, and one that is asked for by two threads at once may end the program. What needs Qt is imported in parts on
the GUI thread, none of which holds it up for longer than a frame or two.
"""

from __future__ import annotations

from whowas.domain.progress import Progress

PAGE_PARTS = (
    "whowas.desktop.session.change_selection",
    "whowas.desktop.timeline.playback",
    "whowas.desktop.timeline.picture",
    "whowas.desktop.timeline.slider",
    "whowas.desktop.timeline.panel",
    "whowas.desktop.page.moment_words",
    "whowas.desktop.details.draft_store",
    "whowas.desktop.table.delegate",
    "whowas.desktop.table.view",
    "whowas.desktop.page.selection",
    "whowas.desktop.sections.sidebar",
    "whowas.desktop.page.answers",
    "whowas.desktop.page.several_drafts",
    "whowas.desktop.page.several_users",
    "whowas.desktop.page.directory_page",
    "whowas.desktop.window.page_within",
)
"""What a page is made of, imported in turns of the event loop while its directory is opened; see ``LoadingParts``."""

EQUIPMENT_PARTS = (
    "whowas.desktop.keeping.backups_dialog",
    "whowas.desktop.session.job_progress",
    "whowas.desktop.keeping.backup_commands",
    "whowas.desktop.putting_back.restore",
    "whowas.desktop.putting_back.commands",
    "whowas.desktop.time_travel.go_to_date_dialog",
    "whowas.desktop.time_travel.commands",
    "whowas.desktop.history.list",
    "whowas.desktop.time_travel.field_history",
    "whowas.desktop.exchange.commands",
    "whowas.desktop.exchange.pasted_rows",
    "whowas.desktop.keeping.verify_commands",
    "whowas.desktop.users.commands",
    "whowas.desktop.users.copy_rows",
    "whowas.desktop.users.drag_rows",
    "whowas.desktop.users.edit_in_form",
    "whowas.desktop.users.selection_commands",
    "whowas.desktop.bulk.commands",
    "whowas.desktop.users.draft_commands",
    "whowas.desktop.groups.menu",
    "whowas.desktop.fields.commands",
    "whowas.desktop.what_if.commands",
    "whowas.desktop.keeping.seen_strip",
    "whowas.desktop.window.page_commands",
    "whowas.desktop.sharing.commands",
    "whowas.desktop.kit.value_rows",
    "whowas.desktop.details.rows",
    "whowas.desktop.details.form",
    "whowas.desktop.details.panel",
    "whowas.desktop.details.presenter",
    "whowas.desktop.selection.shared_chips",
    "whowas.desktop.selection.panel",
    "whowas.desktop.selection.presenter",
    "whowas.desktop.window.moved_file",
)
"""What a page is equipped with, imported in the same way once it was painted."""


def import_reading(_progress: Progress) -> None:
    """Import what a page answers its questions with."""
    import whowas.projections.queries.comparison
    import whowas.projections.queries.differences
    import whowas.projections.queries.field_history
    import whowas.projections.queries.named_moments
    import whowas.projections.queries.selection_summary
    import whowas.projections.sides.read_side  # noqa: F401
    from whowas.system.allocation import give_large_blocks_back

    give_large_blocks_back()


def import_writing(_progress: Progress) -> None:
    """Import what commands need."""
    import whowas.command_bus.bus
    import whowas.command_bus.group_merging
    import whowas.corrections.bulk_edit
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

"""What shows the pages of the assistant is imported when it is first needed, in parts that are each within a frame."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

from whowas.domain.progress import Progress
from whowas.store.gc_pauses import freeze_existing, gc_paused

_ASSISTANT: Final = "whowas.desktop.exchange.assistant"
_PREVIEW: Final = "whowas.desktop.exchange.preview"
FOR_JOBS: Final = (f"{_ASSISTANT}.jobs.looking", f"{_ASSISTANT}.jobs.import_job")
"""What the jobs need, and the pages too: two threads that import one module wait for each other."""

PARTS: Final = (
    "whowas.desktop.kit.menu_box",
    f"{_ASSISTANT}.columns.merged",
    f"{_ASSISTANT}.columns.detected_row",
    f"{_ASSISTANT}.columns.columns_table",
    f"{_ASSISTANT}.columns.true_since",
    f"{_ASSISTANT}.columns.options",
    f"{_ASSISTANT}.columns.status_box",
    f"{_ASSISTANT}.columns.page",
    f"{_PREVIEW}.words.row_words",
    f"{_PREVIEW}.filter_chips",
    f"{_PREVIEW}.rows.preview_rows",
    f"{_PREVIEW}.table.model",
    f"{_PREVIEW}.table.cells",
    f"{_PREVIEW}.table.view",
    f"{_PREVIEW}.strips",
    f"{_PREVIEW}.page",
    "whowas.desktop.kit.assistant.frame",
    f"{_ASSISTANT}.frame.dialog",
    f"{_ASSISTANT}.jobs.looking",
    f"{_ASSISTANT}.files.dialog",
    f"{_ASSISTANT}.import_step",
    f"{_ASSISTANT}.choosing",
    f"{_ASSISTANT}.previewing",
    # What shows an import that was made: by then much else happens in the window.
    "whowas.desktop.history.items",
    "whowas.desktop.changes.list",
    "whowas.desktop.changes.panel",
    "whowas.desktop.changes.presenter",
    "whowas.desktop.kit.toast",
    f"{_ASSISTANT}.pages",
)
"""The modules, each before those that need it; the last one needs all of them."""


def load_for_jobs(_progress: Progress) -> None:
    """Import as a job what the jobs need: the window imports nothing that a job is just importing.

    The garbage collector passes over all that is there by then: in the midst of so many modules it would look through
    everything, which was measured to stop the window for 70 ms.
    """
    anew = any(name not in sys.modules for name in FOR_JOBS)
    with gc_paused():
        for name in FOR_JOBS:
            import_module(name)
    if anew:
        freeze_existing()

"""What the assistant says of an import before and after it."""

from __future__ import annotations

from collections.abc import Sequence

from whowas.desktop.exchange.assistant.columns.keys import keys_words
from whowas.desktop.exchange.assistant.jobs.looking import Looked
from whowas.desktop.exchange.assistant.plan import ImportPlan
from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.desktop.kit import dates
from whowas.domain.fields import ATTRIBUTE_PREFIX, counted
from whowas.interchange.importing.list_look import ListLook
from whowas.interchange.importing.told.outcome import ImportOutcome
from whowas.interchange.importing.told.sentences import named

NOTHING = "Nothing would change"
NOT_SO = "It cannot be imported as it is"
CHANGED_MEANWHILE = "The directory was changed meanwhile, and nothing was imported. This is what it would do now"
AS_LAST_TIME = "The columns are taken as the last time a file had these titles."
_MOST_NAMED = 3


def other_than_last_time(looked: Looked) -> str:
    """Say what of that which was said the last time does not fit what is read now."""
    if looked.anew:
        return "Not all that was said the last time fits any more: what does not was found out anew."
    are, them = ("is", "it") if len(looked.lacking) == 1 else ("are", "them")
    which = named(looked.lacking, most=_MOST_NAMED)
    return f"{which} {are} no longer there: what was said of {them} the last time does not count."


def button(rows: PreviewRows) -> str:
    """Return what the button says that imports, for example "Import 19 users"."""
    taken = rows.taken.created + rows.taken.changed
    return f"Import {counted(taken, 'user')}" if taken else "Import"


def imported(rows: PreviewRows, name: str) -> str:
    """Return what was done, for the toast; ``name`` is what the files are called."""
    taken = rows.taken.created + rows.taken.changed
    if taken:
        return f"Imported {counted(taken, 'user')} from {name}"
    done = rows.taken.suspended + rows.taken.deleted
    if done:
        verb = "Suspended" if rows.taken.suspended else "Deleted"
        if rows.several_files:  # each of several lists may lack others
            return f"Imported {name}: {counted(done, 'user')} {verb.lower()}"
        return f"{verb} {counted(done, 'user')} who {'is' if done == 1 else 'are'} not in {name}"
    return f"Imported {name}"


def subtitle(looks: Sequence[ListLook], plan: ImportPlan) -> str:
    """Return what is imported, for example "120 rows in the file, 2 of them blank · recognised by email · …"."""
    if not looks:
        return "Changes that stand in the file, each at its own date"
    rows, blank = sum(look.rows for look in looks), sum(look.blank for look in looks)
    where = "in the file" if len(looks) == 1 else f"in {len(looks):,} files"
    empty = f", {blank:,} of them blank" if blank else ""
    return f"{counted(rows, 'row')} {where}{empty} · {_recognised(plan.rules.keys, looks)} · {_true_since(plan)}"


def decided_again(outcome: ImportOutcome) -> str:
    """Say that the directory was changed since the preview, and of how many rows something else would become."""
    again = len(outcome.decided_again)
    lines = "1 row comes" if again == 1 else f"{again:,} rows come"
    return f"{CHANGED_MEANWHILE}: {lines} out otherwise."


def _recognised(keys: Sequence[str], looks: Sequence[ListLook]) -> str:
    gives = {field for look in looks for column in look.columns for field in column.becomes}
    said = keys_words(keys, gives)
    custom = next((key for key in keys if key in gives), "").startswith(ATTRIBUTE_PREFIX)
    return f"recognised by {said if custom else said[:1].lower() + said[1:]}"


def _true_since(plan: ImportPlan) -> str:
    moments = sorted(plan.moments.values())
    if not moments:
        return "true since today"
    if len(moments) == 1:
        return f"true since {dates.day(moments[0])}"
    return f"true from {dates.day(moments[0])} to {dates.day(moments[-1])}"

"""What damage in the history is called, in one sentence for people, wherever it is met."""

from __future__ import annotations

from whowas.store.chain import Damage

HEADING = "The history is not as it was written."
CONTRADICTS = "it contradicts what was recorded before it"
"""The reason of damage that the hash chain does not show: the file was made by other means."""


def within(clause: str) -> str:
    """Return a clause as it stands within a sentence."""
    return clause[:1].lower() + clause[1:]


def what_happened(damage: Damage, change: int | None = None) -> str:
    """Return what is wrong with the first event that is damaged, as a clause that ends without a full stop.

    Where changes are counted and not events, ``change`` is the number of the one that it belongs to. Damage that lies
    at no one event is told by its reason alone.
    """
    if damage.position is None:
        return damage.reason[:1].upper() + damage.reason[1:]
    it = f"event {damage.position:,}" if change is None else f"change {change:,}"
    named = it.capitalize()
    if "cannot be read" in damage.reason:
        return f"{named} cannot be read"
    if "cut off" in damage.reason:
        return f"The history was cut off before {it}"
    if "payload is missing" in damage.reason:
        return f"What {it} holds is missing"
    if "missing" in damage.reason:
        return f"{named} is missing"
    if damage.reason == CONTRADICTS:
        return f"{named} contradicts what is before it"
    if "differs from the head" in damage.reason:
        return f"{named} is not the one that was there before"
    return f"{named} was altered after it was saved"


def heading(damage: Damage | None) -> str:
    """Return the words that stand before what is wrong with a directory; None for what is not known as damage."""
    return "This directory is damaged." if damage is None or damage.position is None else HEADING


def why_read_only(damage: Damage) -> str:
    """Return all that is to be said of a damaged directory where nothing can be written to it."""
    return opened_read_only(damage) if damage.position is None else f"{HEADING} {opened_read_only(damage)}"


def opened_read_only(damage: Damage, change: int | None = None) -> str:
    """Return why a damaged directory is open to be read only, in sentences that go on after ``heading``.

    ``change`` is that of ``what_happened``.
    """
    if damage.position is None:
        return f"{damage.sentence()} Opened read-only."
    what, sound = what_happened(damage, change), (damage.position if change is None else change) - 1
    if not sound:
        return f"{what}; there is nothing before it. Opened read-only."
    are = "the one before it is" if sound == 1 else f"the {sound:,} before it are"
    return f"{what}; {are} sound. Opened read-only."

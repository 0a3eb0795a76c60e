"""Outcomes of rows, as an import would tell them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from whowas.desktop.exchange.preview.rows.preview_rows import PreviewRows
from whowas.domain.progress import unwatched
from whowas.interchange.importing.told.outcome import WHATS, ImportOutcome, RowOutcome, Value, What

FILE = "google-users.csv"
SUSPENDED: Mapping[str, tuple[Value, Value]] = {"status": ("active", "suspended")}
TOO_MANY = RowOutcome(
    "", 0, "refused", reason="34 of 100 users are not in the list, more than a third.", advice="Only with --yes."
)
CANDIDATES = {"u1": "Mika Sand, mika@example.org", "u2": "Mika Sand, m.sand@example.org"}


def names(ids: Sequence[str]) -> dict[str, str]:
    return {user_id: CANDIDATES[user_id] for user_id in ids if user_id in CANDIDATES}


def row(
    line: int, what: What, name: str, changes: Mapping[str, tuple[Value, Value]] | None = None, **more: Any
) -> RowOutcome:
    return RowOutcome(FILE if line else "", line, what, f"id of {name}" if name else "", name, changes or {}, **more)


ADA = row(2, "changed", "Ada Osei", {"phone": ("0172", "0199"), "attribute:Cost centre": (None, "4405")})
ALBA = row(0, "missing", "Alba Ferrant", SUSPENDED)
BRAM = row(
    14,
    "created",
    "Bram Ostler",
    {
        "first_name": (None, "Bram"),
        "last_name": (None, "Ostler"),
        "email": (None, "bram@example.org"),
        "status": (None, "active"),
        "groups": (None, ("Night shift",)),
    },
)
CORA = row(20, "unchanged", "Cora Same")
DORIT = row(29, "refused", "Dorit Landau", reason="“dorit@example” is not an email address.", field="email")
MIKA = row(70, "similar", "Mika Sand", reason="Mika Sand is in the directory.", perhaps=("u1", "u2", "gone"))
PIET = row(73, "left_out", "Piet Over")
ROWS = [ADA, BRAM, CORA, DORIT, MIKA, PIET, ALBA]


def outcome(rows: Sequence[RowOutcome], **more: Any) -> ImportOutcome:
    counts = Counter(one.what for one in rows)
    said: dict[str, Any] = {
        "suspended": counts["missing"],
        "deleted": 0,
        "events": 1,
        "left_out": (),
        "fields": (),
        "groups": (),
        "said": (),
        "readable": True,
        "accepted": True,
        "written": False,
        "header": "",
    }
    return ImportOutcome(rows=rows, counts={what: counts[what] for what in WHATS}, **(said | more))


def preview(rows: Sequence[RowOutcome], **more: Any) -> PreviewRows:
    return PreviewRows.of(outcome(rows, **more), unwatched)

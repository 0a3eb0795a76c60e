"""A total is told from a user, and in doubt it is a user."""

from __future__ import annotations

import pytest

from whowas.interchange.reading.totals import is_total


@pytest.mark.parametrize(
    "cells",
    [
        ["Total", "", "37"],
        ["", "Total:", "37"],
        ["Summe", "1.234,50 €", ""],
        ["Total: 37"],
        ["Gesamt", "37", "12"],
        ["TOTAL", "100%"],
        ["Total général", "12"],
        ["合计", "3"],
        ["Sum:", "3"],
        ["Anzahl Mitglieder: 37"],
        ["Total members 37"],
        ["Total users:", "37"],
        ["", "37 members"],
    ],
)
def test_totals(cells: list[str]) -> None:
    assert is_total(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ["Total"],
        ["Total", "", "", ""],
        ["Sum", "Ting", "5551234"],
        ["Sum", "", "5551234"],
        ["Total", "Quill", "37"],
        ["Total", "", "+49 30 1"],
        ["Total", "0301234"],
        ["Total", "t@example.org"],
        ["Mara", "", "37"],
        ["Total Quill", "37"],
        ["Total Quill"],
        ["37 Elm Street"],
        ["37 members", "m@example.org"],
        ["Totalo", "37"],
        ["", "37"],
        [""],
    ],
)
def test_users(cells: list[str]) -> None:
    assert not is_total(cells)

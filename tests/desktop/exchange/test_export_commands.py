"""Every format can be written from here."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.desktop.window.test_main_window import Desk, desk, directory
from whowas.interchange.file_format import ExportFormat
from whowas.interchange.formats import EXPORTS

__all__ = ["desk", "directory"]


@pytest.mark.parametrize("file_format", EXPORTS, ids=lambda known: known.name)
def test_every_format_is_offered_and_written(
    file_format: ExportFormat, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def answer(_window: object, _title: str, _name: str, kinds: str, *_others: object) -> tuple[str, str]:
        (kind,) = [kind for kind in kinds.split(";;") if kind.endswith(f" (*{file_format.suffix})")]
        offered.append(kind)
        return str(tmp_path / "exported"), kind

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    desk.trigger("export")
    assert file_format.label in offered[0]
    written = (tmp_path / f"exported{file_format.suffix}").read_text(encoding="utf-8")
    assert "Ada" in written
    assert desk.window.messages.message().startswith("Exported to ")

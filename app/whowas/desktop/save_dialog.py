"""Asking where to save something that can be saved in several ways."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_where_to_save(window: QWidget, title: str, name: str, endings: Mapping[str, str]) -> Path | None:
    """Let the person choose a file; ``endings`` maps the types there are, the first being offered, to their endings.

    The file has the ending of its type. A type that was chosen counts more than the ending typed, the one offered less.
    None where nothing is to be saved, also because a file of that name is to be kept.
    """
    chosen, kind = QFileDialog.getSaveFileName(window, title, name, ";;".join(endings))
    if not chosen:
        return None
    target = _ended(Path(chosen), kind, endings)
    # The dialog has asked about the name that was typed, but not about one that got an ending here.
    replaces_another = target != Path(chosen) and target.exists()
    return target if not replaces_another or _may_replace(window, title, target) else None


def _ended(target: Path, kind: str, endings: Mapping[str, str]) -> Path:
    offered = next(iter(endings))
    ending = endings.get(kind, endings[offered])
    typed = target.suffix.lower()
    if typed == ending or (kind in (offered, "") and typed in endings.values()):
        return target
    return target.with_suffix(ending) if typed in endings.values() else target.with_name(target.name + ending)


def _may_replace(window: QWidget, title: str, target: Path) -> bool:
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        title,
        f"“{target.name}” exists already. Replace it?",
        QMessageBox.StandardButton.Cancel,
        window,
    )
    box.setTextFormat(Qt.TextFormat.PlainText)
    replace = box.addButton("Replace", QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return box.clickedButton() is replace

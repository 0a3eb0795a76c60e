"""Asking where to save a file, with the same rules about its ending and replacing for every kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

_UNASKED = QFileDialog.Option.DontConfirmOverwrite


def ask_where_to_save(
    window: QWidget, title: str, name: str, endings: Mapping[str, str], *, replacing: bool = True
) -> Path | None:
    """Let the person choose a file and return its path, None if they cancel.

    ``endings`` maps file types, the first of which is preselected, to their endings, like ".csv". The returned path has
    the ending of its type, so its ending tells which type to write. A type that the person selected overrides the
    ending that they typed; a typed ending overrides the preselected type. If the resulting file exists, the person is
    asked whether to replace it, except with ``replacing=False``, for writers that never replace a file.
    """
    # Qt would ask about the typed name, which may not be the one that is written.
    chosen, kind = QFileDialog.getSaveFileName(window, title, name, ";;".join(endings), next(iter(endings)), _UNASKED)
    if not chosen:
        return None
    target = _ended(Path(chosen), kind, endings)
    replaces = replacing and target.is_file()
    return target if not replaces or _may_replace(window, title, target) else None


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

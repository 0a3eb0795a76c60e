"""Drafts on disk."""

from __future__ import annotations

import stat
from pathlib import Path

from whowas.desktop.draft_store import NEW_USER, DraftStore, KeptDraft
from whowas.desktop.drafts import Draft


def test_drafts_come_back_in_another_process(tmp_path: Path) -> None:
    path = tmp_path / "drafts" / "directory.json"
    ada = KeptDraft(Draft({"title": "Archivist"}, ("Records", "Legal"), {"Room": "B 12"}), base_version=3)
    DraftStore(path).put("ada", ada)
    DraftStore(path).put(NEW_USER, KeptDraft(Draft({"first_name": "Émile 🌱"})))
    again = DraftStore(path)
    assert again.get("ada") == ada
    assert again.get(NEW_USER) == KeptDraft(Draft({"first_name": "Émile 🌱"}))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_forgetting_the_last_draft_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    store = DraftStore(path)
    store.put("ada", KeptDraft(Draft({"title": "Clerk"}), 1))
    store.put("ada", None)
    assert store.get("ada") is None
    assert not path.exists()


def test_a_damaged_file_means_no_drafts(tmp_path: Path) -> None:
    path = tmp_path / "directory.json"
    path.write_text('{"ada": {"draft"')
    assert DraftStore(path).get("ada") is None

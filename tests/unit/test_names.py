"""One meaning a name: whoever reads a class's name in an error or a review knows which one is meant."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import whowas


def test_no_two_public_classes_share_a_name() -> None:
    modules = Path(whowas.__file__).parent.rglob("*.py")
    parsed = [ast.parse(module.read_text(encoding="utf-8")) for module in modules]
    names = Counter(node.name for tree in parsed for node in tree.body if isinstance(node, ast.ClassDef))

    assert names["ReadSide"] == 1
    assert [name for name, count in names.items() if count > 1 and not name.startswith("_")] == []

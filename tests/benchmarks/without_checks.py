"""``first_paint.py`` without what is checked whenever a directory is opened, to measure what that costs.

Comparing the schema stays: no version ever opened a file without that.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

PROGRAM = Path(__file__).with_name("first_paint.py")


def _trust_pages(module: ModuleType) -> None:
    """Read the tables without their checksums, and without looking at what was left beside them."""
    vars(module).update(_VFS=module.apsw.vfs_names()[0], left_behind=lambda _path: None)


def _trust_arrays(module: ModuleType) -> None:
    vars(module).update(_check=lambda *_: None)


def _trust_history(module: ModuleType) -> None:
    vars(module).update(look=lambda *_, **_named: module.NeverSeen())


CHECKS: Mapping[str, Callable[[ModuleType], None]] = {
    "whowas.projections.tables.checked_database": _trust_pages,
    "whowas.projections.index.checked_arrays": _trust_arrays,
    "whowas.safekeeping.seen_heads": _trust_history,
}
"""What switches the checks of a module off, as soon as it is imported."""


class _Trusting(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in CHECKS else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            CHECKS[fullname](module)

        spec.loader.exec_module = executed  # type: ignore[method-assign]
        return spec


if __name__ == "__main__":
    sys.meta_path.insert(0, _Trusting())
    runpy.run_path(str(PROGRAM), run_name="__main__")

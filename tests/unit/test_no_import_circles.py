"""No module imports another that imports it, not even by way of others, in a function or for types only.

Import Linter checks which wing may know which; within a wing it lets modules import each other.
"""

from __future__ import annotations

import grimp


def test_no_module_is_imported_by_what_it_imports() -> None:
    graph = grimp.build_graph("whowas", cache_dir=None)
    left = set(graph.modules)
    assert "whowas.main" in left
    # Whoever imports nothing that is left is in no circle.
    while leaves := {module for module in left if not graph.find_modules_directly_imported_by(module) & left}:
        left -= leaves
    imports = {module: sorted(graph.find_modules_directly_imported_by(module) & left) for module in sorted(left)}
    assert not imports, "these modules are in circles, or import those that are"

"""What the matrices of faults came to, for the end of the test run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KINDS = ("lost", "refused", "untrue")


@dataclass
class Figures:
    """Counts cases, and what was found wrong in them, by matrix and scenario."""

    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, matrix: str, scenario: str, findings: list[str]) -> None:
        """Count one case; each finding begins with its kind."""
        self.cases[matrix, scenario] += 1
        for kind in {finding.partition(":")[0] for finding in findings}:
            self.found[matrix, kind] += 1

    def lines(self) -> list[str]:
        """Return a line for each matrix."""
        lines = []
        for matrix in dict.fromkeys(matrix for matrix, _ in self.cases):
            scenarios = {scenario: count for (of, scenario), count in self.cases.items() if of == matrix}
            found = ", ".join(f"{self.found[matrix, kind]} {kind}" for kind in KINDS)
            parts = ", ".join(f"{scenario} {count}" for scenario, count in sorted(scenarios.items()))
            lines.append(f"{matrix}: {sum(scenarios.values())} cases, {found} ({parts})")
        return lines


FIGURES = Figures()

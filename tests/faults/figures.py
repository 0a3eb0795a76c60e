"""What the matrices of faults came to, for the end of the test run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

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

    def counted(self) -> list[list[list[str | int]]]:
        """Return what was counted as lists, which can be sent to another process."""
        return [[[*names, count] for names, count in counts.items()] for counts in (self.cases, self.found)]

    def add(self, counted: list[list[list[Any]]]) -> None:
        """Add what another process counted."""
        for counts, more in zip((self.cases, self.found), counted, strict=True):
            for first, second, count in more:
                counts[first, second] += count

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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what was counted to the process that tells it, where that is another one."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = FIGURES.counted()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a process counted that ran some of the tests; one that died has sent nothing."""
    if hasattr(node, "workeroutput"):
        FIGURES.add(node.workeroutput["figures"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many faults there were, and how many did harm."""
    if lines := FIGURES.lines():
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)

"""What a machine cannot do is not tried there and told at the end, a line for each reason; or demanded, and fails."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest

DEMANDED = "DEMAND_EVERYTHING"
"""The variable that `.ci/run` sets: what would be skipped fails, for whatever reason."""

BESIDE = ("real_data", "built_before")
"""Markers of tests that need what is neither in the repository nor made by it; they may be skipped even so."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a failure of what was to be skipped, where everything is demanded."""
    report = yield
    demanded = os.environ.get(DEMANDED) and not any(map(item.get_closest_marker, BESIDE))
    if demanded and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{DEMANDED} is set, and this was not tried: {reason(report)}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell why tests were not tried, and how many."""
    counted = Counter(reason(report) for report in terminalreporter.stats.get("skipped", []))
    if counted:
        terminalreporter.section("not tried on this machine")
    for why, tests in sorted(counted.items()):
        terminalreporter.write_line(f"{tests:4} {'test' if tests == 1 else 'tests'}: {why}")


def reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return told.removeprefix("Skipped: ")

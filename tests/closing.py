"""The last lines of a run: groups that ran no test, and "N passed, N failed, N skipped" as the very last."""
from __future__ import annotations

from typing import Any

import pytest

from groups import GROUPS

COUNTED = {"passed": ("passed",), "failed": ("failed", "error"), "skipped": ("skipped",)}


class Closing:
    """What this session has to say at its end."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._silent: list[str] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A group that ran no test has failed: silence proves nothing. Unless somebody chose."""
        option = self._config.option
        chosen = option.keyword or option.markexpr or option.lf or option.file_or_dir
        if not option.suite or chosen or option.collectonly:
            return
        ran = {report.nodeid.split("/")[1] for report in self._reports() if "/" in report.nodeid}
        self._silent = [group for group in GROUPS if group not in ran]
        if self._silent and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        for line in self._of_boots():
            terminalreporter.write_line(line)
        for group in self._silent:
            terminalreporter.write_line(f"{group}: ran no test", red=True)

    def _of_boots(self) -> list[str]:
        """How machines were started, and what was done twice: neither may go unseen."""
        told = [pair for report in self._reports()
                for pair in getattr(report, "user_properties", ())]
        starts = [start for name, start in told if name == "boot"]
        back = [start for start in starts if start not in ("cold", "snapshot")]
        again = [f"booted again: {row}" for name, row in told if name == "booted again"]
        if not starts:
            return again
        return [f"boots: {starts.count('snapshot')} from a stopped machine, {starts.count('cold')} "
                f"cold, {len(back)} fell back to cold, {len(again)} booted again",
                *(f"fell back: {why}" for why in sorted(set(back))), *again]

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        if self._config.option.collectonly:
            return
        stats = self._stats()
        counts = {word: sum(len(stats.get(kind, ())) for kind in kinds)
                  for word, kinds in COUNTED.items()}
        counts["failed"] += len(self._silent)
        print(", ".join(f"{number} {word}" for word, number in counts.items()))

    def _reports(self) -> list[Any]:
        stats = self._stats()
        return [report for kinds in COUNTED.values() for kind in kinds
                for report in stats.get(kind, ())]

    def _stats(self) -> dict[str, list[Any]]:
        return self._config.pluginmanager.get_plugin("terminalreporter").stats


def pytest_configure(config: pytest.Config) -> None:
    """Of the workers of `-n 2` none speaks."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Closing(config), "closing-lines")

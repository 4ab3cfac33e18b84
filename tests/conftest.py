"""What holds for all tests: which are run, in what order, and which of them alone."""
from __future__ import annotations

import shutil
from typing import Iterator

import pytest
from groups import GROUPS, group_of
from once import SESSIONS, locked

pytest_plugins = ["closing"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", action="store_true",
                     help="a whole suite is run: each group must run a test")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(SESSIONS, ignore_errors=True)
    SESSIONS.mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is quick comes first, what keeps all cores busy last."""
    for item in items:
        item.add_marker(group_of(item.path))
    items.sort(key=lambda item: (bool(item.get_closest_marker("alone")),
                                 GROUPS.index(group_of(item.path))))


@pytest.fixture(autouse=True)
def room(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing else runs beside a test that is marked alone, whoever of `-n 2` runs it."""
    alone = request.node.get_closest_marker("alone")
    with locked(SESSIONS / "room", shared=not alone):
        yield

"""What holds for all tests: which are run, in what order, and what the last lines say."""
from __future__ import annotations

import pytest

from groups import GROUPS, group_of

pytest_plugins = ["closing"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", action="store_true",
                     help="a whole suite is run: each group must run a test")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(group_of(item.path))
    items.sort(key=lambda item: GROUPS.index(group_of(item.path)))

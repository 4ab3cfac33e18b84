"""What holds for all tests: which are run, in what order, and which of them alone."""
from __future__ import annotations

import os
import shutil
import sys
import time
import uuid
from pathlib import Path
from typing import Iterator

import once
import pytest
from groups import GROUPS, group_of

pytest_plugins = ["closing"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--suite", choices=("check", "all"),
                     help="what a change must pass, or everything; where nothing is chosen of it, each group "
                          "must run a test")


def pytest_configure(config: pytest.Config) -> None:
    """What all workers must have alike goes through the environment. Tools run by the Python that runs
    the tests: what stands in front of it, as pyenv's shims do, costs each start a third of a second."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    os.environ["MUSTER_SUITE"] = config.option.suite or "check"
    os.environ.setdefault("MUSTER_SEED", str(int(time.time())))
    if is_controller(config):
        os.environ["MUSTER_SESSION"] = str(once.FOLDER / uuid.uuid4().hex)
    once.session().mkdir(parents=True, exist_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Who only lists tests keeps what the last run wrote."""
    if config.option.collectonly:
        config.option.xmlpath = None


def pytest_unconfigure(config: pytest.Config) -> None:
    if is_controller(config):
        shutil.rmtree(once.session(), ignore_errors=True)


def is_controller(config: pytest.Config) -> bool:
    """Whether this is no worker of `-n 2`."""
    return not hasattr(config, "workerinput")


def pytest_report_header() -> str:
    """What makes a run with random moments go the same way again, as far as it can."""
    return f"MUSTER_SEED={os.environ['MUSTER_SEED']} (of the moments at which machines are killed)"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is quick comes first, what keeps all cores busy last."""
    if config.option.suite == "check":
        left_out = [item for item in items if item.get_closest_marker("all")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        item.add_marker(group_of(item.path))
    items.sort(key=lambda item: (bool(item.get_closest_marker("alone")),
                                 GROUPS.index(group_of(item.path))))


@pytest.fixture(autouse=True)
def room(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing else runs beside a test that is marked alone, whoever of `-n 2` runs it."""
    alone = request.node.get_closest_marker("alone")
    with once.locked(once.session() / "room", shared=not alone):
        yield

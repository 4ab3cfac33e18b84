"""The last lines of a run of tests: silence is a failure, and nothing is done twice unseen."""
from types import SimpleNamespace

import pytest

from closing import Closing
from groups import GROUPS


def report(group, *properties):
    return SimpleNamespace(nodeid=f"tests/{group}/test_x.py::test_y", user_properties=properties)


@pytest.fixture
def session():
    """A whole suite of which each group has passed one test."""
    stats = {"passed": [report(group) for group in GROUPS]}
    plugins = SimpleNamespace(get_plugin=lambda _: SimpleNamespace(stats=stats))
    option = SimpleNamespace(suite="check", collectonly=False, keyword="", markexpr="", lf=False,
                             file_or_dir=[])
    return SimpleNamespace(exitstatus=pytest.ExitCode.OK, stats=stats,
                           config=SimpleNamespace(option=option, pluginmanager=plugins))


def lines(session, capsys):
    """What is printed at the end."""
    closing, told = Closing(session.config), []
    closing.pytest_sessionfinish(session)
    writer = SimpleNamespace(write_line=lambda line, **_: told.append(line))
    closing.pytest_terminal_summary(writer)
    closing.pytest_unconfigure()
    return told + capsys.readouterr().out.splitlines()


def test_all_is_well(session, capsys):
    assert lines(session, capsys) == [f"{len(GROUPS)} passed, 0 failed, 0 skipped"]
    assert session.exitstatus == pytest.ExitCode.OK


def test_a_group_that_ran_no_test_has_failed(session, capsys):
    del session.stats["passed"][0]
    assert lines(session, capsys) == [f"{GROUPS[0]}: ran no test",
                                      f"{len(GROUPS) - 1} passed, 1 failed, 0 skipped"]
    assert session.exitstatus == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("choice", (
    {"suite": None}, {"keyword": "smp-4"}, {"markexpr": "fuzz"}, {"lf": True}, {"file_or_dir": ["x"]}))
def test_who_chooses_tests_is_not_told_of_the_others(session, capsys, choice):
    vars(session.config.option).update(choice)
    del session.stats["passed"][:-1]
    assert lines(session, capsys) == ["1 passed, 0 failed, 0 skipped"]


def test_errors_count_as_failures(session, capsys):
    session.stats.update(error=[report("boot")], failed=[report("boot")], skipped=[report("boot")])
    assert lines(session, capsys)[-1] == f"{len(GROUPS)} passed, 2 failed, 1 skipped"


def test_what_was_not_as_asked_is_told(session, capsys):
    session.stats["passed"] += [
        report("boot", ("boot", "snapshot")), report("boot", ("boot", "cold")),
        report("boot", ("boot", "no such file")), report("boot", ("booted again", "smp-4: nothing"))]
    assert lines(session, capsys)[:-1] == [
        "boots: 1 from a stopped machine, 1 cold, 1 fell back to cold, 1 booted again",
        "fell back: no such file", "booted again: smp-4: nothing"]

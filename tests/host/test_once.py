"""What a session makes once is made once, whoever asks; what is alone has nobody beside it."""
import subprocess
import sys

from once import Once, locked

ASK = """import fcntl, sys
with open(sys.argv[1], "w") as file:
    try:
        fcntl.flock(file, fcntl.LOCK_NB | (fcntl.LOCK_SH if "shared" in sys.argv else fcntl.LOCK_EX))
    except BlockingIOError:
        sys.exit(1)
"""


def test_the_second_gets_what_the_first_made(tmp_path):
    made = []
    for _ in range(2):
        told = Once(tmp_path / "x").get("a", lambda: made.append(1) or {"b": len(made)})
        assert told == {"b": 1}
    assert made == [1]


def free(path, *words):
    """Whether another process would get the lock."""
    return subprocess.run([sys.executable, "-c", ASK, str(path), *words],
                          check=False).returncode == 0


def test_who_shares_keeps_out_who_is_alone(tmp_path):
    with locked(tmp_path / "room", shared=True):
        assert free(tmp_path / "room", "shared")
        assert not free(tmp_path / "room")
    assert free(tmp_path / "room")


def test_who_is_alone_keeps_out_everybody(tmp_path):
    with locked(tmp_path / "room"):
        assert not free(tmp_path / "room", "shared")

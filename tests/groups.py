"""The groups of tests: each a folder of tests/, and its name a marker. What is quick comes first."""
from pathlib import Path

HERE = Path(__file__).resolve().parent
GROUPS = "host json tap picture lint unit fuzz iasl linux shell record boot".split()


def group_of(path: Path) -> str:
    return path.relative_to(HERE).parts[0]

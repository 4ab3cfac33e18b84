"""The bench that rows of the matrix are booted on."""
import pytest
from bench import Bench
from once import Once, session
from rows import Matrix


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    return Matrix()


@pytest.fixture(scope="session")
def bench(matrix: Matrix) -> Bench:
    """One for each worker; what they made they share by files."""
    return Bench(matrix, Once(session()))

"""The kernel is tested on a room of its own, so that no system's rules stand between a test and its claim."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from tests.kernel.attic import attic


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (attic,)

"""Databases that hold portfolio's tables."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from strongroom.systems.portfolio.system import system as portfolio


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (portfolio,)

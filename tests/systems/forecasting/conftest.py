"""Databases that hold forecasting's tables."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from strongroom.systems.forecasting.system import system as forecasting


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (forecasting,)

"""Databases with the tables of biotech."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from strongroom.systems.biotech.system import system as biotech


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (biotech,)

"""Databases with the tables of export readiness."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from strongroom.systems.export_readiness.system import system as export_readiness


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (export_readiness,)

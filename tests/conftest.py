"""Whose tables the tests' databases hold; the databases themselves come from the fixtures we ship."""

from __future__ import annotations

import pytest

from strongroom.kernel.system import System
from strongroom.systems.banking.system import system as banking

pytest_plugins = ["strongroom.testing.fixtures"]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (banking,)

"""Whose tables the tests' databases hold; the databases themselves come from the fixtures we ship."""

from __future__ import annotations

import pytest
from hypothesis import settings

from strongroom.kernel.system import System
from strongroom.systems.banking.system import system as banking

pytest_plugins = ["strongroom.testing.fixtures"]

# a property that takes long on a busy machine is still true
settings.register_profile("strongroom", deadline=None)
settings.load_profile("strongroom")


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (banking,)

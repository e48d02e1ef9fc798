"""Drift: a database that was changed by hand is told from one that only the revisions built."""

from __future__ import annotations

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations import find_drift
from tests.kernel.attic import attic


def test_a_migrated_database_does_not_drift(any_options: DatabaseOptions) -> None:
    assert find_drift(attic, any_options) == []

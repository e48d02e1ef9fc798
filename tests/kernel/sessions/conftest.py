"""Somebody who watches the server while sessions work on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from strongroom.kernel.engines import DatabaseOptions
from tests.kernel.attic.watching import Watcher


@pytest.fixture
def watcher(postgresql_options: DatabaseOptions) -> Iterator[Watcher]:
    watcher = Watcher(postgresql_options)
    yield watcher
    watcher.connection.close()

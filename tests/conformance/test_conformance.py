"""Every system of the building, held to what holds for all: on two versions of PostgreSQL, and on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from strongroom.assembly import SYSTEMS
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.engines.embedded import installed_versions
from strongroom.kernel.system import System
from strongroom.testing.conformance import Conformance
from strongroom.testing.databases import ThrowAwayFiles, ThrowAwayServer

OLDEST = 15

#: routes that need no signing in
PUBLIC = frozenset(
    {
        "POST /api/banking/users",
        "POST /api/banking/sign-in",
        "POST /api/banking/sign-in/refresh",
        "POST /api/banking/password-reset",
        "PUT /api/banking/password-reset",
        "POST /api/export_readiness/users",
        "POST /api/export_readiness/sign-in",
        "POST /api/export_readiness/sign-in/refresh",
        "POST /api/forecasting/sign-in",
        "POST /api/forecasting/sign-in/refresh",
    }
)


@pytest.fixture(scope="session")
def oldest_server() -> Iterator[ThrowAwayServer]:
    with ThrowAwayServer(OLDEST) as server:
        yield server


needs_oldest = pytest.mark.skipif(OLDEST not in installed_versions(), reason=f"no PostgreSQL {OLDEST} is installed")


class TestEverySystem(Conformance):
    @pytest.fixture(params=SYSTEMS, ids=lambda system: system.name)
    def system(self, request: pytest.FixtureRequest) -> System:
        system: System = request.param
        return system

    @pytest.fixture
    def public_routes(self) -> frozenset[str]:
        return PUBLIC

    @pytest.fixture(params=["postgresql_server", pytest.param("oldest_server", marks=needs_oldest), "sqlite_files"])
    def options(self, request: pytest.FixtureRequest, system: System, tmp_path: Path) -> Iterator[DatabaseOptions]:
        place: ThrowAwayServer | ThrowAwayFiles = request.getfixturevalue(request.param)
        if isinstance(place, ThrowAwayFiles):
            yield place.create_database(tmp_path / "database", (system,))
        else:
            options = place.create_database((system,))
            yield options
            place.drop_database(options)

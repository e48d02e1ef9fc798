"""The tests every system must pass.

Make a class of them in your tests and say which system they are about:

    class TestMine(Conformance):
        @pytest.fixture
        def system(self) -> System:
            return mine
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.system import System
from strongroom.testing.conformance.declared import DECLARED
from strongroom.testing.conformance.journeys import JOURNEYS
from strongroom.testing.conformance.routed import ROUTED
from strongroom.testing.conformance.stored import STORED
from strongroom.testing.databases import ThrowAwayFiles, ThrowAwayServer

Breaches = Iterator[str]


def _by_name(claims: Iterable[Callable[..., Breaches]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("claim", claims, ids=lambda claim: claim.__name__)


class Conformance:
    """Needs the fixtures of strongroom.testing.fixtures. Override `system`; `public_routes` where there are any."""

    @pytest.fixture
    def system(self) -> System:
        """The system under test."""
        raise NotImplementedError("override the fixture `system`")

    @pytest.fixture
    def public_routes(self) -> frozenset[str]:
        """Routes that need no signing in, such as `POST /banking/users`."""
        return frozenset()

    @pytest.fixture(params=["postgresql", "sqlite"])
    def options(self, request: pytest.FixtureRequest, system: System, tmp_path: Path) -> Iterator[DatabaseOptions]:
        """A fresh database with this system's newest schema alone, on each engine."""
        if request.param == "sqlite":
            files: ThrowAwayFiles = request.getfixturevalue("sqlite_files")
            yield files.create_database(tmp_path / "database", (system,))
            return
        server: ThrowAwayServer = request.getfixturevalue("postgresql_server")
        options = server.create_database((system,))
        yield options
        server.drop_database(options)

    @_by_name(DECLARED)
    def test_what_it_declares(self, claim: Callable[[System], Breaches], system: System) -> None:
        _holds(claim, claim(system))

    @_by_name(STORED)
    def test_what_its_schema_is(
        self, claim: Callable[[System, DatabaseOptions], Breaches], system: System, options: DatabaseOptions
    ) -> None:
        _holds(claim, claim(system, options))

    @_by_name(JOURNEYS)
    def test_what_its_rows_go_through(
        self, claim: Callable[[System, DatabaseOptions], Breaches], system: System, options: DatabaseOptions
    ) -> None:
        _holds(claim, claim(system, options))

    @_by_name(ROUTED)
    def test_what_its_routes_say(
        self, claim: Callable[[System, frozenset[str]], Breaches], system: System, public_routes: frozenset[str]
    ) -> None:
        _holds(claim, claim(system, public_routes))


def _holds(claim: Callable[..., Breaches], breaches: Breaches) -> None:
    found = list(breaches)
    assert not found, "\n".join([str(claim.__doc__).splitlines()[0], *found])

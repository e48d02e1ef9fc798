"""Duties on a running database, as somebody types them: partitions and indexes of a system of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from strongroom.assembly import Building
from strongroom.cli.main import app
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.system import System
from strongroom.settings import Settings
from tests.kernel.granary import Farm, Harvest, granary

Duty = Callable[..., Result]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


@pytest.fixture
def building(any_options: DatabaseOptions) -> Iterator[Building]:
    """A building with the granary alone."""
    building = Building(Settings(database_url=SecretStr(any_options.url), secret_key=SecretStr("-" * 32)))
    building.systems = (granary,)
    yield building
    building.stop()


@pytest.fixture
def duty(building: Building) -> Duty:
    """Runs a command in that building; raises what it raises."""

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, words, obj=building)
        if isinstance(result.exception, StrongroomError):
            raise result.exception
        return result

    return run


on_postgresql = pytest.mark.parametrize("any_options", ["postgresql"], indirect=True)


@on_postgresql
def test_partitions_are_made_ahead_once_and_dropped_when_empty(duty: Duty, building: Building) -> None:
    assert duty("partitions", "check").exit_code == 1
    assert re.search("[34] partitions made, 0 rows moved", duty("partitions", "create", "--ahead", "3").stderr)
    assert "0 partitions made" in duty("partitions", "create", "--ahead", "3").stderr
    assert duty("partitions", "check", "--ahead", "3").exit_code == 0
    assert re.search(r"granary.harvests_2024 .* 2024-01-01 .* 2025-01-01", duty("partitions", "list").stderr)
    assert "granary.harvests_2024 dropped with 0 rows" in duty("partitions", "drop", "2025-01-01").stderr


@on_postgresql
def test_rows_go_with_their_partition_only_when_one_says_yes(duty: Duty, building: Building) -> None:
    farm = Farm(name="Hill")
    building.database.write(lambda session: session.add(farm))
    building.database.write(lambda session: session.add(Harvest(farm_id=farm.id, day=date(2024, 5, 5))))
    with pytest.raises(StrongroomError, match="harvests_2024 holds 1 rows; repeat with --yes"):
        duty("partitions", "drop", "2025-01-01")
    assert "dropped with 1 rows" in duty("partitions", "drop", "2025-01-01", "--yes").stderr


@pytest.mark.parametrize("words", ["list", "create", "check", "drop 2025-01-01"])
@pytest.mark.parametrize("any_options", ["sqlite"], indirect=True)
def test_without_partitions_every_word_says_so(duty: Duty, words: str) -> None:
    with pytest.raises(StrongroomError, match="partitions need PostgreSQL"):
        duty("partitions", *words.split())


def test_indexes_are_dropped_missed_and_built_again(duty: Duty) -> None:
    assert duty("indexes", "check").exit_code == 0
    assert duty("indexes", "drop", "ix_farms_region").exit_code == 0
    missed = duty("indexes", "check")
    assert (missed.exit_code, missed.stdout) == (1, "granary: ix_farms_region\n")
    assert "granary.ix_farms_region built" in duty("indexes", "create").stderr
    assert duty("indexes", "check", "ix_farms_region").exit_code == 0
    assert "4 tables analysed, no index rebuilt" in duty("indexes", "optimise").stderr
    assert "ix_harvests_crop" in duty("indexes", "list").stderr


def test_what_a_constraint_rests_on_stays(duty: Duty) -> None:
    kept = duty("indexes", "drop", "uq_farms_name")
    assert (kept.exit_code, kept.stdout) == (1, "granary.uq_farms_name stays: a constraint rests on it\n")


def test_an_unknown_index_is_told_before_anything_is_done(duty: Duty) -> None:
    with pytest.raises(StrongroomError, match="no table of granary has an index 'ix_barns'"):
        duty("indexes", "drop", "ix_farms_region", "ix_barns")
    assert duty("indexes", "check").exit_code == 0


@on_postgresql
def test_usage_lists_every_index_and_says_what_to_do(duty: Duty) -> None:
    duty("indexes", "drop", "ix_farms_region")
    told = duty("indexes", "usage")
    assert "uq_harvests_farm_id_day_crop" in told.stderr
    assert told.stdout == "granary: ix_farms_region is declared and not there: create it\n"


def test_cached_answers_are_made_anew_on_demand(duty: Duty, building: Building) -> None:
    def versions(session: Session) -> list[str]:
        return list(session.scalars(text("SELECT version FROM granary.cache_versions")))

    building.database.write(granary.load_samples)
    before = building.database.read(versions)
    assert "granary: every cached answer will be made anew" in duty("cache", "renew").stderr
    assert before
    assert not set(before) & set(building.database.read(versions))

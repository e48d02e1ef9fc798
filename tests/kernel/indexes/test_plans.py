"""Plans: of the very statement that the session would send, on every driver."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import SchemaMissing
from strongroom.kernel.indexes import Plan, explain
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.kernel.values import new_id
from tests.kernel.attic.drivers import OnDriver
from tests.kernel.granary import Farm, Harvest, granary


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (granary,)


def test_a_plan_names_the_index_that_serves_a_query(any_driver: OnDriver) -> None:
    plan = any_driver.read(explain, select(Harvest.weight).where(Harvest.crop == "rye"), as_if_large=True)
    assert plan.uses_index("ix_harvests_crop")
    assert not plan.uses_index("uq_harvests_farm_id_day_crop")
    assert not plan.reads_whole("harvests")


def test_a_plan_tells_that_a_table_is_read_as_a_whole(any_driver: OnDriver) -> None:
    plan = any_driver.read(explain, select(func.count()).select_from(Harvest).where(Harvest.weight > Decimal("2.5")))
    assert plan.reads_whole("harvests")
    assert not plan.reads_whole("farms")


def test_the_index_of_a_partition_has_the_name_of_the_table_s(any_driver: OnDriver) -> None:
    query = select(Harvest).where(Harvest.crop == "rye", Harvest.day == date(2025, 1, 1))
    plan = any_driver.read(explain, query, as_if_large=True)
    assert plan.indexes == {"ix_harvests_crop"}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (select(Farm).where(Farm.id == new_id()), "pk_farms"),
        (select(Farm).where(Farm.name == "Hill"), "uq_farms_name"),
        (select(Harvest).where(Harvest.id == new_id(), Harvest.day == date(2024, 1, 1)), "pk_harvests"),
        (update(Farm).where(Farm.name == "Hill").values(region="south"), "uq_farms_name"),
    ],
)
def test_constraints_serve_queries_under_their_own_names(any_driver: OnDriver, query: object, index: str) -> None:
    plan = any_driver.write(explain, query, as_if_large=True)  # type: ignore[arg-type]  # selects and updates alike
    assert plan.uses_index(index), str(plan)


def test_what_a_session_adds_to_a_statement_is_in_its_plan(any_driver: OnDriver) -> None:
    everything = select(Farm).execution_options(include_deleted=True)
    assert any_driver.read(explain, select(Farm), as_if_large=True).uses_index("ix_farms_deleted_at")
    assert not any_driver.read(explain, everything, as_if_large=True).indexes


def test_only_with_analyze_is_a_statement_run(database: Database) -> None:
    database.write(lambda session: session.add(Farm(name="Hill")))
    change = update(Farm).values(region="south")
    planned = database.write(explain, change)
    assert planned.execution_ms is None
    assert database.read(_regions) == ["north"]
    run = database.write(explain, change, analyze=True)
    assert run.execution_ms is not None
    assert [step.actual_rows for step in run.walk()][-1] == 1
    assert database.read(_regions) == ["south"]


def test_asking_for_a_plan_leaves_the_planner_as_it_was(database: Database) -> None:
    def ask(session: Session) -> object:
        explain(session, select(Farm), as_if_large=True)
        return session.scalar(text("SHOW enable_seqscan"))

    assert database.read(ask) == "on"


def test_pending_rows_are_written_before_the_plan_is_asked_for(any_driver: OnDriver) -> None:
    def ask(session: Session) -> Plan:
        session.add(Farm(name="Hill"))
        return explain(session, select(Farm).where(Farm.name == "Hill"))

    assert any_driver.write(ask).steps
    assert any_driver.read(_regions) == ["north"]


def test_a_plan_of_what_cannot_run_raises_what_running_it_would(any_driver: OnDriver) -> None:
    with pytest.raises(SchemaMissing):
        any_driver.read(explain, text("SELECT 1 FROM granary.barns"))


def test_a_plan_can_be_read(any_driver: OnDriver) -> None:
    query = select(Farm).join(Harvest, Harvest.farm_id == Farm.id).order_by(Farm.region)
    lines = str(any_driver.read(explain, query)).splitlines()
    assert any("on harvests" in line for line in lines)
    assert len(lines) >= 3


def _regions(session: Session) -> list[str]:
    return list(session.scalars(select(Farm.region)))

"""The made-up fund: labelled as such, at real rates, with something to see in every corner."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.systems.portfolio.models import Company, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.samples import load_samples
from strongroom.systems.portfolio.samples.fund import SAMPLES, read_rates


def test_the_samples_are_said_to_be_samples_and_pass_every_check(
    any_database: Database, systems: tuple[System, ...]
) -> None:
    assert any_database.write(load_samples) == {
        "companies": 5,
        "inputs": 47,
        "financials": 120,
        "metrics": 120,
        "rates": 144,
    }
    names = any_database.read(lambda session: session.scalars(select(Company.name)).all())
    assert all(name.endswith("(sample)") for name in names)
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_every_metric_is_known_of_some_quarter(any_database: Database) -> None:
    any_database.write(load_samples)
    rows = any_database.read(lambda session: session.scalars(select(ReportingMetrics)).all())
    unknown = [
        column.name
        for column in ReportingMetrics.__table__.columns
        if column.name not in ("last_update_date", "last_updated_by")
        and all(getattr(row, column.name) is None for row in rows)
    ]
    assert unknown == []


def test_rates_are_those_of_the_series(any_database: Database) -> None:
    any_database.write(load_samples)
    used = select(ReportingFinancials.exchange_rate_used).where(
        ReportingFinancials.currency == "CAD", ReportingFinancials.exchange_rate_used == Decimal("1.3795")
    )
    assert any_database.read(lambda session: session.scalars(used).all())  # USD/CAD, average of December 2025
    assert len(read_rates()) == 4 * 36


def test_there_are_several_currencies_funds_and_lengths() -> None:
    assert len({sample.currency for sample in SAMPLES}) == 5
    assert len({sample.fund for sample in SAMPLES}) == 2
    assert min(sample.quarters for sample in SAMPLES) >= 8

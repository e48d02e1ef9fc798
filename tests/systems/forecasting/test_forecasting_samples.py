"""The samples: labelled for what they are, with something to see in every corner."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from strongroom.kernel.encryption import compare_password
from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.models import DataUpload, KPIReport, RiskMetrics, TrainedModel, User
from strongroom.systems.forecasting.samples import load_samples
from strongroom.systems.forecasting.samples.office import read_rates
from strongroom.systems.forecasting.services import forecasts, passwords


def test_the_samples_are_added_once(any_database: Database) -> None:
    added = {
        "users": 2,
        "uploads": 4,
        "points": 3 * 120 + 3 * 48,
        "models": 2,
        "forecasts": 24,
        "risk metrics": 2,
        "reports": 1,
    }
    assert any_database.write(load_samples) == added
    assert any_database.write(load_samples) == dict.fromkeys(added, 0)


def test_what_is_made_up_says_so_and_what_is_real_names_its_source(any_database: Database) -> None:
    any_database.write(load_samples)
    uploads = any_database.read(lambda session: session.scalars(select(DataUpload)).all())
    sources = {upload.filename: upload.extra["source"] for upload in uploads}
    assert sources.pop("sample.csv") == "made up (sample)"
    assert all(source.startswith("datasets/exchange-rates") for source in sources.values())
    users = any_database.read(lambda session: session.scalars(select(User)).all())
    assert all(user.username.startswith("sample_") for user in users)
    rates = read_rates()
    assert {currency: len(points) for currency, points in rates.items()} == {"CAD": 120, "CHF": 120, "JPY": 120}
    assert rates["CAD"][-1].value == Decimal("1.3795")  # the average of December 2025


def test_nobody_signs_in_as_a_sample(any_database: Database) -> None:
    any_database.write(load_samples)
    stored = any_database.read(passwords.find_password, "sample_analyst")
    assert stored.user_id is not None
    assert not compare_password("!", stored).is_right


def test_there_is_something_to_see_of_every_kind(any_database: Database) -> None:
    any_database.write(load_samples)
    by_name = {model.model_name: model for model in any_database.read(lambda s: s.scalars(select(TrainedModel)).all())}
    revenue = by_name["Monthly revenue (sample)"]
    summary = any_database.read(forecasts.backtest_summary, revenue.id)
    assert (summary.n, summary.skipped) == (6, 0)
    assert summary.mae is not None
    assert summary.mae > 0
    (report,) = any_database.read(lambda session: session.scalars(select(KPIReport)).all())
    figures = [report.revenue_growth_rate, report.operating_margin, report.net_margin, report.budget_variance]
    assert None not in figures
    for risk in any_database.read(lambda session: session.scalars(select(RiskMetrics)).all()):
        assert risk.correlation_matrix is not None
        assert risk.cvar_99 is not None

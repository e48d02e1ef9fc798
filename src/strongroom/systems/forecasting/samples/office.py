"""A made-up company with what was forecast for it, and real exchange rates. README.md says which is which."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.systems.forecasting.models import (
    DataUpload,
    Forecast,
    KPIReport,
    RiskMetrics,
    TimeSeriesData,
    TrainedModel,
    User,
)
from strongroom.systems.forecasting.repositories import Point, UploadRepository, UserRepository
from strongroom.systems.forecasting.rules import (
    CategoryEnum,
    DataTypeEnum,
    MeasureEnum,
    PeriodEnum,
    RoleEnum,
)
from strongroom.systems.forecasting.services.artifacts import describe_artifact
from strongroom.systems.forecasting.services.fitting import fit
from strongroom.systems.forecasting.services.forecasts import record_actuals
from strongroom.systems.forecasting.services.kpis import ReportChoices, generate_report
from strongroom.systems.forecasting.services.risk import RiskChoices, compute_risk
from strongroom.systems.forecasting.services.training import TrainingRequest, read_series, store_training

ANALYST = "sample_analyst"
RATES_SOURCE = "datasets/exchange-rates: Federal Reserve H.10 by way of FRED, PDDL"
#: a hash that no password has
NO_PASSWORD = "!"  # noqa: S105 - the very absence of one
FIRST_YEAR, YEARS = 2021, 4
#: how many months have passed since the last one of the series
MONTHS_SINCE = 6
#: what a month is to an average one, January first, in hundredths
SEASON = (82, 84, 95, 98, 101, 99, 88, 86, 102, 108, 118, 139)

_COUNTED = {
    "users": User,
    "uploads": DataUpload,
    "points": TimeSeriesData,
    "models": TrainedModel,
    "forecasts": Forecast,
    "risk metrics": RiskMetrics,
    "reports": KPIReport,
}


def load_samples(session: Session) -> Mapping[str, int]:
    """Two users, four uploads and two models, with all that follows from them; nothing, where they are already.

    The files of the models are not written: going on with one needs training it again.
    """
    before = _counts(session)
    if UserRepository(session).get_user_by_username(ANALYST) is None:
        _load(session)
    return {noun: count - before[noun] for noun, count in _counts(session).items()}


def _load(session: Session) -> None:
    users = UserRepository(session)
    analyst = users.add(_user(ANALYST, "Ada Archer (sample)", RoleEnum.ANALYST))
    users.add(_user("sample_viewer", "Vito Vogel (sample)", RoleEnum.VIEWER))
    for currency, points in read_rates().items():
        facts = {"source": RATES_SOURCE, "currency": currency}
        rates = _upload(session, analyst.id, f"usd-{currency.lower()}.csv", DataTypeEnum.MARKET_DATA, points, facts)
        if currency == "CAD":
            _train(session, analyst.id, "US dollar in CAD", "naive", rates, MeasureEnum.MEAN)
    facts = {"source": "made up (sample)", "currency": "EUR"}
    figures = _upload(session, analyst.id, "sample.csv", DataTypeEnum.FINANCIAL_DATA, list(company_points()), facts)
    model = _train(session, analyst.id, "Monthly revenue (sample)", "seasonal_naive", figures, MeasureEnum.SUM)
    months = range(12 * YEARS, 12 * YEARS + MONTHS_SINCE)
    record_actuals(session, model.id, {moment_of(month): revenue_of(month) for month in months})
    last_year = datetime(FIRST_YEAR + YEARS - 1, 1, 1, tzinfo=UTC), datetime(FIRST_YEAR + YEARS, 1, 1, tzinfo=UTC)
    generate_report(session, model.id, *last_year, ReportChoices(budget=Decimal(3_400_000)))


def _train(
    session: Session, owner_id: UUID, name: str, method: str, upload: DataUpload, measure: MeasureEnum
) -> TrainedModel:
    """A model of a method that takes no time, and its risk."""
    request = TrainingRequest(name, CategoryEnum.REVENUE, method, upload.id, measure=measure)
    saved = read_series(session, request, owner_id)
    trained = store_training(session, request, owner_id, saved, fit(saved), describe_artifact(saved))
    compute_risk(session, trained.model.id, RiskChoices(measure=measure))
    return trained.model


def _upload(
    session: Session,
    owner_id: UUID,
    filename: str,
    data_type: DataTypeEnum,
    points: Iterable[Point],
    facts: Mapping[str, str],
) -> DataUpload:
    uploads = UploadRepository(session)
    upload = uploads.begin(owner_id, filename, data_type, {**facts, "columns": ["timestamp", "value", "category"]})
    uploads.add_points(upload.id, points)
    return uploads.finish(upload.id, {"data_quality_score": 100.0})


def read_rates() -> dict[str, list[Point]]:
    """Units of a currency for one US dollar, by currency, oldest first."""
    text = (files(__package__) / "exchange_rates.csv").read_text(encoding="ascii")
    points: dict[str, list[Point]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        month = datetime.fromisoformat(row["month"]).replace(tzinfo=UTC)
        metadata = {"currency": row["currency"], "entity": f"USD/{row['currency']}"}
        rate = Decimal(row["units_for_one_usd"])
        points[row["currency"]].append(Point(month, rate, CategoryEnum.REVENUE, metadata))
    return points


def company_points() -> Iterator[Point]:
    """Revenue, expense and what is left, a point a month each."""
    metadata = {"currency": "EUR", "entity": "Muster GmbH (sample)"}
    for month in range(12 * YEARS):
        revenue = revenue_of(month)
        expense = (revenue * Decimal("0.61")).quantize(Decimal("0.01")) + 42_000 + 350 * month
        yield Point(moment_of(month), revenue, CategoryEnum.REVENUE, metadata)
        yield Point(moment_of(month), expense, CategoryEnum.EXPENSE, metadata)
        yield Point(moment_of(month), revenue - expense, CategoryEnum.CASH_FLOW, metadata)


def revenue_of(month: int) -> Decimal:
    """In EUR; month: counted from the first, which is 0. It grows, has a season, and is never quite as expected."""
    surprise = month * month * 7919 % 4001 - 2000
    return Decimal((180_000 + 2_300 * month) * SEASON[month % 12] // 100 + surprise)


def moment_of(month: int) -> datetime:
    """When it begins."""
    return PeriodEnum.MONTH.later(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC), month)


def _user(username: str, full_name: str, role: RoleEnum) -> User:
    email = f"{username}@example.com"
    return User(username=username, email=email, hashed_password=NO_PASSWORD, full_name=full_name, role=role)


def _counts(session: Session) -> dict[str, int]:
    return {noun: session.scalar(select(func.count()).select_from(model)) or 0 for noun, model in _COUNTED.items()}

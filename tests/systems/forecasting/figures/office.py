"""An office with two years of months: what tests of risk and key figures start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.forecasting.models import TrainedModel, User
from strongroom.systems.forecasting.repositories import Point, Prediction, UploadRepository
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum, RoleEnum
from strongroom.systems.forecasting.services.forecasts import record_actuals, store_forecasts
from strongroom.systems.forecasting.services.models import register_version

REVENUE = (100, 104, 101, 108, 112, 109, 115, 118, 114, 121, 125, 122, 128, 131, 127, 135, 139, 136, 142, 146, 143)
EXPENSE = (80, 82, 81, 85, 88, 86, 90, 92, 90, 94, 97, 95, 99, 101, 99, 104, 107, 105, 109, 112, 110)
FIRST = datetime(2023, 1, 1, tzinfo=UTC)


def month(place: int) -> datetime:
    """The beginning of a month, counted from FIRST."""
    return PeriodEnum.MONTH.later(FIRST, place)


def add_user(session: Session, name: str = "ada") -> UUID:
    user = User(username=name, email=f"{name}@example.org", hashed_password="x", role=RoleEnum.ANALYST)
    session.add(user)
    session.flush()
    return user.id


def add_model(session: Session, user_id: UUID, forecast_type: str = "revenue", name: str = "Sales") -> UUID:
    model: TrainedModel = register_version(
        session,
        user_id=user_id,
        model_name=name,
        model_type="arima",
        forecast_type=forecast_type,
        model_path="sales.json",
    )
    return model.id


def points(values: Sequence[Any], category: str, **metadata: Any) -> list[Point]:
    """A value a month; None leaves the month out."""
    kind = CategoryEnum(category)
    return [Point(month(at), Decimal(value), kind, metadata) for at, value in enumerate(values) if value is not None]


def add_upload(session: Session, user_id: UUID, held: Iterable[Point]) -> UUID:
    uploads = UploadRepository(session)
    upload = uploads.begin(user_id, "figures.csv", "time_series")
    uploads.add_points(upload.id, held)
    return uploads.finish(upload.id).id


def open_office(session: Session) -> UUID:
    """A user with revenue, expenses and a model of revenue; the model's id."""
    user_id = add_user(session)
    add_upload(
        session, user_id, [*points(REVENUE, "revenue", currency="USD"), *points(EXPENSE, "expense", currency="USD")]
    )
    return add_model(session, user_id)


def forecast(session: Session, model_id: UUID, predicted: Mapping[datetime, int], came: Mapping[datetime, int]) -> None:
    made = [Prediction(at, Decimal(value), Decimal(value - 9), Decimal(value + 9)) for at, value in predicted.items()]
    store_forecasts(session, model_id, made)
    record_actuals(session, model_id, {at: Decimal(value) for at, value in came.items()})

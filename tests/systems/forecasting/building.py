"""Rows to begin from: a user, an upload with a series, a model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Actor
from strongroom.systems.forecasting.models import DataUpload, TrainedModel, User
from strongroom.systems.forecasting.repositories import ModelRepository, Point, UploadRepository, UserRepository
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum, RoleEnum

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
REVENUE = CategoryEnum.REVENUE


def add_user(session: Session, username: str = "ada", role: RoleEnum = RoleEnum.ANALYST, /, **values: Any) -> User:
    given = {"email": f"{username}@example.com", "hashed_password": "-", **values}
    return UserRepository(session).add(User(username=username, role=role, **given))


def acting(user: User) -> Actor:
    return Actor(user.id, user.username, frozenset({user.role.value}))


def month(count: int) -> datetime:
    """The beginning of a month, counted from the first."""
    return PeriodEnum.MONTH.later(FIRST, count)


def points(values: Sequence[Decimal | int], category: CategoryEnum = REVENUE) -> list[Point]:
    return [Point(month(at), Decimal(value), category) for at, value in enumerate(values)]


def add_upload(session: Session, user_id: UUID, rows: Sequence[Point]) -> DataUpload:
    uploads = UploadRepository(session)
    upload = uploads.begin(user_id, "series.csv", "time_series")
    uploads.add_points(upload.id, rows)
    return uploads.finish(upload.id)


def add_model(session: Session, user_id: UUID, name: str = "revenue", /, **values: Any) -> TrainedModel:
    given = {"model_type": "naive", "forecast_type": "revenue", "model_path": "models/none.json", **values}
    return ModelRepository(session).register_version(user_id, name, **given)


#: 48 months that grow and have a season, so that methods have something to find
SEASONAL = [1000 + 10 * at + (80, 20, -40, -90, -60, 0, 50, 90, 40, -30, -50, -10)[at % 12] for at in range(48)]

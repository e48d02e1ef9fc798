"""Trained models: versions of a name, of which at most one is active."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.systems.forecasting.errors import ModelNotFound
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.repositories.listings import Listing, read_listing
from strongroom.systems.forecasting.repositories.users import UserRepository
from strongroom.systems.forecasting.rules import CategoryEnum, ModelTypeEnum

_PATHS_AT_ONCE = 1000


@query
def versions_of(user_id: UUID, model_name: str) -> Select[TrainedModel]:
    return select(TrainedModel).where(TrainedModel.user_id == user_id, TrainedModel.model_name == model_name)


class ModelRepository(Repository[SessionT, TrainedModel]):
    """Trained models."""

    row = TrainedModel
    not_found = ModelNotFound

    @operation
    def register_version(
        self: ModelRepository[Session], /, user_id: UUID, model_name: str, **values: Any
    ) -> TrainedModel:
        """The next version of a name, active, the others not; values: its other columns.

        Registrations of one user follow one another behind the lock of the user's row. Raises UserNotFound,
        InvalidValue.
        """
        UserRepository(self.session).lock([user_id])
        name = model_name.strip()
        newest = select(func.max(TrainedModel.version)).where(
            TrainedModel.user_id == user_id, TrainedModel.model_name == name
        )
        version = (self.session.scalar(newest) or 0) + 1
        self._deactivate(user_id, name)
        return self.add(TrainedModel(user_id=user_id, model_name=name, version=version, is_active=True, **values))

    @operation
    def activate(self: ModelRepository[Session], model_id: UUID) -> TrainedModel:
        """Make this version the active one of its name. Raises ModelNotFound."""
        model = self.get(model_id)
        UserRepository(self.session).lock([model.user_id])  # as registering does: in one order, so nobody deadlocks
        model = self.lock([model_id])[model_id]
        if not model.is_active:
            self._deactivate(model.user_id, model.model_name)
            model.is_active = True
            self.session.flush()
        return model

    @operation
    def list_models(
        self: ModelRepository[Session],
        *,
        user_id: UUID | None = None,
        model_type: ModelTypeEnum | None = None,
        forecast_type: CategoryEnum | None = None,
        is_active: bool | None = None,
        skip: int = 0,
        limit: int = 100,
    ) -> Listing[TrainedModel]:
        """Newest first. Raises InvalidValue."""
        wanted = (
            (TrainedModel.user_id, user_id),
            (TrainedModel.model_type, model_type),
            (TrainedModel.forecast_type, forecast_type),
            (TrainedModel.is_active, is_active),
        )
        matching = select(TrainedModel).where(*(column == value for column, value in wanted if value is not None))
        order = [TrainedModel.created_at.desc(), TrainedModel.id.desc()]
        return read_listing(self.session, matching, order, skip=skip, limit=limit)

    @operation
    def active_of(self: ModelRepository[Session], user_id: UUID, model_name: str) -> TrainedModel | None:
        """The active version of a user's model, or None."""
        found = versions_of(user_id, model_name.strip()).where(TrainedModel.is_active)
        return self.session.scalars(found).one_or_none()

    @operation
    def active_of_type(
        self: ModelRepository[Session], forecast_type: CategoryEnum, user_id: UUID | None = None
    ) -> Sequence[TrainedModel]:
        """Every active model of a category, by name; of everybody when no user is given."""
        found = select(TrainedModel).where(TrainedModel.is_active, TrainedModel.forecast_type == forecast_type)
        if user_id is not None:
            found = found.where(TrainedModel.user_id == user_id)
        return self.session.scalars(found.order_by(TrainedModel.model_name, TrainedModel.id)).all()

    @operation
    def versions(self: ModelRepository[Session], user_id: UUID, model_name: str) -> Sequence[TrainedModel]:
        """Every version of a user's model, newest first."""
        found = versions_of(user_id, model_name.strip()).order_by(TrainedModel.version.desc())
        return self.session.scalars(found).all()

    @operation
    def record_metrics(
        self: ModelRepository[Session],
        model_id: UUID,
        *,
        mae: Decimal | None = None,
        rmse: Decimal | None = None,
        r2_score: Decimal | None = None,
        mape: Decimal | None = None,
    ) -> TrainedModel:
        """What the model scored on data it had not seen, all four of them. Raises ModelNotFound, InvalidValue."""
        model = self.lock([model_id])[model_id]
        model.mae, model.rmse, model.r2_score, model.mape = mae, rmse, r2_score, mape
        self.session.flush()
        return model

    @operation
    def remove(self: ModelRepository[Session], model_id: UUID) -> None:
        """Remove the version with its forecasts, risk metrics and reports. Raises ModelNotFound."""
        self.session.delete(self.get(model_id))
        self.session.flush()

    @operation
    def hold_file(self: ModelRepository[Session], path: str) -> None:
        """Let nobody else write, refer to or remove this file until the transaction ends."""
        if self.session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time by itself
            key = func.hashtextextended(f"strongroom.forecasting.files {path}", 0)
            self.session.execute(select(func.pg_advisory_xact_lock(key)))

    @operation
    def referred(self: ModelRepository[Session], paths: Sequence[str]) -> set[str]:
        """Those of the files that a model refers to."""
        found: set[str] = set()
        for at in range(0, len(paths), _PATHS_AT_ONCE):
            among = TrainedModel.model_path.in_(paths[at : at + _PATHS_AT_ONCE])
            found.update(self.session.scalars(select(TrainedModel.model_path).where(among)))
        return found

    def _deactivate(self: ModelRepository[Session], user_id: UUID, model_name: str) -> None:
        active = update(TrainedModel).where(
            TrainedModel.user_id == user_id, TrainedModel.model_name == model_name, TrainedModel.is_active
        )
        self.session.execute(active.values(is_active=False))

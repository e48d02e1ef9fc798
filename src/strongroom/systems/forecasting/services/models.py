"""Trained models: registered as versions, activated, compared; what they scored is about data they had not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.jobs import defer
from strongroom.systems.forecasting.errors import ModelNotFound
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.repositories import Listing, ModelRepository
from strongroom.systems.forecasting.rules import CategoryEnum, ModelTypeEnum
from strongroom.systems.forecasting.services.access import (
    check_is_administrator,
    check_may_read,
    get_own_model,
    owner_for,
)
from strongroom.systems.forecasting.services.artifacts import is_artifact
from strongroom.systems.forecasting.services.sweeping import REMOVE_FILE


class Scores(TypedDict, total=False):
    """Errors in the unit of the values, mape in percent points."""

    mae: Decimal | None
    rmse: Decimal | None
    r2_score: Decimal | None
    mape: Decimal | None


class ModelFilters(TypedDict, total=False):
    """Which models are asked for; all of what is given holds."""

    user_id: UUID | None
    model_type: ModelTypeEnum | None
    forecast_type: CategoryEnum | None
    is_active: bool | None


def register_version(
    session: Session,
    *,
    model_name: str,
    model_type: ModelTypeEnum | str,
    forecast_type: CategoryEnum | str,
    model_path: str,
    user_id: UUID | None = None,
    hyperparameters: Mapping[str, Any] | None = None,
    training_data_count: int | None = None,
    **scores: Unpack[Scores],
) -> TrainedModel:
    """The next version of a model, which becomes the active one; the first is 1.

    user_id: whose it is, by default that of whoever acts. Raises AccessDenied, UserNotFound, InvalidValue.
    """
    return ModelRepository(session).register_version(
        owner_for(session, user_id),
        model_name,
        model_type=model_type,
        forecast_type=forecast_type,
        model_path=model_path,
        hyperparameters=dict(hyperparameters or {}),
        training_data_count=training_data_count,
        **scores,
    )


def activate(session: Session, model_id: UUID | str) -> TrainedModel:
    """Make a version the active one of its name, in place of the one that was. Raises ModelNotFound, AccessDenied."""
    return ModelRepository(session).activate(get_own_model(session, model_id).id)


def record_metrics(session: Session, model_id: UUID | str, **scores: Unpack[Scores]) -> TrainedModel:
    """What a version scored. Raises ModelNotFound, AccessDenied, InvalidValue."""
    return ModelRepository(session).record_metrics(get_own_model(session, model_id).id, **scores)


def delete_model(session: Session, model_id: UUID | str) -> None:
    """Remove a version with all that was made from it; its file goes once this is committed.

    Raises AccessDenied for non-administrators, ModelNotFound.
    """
    check_is_administrator(session)
    model = ModelRepository(session).get(model_id)
    ModelRepository(session).remove(model.id)
    if is_artifact(model.model_path):
        defer(session, REMOVE_FILE, path=model.model_path)


def get_model(session: Session, model_id: UUID | str) -> TrainedModel:
    """Raises ModelNotFound."""
    check_may_read(session)
    return ModelRepository(session).get(model_id)


def get_active(session: Session, user_id: UUID, model_name: str) -> TrainedModel:
    """The active version of a user's model. Raises ModelNotFound."""
    check_may_read(session)
    found = ModelRepository(session).active_of(user_id, model_name)
    if found is None:
        raise ModelNotFound
    return found


def list_models(
    session: Session, *, skip: int = 0, limit: int = 100, **filters: Unpack[ModelFilters]
) -> Listing[TrainedModel]:
    """Newest first. Raises InvalidValue."""
    check_may_read(session)
    return ModelRepository(session).list_models(skip=skip, limit=limit, **filters)


def compare_versions(session: Session, user_id: UUID, model_name: str) -> Sequence[TrainedModel]:
    """Every version of a user's model with its scores, newest first. Raises ModelNotFound when there is none."""
    check_may_read(session)
    versions = ModelRepository(session).versions(user_id, model_name)
    if not versions:
        raise ModelNotFound
    return versions

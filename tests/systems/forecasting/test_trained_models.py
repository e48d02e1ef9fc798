"""Versions of models: numbered without a gap, one of them active, however many are registered at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from strongroom.kernel.errors import AccessDenied, CheckFailed, InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import ModelNotFound, UserNotFound
from strongroom.systems.forecasting.repositories import ModelRepository
from strongroom.systems.forecasting.rules import CategoryEnum, ModelTypeEnum, RoleEnum
from strongroom.systems.forecasting.services import models
from tests.systems.forecasting.building import acting, add_model, add_user


def test_a_new_version_takes_the_place_of_the_active_one(any_database: Database) -> None:
    user = any_database.write(add_user)
    first, second = (any_database.write(add_model, user.id) for _ in range(2))
    assert (first.version, second.version) == (1, 2)
    versions = any_database.read(models.compare_versions, user.id, "revenue")
    assert [(model.version, model.is_active) for model in versions] == [(2, True), (1, False)]
    assert any_database.read(models.get_active, user.id, "revenue").id == second.id


def test_names_and_users_are_counted_apart(any_database: Database) -> None:
    ada, bob = any_database.write(add_user), any_database.write(add_user, "bob")
    for owner, name in ((ada, "revenue"), (ada, "expense"), (bob, "revenue")):
        assert any_database.write(add_model, owner.id, name).version == 1
    assert len(any_database.read(lambda session: ModelRepository(session).active_of_type(CategoryEnum.REVENUE))) == 3


def test_twenty_registrations_at_once_are_twenty_versions_and_one_is_active(database: Database) -> None:
    user = database.write(add_user)
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda _: database.write(add_model, user.id), range(20)))
    assert sorted(model.version for model in made) == list(range(1, 21))
    versions = database.read(models.compare_versions, user.id, "revenue")
    assert [model.version for model in versions if model.is_active] == [20]


def test_registrations_and_activations_at_once_leave_one_active(database: Database) -> None:
    user = database.write(add_user)
    first = database.write(add_model, user.id)

    def activate_and_register(_: int) -> None:
        database.write(models.activate, first.id)
        database.write(add_model, user.id)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(activate_and_register, range(8)))
    versions = database.read(models.compare_versions, user.id, "revenue")
    assert [model.version for model in versions] == list(range(9, 0, -1))
    assert sum(model.is_active for model in versions) == 1


def test_an_old_version_is_made_active_again(any_database: Database) -> None:
    user = any_database.write(add_user)
    first, _ = (any_database.write(add_model, user.id) for _ in range(2))
    assert any_database.write(models.activate, first.id).is_active
    versions = any_database.read(models.compare_versions, user.id, "revenue")
    assert [(model.version, model.is_active) for model in versions] == [(2, False), (1, True)]


def test_scores_are_recorded_and_must_agree(any_database: Database) -> None:
    model = any_database.write(add_model, any_database.write(add_user).id)
    scored = any_database.write(models.record_metrics, model.id, mae=Decimal(3), rmse=Decimal(4))
    assert (scored.mae, scored.rmse, scored.mape) == (Decimal(3), Decimal(4), None)
    with pytest.raises(CheckFailed):
        any_database.write(models.record_metrics, model.id, mae=Decimal(4), rmse=Decimal(3))


def test_models_are_listed_by_what_is_asked_for(any_database: Database) -> None:
    user = any_database.write(add_user)
    for name, kind in (("one", "ets"), ("two", "theta"), ("two", "theta")):
        any_database.write(add_model, user.id, name, model_type=kind)
    found = any_database.read(models.list_models, model_type=ModelTypeEnum.THETA, is_active=True)
    assert [(model.model_name, model.version) for model in found.items] == [("two", 2)]
    newest = any_database.read(models.list_models, user_id=user.id, limit=1)
    assert (newest.total, newest.items[0].version) == (3, 2)
    with pytest.raises(InvalidValue):
        any_database.read(models.list_models, limit=0)


def test_analysts_change_what_is_theirs_and_administrators_delete(any_database: Database) -> None:
    ada, bob = any_database.write(add_user), any_database.write(add_user, "bob")
    root = any_database.write(add_user, "root", RoleEnum.ADMIN)
    viewer = any_database.write(add_user, "eve", RoleEnum.VIEWER)
    as_ada, as_bob, as_root, as_eve = (any_database.acting_as(acting(user)) for user in (ada, bob, root, viewer))
    values: dict[str, Any] = {
        "model_name": "m",
        "model_type": "ets",
        "forecast_type": "revenue",
        "model_path": "m.json",
    }
    model = as_ada.write(models.register_version, **values)
    assert model.user_id == ada.id
    assert as_eve.read(models.get_model, model.id).id == model.id
    for stranger in (as_bob, as_eve):
        with pytest.raises(AccessDenied):
            stranger.write(models.activate, model.id)
    with pytest.raises(AccessDenied):
        as_eve.write(models.register_version, **values)
    with pytest.raises(AccessDenied):
        as_ada.write(models.register_version, user_id=bob.id, **values)
    with pytest.raises(AccessDenied):
        as_ada.write(models.delete_model, model.id)
    as_root.write(models.delete_model, model.id)
    with pytest.raises(ModelNotFound):
        as_ada.read(models.get_model, model.id)


def test_nobody_has_no_models(any_database: Database) -> None:
    with pytest.raises(UserNotFound):
        any_database.write(add_model, new_id())
    with pytest.raises(ModelNotFound):
        any_database.read(models.compare_versions, new_id(), "revenue")
    with pytest.raises(AccessDenied):
        any_database.write(
            models.register_version, model_name="m", model_type="ets", forecast_type="revenue", model_path="m"
        )


async def test_versions_are_registered_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    user = await any_async_database.write(add_user)
    async with any_async_database.session() as session:
        made = await ModelRepository(session).register_version(
            user.id, "revenue", model_type="ets", forecast_type="revenue", model_path="m"
        )
        found = await ModelRepository(session).active_of(user.id, "revenue")
    assert found is not None
    assert (found.id, found.version) == (made.id, 1)

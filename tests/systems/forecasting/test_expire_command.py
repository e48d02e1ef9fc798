"""Claims about `strongroom forecasting expire`: it shows what it removes, and a dry run removes nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from strongroom.assembly import Building
from strongroom.kernel.engines import DatabaseOptions
from strongroom.settings import Settings
from strongroom.systems.forecasting.commands import commands
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import ModelRepository, UploadRepository
from strongroom.systems.forecasting.services.continuing import open_model
from strongroom.systems.forecasting.services.training import TrainingRequest, train
from strongroom.systems.forecasting.services.uploads import get_upload
from tests.systems.forecasting.building import REVENUE, SEASONAL, add_upload, add_user, points

HOUR_S = 3600


@pytest.fixture
def building(any_options: DatabaseOptions, tmp_path: Path) -> Iterator[Building]:
    keys = {name: SecretStr("k" * 40) for name in ("secret_key", "banking_card_key", "biotech_webhook_key")}
    settings = Settings(
        database_url=SecretStr(any_options.url),
        environment="testing",
        data_dir=tmp_path,
        **keys,  # type: ignore[arg-type]
    )
    building = Building(settings)
    yield building
    building.stop()


@pytest.fixture
def options(building: Building) -> ForecastingOptions:
    return building.option(ForecastingOptions)


def expire(building: Building, *words: str) -> Result:
    told = CliRunner().invoke(commands, ["expire", *words], obj=building)
    assert told.exit_code == 0, told.output
    return told


def models_of(building: Building, options: ForecastingOptions, *horizons: int) -> list[TrainedModel]:
    building.upgrade("forecasting")
    user = building.database.write(add_user)
    building.database.write(add_upload, user.id, points(SEASONAL))
    requests = [TrainingRequest("Sales", REVENUE, "naive", horizon=horizon) for horizon in horizons]
    return [train(building.database, request, user.id, options=options).model for request in requests]


def forget(session: Session, model: TrainedModel) -> None:
    """Remove the row alone."""
    ModelRepository(session).remove(model.id)


def age(path: Path, hours: float) -> int:
    """Its size, once it is as old."""
    changed_s = time.time() - hours * HOUR_S
    os.utime(path, (changed_s, changed_s))
    return path.stat().st_size


def test_what_nobody_refers_to_goes_and_is_shown(building: Building, options: ForecastingOptions) -> None:
    kept, lost, fresh = models_of(building, options, 3, 4, 5)
    for model in (lost, fresh):
        building.database.write(forget, model)
    files = {model.id: options.models_folder / model.model_path for model in (kept, lost, fresh)}
    age(files[kept.id], 1000)
    size = age(files[lost.id], 25)
    age(files[fresh.id], 23)
    dry = expire(building, "--dry-run").output
    assert f"{files[lost.id]}: {size:,} bytes" in dry
    assert f"model files would be removed: 1 ({size:,} bytes)" in dry
    assert all(path.exists() for path in files.values())
    told = expire(building).output
    assert f"{files[lost.id]}: {size:,} bytes" in told
    assert f"model files removed: 1 ({size:,} bytes)" in told
    assert "draft files removed: 0 (0 bytes)" in told
    assert [path.exists() for path in files.values()] == [True, False, True]
    assert "model files removed: 1 " in expire(building, "--older-than", "22").output
    assert open_model(kept, options=options).horizon == 3


def test_an_upload_that_nobody_stores_is_given_up(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    building.upgrade("forecasting")
    user = building.database.write(add_user)
    upload = building.database.write(
        lambda session: UploadRepository(session).begin(user.id, "series.csv", "time_series", {"job_id": 999})
    )
    assert "uploads given up: 0" in expire(building).output  # it may be stored yet
    # as if days had passed
    monkeypatch.setattr("strongroom.systems.forecasting.commands.expiring.timedelta", lambda hours: timedelta(0))
    assert f"upload {upload.id} (series.csv): whoever stored it" in expire(building, "--dry-run").output
    assert building.database.read(get_upload, upload.id).status.value == "processing"
    assert "uploads given up: 1" in expire(building).output
    assert building.database.read(get_upload, upload.id).status.value == "error"


def test_an_age_that_is_not_safe_is_refused(building: Building) -> None:
    told = CliRunner().invoke(commands, ["expire", "--older-than", "0"], obj=building)
    assert told.exit_code == 2

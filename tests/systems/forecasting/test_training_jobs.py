"""Training in the background: asked for by who may, run as a job, tried again only where that can help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.jobs import JobRecord, Runner, cancel_job, find_job, work_off
from strongroom.kernel.jobs.processes import call_in_process
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import (
    SeriesNotFound,
    UploadNotFound,
)
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.rules import CategoryEnum, RoleEnum
from strongroom.systems.forecasting.services import models
from strongroom.systems.forecasting.services.training import (
    TRAIN,
    TrainingRequest,
    request_training,
)
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.building import REVENUE, SEASONAL, acting, add_upload, add_user, points

NAIVE = TrainingRequest("Sales", REVENUE, method="seasonal_naive", horizon=12)


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(models_folder=tmp_path / "models")


def files_in(options: ForecastingOptions) -> list[Path]:
    return [path for path in options.models_folder.rglob("*") if path.is_file()]


def record(database: Database, job_id: int) -> JobRecord:
    found = database.read(find_job, job_id)
    assert found is not None
    return found


def test_training_runs_as_a_job_and_says_what_came_of_it(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))
    analyst = database.acting_as(acting(user))
    jobs = [analyst.write(request_training, NAIVE) for _ in range(2)]
    assert run_jobs(database, (TRAIN,), options=(options,)) == 2
    first, second = (record(database, job_id) for job_id in jobs)
    assert (first.status, first.done, first.total) == ("succeeded", 4, 4)
    model = database.read(models.get_active, user.id, "Sales")
    result = {"model_id": str(model.id), "version": 1, "forecasts": 12}
    assert (first.result, second.result) == ({**result, "is_new": True}, {**result, "is_new": False})
    assert model.user_id == user.id


def test_training_runs_in_a_process_of_its_own(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))
    job_id = database.acting_as(acting(user)).write(request_training, NAIVE)
    assert work_off(Runner(database, (TRAIN,), (options,), caller=call_in_process)) == 1
    assert record(database, job_id).status == "succeeded"
    assert len(files_in(options)) == 1


def test_a_job_that_cannot_succeed_is_not_tried_again(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points([1, 2, 3]))
    job_id = database.acting_as(acting(user)).write(request_training, NAIVE)
    assert run_jobs(database, (TRAIN,), options=(options,)) == 1
    failed = record(database, job_id)
    assert (failed.status, failed.error_code) == ("failed", "TOO_FEW_OBSERVATIONS")
    assert "needs 18" in str(failed.error)


def test_a_job_that_was_cancelled_leaves_nothing(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))
    job_id = database.acting_as(acting(user)).write(request_training, NAIVE)
    database.write(cancel_job, job_id)
    assert run_jobs(database, (TRAIN,), options=(options,)) == 0
    assert (record(database, job_id).status, files_in(options)) == ("cancelled", [])
    assert database.read(models.list_models).total == 0


def test_training_is_asked_for_by_who_may(any_database: Database) -> None:
    user = any_database.write(add_user)
    any_database.write(add_upload, user.id, points(SEASONAL))
    viewer = any_database.write(add_user, "eve", RoleEnum.VIEWER)
    other = any_database.write(add_user, "bob")
    with pytest.raises(AccessDenied):
        any_database.acting_as(acting(viewer)).write(request_training, NAIVE)
    with pytest.raises(AccessDenied):
        any_database.acting_as(acting(other)).write(lambda session: request_training(session, NAIVE, user_id=user.id))
    with pytest.raises(SeriesNotFound):
        any_database.acting_as(acting(other)).write(request_training, NAIVE)
    with pytest.raises(UploadNotFound):
        any_database.acting_as(acting(user)).write(request_training, replace(NAIVE, upload_id=new_id()))
    with pytest.raises(SeriesNotFound):
        any_database.acting_as(acting(user)).write(request_training, replace(NAIVE, category=CategoryEnum.EXPENSE))

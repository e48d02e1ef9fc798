"""Claims about what is left behind: a file goes with its model and never before, and strays are found and removed."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.imports import Choices, request_upload, spool_path
from strongroom.systems.forecasting.models import DataUpload, TrainedModel, User
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import ModelRepository, UploadRepository
from strongroom.systems.forecasting.rules import UploadStatusEnum
from strongroom.systems.forecasting.services import models, training
from strongroom.systems.forecasting.services.continuing import open_model
from strongroom.systems.forecasting.services.sweeping import (
    REMOVE_FILE,
    Stray,
    StrayKind,
    fail_stuck_uploads,
    find_strays,
    find_stuck_uploads,
    remove_stray,
)
from strongroom.systems.forecasting.services.training import TrainingRequest, train
from strongroom.systems.forecasting.services.uploads import get_upload
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.building import REVENUE, SEASONAL, acting, add_model, add_upload, add_user, points
from tests.systems.forecasting.imports.sending import monthly

NAIVE = TrainingRequest("Sales", REVENUE, method="naive", horizon=3)
AT_ONCE, DAY = timedelta(0), timedelta(days=1)


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ForecastingOptions:
    monkeypatch.chdir(tmp_path)  # on SQLite a job has the options of nobody, whose folders lie here
    return ForecastingOptions(backtest_windows=1)


@pytest.fixture
def user(any_database: Database) -> User:
    user = any_database.write(add_user)
    any_database.write(add_upload, user.id, points(SEASONAL))
    return user


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(path: Path, by: timedelta) -> None:
    changed_s = time.time() - by.total_seconds()
    os.utime(path, (changed_s, changed_s))


def sweep(database: Database, options: ForecastingOptions, older_than: timedelta = DAY) -> list[Stray]:
    return [stray for stray in find_strays(database, options, older_than) if remove_stray(database, stray)]


def delete(database: Database, model: TrainedModel) -> None:
    database.write(models.delete_model, model.id)


def test_the_file_of_a_model_goes_with_it(any_database: Database, user: User, options: ForecastingOptions) -> None:
    first = train(any_database, NAIVE, user.id, options=options).model
    second = train(any_database, replace(NAIVE, horizon=4), user.id, options=options).model
    delete(any_database, first)
    if not any_database.options.is_sqlite:  # where a job runs right after the COMMIT
        assert len(files_in(options.models_folder)) == 2
        assert run_jobs(any_database, (REMOVE_FILE,), options=(options,)) == 1
    assert files_in(options.models_folder) == [options.models_folder / second.model_path]


def test_a_deletion_that_is_rolled_back_keeps_the_file(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    model = train(any_database, NAIVE, user.id, options=options).model
    with any_database.open_session() as session:
        models.delete_model(session, model.id)
        session.flush()
        session.rollback()
    assert run_jobs(any_database, (REMOVE_FILE,), options=(options,)) == 0
    assert open_model(model, options=options).horizon == 3


def test_a_file_that_two_models_refer_to_goes_with_the_second(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    one, other = (
        train(any_database, replace(NAIVE, model_name=name), user.id, options=options).model for name in ("A", "B")
    )
    assert one.model_path == other.model_path
    for model, left in ((one, 1), (other, 0)):
        delete(any_database, model)
        run_jobs(any_database, (REMOVE_FILE,), options=(options,))
        assert len(files_in(options.models_folder)) == left


def test_nothing_is_removed_that_was_not_written_here(
    any_database: Database, user: User, options: ForecastingOptions, tmp_path: Path
) -> None:
    (tmp_path / "precious.json").write_text("{}")
    (options.models_folder / "ab").mkdir(parents=True)
    (options.models_folder / "cd").symlink_to(tmp_path)
    digest = "cd" + "0" * 62
    theirs = [
        options.models_folder / "model.joblib",
        options.models_folder / "ab" / "notes.txt",
        options.models_folder / "ab" / f"{digest}.json",
        tmp_path / f"{digest}.json",
    ]
    for path in theirs:
        path.write_text("theirs")
        age(path, 10 * DAY)
    for at, told in enumerate(["../../../precious.json", "model.joblib", f"cd/{digest}.json"]):
        made = any_database.write(add_model, user.id, f"by hand {at}", model_path=told)
        delete(any_database, made)
    run_jobs(any_database, (REMOVE_FILE,), options=(options,))
    assert sweep(any_database, options) == []
    assert all(path.read_text() == "theirs" for path in theirs)
    assert (tmp_path / "precious.json").exists()


@pytest.mark.parametrize("at", ["store_training", "write_artifact"])
def test_a_training_that_breaks_off_behind_its_file_leaves_only_what_is_swept(
    any_database: Database, user: User, options: ForecastingOptions, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    kept = train(any_database, NAIVE, user.id, options=options).model
    write = getattr(training, at)

    def break_off(*args: Any) -> None:
        write(*args)
        raise MemoryError

    with monkeypatch.context() as patch, pytest.raises(MemoryError):
        patch.setattr(training, at, break_off)
        train(any_database, replace(NAIVE, horizon=4), user.id, options=options)
    assert any_database.read(models.list_models).total == 1
    kept_file = options.models_folder / kept.model_path
    (left,) = (path for path in files_in(options.models_folder) if path != kept_file)
    draft = left.parent / ".half.part"
    draft.write_bytes(b"{")
    assert sweep(any_database, options) == []  # so young that somebody may be about to refer to them
    for path in (kept_file, left, draft):
        age(path, 2 * DAY)
    gone = sweep(any_database, options)
    assert {(stray.kind, stray.name, stray.size_bytes) for stray in gone} == {
        (StrayKind.MODEL, left.relative_to(options.models_folder).as_posix(), gone[-1].size_bytes),
        (StrayKind.DRAFT, f"{left.parent.name}/.half.part", 1),
    }
    assert files_in(options.models_folder) == [kept_file]


def test_an_old_stray_that_is_trained_again_is_a_stray_no_more(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    model = train(any_database, NAIVE, user.id, options=options).model
    path = options.models_folder / model.model_path
    any_database.write(lambda session: ModelRepository(session).remove(model.id))
    age(path, 2 * DAY)
    (stray,) = find_strays(any_database, options)
    again = train(any_database, NAIVE, user.id, options=options).model
    assert remove_stray(any_database, stray) is False
    assert open_model(again, options=options).horizon == 3


def test_sweeping_without_mercy_beside_trainings_and_deletions_takes_nothing_that_is_referred_to(
    database: Database, options: ForecastingOptions
) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))
    until_s = time.monotonic() + 3

    def train_and_delete(number: int) -> int:
        rounds = 0
        while time.monotonic() < until_s:
            request = replace(NAIVE, model_name=f"model {number}", horizon=3 + rounds % 2)  # the others' files too
            model = train(database, request, user.id, options=options).model
            assert open_model(model, options=options).horizon == request.horizon
            delete(database, model)
            rounds += 1
        return rounds

    def clear(_: int) -> int:
        removed = 0
        while time.monotonic() < until_s:
            strays = find_strays(database, options, AT_ONCE, (StrayKind.MODEL,))  # age alone protects a draft
            removed += sum(remove_stray(database, stray) for stray in strays)
        return removed

    with ThreadPoolExecutor(4) as threads:
        trained = [threads.submit(train_and_delete, number) for number in range(3)]
        cleared = threads.submit(clear, 0)
        assert all(each.result() > 1 for each in trained)
    assert cleared.result() > 0
    run_jobs(database, (REMOVE_FILE,), options=(options,))
    sweep(database, options, AT_ONCE)
    assert files_in(options.models_folder) == []


def test_a_file_that_waits_for_its_job_is_kept_however_old_and_one_of_nobody_goes(
    database: Database, options: ForecastingOptions
) -> None:
    ada = database.acting_as(acting(database.write(add_user)))
    waiting, forgotten = spool_path(options), spool_path(options)
    for path in (waiting, forgotten):
        path.write_text(monthly())
        age(path, 30 * DAY)
    asked = ada.write(request_upload, waiting, "series.csv", Choices(accept_detected=True))
    assert [stray.name for stray in sweep(database, options)] == [forgotten.name]
    assert database.read(find_stuck_uploads, AT_ONCE) == []
    assert files_in(options.uploads_folder) == [waiting]
    assert database.read(get_upload, asked.upload.id).status is UploadStatusEnum.PROCESSING


def begin(session: Session, user_id: Any) -> DataUpload:
    return UploadRepository(session).begin(user_id, "series.csv", "time_series")


def test_an_upload_that_a_program_left_unfinished_is_given_up_when_it_is_old(any_database: Database) -> None:
    user = any_database.write(add_user)
    upload = any_database.write(begin, user.id)
    assert any_database.write(fail_stuck_uploads) == []
    assert [stuck.upload_id for stuck in any_database.read(find_stuck_uploads, AT_ONCE)] == [upload.id]
    assert any_database.read(get_upload, upload.id).status is UploadStatusEnum.PROCESSING
    any_database.write(fail_stuck_uploads, AT_ONCE)
    failed = any_database.read(get_upload, upload.id)
    assert (failed.status, failed.row_count) == (UploadStatusEnum.ERROR, 0)
    assert failed.error_message == "whoever stored it ended before it was done; send the file again"
    assert any_database.write(fail_stuck_uploads, AT_ONCE) == []


def test_an_upload_that_is_being_stored_is_not_waited_for(database: Database) -> None:
    user = database.write(add_user)
    upload = database.write(begin, user.id)
    with database.open_session() as session:
        UploadRepository(session).lock([upload.id])
        assert database.write(fail_stuck_uploads, AT_ONCE) == []
    assert [each.upload_id for each in database.write(fail_stuck_uploads, AT_ONCE)] == [upload.id]

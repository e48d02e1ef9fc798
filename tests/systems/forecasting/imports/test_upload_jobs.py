"""Claims about files that are stored in the background: with progress, once, and until somebody cancels them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied
from strongroom.kernel.jobs import JobContext, cancel_job, find_job
from strongroom.kernel.sessions import Actor, Database
from strongroom.systems.forecasting.errors import UploadFinal
from strongroom.systems.forecasting.imports import UPLOAD, Choices, request_upload, spool_path, storing
from strongroom.systems.forecasting.models import DataUpload, TimeSeriesData
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.rules import UploadStatusEnum
from strongroom.systems.forecasting.services import uploads
from strongroom.systems.forecasting.services.uploads import Uploaded, cancel_upload, delete_upload, get_upload
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.building import acting, add_user
from tests.systems.forecasting.imports.sending import monthly

ACCEPTED = Choices(accept_detected=True)


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(uploads_folder=tmp_path / "uploads")


@pytest.fixture
def ada(database: Database) -> Actor:
    return acting(database.write(add_user))


def request(database: Database, options: ForecastingOptions, content: str, actor: Actor) -> Uploaded:
    path = spool_path(options)
    path.write_text(content)
    return database.acting_as(actor).write(request_upload, path, "series.csv", ACCEPTED)


def work(database: Database, options: ForecastingOptions) -> int:
    return run_jobs(database, [UPLOAD], options=[options], now=True)


def upload(database: Database, of: Uploaded) -> DataUpload:
    return database.read(get_upload, of.upload.id)


def points(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(TimeSeriesData)) or 0


def waiting_files(options: ForecastingOptions) -> list[Path]:
    return list(options.uploads_folder.iterdir())


def test_a_file_is_under_way_until_its_job_has_stored_it(
    database: Database, options: ForecastingOptions, ada: Actor
) -> None:
    asked = request(database, options, monthly(30), ada)
    assert upload(database, asked).status is UploadStatusEnum.PROCESSING
    assert work(database, options) == 1
    done = upload(database, asked)
    assert (done.status, done.row_count, done.user_id) == (UploadStatusEnum.VALIDATED, 30, ada.id)
    assert asked.job_id is not None
    job = database.read(find_job, asked.job_id)
    assert job is not None
    assert (job.status, job.result) == ("succeeded", {"status": "validated", "row_count": 30})
    assert (job.done, job.total, job.message) == (30, 30, "storing")
    assert waiting_files(options) == []


def test_the_same_file_asked_for_again_is_stored_once(
    database: Database, options: ForecastingOptions, ada: Actor
) -> None:
    first = request(database, options, monthly(), ada)
    second = request(database, options, monthly(), ada)
    assert (second.upload.id, second.is_new, second.job_id) == (first.upload.id, False, first.job_id)
    work(database, options)
    third = request(database, options, monthly(), ada)
    assert (third.is_new, third.job_id) == (False, None)
    assert database.read(points) == 12


def test_what_keeps_a_file_from_being_stored_is_said_in_its_upload(
    database: Database, options: ForecastingOptions, ada: Actor
) -> None:
    cases = {
        monthly(3) + "x,1\n": "1 of 4 rows cannot be read: line 5, date: is no date written as year_first",
        "date,revenue\n01/02/2024,1\n01/03/2024,1\n": "day first and with the month first",
        "nothing": "the file has no two columns",
    }
    asked = {content: request(database, options, content, ada) for content in cases}
    work(database, options)
    for content, message in cases.items():
        failed = upload(database, asked[content])
        assert (failed.status, failed.row_count) == (UploadStatusEnum.ERROR, 0)
        assert message in str(failed.error_message)
    assert waiting_files(options) == []


def test_a_failed_upload_is_tried_again_by_sending_its_file_again(
    database: Database, options: ForecastingOptions, ada: Actor
) -> None:
    asked = request(database, options, monthly(), ada)
    for path in waiting_files(options):
        path.unlink()
    work(database, options)
    assert upload(database, asked).error_message == "the file is gone; send it again"
    again = request(database, options, monthly(), ada)
    assert (again.is_new, again.upload.id) == (True, asked.upload.id)
    work(database, options)
    assert upload(database, asked).row_count == 12


def test_an_upload_that_waits_is_cancelled_at_once(database: Database, options: ForecastingOptions, ada: Actor) -> None:
    asked = request(database, options, monthly(), ada)
    eve = acting(database.write(add_user, "eve"))
    with pytest.raises(AccessDenied):
        database.acting_as(eve).write(cancel_upload, asked.upload.id)
    cancelled = database.acting_as(ada).write(cancel_upload, asked.upload.id)
    assert (cancelled.status, cancelled.error_message) == (UploadStatusEnum.ERROR, "it was cancelled")
    assert work(database, options) == 0
    with pytest.raises(UploadFinal):
        database.acting_as(ada).write(cancel_upload, asked.upload.id)


def test_an_upload_is_cancelled_in_the_middle_and_leaves_no_point(
    database: Database, options: ForecastingOptions, ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(database, options, monthly(), ada)
    assert asked.job_id is not None
    report = JobContext.report

    def cancel_when_storing(self: JobContext, *args: Any, **said: Any) -> None:
        report(self, *args, **said)
        if said["message"] == "storing" and said["done"]:
            database.write(cancel_job, self.job_id)
            self.check_cancelled()

    monkeypatch.setattr(JobContext, "report", cancel_when_storing)
    monkeypatch.setattr("strongroom.kernel.jobs.context.CHECK_INTERVAL_S", 0)
    work(database, options)
    assert upload(database, asked).error_message == "it was cancelled"
    assert database.read(points) == 0
    job = database.read(find_job, asked.job_id)
    assert job is not None
    assert job.status == "cancelled"
    assert waiting_files(options) == []


def test_an_accident_is_tried_again_and_then_stores_everything(
    database: Database, options: ForecastingOptions, ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request(database, options, monthly(), ada)
    finish: Callable[..., Any] = uploads.finish_file

    def stumble(*args: Any, **kwargs: Any) -> DataUpload:
        monkeypatch.setattr(storing, "finish_file", finish)
        raise MemoryError

    monkeypatch.setattr(storing, "finish_file", stumble)
    assert run_jobs(database, [UPLOAD], options=[options]) == 1
    assert upload(database, asked).status is UploadStatusEnum.PROCESSING
    assert len(waiting_files(options)) == 1
    assert work(database, options) == 1
    assert upload(database, asked).row_count == 12


def test_an_upload_whose_job_was_taken_from_it_is_stored_when_its_file_comes_again(
    database: Database, options: ForecastingOptions, ada: Actor
) -> None:
    asked = request(database, options, monthly(), ada)
    assert asked.job_id is not None
    database.write(cancel_job, asked.job_id)
    assert upload(database, asked).status is UploadStatusEnum.PROCESSING
    again = request(database, options, monthly(), ada)
    assert (again.is_new, again.upload.id) == (True, asked.upload.id)
    assert work(database, options) == 1
    assert upload(database, asked).row_count == 12


def test_an_upload_deleted_meanwhile_is_not_stored(database: Database, options: ForecastingOptions, ada: Actor) -> None:
    asked = request(database, options, monthly(), ada)
    database.acting_as(ada).write(delete_upload, asked.upload.id)
    assert work(database, options) == 1
    assert database.read(points) == 0
    assert waiting_files(options) == []


def test_on_sqlite_the_file_is_stored_right_after_the_commit(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the default folder lies
    user = acting(sqlite_database.write(add_user))
    asked = request(sqlite_database, ForecastingOptions(), monthly(), user)
    assert upload(sqlite_database, asked).row_count == 12

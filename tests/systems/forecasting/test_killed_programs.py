"""Claims about programs that are killed: an upload says so in the end, a training leaves at most a file to sweep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import Runner, find_job, retry_job
from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.imports import UPLOAD, Choices, request_upload, spool_path, storing
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.rules import UploadStatusEnum
from strongroom.systems.forecasting.services import models
from strongroom.systems.forecasting.services.sweeping import (
    StrayKind,
    fail_stuck_uploads,
    find_strays,
    find_stuck_uploads,
    remove_stray,
)
from strongroom.systems.forecasting.services.training import TRAIN, TrainingRequest, request_training
from strongroom.systems.forecasting.services.uploads import Uploaded, get_upload
from strongroom.testing.jobs import run_jobs
from tests.systems.forecasting.building import REVENUE, SEASONAL, acting, add_upload, add_user, points
from tests.systems.forecasting.imports.sending import monthly

ROOT = Path(__file__).parents[3]
#: a worker whose jobs come as far as storing, say so, and never get on; its jobs' processes run this file too
PROGRAM = """
import sys, time
from pathlib import Path
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import Worker, WorkerOptions
from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.imports import UPLOAD, storing
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.services import training

url, folder = sys.argv[1], Path(sys.argv[2])

def stay(*args, **kwargs):
    (folder / "there").touch()
    time.sleep(600)

storing.finish_file = training.store_training = stay

if __name__ == "__main__":
    options = ForecastingOptions(models_folder=folder / "models", uploads_folder=folder / "uploads")
    database = Database(DatabaseOptions(url), schemas=("jobs", "forecasting"))
    worker = Worker(database, [UPLOAD, training.TRAIN], [options], WorkerOptions(poll_interval_s=0.2, lease_s=60))
    worker.start()
    worker.join()
"""


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(models_folder=tmp_path / "models", uploads_folder=tmp_path / "uploads")


@pytest.fixture
def kill_at_work(postgresql_options: DatabaseOptions, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Has a worker in a process of its own take what waits, and kills it in the middle of storing that."""
    program = tmp_path / "worker.py"
    program.write_text(PROGRAM)
    processes: list[subprocess.Popen[bytes]] = []

    def run() -> None:
        (tmp_path / "there").unlink(missing_ok=True)
        command = [sys.executable, str(program), postgresql_options.url, str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
        processes.append(process)
        for _ in range(1200):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
            if (tmp_path / "there").exists():
                break
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()

    yield run
    for process in processes:
        process.kill()
        process.wait()


def request(database: Database, options: ForecastingOptions) -> Uploaded:
    path = spool_path(options)
    path.write_text(monthly())
    ada = acting(database.write(add_user))
    return database.acting_as(ada).write(request_upload, path, "series.csv", Choices(accept_detected=True))


def status_of(database: Database, asked: Uploaded) -> UploadStatusEnum:
    return database.read(get_upload, asked.upload.id).status


def test_an_upload_whose_worker_was_killed_is_stored_by_the_next_one(
    database: Database, options: ForecastingOptions, kill_at_work: Callable[[], None]
) -> None:
    asked = request(database, options)
    kill_at_work()
    assert status_of(database, asked) is UploadStatusEnum.PROCESSING
    assert Runner(database, (UPLOAD,)).rescue(0) == 1
    assert database.write(fail_stuck_uploads, timedelta(0)) == []  # somebody will store it
    assert run_jobs(database, (UPLOAD,), options=(options,), now=True) == 1
    assert status_of(database, asked) is UploadStatusEnum.VALIDATED


def test_an_upload_whose_last_worker_was_killed_says_so_and_can_still_be_stored(
    database: Database,
    options: ForecastingOptions,
    kill_at_work: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storing, "UPLOAD", replace(UPLOAD, attempts=1))
    asked = request(database, options)
    assert asked.job_id is not None
    kill_at_work()
    Runner(database, (UPLOAD,)).rescue(0)
    job = database.read(find_job, asked.job_id)
    assert job is not None
    assert (job.status, job.error_code) == ("failed", "JOB_STALLED")
    assert status_of(database, asked) is UploadStatusEnum.PROCESSING
    assert [stuck.filename for stuck in database.read(find_stuck_uploads)] == ["series.csv"]
    database.write(fail_stuck_uploads)
    failed = database.read(get_upload, asked.upload.id)
    assert (failed.status, failed.row_count) == (UploadStatusEnum.ERROR, 0)
    assert failed.error_message == (
        f"job {asked.job_id} gave up at attempt 1: the worker that ran the job disappeared; send the file again"
    )
    # as long as its file was not swept, the dead letter is as good as the file
    database.write(retry_job, asked.job_id)
    assert run_jobs(database, (UPLOAD,), options=(options,)) == 1
    assert status_of(database, asked) is UploadStatusEnum.VALIDATED


def test_the_next_upload_gives_up_those_that_are_stuck(
    database: Database, options: ForecastingOptions, kill_at_work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(storing, "UPLOAD", replace(UPLOAD, attempts=1))
        asked = request(database, options)
    kill_at_work()
    Runner(database, (UPLOAD,)).rescue(0)
    path = spool_path(options)
    path.write_text(monthly(7))
    database.write(lambda session: request_upload(
        session, path, "next.csv", Choices(accept_detected=True), user_id=asked.upload.user_id
    ))  # fmt: skip
    assert run_jobs(database, (UPLOAD,), options=(options,)) == 1
    assert status_of(database, asked) is UploadStatusEnum.ERROR


def test_a_training_killed_between_its_file_and_its_commit_leaves_a_file_to_sweep_and_is_done_again(
    database: Database, options: ForecastingOptions, kill_at_work: Callable[[], None]
) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))
    naive = TrainingRequest("Sales", REVENUE, "naive", horizon=3)
    job_id = database.acting_as(acting(user)).write(request_training, naive)
    kill_at_work()
    assert database.read(models.list_models).total == 0
    (file,) = (path for path in options.models_folder.rglob("*") if path.is_file())
    assert find_strays(database, options) == []  # too young
    (stray,) = find_strays(database, options, timedelta(0))
    assert (stray.kind, options.models_folder / stray.name, stray.size_bytes) == (
        StrayKind.MODEL,
        file,
        file.stat().st_size,
    )
    assert remove_stray(database, stray)  # nothing holds its name any more
    assert Runner(database, (TRAIN,)).rescue(0) == 1
    assert run_jobs(database, (TRAIN,), options=(options,), now=True) == 1
    job = database.read(find_job, job_id)
    assert job is not None
    assert (job.status, job.attempt) == ("succeeded", 2)
    assert file.exists()
    assert find_strays(database, options, timedelta(0)) == []

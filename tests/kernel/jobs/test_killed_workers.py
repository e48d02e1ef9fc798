"""What a worker had in hand when it was killed is run again by another one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import Job, defer
from strongroom.kernel.sessions import Database
from tests.kernel.jobs.chores import DAWDLE, DAWDLE_APART, NOTE
from tests.kernel.jobs.working import lines, record, wait_for, wait_until_ended, working

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys, threading
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.jobs import Worker
from strongroom.kernel.sessions import Database
from tests.kernel.jobs.chores import CHORES
from tests.kernel.jobs.working import BRISK

if __name__ == "__main__":
    worker = Worker(Database(DatabaseOptions(sys.argv[1]), schemas=("jobs", "attic")), CHORES, options=BRISK)
    worker.start()
    worker.join()
"""


@pytest.fixture
def elsewhere(postgresql_options: DatabaseOptions, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker in a process of its own."""
    program = tmp_path / "worker.py"
    program.write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, str(program), postgresql_options.url], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    yield process
    with suppress(ProcessLookupError):
        process.kill()
    process.wait()


@pytest.mark.parametrize("job", [DAWDLE, DAWDLE_APART], ids=["thread", "process"])
def test_the_job_of_a_killed_worker_is_run_again_by_another(
    database: Database, elsewhere: subprocess.Popen[bytes], tmp_path: Path, job: Job
) -> None:
    pids = tmp_path / "pids"
    number = database.write(defer, job, lock="one", file=str(pids), seconds=4, checks=False)
    behind = database.write(defer, NOTE, lock="one")
    wait_for(lambda: len(lines(pids)) == 1)
    elsewhere.send_signal(signal.SIGKILL)
    with working(database):
        wait_for(lambda: len(lines(pids)) == 2)
        first = int(lines(pids)[0])
        # the second run may not begin while the first still writes: its process has ended with its worker
        assert not psutil.pid_exists(first) or psutil.Process(first).status() == psutil.STATUS_ZOMBIE
        assert record(database, behind).status == "waiting"
        done, after = wait_until_ended(database, number, behind)
    assert (done.status, done.attempt, done.result) == ("succeeded", 2, "done")
    assert (after.status, after.attempt) == ("succeeded", 1)
    assert done.finished_at is not None
    assert after.started_at is not None
    assert done.finished_at <= after.started_at


def test_a_worker_beside_one_that_was_killed_takes_its_jobs_over(
    database: Database, elsewhere: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    number = database.write(defer, DAWDLE, file=str(pids), seconds=0.5, checks=False)
    wait_for(lambda: len(lines(pids)) == 1)
    with working(database):
        elsewhere.send_signal(signal.SIGKILL)
        [done] = wait_until_ended(database, number)
    assert done.status == "succeeded"

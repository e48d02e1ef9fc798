"""Jobs: work that is deferred with the transaction that asks for it, and run by workers."""

from strongroom.kernel.jobs.context import JobContext
from strongroom.kernel.jobs.deferring import Deferral, defer, defer_many
from strongroom.kernel.jobs.errors import JobFinished, JobNotFound, JobNotReplayable
from strongroom.kernel.jobs.inline import run_after_commit, work_off
from strongroom.kernel.jobs.job import Backoff, Cancelled, Job, RetryLater
from strongroom.kernel.jobs.records import (
    JobRecord,
    JobStatus,
    cancel_job,
    find_job,
    get_own_job,
    list_jobs,
    remove_finished_jobs,
    retry_job,
)
from strongroom.kernel.jobs.running import Runner
from strongroom.kernel.jobs.tables import JOBS
from strongroom.kernel.jobs.worker import Worker, WorkerOptions

__all__ = [
    "JOBS",
    "Backoff",
    "Cancelled",
    "Deferral",
    "Job",
    "JobContext",
    "JobFinished",
    "JobNotFound",
    "JobNotReplayable",
    "JobRecord",
    "JobStatus",
    "RetryLater",
    "Runner",
    "Worker",
    "WorkerOptions",
    "cancel_job",
    "defer",
    "defer_many",
    "find_job",
    "get_own_job",
    "list_jobs",
    "remove_finished_jobs",
    "retry_job",
    "run_after_commit",
    "work_off",
]

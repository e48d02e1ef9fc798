"""What comes of one run of a job: its function is called, and whatever happens becomes an outcome."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from strongroom.kernel.engines.faults import describe
from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.jobs.context import JobContext
from strongroom.kernel.jobs.deferring import as_json
from strongroom.kernel.jobs.errors import JobOvertaken, JobUnknown
from strongroom.kernel.jobs.job import Cancelled, Job, RetryLater
from strongroom.kernel.values import as_utc

log = logging.getLogger("strongroom.jobs")

#: a job that this worker does not know may be known to one that is being deployed
UNKNOWN_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. after_s or at: when to try again; the job's backoff decides when neither is given.

    counts: whether the run was an attempt. is_final: no further run makes sense.
    """

    kind: Literal["succeeded", "failed", "later", "cancelled"]
    result: Any = None
    error_code: str | None = None
    error: str | None = None
    after_s: float | None = None
    at: datetime | None = None
    counts: bool = True
    is_final: bool = False


UNKNOWN = Outcome("later", error_code=JobUnknown.code, error=str(JobUnknown()), after_s=UNKNOWN_PAUSE_S)
#: the worker closes, or could not begin: nothing is held against the job
INTERRUPTED = Outcome("later", error_code="JOB_INTERRUPTED", error="its worker closed", after_s=0, counts=False)


def call(job: Job, context: JobContext, arguments: Mapping[str, Any]) -> Outcome:
    """Run the job's function and say what came of it. Raises JobOvertaken."""
    try:
        result = job.run(context, **arguments)
        return Outcome("succeeded", result=None if result is None else as_json({"result": result})["result"])
    except JobOvertaken:
        raise
    except Cancelled:
        return INTERRUPTED if context.is_interrupted else Outcome("cancelled")
    except RetryLater as later:
        at = None if later.at is None else as_utc(later.at)
        reason = later.reason or None
        return Outcome("later", None, "RETRY_LATER", reason, later.after_s, at, later.counts)
    except Exception as error:
        log.warning("%s %d failed: %s\n%s", job.name, context.job_id, describe(error), where(error))
        return failure(error, is_final=isinstance(error, job.gives_up_on))


def failure(error: BaseException, *, is_final: bool = False) -> Outcome:
    """What is kept of an error: our own say what they may; the text of others can hold rows, so it is not kept."""
    if isinstance(error, StrongroomError):
        return Outcome("failed", error_code=error.code, error=str(error), is_final=is_final)
    return Outcome("failed", error_code="JOB_FAILED", error=type(error).__name__, is_final=is_final)


def where(error: BaseException) -> str:
    """Where it happened, without what was said."""
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()

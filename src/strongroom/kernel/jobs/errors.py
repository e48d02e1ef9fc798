"""What can go wrong with a job from the outside."""

from __future__ import annotations

from strongroom.kernel.errors import NotFound, StrongroomError


class JobNotFound(NotFound):
    """no job has this id"""

    code = "JOB_NOT_FOUND"


class JobFinished(StrongroomError):
    """the job has ended already ({status}); there is nothing left to cancel"""

    code = "JOB_FINISHED"
    status = 409


class JobNotReplayable(StrongroomError):
    """only a job that failed or was cancelled can be run again; this one is {status}"""

    code = "JOB_NOT_REPLAYABLE"
    status = 409


class JobStalled(StrongroomError):
    """the worker that ran the job disappeared"""

    code = "JOB_STALLED"


class JobUnknown(StrongroomError):
    """no job of this name is known to the worker; it is older or newer than what deferred the job"""

    code = "JOB_UNKNOWN"


class JobProcessDied(StrongroomError):
    """the process the job ran in ended without an answer (exit code {exit_code})"""

    code = "JOB_PROCESS_DIED"


class JobOvertaken(StrongroomError):
    """this run of the job was taken for lost and another one has its place"""

    code = "JOB_OVERTAKEN"

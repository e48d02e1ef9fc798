"""Jobs for the tests, at the top of a module, so that a worker in a process of its own finds them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.jobs import Backoff, Job, JobContext, RetryLater

AT_ONCE = Backoff(first_s=0)
SECRET = "a row with 4929 1111 2222 3333"


def note(context: JobContext, *, word: str = "", file: str | None = None) -> dict[str, Any]:
    """Leaves a trace that outlives whoever ran it."""
    if file is not None:
        with Path(file).open("a") as stream:
            stream.write(f"{word}\n")
    return {"word": word, "pid": os.getpid()}


def fail(context: JobContext, *, times: int = 99, code: str = "") -> str:
    """Fails so often, with an error of somebody else's, or with one of ours."""
    if context.attempt <= times:
        raise InvalidValue(field="word", reason=code) if code else RuntimeError(SECRET)
    return "at last"


def postpone(context: JobContext, *, times: int = 1, counts: bool = True) -> int:
    """Comes back later so often."""
    if context.run.number <= times:
        raise RetryLater("the other side asks us to", after_s=0, counts=counts)
    return context.attempt


def dawdle(context: JobContext, *, file: str, seconds: float = 60, checks: bool = True) -> str:
    """Takes its time, and says where it is."""
    with Path(file).open("a") as stream:
        stream.write(f"{os.getpid()}\n")
    context.report(done=1, total=9, message="dawdling")
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        if checks:
            context.check_cancelled()
        time.sleep(0.01)
    return "done"


def die(context: JobContext) -> None:
    """Takes its process along."""
    os.kill(os.getpid(), signal.SIGKILL)


NOTE = Job("attic.note", note, attempts=3, backoff=AT_ONCE)
FAIL = Job("attic.fail", fail, attempts=3, backoff=AT_ONCE)
FAIL_SLOWLY = Job("attic.fail_slowly", fail, attempts=3, backoff=Backoff(first_s=3600))
GIVE_UP = Job("attic.give_up", fail, attempts=3, backoff=AT_ONCE, gives_up_on=(InvalidValue,))
POSTPONE = Job("attic.postpone", postpone, attempts=3, backoff=AT_ONCE)
DAWDLE = Job("attic.dawdle", dawdle, attempts=3, backoff=AT_ONCE)
DAWDLE_APART = Job("attic.dawdle_apart", dawdle, attempts=3, backoff=AT_ONCE, place="process")
NOTE_APART = Job("attic.note_apart", note, attempts=3, backoff=AT_ONCE, place="process")
DIE_APART = Job("attic.die_apart", die, attempts=2, backoff=AT_ONCE, place="process")

CHORES = (NOTE, FAIL, FAIL_SLOWLY, GIVE_UP, POSTPONE, DAWDLE, DAWDLE_APART, NOTE_APART, DIE_APART)

"""How a duty on a running database waits: it steps back from a lock, lets the application through, and tries again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Engine

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.errors import Collided
from strongroom.kernel.sessions.attempts import Attempts

T = TypeVar("T")

#: a lock is tried for two seconds at a time; with growing pauses these add up to about ten minutes
PATIENCE = Attempts(count=60, pause_s_min=0.1, pause_s_max=15)
#: how long others, who wait behind whoever waits for a lock, are held up at most
LOCK_TIMEOUT_S = 2.0


def insist(step: Callable[[], T]) -> T:
    """Run the step until it meets nobody on its way. Raises Collided when patience ends."""
    pauses = PATIENCE.pauses()
    while True:
        try:
            return step()
        except Collided:
            pause = next(pauses, None)
            if pause is None:
                raise
            time.sleep(pause)


@contextmanager
def patient_engine(
    options: DatabaseOptions, schema: str, *, lock_timeout_s: float = LOCK_TIMEOUT_S
) -> Iterator[Engine]:
    """An engine whose statements may take long, and whose waiting for a lock may not; 0: may as well."""
    patient = replace(options, command_timeout_s=0, lock_timeout_s=lock_timeout_s, idle_in_transaction_timeout_s=0)
    engine = build_engine(patient, (schema,))
    try:
        yield engine
    finally:
        engine.dispose()

"""Defers a job inside a unit of work: what is rolled back never runs, what is committed is never lost."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import Text, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.jobs.job import Job
from strongroom.kernel.jobs.tables import QUEUE, RECORDS
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.values import as_utc

#: key in session.info: jobs were deferred here; SQLite runs them after the COMMIT
DEFERRED = "jobs_deferred"
#: jobs that one statement looks for; the database takes only so many parameters
_PORTION = 1000


@dataclass(frozen=True, slots=True)
class Deferral:
    """One job to come; what its fields mean stands in `defer`."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    lock: str | None = None
    key: str | None = None
    run_at: datetime | None = None


def defer(
    session: Session,
    job: Job,
    /,
    *,
    lock: str | None = None,
    key: str | None = None,
    run_at: datetime | None = None,
    **arguments: Any,
) -> int:
    """Have the job run once this transaction is committed, and return its id.

    lock: jobs of one system under one lock run one after the other, in the order of their transactions, even while an
    earlier one waits for its next attempt. Transactions that defer under one lock wait for each other.
    key: only one job of a system waits under it; a second call returns the id of the one that waits, which then keeps
    its arguments and does not start before this transaction has ended.
    run_at: not before this moment.
    arguments: anything JSON can hold; ids, moments, decimals and enumerations arrive as text.
    Raises InvalidValue for other arguments.
    """
    return defer_many(session, job, [Deferral(arguments, lock, key, run_at)])[0]


def defer_many(session: Session, job: Job, deferrals: Sequence[Deferral]) -> list[int]:
    """Defer the job many times, each as `defer` does, in a number of statements that does not grow with theirs.

    Returns an id for each, in their order; those with one key have the id of one job.
    """
    rows = [_to_row(job, deferral) for deferral in deferrals]
    numbers = _find_waiting(session, {row["queueing_lock"] for row in rows} - {None})
    new: dict[Any, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        if row["queueing_lock"] not in numbers:
            new.setdefault(row["queueing_lock"] or place, row)
    if new:
        _hold(session, {f"lock {row['lock']}" for row in new.values() if row["lock"] is not None})
        numbers |= zip(new, _enqueue(session, job, list(new.values())), strict=True)
    return [numbers[row["queueing_lock"] or place] for place, row in enumerate(rows)]


def find_waiting(session: Session, key: str) -> int | None:
    """The job that waits under this key, of which there is none but it until the transaction ends."""
    return _find_waiting(session, {key}).get(key)


def _to_row(job: Job, deferral: Deferral) -> dict[str, Any]:
    return {
        "queue_name": job.queue,
        "task_name": job.name,
        "lock": None if deferral.lock is None else f"{job.system}/{deferral.lock}",
        "queueing_lock": None if deferral.key is None else f"{job.system}/{deferral.key}",
        "args": as_json(deferral.arguments),
        "scheduled_at": None if deferral.run_at is None else as_utc(deferral.run_at),
    }


def _hold(session: Session, names: Collection[str]) -> None:
    """Be the only one to defer under these names until the transaction ends: the order of ids is that of commits."""
    if names and session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time by itself
        # in one order: two transactions with the same names wait for one another, not in a circle
        ordered = literal([f"strongroom.jobs {name}" for name in sorted(names)], ARRAY(Text))
        name = func.unnest(ordered).column_valued("name")
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _find_waiting(session: Session, keys: Collection[str]) -> dict[Any, int]:
    """Jobs that wait, by key, of which there are none but these until the transaction ends."""
    _hold(session, {f"key {key}" for key in keys})
    found: dict[Any, int] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), _PORTION):
        waiting = (
            select(QUEUE.c.queueing_lock, QUEUE.c.id)
            .where(QUEUE.c.queueing_lock.in_(ordered[start : start + _PORTION]), QUEUE.c.status == "todo")
            .order_by(QUEUE.c.id)
        )
        # a worker passes over a locked row, so the job cannot begin before it could see what this transaction wrote
        found |= {key: number for key, number in session.execute(waiting.with_for_update(key_share=True))}
    return found


def _enqueue(session: Session, job: Job, rows: Sequence[dict[str, Any]]) -> list[int]:
    # SQLite numbers rows in the order given; asked to say so, SQLAlchemy would insert them one by one
    is_in_order = session.get_bind().dialect.name == "sqlite"
    queued = insert(QUEUE).returning(QUEUE.c.id, sort_by_parameter_order=not is_in_order)
    numbers = sorted(session.scalars(queued, rows))
    actor = actor_of(session)
    record = {"actor_id": actor.id, "actor_name": actor.name, "attempts_max": job.attempts}
    session.execute(insert(RECORDS), [{"id": number, **record} for number in numbers])
    session.info[DEFERRED] = True
    return numbers


def as_json(arguments: Mapping[str, Any]) -> Any:
    """The arguments as JSON holds them. Raises InvalidValue when it cannot."""
    try:
        return json.loads(json.dumps(dict(arguments), default=_as_text, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise InvalidValue(field="arguments", reason=f"cannot be kept with the job: {error}") from None


def _as_text(value: Any) -> str:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    raise TypeError(f"a {type(value).__name__} has no form in JSON")

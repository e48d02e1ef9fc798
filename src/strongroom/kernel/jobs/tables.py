"""The tables behind jobs: the queue, which is procrastinate's, and our record of what came of each job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ENUM

from strongroom.kernel.tables import DatabaseObject, JsonDocument, Moment, database_now, room_metadata

SCHEMA = "jobs"
STATUSES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborting", "aborted")

_ours = room_metadata(SCHEMA, kept_by_others=("procrastinate_",))
#: not ours to compare: what procrastinate's own schema says, on PostgreSQL; on SQLite what we read and write of it
_theirs = MetaData(schema=SCHEMA)
_Number = BigInteger().with_variant(Integer(), "sqlite")
_Status = String(16).with_variant(
    ENUM(*STATUSES, name="procrastinate_job_status", schema=SCHEMA, create_type=False), "postgresql"
)

#: attempts: runs that have ended; together with the id it names one run
QUEUE = Table(
    "procrastinate_jobs",
    _theirs,
    Column("id", _Number, primary_key=True),
    Column("queue_name", String(128), nullable=False),
    Column("task_name", String(128), nullable=False),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("lock", Text),
    Column("queueing_lock", Text),
    Column("args", JsonDocument(), nullable=False),
    Column("status", _Status, nullable=False, server_default="todo"),
    Column("scheduled_at", Moment()),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("abort_requested", Boolean, nullable=False, server_default="0"),
    Column("worker_id", _Number),
)

WORKERS = Table("procrastinate_workers", _theirs, Column("id", _Number), Column("last_heartbeat", Moment()))

#: uncounted: runs that do not count as attempts; error_code and error are of the last run that failed
RECORDS = Table(
    "records",
    _ours,
    Column("id", _Number, primary_key=True, autoincrement=False),
    Column("actor_id", Uuid()),
    Column("actor_name", Text, nullable=False),
    Column("attempts_max", Integer, nullable=False),
    Column("uncounted", Integer, nullable=False, server_default="0"),
    Column("done", _Number),
    Column("total", _Number),
    Column("message", Text),
    Column("result", JsonDocument()),
    Column("error_code", Text),
    Column("error", Text),
    Column("created_at", Moment(), nullable=False, server_default=database_now()),
    Column("started_at", Moment()),
    Column("finished_at", Moment()),
)


@dataclass(frozen=True, slots=True)
class JobsSchema:
    """The schema of the kernel's own that jobs live in; it is migrated like that of a system."""

    name: str = SCHEMA
    title: str = "Jobs"
    tables: MetaData = _ours
    objects: tuple[DatabaseObject, ...] = ()
    migrations: Path = Path(__file__).parent / "migrations" / "versions"


JOBS = JobsSchema()

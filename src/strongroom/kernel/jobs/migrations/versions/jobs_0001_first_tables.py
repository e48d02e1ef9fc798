"""First tables: procrastinate's queue as of 3.10, and a record beside each job."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from strongroom.kernel import tables

revision = "jobs_0001"
down_revision = None
branch_labels = None
depends_on = None

QUEUE = Path(__file__).parents[1] / "procrastinate_3_10.sql"

#: whoever calls these functions, or fires these triggers, has a search path of their own
FIND_OWN_TABLES = """
    DO $$ DECLARE one regprocedure; BEGIN
        FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace LOOP
            EXECUTE format('ALTER FUNCTION %s SET search_path = jobs, pg_catalog, pg_temp', one);
        END LOOP;
    END $$"""


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        execute("SET LOCAL search_path = jobs, pg_catalog")
        for statement in statements(QUEUE.read_text(encoding="utf-8")):
            execute(statement)
        execute("SET LOCAL search_path = DEFAULT")
        execute(FIND_OWN_TABLES)
        # of each job that is passed over it is asked whether another stands before it in its lock
        execute(
            "CREATE INDEX ix_procrastinate_jobs_lock ON jobs.procrastinate_jobs (lock, id)"
            " WHERE lock IS NOT NULL AND status IN ('todo', 'doing')"
        )
        # dead letters are few among millions that succeeded, and they are what people ask for
        execute("CREATE INDEX ix_procrastinate_jobs_failed ON jobs.procrastinate_jobs (id) WHERE status = 'failed'")
    else:
        create_queue_on_sqlite()
    op.create_table(
        "records",
        sa.Column("id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("attempts_max", sa.Integer(), nullable=False),
        sa.Column("uncounted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", NUMBER, nullable=True),
        sa.Column("total", NUMBER, nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("result", tables.JsonDocument(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", tables.Moment(), server_default=tables.database_now(), nullable=False),
        sa.Column("started_at", tables.Moment(), nullable=True),
        sa.Column("finished_at", tables.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        schema="jobs",
    )


def downgrade() -> None:
    op.drop_table("records", schema="jobs")
    if op.get_context().dialect.name != "postgresql":
        op.drop_table("procrastinate_jobs", schema="jobs")
        return
    for table in ("events", "periodic_defers", "jobs", "workers"):
        execute(f"DROP TABLE jobs.procrastinate_{table} CASCADE")
    execute(DROP_FUNCTIONS)
    for kind in ("job_to_defer_v1", "job_event_type", "job_status"):
        execute(f"DROP TYPE jobs.procrastinate_{kind}")


NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

DROP_FUNCTIONS = """
    DO $$ DECLARE one regprocedure; BEGIN
        FOR one IN SELECT oid FROM pg_proc
                    WHERE pronamespace = 'jobs'::regnamespace AND starts_with(proname, 'procrastinate_') LOOP
            EXECUTE format('DROP FUNCTION %s CASCADE', one);
        END LOOP;
    END $$"""


def create_queue_on_sqlite() -> None:
    """What we read and write of the queue, with the two promises that indexes keep."""
    op.create_table(
        "procrastinate_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("queue_name", sa.String(128), nullable=False),
        sa.Column("task_name", sa.String(128), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lock", sa.Text(), nullable=True),
        sa.Column("queueing_lock", sa.Text(), nullable=True),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(16), server_default="todo", nullable=False),
        sa.Column("scheduled_at", tables.Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("abort_requested", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procrastinate_jobs")),
        schema="jobs",
        sqlite_autoincrement=True,  # an id is never given twice, though jobs are removed in time
    )
    for name, column, status in (("queueing_lock", "queueing_lock", "todo"), ("lock", "lock", "doing")):
        op.create_index(
            f"procrastinate_jobs_{name}_idx_v1",
            "procrastinate_jobs",
            [column],
            unique=True,
            schema="jobs",
            sqlite_where=sa.text(f"status = '{status}'"),
        )


def statements(script: str) -> Iterator[str]:
    """The statements of a script, one at a time; a semicolon inside $$ … $$ ends none."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        statement = "\n".join(lines).strip()
        if line.rstrip().endswith(";") and statement.count("$$") % 2 == 0:
            yield statement
            lines.clear()


def execute(statement: str) -> None:
    """A colon in a statement is no parameter."""
    op.execute(statement.replace(":", "\\:"))

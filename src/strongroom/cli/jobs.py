"""`strongroom jobs`: run what was deferred, look at it, cancel it, run dead letters again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Column, Table

from strongroom.assembly import Building
from strongroom.cli.choosing import WhichSystem, choose
from strongroom.cli.console import console
from strongroom.kernel.jobs import (
    JobNotFound,
    JobRecord,
    JobStatus,
    Worker,
    cancel_job,
    find_job,
    list_jobs,
    retry_job,
)

commands = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(metavar="ID", help="The job's id, as `strongroom jobs list` shows it.")]

_COLOURS = {"waiting": "yellow", "running": "cyan", "succeeded": "green", "failed": "red", "cancelled": "dim"}


@commands.command()
def work(
    context: typer.Context,
    concurrency: Annotated[
        int | None, typer.Option(help="Jobs at once, in threads; JOBS_CONCURRENCY when left out.", min=1, max=1000)
    ] = None,
    system: WhichSystem = None,
    once: Annotated[bool, typer.Option("--once", help="End as soon as nothing is due any more.")] = False,
) -> None:
    """Run jobs until Ctrl-C. Any number of workers may run, also beside the one inside `strongroom serve`."""
    building: Building = context.obj
    worker = building.build_worker(_chosen(building, system), concurrency=concurrency)
    if not worker.runner.jobs:
        console.print("No system has any job to run.")
        return
    if once:
        console.print(f"{worker.work_off()} runs, nothing is due any more")
        return
    kinds, at_once = len(worker.runner.jobs), worker.options.concurrency
    console.print(f"Running {kinds} kinds of jobs, {at_once} at once. Ctrl-C stops.")
    with working(building, worker):
        worker.join()


@contextmanager
def working(building: Building, worker: Worker) -> Iterator[None]:
    """Have the worker work inside the block, and wait for its jobs behind it."""
    worker.start()
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        with console.status("Waiting for the jobs under way"):
            has_ended = worker.stop()
        if not has_ended:
            console.print("[yellow]Some jobs did not stop when asked to; they will be run again.[/yellow]")
            building.stop()
            os._exit(1)  # their threads would hold the process


@commands.command("list")
def list_them(
    context: typer.Context,
    status: Annotated[JobStatus | None, typer.Option(help="Only these; `failed` ones are the dead letters.")] = None,
    system: WhichSystem = None,
    before: Annotated[int | None, typer.Option(metavar="ID", help="Only older ones than this, to read on.")] = None,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=1000)] = 30,
) -> None:
    """Jobs, newest first."""
    building: Building = context.obj
    _chosen(building, system)
    found = building.database.read(list_jobs, status=status, system=system, before=before, limit=limit)
    whole = [Column(name, no_wrap=True) for name in ("id", "job", "status", "try", "deferred")]
    table = Table(*whole, "how it goes", box=SIMPLE_HEAD, pad_edge=False)
    for record in found:
        table.add_row(
            str(record.id),
            record.name,
            f"[{_COLOURS[record.status]}]{_status(record)}",
            f"{record.attempt}/{record.attempts_max}",
            f"{record.created_at:%m-%d %H:%M}",
            escape(matter) if (matter := record.error or record.error_code) else _progress(record),
        )
    console.print(table if found else "No such jobs.")


@commands.command()
def show(context: typer.Context, number: Number) -> None:
    """All that is known of one job."""
    building: Building = context.obj
    record = building.database.read(find_job, number)
    if record is None:
        raise JobNotFound
    table = Table(show_header=False, box=None)
    for name, value in _facts(record).items():
        if value not in (None, ""):
            table.add_row(f"[dim]{name}", escape(str(value)))
    console.print(table)


@commands.command()
def cancel(context: typer.Context, number: Number) -> None:
    """Take a waiting job out of the queue, or ask a running one to stop."""
    building: Building = context.obj
    building.database.write(cancel_job, number)
    record = building.database.read(find_job, number)
    is_running = record is not None and record.status == "running"
    console.print(f"Job {number} was asked to stop" if is_running else f"Job {number} is cancelled")


@commands.command()
def retry(context: typer.Context, number: Number) -> None:
    """Run a failed or cancelled job again, with all its attempts."""
    building: Building = context.obj
    building.database.write(retry_job, number)
    console.print(f"Job {number} waits to be run again")


def _chosen(building: Building, name: str | None) -> tuple[str, ...]:
    """The names of the systems to work for; none stands for all."""
    return () if name is None else tuple(system.name for system in choose(building.systems, name))


def _facts(record: JobRecord) -> dict[str, Any]:
    return {
        "job": f"{record.name} {record.id}",
        "status": _status(record),
        "attempt": f"{record.attempt} of {record.attempts_max}",
        "progress": _progress(record),
        "arguments": json.dumps(record.arguments),
        "lock": record.lock,
        "key": record.key,
        "deferred": f"{_moment(record.created_at)} by {record.actor_name}",
        "not before": _moment(record.run_at),
        "began": _moment(record.started_at),
        "ended": _moment(record.finished_at),
        "result": None if record.result is None else json.dumps(record.result),
        "error": f"{record.error_code}: {record.error or ''}" if record.error_code else None,
    }


def _status(record: JobRecord) -> str:
    return "cancelling" if record.is_cancelling else record.status


def _progress(record: JobRecord) -> str:
    counted = "" if record.done is None else f"{record.done} of {record.total}" if record.total else str(record.done)
    return escape(" ".join(word for word in (counted, record.message) if word))


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S")

"""What a timer calls: files that nobody refers to, uploads that nobody stores."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Annotated

import typer

from strongroom.systems.forecasting.commands.building import building_of
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.services.sweeping import (
    StrayKind,
    fail_stuck_uploads,
    find_strays,
    find_stuck_uploads,
    remove_stray,
)


def expire(
    context: typer.Context,
    older_than: Annotated[
        int, typer.Option("--older-than", min=1, metavar="HOURS", help="Leave alone what is younger, in hours.")
    ] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and change nothing.")] = False,
) -> None:
    """Remove the files that no row refers to, and give up uploads that nobody stores any more; for a timer to call.

    Such files are left by trainings and uploads that were interrupted. What is referred to is never removed, and this
    may run beside trainings and uploads. The folders must belong to this database alone. Exits with 1 if a file could
    not be removed.
    """
    building, age = building_of(context), timedelta(hours=older_than)
    database = building.database
    stuck = database.read(find_stuck_uploads, age) if dry_run else database.write(fail_stuck_uploads, age)
    for upload in stuck:
        typer.echo(f"upload {upload.upload_id} ({upload.filename}): {upload.reason}")
    counts: Counter[StrayKind] = Counter()
    sizes: Counter[StrayKind] = Counter()
    failures = 0
    for stray in find_strays(database, building.option(ForecastingOptions), age):
        try:
            is_gone = dry_run or remove_stray(database, stray)
        except OSError as error:
            typer.echo(f"{stray.folder / stray.name}: cannot be removed ({error.strerror})", err=True)
            failures += 1
            continue
        if is_gone:
            typer.echo(f"{stray.folder / stray.name}: {stray.size_bytes:,} bytes, of {stray.changed_at:%Y-%m-%d %H:%M}")
            counts[stray.kind] += 1
            sizes[stray.kind] += stray.size_bytes
    would = "would be " if dry_run else ""
    typer.echo(f"uploads {would}given up: {len(stuck)}")
    for kind in StrayKind:
        typer.echo(f"{kind.value} files {would}removed: {counts[kind]} ({sizes[kind]:,} bytes)")
    if failures:
        raise typer.Exit(1)

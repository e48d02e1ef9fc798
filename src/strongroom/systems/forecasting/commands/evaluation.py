"""Methods of forecasting compared on a benchmark."""

from __future__ import annotations

import csv
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.imports.benchmark import read_benchmark
from strongroom.systems.forecasting.methods import COMPARED, METHODS, Continuation
from strongroom.systems.forecasting.services.evaluation import Evaluation, Score
from strongroom.systems.forecasting.services.evaluation import evaluate as evaluate_series

progress_console = Console(stderr=True)


def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A long CSV of series.")],
    json_file: Annotated[Path | None, typer.Option("--json", dir_okay=False, help="Write the figures here.")] = None,
    forecasts_file: Annotated[
        Path | None, typer.Option("--forecasts", dir_okay=False, help="Write the forecasts here, as CSV.")
    ] = None,
    method: Annotated[
        list[str] | None, typer.Option("--method", "-m", help="Only this method; repeat for several.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
) -> None:
    """Score every method on many series: hold out the end of each, forecast it, compare.

    FILE has the columns series, timestamp, value, horizon, season_length, a line a value; others are ignored. The last
    `horizon` values of a series are held out. Printed for each method: sMAPE and MASE as the M-competitions define
    them, and the share of values inside their 95 % interval.

    Example: strongroom forecasting evaluate m3.csv --json m3.json --forecasts m3-forecasts.csv
    """
    methods = tuple(dict.fromkeys(method or COMPARED))
    if unknown := [name for name in methods if name not in METHODS]:
        raise InvalidValue(field="--method", reason=f"{unknown[0]} is none of {', '.join(METHODS)}")
    for option, path in (("--json", json_file), ("--forecasts", forecasts_file)):
        if path is not None and not os.access(path if path.exists() else path.parent, os.W_OK):
            raise InvalidValue(field=option, reason=f"{path} cannot be written; does its folder exist?")
    held_out = read_benchmark(file)
    began = time.perf_counter()
    with _told(len(held_out)) as on_done:
        found = evaluate_series(held_out, methods, workers=workers, on_done=on_done)
    seconds = time.perf_counter() - began
    console = Console()
    for length, scores in found.by_season_length.items():
        title = "Without a season" if length == 1 else f"Season of {length}"
        console.print(_table(title, scores))
    if len(found.by_season_length) != 1:
        console.print(_table("All", found.overall))
    console.print(f"{len(held_out)} series, {len(methods)} methods, {seconds:.1f} s")
    if json_file is not None:
        json_file.write_text(json.dumps(_as_json(found), indent=2) + "\n", encoding="utf-8")
    if forecasts_file is not None:
        _write_forecasts(forecasts_file, methods, found.forecasts)


@contextmanager
def _told(total: int) -> Iterator[Callable[[int], None]]:
    """Shows how many series are done: as a bar, or as a line for each tenth where nobody watches."""
    if not progress_console.is_terminal:
        yield _Lines(total)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=progress_console) as progress:
        task = progress.add_task("Forecasting", total=total)
        yield lambda count: progress.advance(task, count)


class _Lines:
    def __init__(self, total: int) -> None:
        self._total, self._done, self._began = total, 0, time.perf_counter()

    def __call__(self, count: int) -> None:
        before, self._done = self._done, self._done + count
        if before * 10 // self._total < self._done * 10 // self._total:
            seconds = time.perf_counter() - self._began
            progress_console.print(f"{self._done} of {self._total} series after {seconds:.0f} s", highlight=False)


def _table(title: str, scores: Mapping[str, Score]) -> Table:
    table = Table("method", "sMAPE", "MASE", "coverage", "seconds", title=title, title_justify="left")
    best = min(score.smape for score in scores.values())
    for name, score in scores.items():
        shown = (
            f"{score.smape:.3f}",
            "" if score.mase is None else f"{score.mase:.3f}",
            f"{score.coverage:.1%}",
            f"{score.seconds:.1f}",
        )
        table.add_row(name, *shown, style="bold" if score.smape == best else None)
    return table


def _as_json(found: Evaluation) -> dict[str, object]:
    """Each method's figures, those by season length within them."""
    return {
        name: {
            **asdict(score),
            "by_season_length": {str(length): asdict(part[name]) for length, part in found.by_season_length.items()},
        }
        for name, score in found.overall.items()
    }


def _write_forecasts(path: Path, methods: tuple[str, ...], forecasts: Sequence[Continuation]) -> None:
    by_series: dict[str, dict[str, Continuation]] = defaultdict(dict)
    for found in forecasts:
        by_series[found.series][found.method] = found
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["series", "step", *methods])
        for name, paths in by_series.items():
            for step, values in enumerate(zip(*(paths[method].mean for method in methods), strict=True), 1):
                writer.writerow([_harmless(name), step, *map(repr, values)])


def _harmless(text: str) -> str:
    """A name that a spreadsheet would run as a formula is quoted with an apostrophe."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

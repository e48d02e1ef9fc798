"""What `strongroom forecasting evaluate` says can be worked out again from what it writes, and from nothing hidden."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from strongroom.systems.forecasting.commands import commands

HEAD = "series,timestamp,value,horizon,season_length,period\n"
QUICK = ("naive", "seasonal_naive", "linear_regression")

Points = dict[tuple[str, int], float]


def quarterly(name: str, *, level: float, last: float = 0.0) -> str:
    """Twenty quarters with a season and a trend; `last` is added to the four that are held out."""
    values = (level + step + (step % 4) * level / 10 + (last if step >= 16 else 0) for step in range(20))
    return "".join(f"{name},{step},{value!r},4,4,QUARTERLY\n" for step, value in enumerate(values))


def yearly(name: str, *, slope: float) -> str:
    return "".join(f"{name},{1990 + step}-12-31,{50 + slope * step!r},2,1,YEARLY\n" for step in range(12))


ROWS = quarterly("north", level=40) + quarterly("south", level=7) + yearly("east", slope=3) + yearly("west", slope=-2)


def evaluate(folder: Path, rows: str = ROWS, *options: str, methods: tuple[str, ...] = QUICK) -> Result:
    file = folder / "benchmark.csv"
    file.write_text(HEAD + rows, encoding="utf-8")
    words = ["evaluate", str(file), "--workers", "1", *(word for name in methods for word in ("-m", name)), *options]
    return CliRunner().invoke(commands, words)


def read(folder: Path, rows: str = ROWS, **given: Any) -> tuple[dict[str, Any], dict[str, Points]]:
    """The figures, and the forecasts by method."""
    figures, forecasts = folder / "figures.json", folder / "forecasts.csv"
    told = evaluate(folder, rows, "--json", str(figures), "--forecasts", str(forecasts), **given)
    assert told.exit_code == 0, told.output
    points: dict[str, Points] = defaultdict(dict)
    with forecasts.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            place = row.pop("series"), int(row.pop("step"))
            for method, value in row.items():
                points[method][place] = float(value)
    return json.loads(figures.read_text(encoding="utf-8")), points


def score_again(rows: str, points: Points) -> tuple[float, float]:
    """sMAPE and MASE as the M4 competition's own text has them, from the file and the forecasts alone."""
    values: dict[str, list[float]] = defaultdict(list)
    shape: dict[str, tuple[int, int]] = {}
    for name, _moment, value, horizon, length, _period in csv.reader(rows.splitlines()):
        values[name].append(float(value))
        shape[name] = int(horizon), int(length)
    smapes, mases = [], []
    for name, series in values.items():
        ahead, season = shape[name]
        known, future = series[:-ahead], series[-ahead:]
        said = [points[name, step] for step in range(1, ahead + 1)]
        smapes.append(fmean(200 * abs(y - f) / (abs(y) + abs(f)) for y, f in zip(future, said, strict=True)))
        scale = fmean(abs(known[at] - known[at - season]) for at in range(season, len(known)))
        mases.append(fmean(abs(y - f) for y, f in zip(future, said, strict=True)) / scale)
    return fmean(smapes), fmean(mases)


def test_anybody_can_score_the_forecasts_again_and_finds_the_same(tmp_path: Path) -> None:
    figures, forecasts = read(tmp_path)
    assert set(figures) == set(forecasts) == set(QUICK)
    for method, said in figures.items():
        assert (said["smape"], said["mase"]) == pytest.approx(score_again(ROWS, forecasts[method])), method
        assert 0 <= said["coverage"] <= 1
        assert said["seconds"] >= 0
        assert said["series"] == 4


def test_figures_by_season_length_are_of_their_series_alone(tmp_path: Path) -> None:
    figures, forecasts = read(tmp_path)
    quarters = quarterly("north", level=40) + quarterly("south", level=7)
    for method, said in figures.items():
        part = said["by_season_length"]["4"]
        assert part["series"] == 2
        assert (part["smape"], part["mase"]) == pytest.approx(score_again(quarters, forecasts[method]))
        assert math.isclose(said["smape"], (part["smape"] + said["by_season_length"]["1"]["smape"]) / 2)


def test_what_is_held_out_changes_no_forecast(tmp_path: Path) -> None:
    methods = (*QUICK, "auto")
    _, before = read(tmp_path, quarterly("north", level=40), methods=methods)
    _, after = read(tmp_path, quarterly("north", level=40, last=1000), methods=methods)
    assert before == after


def test_without_being_told_it_compares_every_method_that_is_no_variant(tmp_path: Path) -> None:
    told = evaluate(tmp_path, quarterly("north", level=40), methods=())
    assert told.exit_code == 0
    for method in (*QUICK, "ets", "theta", "arima", "sarima", "ensemble", "auto"):
        assert method in told.output
    assert "1 series, 9 methods" in told.output


def test_the_same_file_gives_the_same_figures(tmp_path: Path) -> None:
    once, twice = (_without_seconds(read(tmp_path)[0]) for _ in range(2))
    assert once == twice


def test_where_nobody_watches_each_tenth_is_a_line(tmp_path: Path) -> None:
    told = evaluate(tmp_path, "".join(yearly(f"s{number}", slope=number) for number in range(20)), methods=("naive",))
    lines = [line for line in told.stderr.splitlines() if " of 20 series after " in line]
    assert 1 <= len(lines) <= 10
    assert lines[-1].startswith("20 of 20")


@pytest.mark.parametrize("option", ["--json", "--forecasts"])
def test_an_answer_that_could_not_be_written_is_not_worked_out(tmp_path: Path, option: str) -> None:
    told = evaluate(tmp_path, ROWS, option, str(tmp_path / "missing" / "out"))
    assert told.exit_code != 0
    assert f"{option}" in str(told.exception)
    assert "cannot be written" in str(told.exception)
    assert "series" not in told.stdout


def test_an_unknown_method_is_refused_with_those_there_are(tmp_path: Path) -> None:
    told = evaluate(tmp_path, methods=("oracle",))
    assert told.exit_code != 0
    assert "oracle is none of naive," in str(told.exception)


def test_the_name_of_a_series_that_a_spreadsheet_would_run_is_neutralised(tmp_path: Path) -> None:
    _, forecasts = read(tmp_path, yearly("=1+1", slope=2), methods=("naive",))
    assert {name for name, _ in forecasts["naive"]} == {"'=1+1"}


def _without_seconds(figures: Any) -> Any:
    if isinstance(figures, dict):
        return {name: _without_seconds(part) for name, part in figures.items() if name != "seconds"}
    return figures

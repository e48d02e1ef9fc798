"""A benchmark is read whole or refused with the lines that are wrong; its last values are hidden from methods."""

from __future__ import annotations

from pathlib import Path

import pytest

from strongroom.systems.forecasting.errors import BenchmarkRefused
from strongroom.systems.forecasting.imports.benchmark import read_benchmark

HEAD = "series,timestamp,value,horizon,season_length\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "benchmark.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_the_last_values_are_held_out_in_the_order_of_time(tmp_path: Path) -> None:
    rows = "a,3,30,2,4\na,1,10,2,4\na,2,20,2,4\na,10,100,2,4\nb,2024-01-31,1,1,1\nb,2023-12-31,2,1,1\n"
    first, second = read_benchmark(write(tmp_path, HEAD + rows))
    assert (first.series.name, first.series.values, first.future) == ("a", (10, 20), (30, 100))
    assert (first.series.horizon, first.series.season_length) == (2, 4)
    assert (second.series.values, second.future) == ((2,), (1,))


def test_further_columns_and_a_byte_order_mark_are_ignored(tmp_path: Path) -> None:
    text = "\ufeffperiod,series,timestamp,value,horizon,season_length\nY,a,1,1,1,1\nY,a,2,2,1,1\n"
    (only,) = read_benchmark(write(tmp_path, text))
    assert only.future == (2.0,)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("a,1,x,1,1\n", "line 2: value 'x' is no number"),
        ("a,1,nan,1,1\n", "line 2: value nan is not finite"),
        ("a,1,inf,1,1\n", "line 2: value inf is not finite"),
        ("a,soon,1,1,1\n", "line 2: timestamp 'soon' is neither a number nor an ISO date"),
        ("a,1,1,0,1\n", "line 2: horizon '0' is no whole number from 1"),
        ("a,1,1,1.5,1\n", "line 2: horizon '1.5' is no whole number from 1"),
        ("a,1,1,1,-1\n", "line 2: season_length '-1' is no whole number from 1"),
        (",1,1,1,1\n", "line 2: series is empty"),
        ("a,1\n", "line 2: too few columns"),
        ("a,1,1,1,1\na,1,2,1,1\n", "line 3: a has the timestamp 1 twice"),
        ("a,1,1,1,1\na,2,2,2,1\n", "line 3: horizon and season_length of a differ from line 2"),
        ("a,1,1,1,1\na,2024-01-01,2,1,1\n", "line 3: timestamps of a are numbers and dates"),
        ("a,1,1,1,1\n", "line 2: a has 1 values, which leaves nothing to forecast 1 from"),
        ("", "line 2: there is no series"),
    ],
)
def test_each_problem_is_named_with_its_line(tmp_path: Path, rows: str, problem: str) -> None:
    with pytest.raises(BenchmarkRefused) as refusal:
        read_benchmark(write(tmp_path, HEAD + rows))
    assert problem in str(refusal.value)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkRefused, match="no column horizon, season_length"):
        read_benchmark(write(tmp_path, "series,timestamp,value\na,1,1\n"))


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "benchmark.csv"
    path.write_bytes(b"\xff\xfe\x00\x01" * 10)
    with pytest.raises(BenchmarkRefused, match="no CSV in UTF-8"):
        read_benchmark(path)

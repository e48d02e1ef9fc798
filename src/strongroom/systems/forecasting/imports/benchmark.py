"""Reads a benchmark: one long CSV of many series, each with the horizon that is to be held out of it."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import islice
from pathlib import Path
from typing import Any

from strongroom.kernel.values import as_utc
from strongroom.systems.forecasting.errors import BenchmarkRefused
from strongroom.systems.forecasting.methods import Series

COLUMNS = ("series", "timestamp", "value", "horizon", "season_length")
PROBLEMS_SHOWN = 20
HORIZON_MAX = 1000
SEASON_LENGTH_MAX = 10_000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One series of a benchmark, cut: what methods may see, and the last `horizon` values, which they may not."""

    series: Series
    future: tuple[float, ...]


@dataclass(slots=True)
class _Collected:
    line: int
    horizon: int
    season_length: int
    points: dict[Any, float] = field(default_factory=dict)


def read_benchmark(path: Path) -> list[HeldOut]:
    """Every series of the file, in the file's order, its values in the order of their timestamps.

    Columns: series, timestamp (numbers, or ISO dates or times), value, horizon, season_length; others are
    ignored. Raises BenchmarkRefused, which names the lines, for anything that is missing, twice or no number.
    """
    problems: list[str] = []
    collected: dict[str, _Collected] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise BenchmarkRefused(file=path.name, problems=f"line 1: no column {', '.join(missing)}")
            for row in reader:
                if problem := _collect(row, reader.line_num, collected):
                    problems.append(f"line {reader.line_num}: {problem}")
                if len(problems) == PROBLEMS_SHOWN:
                    break
    except (UnicodeDecodeError, csv.Error) as error:
        raise BenchmarkRefused(file=path.name, problems=f"it is no CSV in UTF-8 ({error})") from None
    if not collected and not problems:
        problems.append("line 2: there is no series")
    problems.extend(islice(_too_short(collected), PROBLEMS_SHOWN - len(problems)))
    if problems:
        raise BenchmarkRefused(file=path.name, problems="; ".join(problems))
    return [_cut(name, series) for name, series in collected.items()]


def _collect(row: Mapping[str, str | None], line: int, collected: dict[str, _Collected]) -> str | None:
    """Take one line in; the problem with it, if there is one."""
    if any(row[name] is None for name in COLUMNS):
        return "too few columns"
    name = (row["series"] or "").strip()
    if not name:
        return "series is empty"
    try:
        timestamp = _timestamp(row["timestamp"] or "")
        value = _value(row["value"] or "")
        horizon = _whole("horizon", row["horizon"] or "", HORIZON_MAX)
        season_length = _whole("season_length", row["season_length"] or "", SEASON_LENGTH_MAX)
    except ValueError as error:
        return str(error)
    series = collected.setdefault(name, _Collected(line, horizon, season_length))
    if (series.horizon, series.season_length) != (horizon, season_length):
        return f"horizon and season_length of {name} differ from line {series.line}"
    if series.points and type(next(iter(series.points))) is not type(timestamp):
        return f"timestamps of {name} are numbers and dates"
    if timestamp in series.points:
        return f"{name} has the timestamp {row['timestamp']} twice"
    series.points[timestamp] = value
    return None


def _too_short(collected: Mapping[str, _Collected]) -> Iterator[str]:
    for name, series in collected.items():
        if len(series.points) <= series.horizon:
            yield (
                f"line {series.line}: {name} has {len(series.points)} values, which leaves nothing to forecast "
                f"{series.horizon} from"
            )


def _cut(name: str, collected: _Collected) -> HeldOut:
    values = [collected.points[moment] for moment in sorted(collected.points)]
    seen, future = values[: -collected.horizon], values[-collected.horizon :]
    return HeldOut(Series(name, tuple(seen), collected.horizon, collected.season_length), tuple(future))


def _timestamp(text: str) -> Decimal | datetime:
    text = text.strip()
    try:
        number = Decimal(text)
        if number.is_finite():
            return number
    except InvalidOperation:
        pass
    try:
        return as_utc(datetime.fromisoformat(text))
    except ValueError:
        raise ValueError(f"timestamp {text[:40]!r} is neither a number nor an ISO date") from None


def _value(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"value {text.strip()[:40]!r} is no number") from None
    if not math.isfinite(value):
        raise ValueError(f"value {text.strip()[:40]} is not finite")
    return value


def _whole(name: str, text: str, highest: int) -> int:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (number >= 1 and number == int(number) and number <= highest):
        raise ValueError(f"{name} {text.strip()[:40]!r} is no whole number from 1 to {highest}")
    return int(number)

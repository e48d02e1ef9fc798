"""Claims about what a large file costs: memory that hardly grows with it, and a time that grows with its rows alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PROGRAM = r"""
import re, sys
from pathlib import Path
from strongroom.systems.forecasting.imports import Choices, prepare_file
def most():  # not getrusage: a process inherits that of the one that started it
    return re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())[1]
before = most()
prepared = prepare_file(Path(sys.argv[1]), "series.csv", Choices(accept_detected=True))
points = sum(1 for _ in prepared.points())
print(points, before, most())
"""
pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the most it used")
#: of any process that has the room's code imported
MEMORY_MAX_MB = 300


def minutes(path: Path, rows: int) -> Path:
    """A value a minute, from January 2020."""
    days, lines = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], iter(range(rows))
    with path.open("w") as stream:
        stream.write("timestamp,revenue\n")
        for year in range(2020, 2030):
            for month, count in enumerate(days, 1):
                for at in range(min(count, 28) * 1440):
                    number = next(lines, None)
                    if number is None:
                        return path
                    day, hour, minute = at // 1440 + 1, at // 60 % 24, at % 60
                    stream.write(f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00,{1000 + number % 997}.25\n")
    return path


def read(path: Path) -> tuple[int, float, float]:
    """Points, and the memory before and at the most, in MB."""
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    points, before, most = map(int, process.stdout.split())
    return points, before / 1024, most / 1024


def test_a_file_takes_about_a_hundred_bytes_a_row(tmp_path: Path) -> None:
    points, before, most = read(minutes(tmp_path / "series.csv", 100_000))
    assert points == 100_000
    assert most < MEMORY_MAX_MB
    assert most - before < 40


@pytest.mark.heavy
def test_a_million_rows_are_read_in_less_than_300_mb(tmp_path: Path) -> None:
    points, _, most = read(minutes(tmp_path / "series.csv", 1_000_000))
    assert points == 1_000_000
    assert most < MEMORY_MAX_MB

"""Claims about `strongroom forecasting check-file` and `upload`."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.commands import commands
from strongroom.systems.forecasting.services.uploads import list_uploads
from tests.systems.forecasting.building import add_user
from tests.systems.forecasting.imports.sending import monthly

AMBIGUOUS = "date,revenue\n01/02/2024,1\n01/03/2024,2\n01/04/2024,3\n"


@dataclass(frozen=True)
class Office:
    database: Database


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    sqlite_database.write(add_user)
    return Office(sqlite_database)


def run(office: Office, *words: str | Path, typed: str | None = None) -> Result:
    return CliRunner().invoke(commands, list(map(str, words)), obj=office, input=typed)


def written(folder: Path, content: str) -> Path:
    path = folder / "series.csv"
    path.write_text(content)
    return path


def counts(office: Office) -> list[int]:
    return [upload.row_count for upload in office.database.read(list_uploads).items]


def test_a_file_is_shown_before_it_is_stored_and_stored_when_that_is_right(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path, monthly())
    refused = run(office, "upload", path, "--user", "ada", typed="n\n")
    assert (refused.exit_code, counts(office)) == (1, [])
    told = run(office, "upload", path, "--user", "ADA", typed="y\n")
    assert told.exit_code == 0, told.output
    assert "date: timestamp; revenue: revenue" in told.stdout
    assert "revenue: 12 values from 2024-01-01 to 2024-12-01, 0 missing, 0 twice, 0 gaps" in told.stdout
    assert "series.csv: stored; 12 points" in told.stdout
    again = run(office, "upload", path, "--user", "ada", "--yes")
    assert "12 points" in again.stdout
    assert run(office, "upload", path, "--user", "ada", typed="y\n").stdout.count("was stored before") == 1


def test_what_is_ambiguous_is_asked_and_nothing_is_stored_until_it_is_told(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path, AMBIGUOUS)
    asked = run(office, "upload", path, "--user", "ada", "--yes")
    assert asked.exit_code == 1
    assert "date_format (day_first or month_first)" in asked.stderr
    assert counts(office) == []
    told = run(office, "upload", path, "--user", "ada", "--yes", "--date-format", "day_first", "--currency", "EUR")
    assert told.exit_code == 0, told.output
    assert counts(office) == [3]


def test_choices_may_be_written_put_right_and_used(office: Office, tmp_path: Path) -> None:
    path, choices = written(tmp_path, AMBIGUOUS), tmp_path / "choices.json"
    checked = run(office, "check-file", path, "--json", choices)
    assert checked.exit_code == 1
    assert "01/02/2024 → 2024-02-01" in checked.stdout
    assert "To be told: date_format" in checked.stdout
    document = json.loads(choices.read_text())
    choices.write_text(json.dumps({**document, "date_format": "month_first", "decimal_mark": "."}))
    assert run(office, "check-file", path, "--choices", choices).exit_code == 0
    told = run(office, "upload", path, "--user", "ada", "--choices", choices, typed="y\n")
    assert told.exit_code == 0, told.output


def test_bad_rows_are_named_and_written_to_a_file_that_no_spreadsheet_runs(office: Office, tmp_path: Path) -> None:
    path, problems = written(tmp_path, monthly(3) + "2024-04-01,=1+1\n"), tmp_path / "problems.csv"
    told = run(office, "upload", path, "--user", "ada", "--yes", "--problems", problems)
    assert told.exit_code == 1
    assert "line 5, revenue: is no number [=1+1]" in told.stderr
    assert "nothing was stored; 1 of 4 rows cannot be read." in told.stderr
    with problems.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == ["5", "revenue", "'=1+1", "is no number"]
    assert run(office, "upload", path, "--user", "ada", "--yes", "--bad-rows", "skip").exit_code == 0


def test_columns_and_words_are_told_by_name(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path, "day,account,sum\n2024-01-01,4000=A,1\n2024-02-01,4000=A,2\n")
    columns = ["--column", "day=timestamp", "--column", "account=category", "--column", "sum=value"]
    told = run(office, "upload", path, "--user", "ada", "--yes", *columns, "--word", "4000=A=revenue")
    assert told.exit_code == 0, told.output
    assert counts(office) == [2]
    assert run(office, "upload", path, "--user", "ada", "--column", "day").exit_code == 2


def test_an_unknown_user_is_refused_before_the_file_is_read(office: Office, tmp_path: Path) -> None:
    told = run(office, "upload", written(tmp_path, ""), "--user", "nobody")
    assert told.exception is not None
    assert "no user has this id or name" in str(told.exception)

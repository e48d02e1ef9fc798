"""Claims about the commands: the nomenclature and constants come in, what outlived its time goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.export_readiness.commands import commands
from strongroom.systems.export_readiness.models import ChatSession
from strongroom.systems.export_readiness.samples import load_samples
from strongroom.systems.export_readiness.samples.businesses import read_nomenclature_file
from tests.systems.export_readiness.building import add_report, add_user


@dataclass(frozen=True)
class Office:
    """What the commands are given: something with a database and options."""

    database: Database

    def option(self, kind: type[Any]) -> Any:
        return kind()


def run(database: Database, *arguments: str | Path, **more: Any) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], obj=Office(database), **more)


@pytest.fixture
def nomenclature(tmp_path: Path) -> Path:
    path = tmp_path / "hs.csv.gz"
    path.write_bytes(read_nomenclature_file())
    return path


def test_the_nomenclature_comes_in_and_answers(any_database: Database, nomenclature: Path) -> None:
    first = run(any_database, "import-hs", nomenclature, "--source-date", "2024-10-01")
    assert (first.exit_code, first.stdout.split(",")[0]) == (0, "6")
    assert "6,939 headings: 6,939 new, 0 changed" in first.stdout
    assert "6,939 headings: 0 new, 0 changed" in run(any_database, "import-hs", nomenclature).stdout
    found = run(any_database, "classify", "organic turmeric powder")
    assert found.stdout.splitlines()[0].startswith("091030")
    known = run(any_database, "classify", "0910.30")
    assert (known.exit_code, [line[:6].strip() for line in known.stdout.splitlines()]) == (0, ["09", "0910", "091030"])
    unknown = run(any_database, "classify", "091031")
    assert unknown.exit_code == 1
    assert "091031 is not in the nomenclature; likely:" in unknown.stdout


def test_a_file_with_problems_is_said_line_by_line(any_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "hs.csv"
    path.write_text("section,hscode,description,parent,level\nI,1,a,TOTAL,2\nI,02,,TOTAL,2\n", encoding="utf-8")
    refused = run(any_database, "import-hs", path)
    assert refused.exit_code == 1
    assert "line 2: hscode must be 2, 4 or 6 digits" in refused.stderr
    assert "line 3: description must not be blank" in refused.stderr


def test_constants_come_in_and_are_shown_as_of_a_day(any_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    lines = ["calculator,name,valid_from,value,unit,source", "test,rate,2025-01-01,1.50,percent,made up"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert run(any_database, "import-rates", path).stdout == "1 constants put\n"
    assert run(any_database, "import-rates", path).stdout == "0 constants put\n"
    assert "1.5" in run(any_database, "rates", "test", "--day", "2025-06-01").stdout
    assert "made" not in run(any_database, "rates", "test", "--day", "2024-06-01").stdout
    path.write_text("\n".join([*lines[:1], "test,rate,2025-01-01,9,percent,made up"]), encoding="utf-8")
    differs = run(any_database, "import-rates", path)
    assert (differs.exit_code, "later day" in differs.stderr) == (1, True)
    path.write_text("nothing", encoding="utf-8")
    assert "there is no column calculator" in run(any_database, "import-rates", path).stderr


def test_a_business_takes_its_data_and_leaves(any_database: Database) -> None:
    any_database.write(load_samples)
    document = json.loads(run(any_database, "export-user", "spices@example.com").stdout)
    assert document["user"]["company_name"] == "Malabar Spice Works (sample)"
    assert run(any_database, "delete-user", "spices@example.com", input="n\n").exit_code == 1
    assert run(any_database, "delete-user", document["user"]["id"], "--yes").exit_code == 0
    assert run(any_database, "export-user", "spices@example.com").exit_code == 1


def test_what_has_outlived_its_time_goes(any_database: Database) -> None:
    user = any_database.write(add_user)
    report = any_database.write(add_report, user.id)
    now = datetime.now(UTC)
    chat = ChatSession(report_id=report.id, expires_at=now + timedelta(hours=24))
    any_database.write(lambda session: session.add(chat))
    assert run(any_database, "expire").stdout == "reports failed: 0\nconversations forgotten: 0\n"
    any_database.clock = FixedClock(now + timedelta(days=32))
    assert run(any_database, "expire").stdout == "reports failed: 1\nconversations forgotten: 1\n"
    assert run(any_database, "expire").stdout == "reports failed: 0\nconversations forgotten: 0\n"

"""What a person types about risk and key figures, and what they see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.commands import commands
from strongroom.systems.forecasting.services.risk import latest_risk
from tests.systems.forecasting.figures.office import open_office


@dataclass(frozen=True)
class Office:
    """What the commands are given: something with a database."""

    database: Database


@pytest.fixture
def model_id(sqlite_database: Database) -> UUID:
    return sqlite_database.write(open_office)


def run(database: Database, *arguments: object) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], obj=Office(database))


def said(database: Database, *arguments: object) -> str:
    result = run(database, *arguments)
    assert result.exit_code == 0, result.output
    return " ".join(result.stdout.split())


def test_risk_is_computed_shown_and_held_against_what_came(sqlite_database: Database, model_id: UUID) -> None:
    words = said(sqlite_database, "risk", "compute", model_id, "--exposure", "1000000", "--seed", 7)
    row = sqlite_database.read(latest_risk, model_id)
    assert row.var_95 is not None
    assert f"Value at risk, 95 % │ {row.var_95} │ {row.var_95 * 1_000_000:,.2f}" in words
    assert "Note: the 99 % figures come from 20 returns" in words
    assert str(row.var_95) in said(sqlite_database, "risk", "show", model_id)
    assert str(row.cvar_99) in said(sqlite_database, "risk", "trend", model_id, "cvar_99")
    breaches = said(sqlite_database, "risk", "breaches", model_id, "--start", "2023-02-01")
    assert "95 % │ 20 │ 1 │ 5.0% │ 5% │ 1.000" in breaches
    assert "99 % │ 8 │" in said(sqlite_database, "risk", "breaches", model_id, "--window", 12)


def test_key_figures_are_generated_and_written_as_a_report(
    sqlite_database: Database, model_id: UUID, tmp_path: Path
) -> None:
    span = ("--start", "2024-01-01", "--end", "2024-04-01")
    words = said(sqlite_database, "kpis", "generate", model_id, *span, "--budget", "400")
    assert "Variance from budget │ -3.5000%" in words
    assert "Forecast accuracy │ not defined" in words
    report_id = words.rsplit("Report ")[-1]
    assert "Revenue growth │ 4.8913%" in said(sqlite_database, "kpis", "show", model_id)
    for key in (model_id, report_id):
        out = tmp_path / "report.json"
        assert said(sqlite_database, "report", key, "--out", out) == f"{out} written."
        assert json.loads(out.read_text(encoding="utf-8"))["id"] == report_id
    for ending, beginning in (("pdf", b"%PDF-"), ("html", b"<!doctype html>")):
        out = tmp_path / f"report.{ending}"
        said(sqlite_database, "report", model_id, "--out", out)
        assert out.read_bytes().startswith(beginning)


def test_what_is_not_understood_is_said_with_what_would_be(sqlite_database: Database, model_id: UUID) -> None:
    wrong = run(sqlite_database, "risk", "compute", model_id, "--method", "magic")
    assert wrong.exit_code == 2
    assert "historical, parametric, monte_carlo" in " ".join(wrong.output.replace("│", " ").split())
    assert run(sqlite_database, "risk", "compute", model_id, "--exposure", "much").exit_code == 2
    assert run(sqlite_database, "report", model_id, "--out", "report.doc").exit_code == 2

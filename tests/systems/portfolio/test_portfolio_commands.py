"""Claims about the commands: figures and rates come in, reports go out, and what is refused is said line by line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.commands import commands
from strongroom.systems.portfolio.imports.wording.headings import FIGURES
from strongroom.systems.portfolio.services.inputs import list_inputs
from tests.systems.portfolio.building import add_company, put_daily_rates, quarter, tick

RATES = "Date,Country,Exchange rate\n2024-12-01,Canada,1.4247\n2024-12-01,Euro,0.9536\n2024-12-01,Narnia,3.0\n"


@dataclass(frozen=True)
class Fund:
    """What the commands are given: something with a database."""

    database: Database


@pytest.fixture
def fund(any_database: Database) -> Database:
    any_database.write(add_company)
    return any_database


def run(database: Database, *arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, [str(argument) for argument in arguments], obj=Fund(database))


def count_inputs(database: Database) -> int:
    return database.read(list_inputs).total


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """A CSV file of one quarter."""
    sent = quarter()
    headings = ["Company", "Quarter", *(field.label for field in FIGURES)]
    row = ["Acme", "Q4 2024", *(getattr(sent, field.value) for field in FIGURES)]
    path = tmp_path / "figures.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([headings, row])
    return path


def test_figures_and_rates_come_in_and_the_report_goes_out(fund: Database, figures: Path, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(RATES, encoding="utf-8")
    imported = run(fund, "import-rates", rates)
    assert imported.exit_code == 0
    assert "Not imported: Narnia (1 rows; its currency is not known)." in imported.stdout
    assert run(fund, "import", figures).stdout == "figures.csv: 1 quarters of 1 companies imported.\n"
    for name in ("report.xlsx", "report.csv", "report.parquet"):
        result = run(fund, "export", "report", "--quarter", "2024Q4", "--currency", "cad", "--out", tmp_path / name)
        assert result.stdout == f"{tmp_path / name} written: Q4 2024 in CAD, 1 companies.\n"
    assert load_workbook(tmp_path / "report.xlsx")["Metrics"]["A2"].value == "Acme"
    [row] = csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text(encoding="utf-8-sig")))
    assert (row["total_revenue"], row["input_total_revenue"]) == ("1424700.00", "1000000.00")
    assert pq.read_table(tmp_path / "report.parquet").num_rows == 1


def test_problems_are_said_one_a_line_and_written_for_the_sender(fund: Database, figures: Path, tmp_path: Path) -> None:
    figures.write_text(figures.read_text(encoding="utf-8").replace("50,", "=1,"), encoding="utf-8")
    out = tmp_path / "problems.csv"
    result = run(fund, "import", figures, "--problems", out)
    assert result.exit_code == 1
    assert "figures.csv!M2 (Employees): is not a number [=1]; write digits only" in result.stderr
    assert result.stderr.endswith("nothing of it was stored.\n")
    [problem] = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))
    assert (problem["column"], problem["row"], problem["value"]) == ("M", "2", "'=1")
    assert count_inputs(fund) == 0


def test_a_check_stores_nothing(fund: Database, figures: Path) -> None:
    assert run(fund, "import", figures, "--check").exit_code == 1  # there is no rate yet
    fund.write(put_daily_rates)
    result = run(fund, "import", figures, "--check")
    assert result.stdout == "figures.csv: 1 quarters can be imported; nothing was stored.\n"
    assert count_inputs(fund) == 0


def test_a_template_is_written_for_companies_there_are(fund: Database, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"
    assert run(fund, "template", out, "--company", "Acme").exit_code == 0
    assert load_workbook(out)["Quarterly figures"]["A2"].value == "Acme"
    assert run(fund, "template", out, "--company", "Nobody").exit_code == 1
    assert run(fund, "template", tmp_path / "template.csv").exit_code == 2


def test_a_report_of_the_past_shows_what_was_known(fund: Database, figures: Path, tmp_path: Path) -> None:
    fund.write(put_daily_rates)
    before, out = tick(), tmp_path / "report.csv"
    run(fund, "import", figures)
    said = run(fund, "export", "report", "--quarter", "2024-q4", "--out", out, "--known-at", before.isoformat()[:19])
    assert "0 companies" in said.stdout
    assert "0 companies" not in run(fund, "export", "report", "--quarter", "2024Q4", "--out", out).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "report", "--quarter", "2024", "--out", "r.xlsx"),
        ("export", "report", "--quarter", "2024Q4", "--out", "r.doc"),
        ("export", "report", "--quarter", "2024Q4", "--out", "r.csv", "--known-at", "yesterday"),
    ],
)
def test_a_slip_of_the_pen_exits_with_2(fund: Database, arguments: tuple[str, ...]) -> None:
    assert run(fund, *arguments).exit_code == 2


def test_wrong_choices_are_told(fund: Database, figures: Path) -> None:
    assert run(fund, "import", figures, "--encoding", "rot13").exit_code == 2
    assert run(fund, "import", figures, "--decimal-mark", "dot").exit_code == 2


def test_rates_with_a_problem_are_not_stored(fund: Database, tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text(RATES.replace("0.9536", "none"), encoding="utf-8")
    result = run(fund, "import-rates", rates)
    assert result.exit_code == 1
    assert "rates.csv!C3 (Exchange rate): is not a number [none]; write it as 1.2345" in result.stderr

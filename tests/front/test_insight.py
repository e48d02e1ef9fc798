"""What somebody on call asks of a running database, and the script for those who expect one."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from strongroom.assembly import Building
from strongroom.cli.main import app
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import InvalidValue, NeedsPostgreSQL, StrongroomError, WroteInReadOnly
from strongroom.kernel.system import System
from strongroom.settings import Settings
from strongroom.systems.biotech.system import system as biotech

SCRIPT = Path(__file__).parents[2] / "scripts" / "db_utils.py"
Command = Callable[..., Result]


@pytest.fixture(scope="session")
def systems() -> tuple[System, ...]:
    return (biotech,)


@pytest.fixture
def building(any_options: DatabaseOptions) -> Iterator[Building]:
    """A building with samples of biotech in it."""
    building = Building(Settings(database_url=SecretStr(any_options.url), secret_key=SecretStr("-" * 32)))
    building.systems = (biotech,)
    building.database.write(biotech.load_samples)
    yield building
    building.stop()


@pytest.fixture
def insight(building: Building) -> Command:
    """Runs a command in that building; raises what it raises."""

    def run(*words: str) -> Result:
        result = CliRunner().invoke(app, ["insight", *words], obj=building)
        if isinstance(result.exception, StrongroomError):
            raise result.exception
        return result

    return run


on_postgresql = pytest.mark.parametrize("any_options", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("any_options", ["sqlite"], indirect=True)


def test_a_question_is_answered_with_names_and_rows(insight: Command) -> None:
    answer = insight("query", "SELECT ticker, name FROM biotech.companies ORDER BY ticker")
    assert answer.exit_code == 0
    assert "ticker" in answer.stdout
    assert "Example Oncology (made up)" in answer.stdout


def test_only_the_first_rows_are_shown_and_that_is_said(insight: Command) -> None:
    answer = insight("query", "SELECT ticker FROM biotech.companies ORDER BY ticker", "--limit", "1")
    assert "EX.EYE" in answer.stdout
    assert "EX.ONC" not in answer.stdout
    assert "there are more" in answer.stderr


@pytest.mark.parametrize("sql", ["DELETE FROM biotech.companies", "UPDATE biotech.companies SET name = 'x'"])
def test_a_question_that_writes_is_refused_by_the_database(insight: Command, building: Building, sql: str) -> None:
    with pytest.raises(WroteInReadOnly):
        insight("query", sql)
    assert "Example Oncology" in insight("query", "SELECT name FROM biotech.companies").stdout


@on_postgresql
def test_tables_are_measured_after_they_were_cleaned(insight: Command) -> None:
    assert "tables cleaned" in insight("vacuum").stderr
    everything, one = insight("tables").stdout, insight("tables", "--table", "companies").stdout
    assert "biotech.ma_scores" in everything
    assert "biotech.companies" in one
    assert "biotech.ma_scores" not in one
    assert "never" not in one
    with pytest.raises(InvalidValue, match="nowhere"):
        insight("tables", "--table", "nowhere")


@on_postgresql
def test_connections_are_shown_without_what_they_ask(insight: Command, building: Building) -> None:
    with building.database.open_session() as session:
        session.connection().exec_driver_sql("SELECT 'canary7391'")
        shown = insight("connections").stdout
    assert "idle in transaction" in shown
    assert "strongroom" in shown
    assert "canary7391" not in shown


@on_sqlite
def test_sqlite_is_packed_and_says_what_it_cannot_tell(insight: Command) -> None:
    assert "tables cleaned" in insight("vacuum").stderr
    for words in (["tables"], ["connections"]):
        with pytest.raises(NeedsPostgreSQL):
            insight(*words)


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("db_utils", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check"], [["database", "check"]]),
        (["create-all"], [["database", "init"]]),
        (["drop-all", "--yes"], [["schema", "downgrade", "base"]]),
        (["reset"], [["database", "reset"]]),
        (["reset", "-y"], [["database", "reset", "--yes"]]),
        (["info"], [["database", "check"], ["schema", "current"]]),
        (["query", "SELECT 1"], [["insight", "query", "--", "SELECT 1"]]),
        (["vacuum"], [["insight", "vacuum"]]),
        (["indexes"], [["indexes", "usage"]]),
        (["stats"], [["insight", "tables"]]),
        (["stats", "--table", "signals"], [["insight", "tables", "--table", "signals"]]),
        (["connections"], [["insight", "connections"]]),
    ],
    ids=str,
)
def test_each_word_of_db_utils_becomes_commands(words: list[str], told: list[list[str]]) -> None:
    door = [sys.executable, "-m", "strongroom"]
    assert load_script().build_commands(words) == [[*door, *command] for command in told]


def test_db_utils_does_not_take_everything_down_unless_it_is_meant() -> None:
    with pytest.raises(SystemExit) as ended:
        load_script().build_commands(["drop-all"])
    assert ended.value.code == 2


@pytest.mark.parametrize("word", ["database", "schema", "insight", "indexes"])
def test_every_command_that_db_utils_runs_is_there(word: str) -> None:
    told = [command for commands in load_script().COMMANDS.values() for command in commands if command[0] == word]
    assert told
    for command in told:
        assert CliRunner().invoke(app, [*command[:2], "--help"]).exit_code == 0

"""What a person does at a terminal: set up, look, make an administrator, begin anew."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from strongroom.assembly import Building
from strongroom.kernel.encryption import compare_password
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import ConfigurationError, InvalidValue
from strongroom.settings import Settings
from strongroom.systems.forecasting.commands import commands
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.repositories import UserRepository, count_rows
from strongroom.systems.forecasting.rules import RoleEnum
from strongroom.systems.forecasting.services import passwords
from tests.systems.forecasting.building import add_user

PASSWORD = "Correct1Horse"


def settings(url: str, environment: str = "testing") -> Settings:
    keys = {name: SecretStr("k" * 40) for name in ("secret_key", "banking_card_key", "biotech_webhook_key")}
    return Settings(database_url=SecretStr(url), environment=environment, **keys)  # type: ignore[arg-type]


@pytest.fixture
def building(any_options: DatabaseOptions) -> Iterator[Building]:
    building = Building(settings(any_options.url))
    yield building
    building.stop()


def run(building: Building, *words: str, typed: str | None = None, **environment: str) -> Result:
    return CliRunner().invoke(commands, list(words), obj=building, input=typed, env=environment)


def find(building: Building, login: str) -> User | None:
    return building.database.read(lambda session: UserRepository(session).find_by_login(login))


def can_enter(building: Building, login: str, plain: str) -> bool:
    return compare_password(plain, building.database.read(passwords.find_password, login)).is_right


def test_setting_up_twice_does_no_harm(building: Building) -> None:
    assert run(building, "setup").exit_code == 0
    building.database.write(add_user)
    assert run(building, "setup").exit_code == 0
    told = run(building, "check")
    assert told.exit_code == 0
    assert "connection_healthy: True" in told.output
    assert "users: 1 rows" in told.output


def test_a_database_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    nowhere = Building(settings("postgresql://nobody@127.0.0.1:1/none"))
    told = run(nowhere, "check")
    nowhere.stop()
    assert told.exit_code == 1
    assert "connection_healthy: False" in told.output


def test_an_administrator_is_asked_for_a_password_which_is_shown_nowhere(
    building: Building, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = run(building, "create-admin", typed=f"chief@example.com\n{PASSWORD}\n{PASSWORD}\n")
    assert told.exit_code == 0, told.output
    user = find(building, "admin")
    assert user is not None
    assert (user.role, user.email) == (RoleEnum.ADMIN, "chief@example.com")
    assert can_enter(building, "admin", PASSWORD)
    assert PASSWORD not in told.output + caplog.text


def test_a_password_comes_from_the_environment_where_nobody_is_asked(building: Building) -> None:
    words = ("create-admin", "--username", "chief", "--email", "chief@example.com")
    made = run(building, *words, FORECASTING_ADMIN_PASSWORD=PASSWORD)
    again = run(building, *words, FORECASTING_ADMIN_PASSWORD="Another1Horse")
    assert (made.exit_code, again.exit_code) == (0, 0)
    assert "is there already" in again.output
    assert can_enter(building, "chief", PASSWORD)


@pytest.mark.parametrize("typed", ["", "chief@example.com\n", f"chief@example.com\n{PASSWORD}\nother\n"])
def test_there_is_no_password_by_default(building: Building, typed: str) -> None:
    assert run(building, "create-admin", typed=typed).exit_code != 0
    assert find(building, "admin") is None


def test_a_password_that_is_too_simple_is_refused_unseen(building: Building) -> None:
    told = run(building, "create-admin", "--email", "a@b.org", FORECASTING_ADMIN_PASSWORD="simplesimple")
    assert isinstance(told.exception, InvalidValue)
    assert "simplesimple" not in told.output + str(told.exception)


def test_beginning_anew_asks_first_and_touches_nothing_else(building: Building) -> None:
    building.upgrade()
    building.database.write(add_user)
    refused = run(building, "reset", typed="n\n")
    assert (refused.exit_code, building.database.read(count_rows)["users"]) == (1, 1)
    done = run(building, "reset", "--yes")
    assert (done.exit_code, building.database.read(count_rows)["users"]) == (0, 0)


def test_nothing_is_reset_in_production() -> None:
    building = Building(settings("postgresql://bank@db.example/bank", "production"))
    assert isinstance(run(building, "reset", "--yes").exception, ConfigurationError)


def build_command(words: list[str]) -> list[str]:
    """What the script that people know from other backends makes of its words."""
    script = Path(__file__).parents[3] / "scripts" / "db_init.py"
    spec = importlib.util.spec_from_file_location("db_init", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    command: list[str] = module.build_command(words)
    return command


@pytest.mark.parametrize("words", [["setup"], ["check"], ["create-admin", "--username", "ada"], ["reset", "--yes"]])
def test_each_word_of_the_script_becomes_a_command_that_is_there(words: list[str]) -> None:
    assert build_command(words) == [sys.executable, "-m", "strongroom", "forecasting", *words]
    assert words[0] in {command.name or command.callback.__name__ for command in commands.registered_commands}  # type: ignore[union-attr]


def test_the_script_knows_no_other_word() -> None:
    with pytest.raises(SystemExit):
        build_command(["drop"])

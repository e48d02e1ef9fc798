"""Names of settings: both spellings work, and a slip of the pen is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from strongroom.settings import load_settings
from tests.settings.asking import read, refusal


@pytest.mark.parametrize(
    ("name", "alias", "field"),
    [
        ("DATABASE_POOL_SIZE", "DB_POOL_SIZE", "database_pool_size"),
        ("DATABASE_MAX_OVERFLOW", "DB_MAX_OVERFLOW", "database_max_overflow"),
        ("DATABASE_ECHO", "DATABASE_ECHO_SQL", "database_echo"),
    ],
)
def test_both_names_of_a_setting_work_and_may_agree(name: str, alias: str, field: str) -> None:
    assert getattr(read(**{name: "1"}), field) == getattr(read(**{alias: "1"}), field) == 1
    assert getattr(read(**{name: "1", alias: "1"}), field) == 1


def test_the_case_of_a_boolean_is_no_disagreement() -> None:
    assert read(DATABASE_ECHO="true", DATABASE_ECHO_SQL="True").database_echo is True


def test_two_names_with_different_values_are_refused_naming_both() -> None:
    message = refusal({"DATABASE_POOL_SIZE": "5", "DB_POOL_SIZE": "7"})
    assert "DATABASE_POOL_SIZE and DB_POOL_SIZE" in message
    assert "'5' and '7'" in message


def test_a_name_set_twice_in_the_file_is_refused_with_its_line(env_file: Path) -> None:
    env_file.write_text("STRONGROOM_PORT=1\n\nSTRONGROOM_PORT=2\n")
    assert f"{env_file} line 3" in refusal({}, env_file)


@pytest.mark.parametrize("name", ["DATABASE_POOL_SIZ", "DATABSE_POOL_SIZE", "database_pool_size", "DB_POOLSIZE"])
def test_a_misspelt_name_in_the_environment_is_refused_with_the_right_one(name: str) -> None:
    message = refusal({name: "5"})
    assert name in message
    assert message.endswith("POOL_SIZE?") or message.endswith("names are in capitals: DATABASE_POOL_SIZE")


@pytest.mark.parametrize("name", ["STRONGROOM_COLOUR", "DATABASE_FLAVOUR", "BANKING_MOOD"])
def test_an_unknown_name_with_a_prefix_of_ours_is_refused(name: str) -> None:
    assert f"{name}: is not a setting" in refusal({name: "1"})


def test_every_unknown_name_in_the_file_is_refused(env_file: Path) -> None:
    env_file.write_text("ENVIROMENT=production\nFAVOURITE_TEA=oolong\n")
    message = refusal({}, env_file)
    assert "ENVIROMENT: is not a setting; did you mean ENVIRONMENT?" in message
    assert "FAVOURITE_TEA: is not a setting" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_INITDB_ARGS", "--data-checksums"),
        ("POSTGRES_HOST_AUTH_METHOD", "trust"),
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/password"),
        ("POSTGRES_PORT", "tcp://10.0.0.1:5432"),
        ("STRONGROOM_PORT", "tcp://10.0.0.1:8000"),
        ("STRONGROOM_SERVICE_HOST", "10.0.0.1"),
        ("DATABASE_PORT_5432_TCP_ADDR", "10.0.0.1"),
        ("DB_HOST", "elsewhere"),
        ("AWS_SECRET_KEY", "of somebody else"),
        ("APP_ENVIRONMENT", "blue"),
        ("PATH", "/usr/bin"),
    ],
)
def test_names_of_other_programs_do_not_stop_the_start(name: str, value: str) -> None:
    assert read(**{name: value}) == read()


def test_names_of_the_postgresql_image_are_allowed_in_the_file(env_file: Path) -> None:
    env_file.write_text("POSTGRES_INITDB_ARGS=--data-checksums\n")
    assert load_settings(env_file, {}) == read()


def test_a_line_that_is_no_setting_is_refused_with_its_number(env_file: Path) -> None:
    env_file.write_text("STRONGROOM_PORT=9000\nSTRONGROOM_HOST\n")
    assert f"{env_file} line 2: cannot be understood" in refusal({}, env_file)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert f"{tmp_path}: cannot be read" in refusal({}, tmp_path)

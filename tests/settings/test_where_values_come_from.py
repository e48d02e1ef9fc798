"""Where values come from: the environment, then the file, then the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import make_url

from strongroom.settings import Settings, describe, load_settings
from tests.settings.asking import read


def test_with_nothing_set_development_starts_on_the_embedded_database() -> None:
    settings = read()
    assert settings.environment == "development"
    assert settings.uses_embedded
    assert settings.database_url is None
    assert settings.masked_url == "embedded PostgreSQL"


def test_a_missing_env_file_is_no_error(env_file: Path) -> None:
    assert load_settings(env_file, {}) == read()


def test_the_env_file_is_read(env_file: Path) -> None:
    env_file.write_text("# local\nexport STRONGROOM_PORT=9000\nDATABASE_ECHO_SQL=True\n")
    settings = load_settings(env_file, {})
    assert (settings.port, settings.database_echo) == (9000, True)


def test_a_byte_order_mark_does_not_hide_the_first_line(env_file: Path) -> None:
    env_file.write_bytes(b"\xef\xbb\xbfSTRONGROOM_PORT=9000\n")
    assert load_settings(env_file, {}).port == 9000


def test_the_environment_goes_before_the_file(env_file: Path) -> None:
    env_file.write_text("STRONGROOM_PORT=9000\n")
    assert load_settings(env_file, {"STRONGROOM_PORT": "9001"}).port == 9001


def test_the_environment_goes_before_the_file_also_under_the_other_name(env_file: Path) -> None:
    env_file.write_text("DATABASE_POOL_SIZE=8\n")
    assert load_settings(env_file, {"DB_POOL_SIZE": "9"}).database_pool_size == 9


def test_the_process_environment_is_read_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_PORT", "9002")
    assert load_settings(None).port == 9002


def test_the_env_file_of_the_working_directory_is_the_default(monkeypatch: pytest.MonkeyPatch, env_file: Path) -> None:
    env_file.write_text("STRONGROOM_PORT=9003\n")
    monkeypatch.chdir(env_file.parent)
    assert load_settings(environment={}).port == 9003


def test_an_empty_value_counts_as_not_set(env_file: Path) -> None:
    env_file.write_text("DATABASE_URL=\nSTRONGROOM_PORT=9000\n")
    settings = load_settings(env_file, {"STRONGROOM_PORT": " "})
    assert settings.uses_embedded
    assert settings.port == 9000


def test_values_of_the_file_are_taken_literally(env_file: Path) -> None:
    env_file.write_text("POSTGRES_HOST=h\nPOSTGRES_DB=d\nPOSTGRES_USER=u\nPOSTGRES_PASSWORD='a${HOME}b'\n")
    url = load_settings(env_file, {"HOME": "/root"}).database_options().url
    assert make_url(url).password == "a${HOME}b"


def test_settings_made_directly_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRONGROOM_PORT", "9002")
    assert Settings().port == 8000


def test_settings_cannot_be_changed() -> None:
    settings = read()
    with pytest.raises(ValidationError):
        settings.port = 1


def test_every_setting_is_described_with_its_default() -> None:
    for row in describe():
        assert row.description.endswith("."), row.name
        assert row.default, row.name


def test_a_default_is_written_as_the_environment_would_have_it() -> None:
    defaults = {row.name: row.default for row in describe()}
    written = {name: defaults[name] for name in ("DATABASE_ECHO", "DATABASE_POOL_TIMEOUT", "BANKING_MIN_TRANSFER")}
    assert written == {"DATABASE_ECHO": "false", "DATABASE_POOL_TIMEOUT": "30", "BANKING_MIN_TRANSFER": "1.00"}
    assert read(**written) == read()

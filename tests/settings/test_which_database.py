"""Which database settings mean, by its URL or by its parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import make_url

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import load_settings
from tests.settings.asking import URL, read, refusal


def test_a_url_reaches_the_engine_as_it_was_written() -> None:
    settings = read(DATABASE_URL=URL)
    assert not settings.uses_embedded
    assert settings.database_options().url == URL


def test_sqlite_is_a_database_for_development() -> None:
    settings = read(DATABASE_URL="sqlite:///./forecasting.db")
    assert settings.database_options().is_sqlite
    assert settings.masked_url == "sqlite:///./forecasting.db"


@pytest.mark.parametrize(
    "url", ["mysql://u:topsecret@h/d", "postgresql://u:topsecret@h:abc/d", "topsecret", "://topsecret"]
)
def test_an_unusable_url_is_refused_without_showing_it(url: str) -> None:
    message = refusal({"DATABASE_URL": url})
    assert message.startswith("DATABASE_URL: ")
    assert "topsecret" not in message


@pytest.mark.parametrize(
    ("parameter", "instead"),
    [
        ("sslrootcert=/ca.pem", "DATABASE_SSL_ROOT_CERT"),
        ("ssl=disable", "DATABASE_SSL_MODE"),
        ("options=-cx=y", "take it out"),
    ],
)
def test_a_url_parameter_that_bypasses_a_setting_is_refused(parameter: str, instead: str) -> None:
    assert instead in refusal({"DATABASE_URL": f"{URL}?{parameter}"})


def test_parts_make_a_url_whatever_the_password_holds() -> None:
    password = "p@ss:/w?rd#%40 €"
    options = read(
        POSTGRES_HOST="db.example", POSTGRES_PORT="6432", POSTGRES_DB="biotech_ma", POSTGRES_USER="ada",
        POSTGRES_PASSWORD=password,
    ).database_options()  # fmt: skip
    url = make_url(options.url)
    assert (url.host, url.port, url.database, url.username, url.password) == (
        "db.example", 6432, "biotech_ma", "ada", password,
    )  # fmt: skip


def test_the_port_of_parts_has_a_default_and_the_password_may_be_absent() -> None:
    url = make_url(read(POSTGRES_HOST="h", POSTGRES_DB="d", POSTGRES_USER="u").database_options().url)
    assert (url.port, url.password) == (5432, None)


def test_a_host_that_is_a_folder_is_a_unix_socket() -> None:
    url = make_url(read(POSTGRES_HOST="/run/pg", POSTGRES_DB="d", POSTGRES_USER="u").database_options().url)
    assert url.host is None
    assert url.query["host"] == "/run/pg"


def test_half_of_the_parts_is_refused_naming_the_missing_ones() -> None:
    message = refusal({"POSTGRES_PASSWORD": "topsecret", "POSTGRES_DB": "d"})
    assert "set POSTGRES_HOST, POSTGRES_USER too" in message
    assert "topsecret" not in message


def test_parts_that_agree_with_the_url_are_accepted() -> None:
    settings = read(
        DATABASE_URL=URL, POSTGRES_HOST="db.example", POSTGRES_PORT="5432", POSTGRES_DB="bank", POSTGRES_USER="ada",
        POSTGRES_PASSWORD="pass",
    )  # fmt: skip
    assert settings.database_options().url == URL


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("POSTGRES_HOST", "other.example"),
        ("POSTGRES_PORT", "5433"),
        ("POSTGRES_DB", "other"),
        ("POSTGRES_USER", "eve"),
        ("POSTGRES_PASSWORD", "guess"),
    ],
)
def test_parts_that_disagree_with_the_url_are_refused_naming_both(part: str, value: str) -> None:
    message = refusal({"DATABASE_URL": URL, part: value})
    assert f"DATABASE_URL and {part}" in message
    assert "guess" not in message


def test_a_url_from_the_environment_replaces_the_parts_of_the_file(env_file: Path) -> None:
    env_file.write_text("POSTGRES_HOST=old\nPOSTGRES_DB=old\nPOSTGRES_USER=old\n")
    assert load_settings(env_file, {"DATABASE_URL": URL}).database_options().url == URL


def test_parts_of_the_environment_beside_another_url_in_the_file_are_refused(env_file: Path) -> None:
    env_file.write_text(f"DATABASE_URL={URL}\n")
    assert "DATABASE_URL and POSTGRES_HOST" in refusal({"POSTGRES_HOST": "new"}, env_file)


def test_options_need_the_url_of_the_embedded_server_when_it_is_used() -> None:
    settings = read()
    assert settings.database_options("postgresql:///x?host=/run/pg").url == "postgresql:///x?host=/run/pg"
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        settings.database_options()


def test_every_option_of_the_engine_can_be_set(tmp_path: Path) -> None:
    certificate = tmp_path / "ca.pem"
    certificate.touch()
    options = read(
        DATABASE_URL=URL, DATABASE_POOL_SIZE="3", DATABASE_MAX_OVERFLOW="4", DATABASE_POOL_TIMEOUT="5",
        DATABASE_POOL_RECYCLE="6", DATABASE_POOL_PRE_PING="false", DATABASE_ECHO="true",
        DATABASE_SSL_MODE="verify-full", DATABASE_SSL_ROOT_CERT=str(certificate), DATABASE_CONNECT_TIMEOUT="7",
        DATABASE_COMMAND_TIMEOUT="8", DATABASE_LOCK_TIMEOUT="9", DATABASE_IDLE_IN_TRANSACTION_TIMEOUT="10",
        DATABASE_PGBOUNCER="true", DATABASE_APPLICATION_NAME="teller",
    ).database_options()  # fmt: skip
    assert (options.pool_size, options.max_overflow, options.pool_timeout_s, options.pool_recycle_s) == (3, 4, 5, 6)
    assert (options.pool_pre_ping, options.echo, options.pgbouncer) == (False, True, True)
    assert (options.ssl_mode, options.ssl_root_cert) == ("verify-full", str(certificate))
    assert (options.connect_timeout_s, options.command_timeout_s, options.lock_timeout_s) == (7, 8, 9)
    assert (options.idle_in_transaction_timeout_s, options.application_name) == (10, "teller")

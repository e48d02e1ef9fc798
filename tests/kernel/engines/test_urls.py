"""URLs: every common way to write one leads to the drivers we use, and none is ever shown."""

from __future__ import annotations

import pytest

from strongroom.kernel.engines import DatabaseOptions, build_async_engine, build_engine, masked_url, parse_url
from strongroom.kernel.errors import ConfigurationError

SECRETS = ("maria", "s3cr3t", "db.internal")
REST = "maria:s3cr3t@db.internal:6432/bank"


@pytest.mark.parametrize(
    "scheme",
    [
        "postgres",
        "postgresql",
        "postgresql+psycopg",
        "postgresql+psycopg2",
        "postgresql+asyncpg",
        "postgres+asyncpg",
        "postgresql+pg8000",
    ],
)
def test_every_name_of_postgresql_leads_to_our_two_drivers(scheme: str) -> None:
    options = DatabaseOptions(f"{scheme}://{REST}")
    assert not options.is_sqlite
    for url, driver in (
        (build_engine(options).url, "postgresql+psycopg"),
        (build_async_engine(options).url, "postgresql+asyncpg"),
    ):
        assert url.drivername == driver
        assert (url.username, url.password, url.host, url.port, url.database) == (
            "maria",
            "s3cr3t",
            "db.internal",
            6432,
            "bank",
        )


@pytest.mark.parametrize("scheme", ["sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"])
def test_every_name_of_sqlite_leads_to_our_two_drivers(scheme: str) -> None:
    options = DatabaseOptions(f"{scheme}:///./bank.db")
    assert options.is_sqlite
    assert build_engine(options).url.render_as_string() == "sqlite+pysqlite:///./bank.db"
    assert build_async_engine(options).url.render_as_string() == "sqlite+aiosqlite:///./bank.db"


@pytest.mark.parametrize("url", [f"mysql://{REST}", f"oracle+cx_oracle://{REST}", f"mongodb://{REST}"])
def test_another_database_is_refused_by_name_and_without_the_url(url: str) -> None:
    with pytest.raises(ConfigurationError, match="is not supported; use postgresql:// or sqlite:///") as caught:
        parse_url(url)
    _check_shows_nothing(str(caught.value))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "maria:s3cr3t@db.internal",
        "postgresql//maria:s3cr3t@db.internal",
        f"postgresql://{REST}".replace("6432", "s3cr3t"),
    ],
)
def test_what_is_no_url_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(ConfigurationError, match="^DATABASE_URL: cannot be read as a URL") as caught:
        parse_url(url)
    _check_shows_nothing(str(caught.value))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"postgresql://{REST}?sslmode=require", "postgresql://***"),
        (f"postgres+asyncpg://{REST}", "postgresql://***"),
        ("postgresql://maria@/bank?host=/db.internal&password=s3cr3t", "postgresql://***"),
        ("sqlite:///./bank.db", "sqlite:///./bank.db"),
        ("sqlite+aiosqlite:////data/bank.db?key=s3cr3t", "sqlite:////data/bank.db"),
        ("sqlite://", "sqlite:///:memory:"),
    ],
)
def test_a_masked_url_shows_the_kind_and_of_sqlite_the_file(url: str, shown: str) -> None:
    assert masked_url(url) == shown
    _check_shows_nothing(masked_url(url))


def test_options_do_not_show_their_url() -> None:
    _check_shows_nothing(repr(DatabaseOptions(f"postgresql://{REST}")))


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"ssl_mode": "always"}, "ssl_mode"),
        ({"pool_size": 0}, "pool_size"),
        ({"max_overflow": -1}, "max_overflow"),
        ({"lock_timeout_s": -0.1}, "lock_timeout_s"),
        ({"command_timeout_s": -1}, "command_timeout_s"),
    ],
)
def test_options_out_of_bounds_are_refused_by_name(wrong: dict[str, object], setting: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        DatabaseOptions("sqlite://", **wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.facts["setting"] == setting


def _check_shows_nothing(text: str) -> None:
    assert not [secret for secret in SECRETS if secret in text]

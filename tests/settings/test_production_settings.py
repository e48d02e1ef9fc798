"""What production asks for, and what no message shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import Settings, describe
from tests.settings.asking import KEY, PRODUCTION, URL, read, refusal


def test_ssl_is_preferred_outside_production_and_required_within() -> None:
    assert read(DATABASE_URL=URL).database_options().ssl_mode == "prefer"
    assert read(**PRODUCTION).database_options().ssl_mode == "require"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_production_refuses_weak_ssl_from_the_setting_and_from_the_url(mode: str) -> None:
    assert "refused in production" in refusal({**PRODUCTION, "DATABASE_SSL_MODE": mode})
    assert "refused in production" in refusal({**PRODUCTION, "DATABASE_URL": f"{URL}?sslmode={mode}"})


def test_production_refuses_weak_ssl_in_the_name_of_parts_too() -> None:
    parts = {"POSTGRES_HOST": "h", "POSTGRES_DB": "d", "POSTGRES_USER": "u", "DATABASE_SSL_MODE": "prefer"}
    assert "refused in production" in refusal({"ENVIRONMENT": "production", "SECRET_KEY": KEY, **parts})


def test_a_unix_socket_needs_no_ssl_in_production() -> None:
    url = "postgresql://ada@/bank?host=/run/postgresql"
    settings = read(**{**PRODUCTION, "DATABASE_URL": url, "DATABASE_SSL_MODE": "disable"})
    assert settings.database_options().ssl_mode == "disable"


@pytest.mark.parametrize("host", ["/run/postgresql,db.example", ""])
def test_a_socket_is_believed_only_when_it_is_named_and_alone(host: str) -> None:
    url = f"postgresql://ada@/bank?host={host}"
    assert "refused in production" in refusal({**PRODUCTION, "DATABASE_URL": url, "DATABASE_SSL_MODE": "disable"})


def test_the_sslmode_of_the_url_is_the_mode() -> None:
    assert read(DATABASE_URL=f"{URL}?sslmode=disable").database_options().ssl_mode == "disable"


def test_two_ssl_modes_are_refused() -> None:
    message = refusal({"DATABASE_URL": f"{URL}?sslmode=disable", "DATABASE_SSL_MODE": "require"})
    assert "DATABASE_SSL_MODE and DATABASE_URL" in message


def test_an_unknown_sslmode_in_the_url_is_refused() -> None:
    assert "'banana'" in refusal({"DATABASE_URL": f"{URL}?sslmode=banana"})


def test_checking_a_certificate_needs_the_authority_and_its_file(tmp_path: Path) -> None:
    strict = {"DATABASE_URL": URL, "DATABASE_SSL_MODE": "verify-full"}
    assert "DATABASE_SSL_ROOT_CERT" in refusal(strict)
    missing = str(tmp_path / "missing.pem")
    assert missing in refusal({**strict, "DATABASE_SSL_ROOT_CERT": missing})


def test_production_needs_a_database_and_a_secret_key() -> None:
    message = refusal({"ENVIRONMENT": "production"})
    assert "DATABASE_URL: must be set in production" in message
    assert "SECRET_KEY: must be set in production" in message


def test_production_refuses_sqlite() -> None:
    assert "SQLite is for development" in refusal({**PRODUCTION, "DATABASE_URL": "sqlite:///./bank.db"})


def test_production_refuses_every_origin_at_once() -> None:
    assert "CORS_ALLOWED_ORIGINS" in refusal({**PRODUCTION, "CORS_ALLOWED_ORIGINS": "*"})
    assert read(CORS_ALLOWED_ORIGINS="*").cors_allowed_origins == ("*",)


def test_rules_hold_for_settings_made_directly_too() -> None:
    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        Settings(environment="production", database_url=SecretStr(URL))


def test_a_short_secret_key_is_refused_without_showing_it() -> None:
    message = refusal({"SECRET_KEY": "hunter2"})
    assert "at least 32 bytes" in message
    assert "hunter2" not in message


def test_secrets_are_not_in_the_repr_nor_in_the_masked_url() -> None:
    settings = read(DATABASE_URL=URL, SECRET_KEY=KEY, POSTGRES_PASSWORD="pass")
    shown = f"{settings!r} {settings} {settings.database_options()!r} {settings.masked_url}"
    assert "pass@" not in shown
    assert "'pass'" not in shown
    assert KEY not in shown


def test_a_refusal_carries_no_secret_in_its_traceback() -> None:
    script = "from strongroom.settings import load_settings; load_settings(None)"
    environment = {"SECRET_KEY": "hunter2", "DATABASE_URL": "mysql://u:topsecret@h/d", "STRONGROOM_PORT": "x"}
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "SECRET_KEY: " in ended.stderr
    assert "hunter2" not in ended.stderr
    assert "topsecret" not in ended.stderr


def test_secrets_are_marked_as_such_in_the_description() -> None:
    assert {row.name for row in describe() if row.is_secret} == {
        "DATABASE_URL",
        "POSTGRES_PASSWORD",
        "SECRET_KEY",
        "BANKING_CARD_KEY",
        "BIOTECH_WEBHOOK_KEY",
        "BIOTECH_WEBHOOK_KEYS_PREVIOUS",
        "REDIS_URL",
    }


@pytest.mark.parametrize("name", ["BIOTECH_ALLOW_PRIVATE_TARGETS", "BIOTECH_ALLOW_HTTP_TARGETS"])
def test_what_is_for_development_is_refused_in_production(name: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{name}: is for development"):
        read(**PRODUCTION, **{name: "true"})

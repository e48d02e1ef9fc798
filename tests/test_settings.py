"""What settings promise: right names, right defaults, and no start with a contradiction or a slip of the pen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy import make_url

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import Settings, describe, load_settings

URL = "postgresql://ada:pass@db.example:5432/bank"
KEY = "k" * 32
PRODUCTION = {
    "ENVIRONMENT": "production",
    "DATABASE_URL": URL,
    "SECRET_KEY": KEY,
    "BANKING_CARD_KEY": KEY,
    "BIOTECH_WEBHOOK_KEY": KEY,
}


def read(**environment: str) -> Settings:
    return load_settings(None, environment)


def refusal(environment: Mapping[str, str], env_file: Path | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_settings(env_file, environment)
    return str(caught.value)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


# ── where values come from ──────────────────────────────────────────────────────────────────────────────────────


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


# ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("ENVIRONMENT", "prod", "'staging'"),
        ("DATABASE_POOL_SIZE", "many", "be a whole number"),
        ("DATABASE_POOL_SIZE", "0", "greater than or equal to 1"),
        ("DATABASE_MAX_OVERFLOW", "-1", "greater than or equal to 0"),
        ("DATABASE_POOL_TIMEOUT", "0", "greater than 0"),
        ("DATABASE_POOL_TIMEOUT", "inf", "finite"),
        ("DATABASE_COMMAND_TIMEOUT", "-1", "greater than or equal to 0"),
        ("DATABASE_POOL_RECYCLE", "-2", "greater than or equal to -1"),
        ("DATABASE_POOL_PRE_PING", "maybe", "be true or false"),
        ("DATABASE_SSL_MODE", "required", "'require'"),
        ("DATABASE_MAX_CONNECTIONS", "0", "greater than or equal to 1"),
        ("STRONGROOM_PORT", "65536", "less than or equal to 65535"),
        ("MAX_BODY_BYTES", "1", "greater than or equal to 1024"),
        ("ACCESS_TOKEN_TTL_S", "0", "greater than or equal to 1"),
        ("BANKING_MIN_TRANSFER", "NaN", "finite"),
        ("BANKING_MIN_TRANSFER", "0", "greater than 0"),
        ("BANKING_MIN_TRANSFER", "1.00001", "decimal places"),
        ("BANKING_LOGIN_ATTEMPTS", "2.5", "be a whole number"),
        ("CORS_ALLOWED_ORIGINS", "https://app.example/", "without a path"),
        ("CORS_ALLOWED_ORIGINS", "[broken", "separated by commas"),
    ],
)
def test_an_impossible_value_is_refused_with_name_value_and_rule(name: str, value: str, rule: str) -> None:
    message = refusal({name: value})
    assert message.startswith(f"{name}: '{value}' must ")
    assert rule in message
    assert "without it: " in message


def test_the_message_uses_the_name_that_was_set() -> None:
    assert refusal({"DB_POOL_SIZE": "0"}).startswith("DB_POOL_SIZE: ")


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(DATABASE_POOL_SIZ="5", STRONGROOM_PORT="x", MAX_BODY_BYTES="y")
    assert {problem.setting for problem in caught.value.facts["problems"]} == {
        "DATABASE_POOL_SIZ", "STRONGROOM_PORT", "MAX_BODY_BYTES",
    }  # fmt: skip
    assert str(caught.value).count("\n- ") == 3


def test_origins_are_written_with_commas_or_as_json() -> None:
    expected = ("https://a.example", "http://localhost:3000")
    assert read(CORS_ALLOWED_ORIGINS="https://a.example, http://localhost:3000").cors_allowed_origins == expected
    in_json = '["https://a.example", "http://localhost:3000"]'
    assert read(CORS_ALLOWED_ORIGINS=in_json).cors_allowed_origins == expected


def test_amounts_are_exact_and_floats_are_refused() -> None:
    assert read(BANKING_MIN_TRANSFER="0.10").banking_min_transfer == Decimal("0.10")
    with pytest.raises(ValidationError, match="float is not exact"):
        Settings(banking_min_transfer=0.1)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ({"BANKING_MIN_TRANSFER": "2"}, {"BANKING_MAX_TRANSFER": "1"}),
        ({"BANKING_DAILY_LIMIT": "2"}, {"BANKING_MONTHLY_LIMIT": "1"}),
        ({"BANKING_MONTHLY_LIMIT": "20000"}, {"BANKING_YEARLY_LIMIT": "19999"}),
        ({"ACCESS_TOKEN_TTL_S": "61"}, {"REFRESH_TOKEN_TTL_S": "60"}),
    ],
)
def test_bounds_that_cross_are_refused_naming_both(lower: dict[str, str], upper: dict[str, str]) -> None:
    message = refusal({**lower, **upper})
    assert next(iter(lower)) in message
    assert next(iter(upper)) in message


# ── which database ──────────────────────────────────────────────────────────────────────────────────────────────


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


# ── pool ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("environment", "size"), [("development", 5), ("testing", 5), ("staging", 20)])
def test_the_pool_is_small_where_little_runs(environment: str, size: int) -> None:
    assert read(ENVIRONMENT=environment).database_pool_size == size


def test_production_keeps_twenty_connections_and_thirty_more_at_need() -> None:
    options = read(**PRODUCTION).database_options()
    assert (options.pool_size, options.max_overflow) == (20, 30)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"DATABASE_MAX_CONNECTIONS": "20", "DATABASE_POOL_SIZE": "5"}, (5, 15)),
        ({"DATABASE_MAX_CONNECTIONS": "20"}, (5, 15)),
        ({"DATABASE_MAX_CONNECTIONS": "3"}, (3, 0)),
        ({"DATABASE_MAX_CONNECTIONS": "8", "DATABASE_MAX_OVERFLOW": "3"}, (5, 3)),
        ({"DATABASE_MAX_CONNECTIONS": "8", "DATABASE_POOL_SIZE": "6", "DATABASE_MAX_OVERFLOW": "2"}, (6, 2)),
    ],
)
def test_the_largest_number_of_connections_is_pool_and_overflow_together(
    given: dict[str, str], expected: tuple[int, int]
) -> None:
    options = read(**given, DATABASE_URL=URL).database_options()
    assert (options.pool_size, options.max_overflow) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_MAX_CONNECTIONS": "50", "DATABASE_MAX_OVERFLOW": "10"},
        {"DATABASE_MAX_CONNECTIONS": "4", "DATABASE_POOL_SIZE": "5"},
        {"DATABASE_MAX_CONNECTIONS": "9", "DATABASE_POOL_SIZE": "5", "DATABASE_MAX_OVERFLOW": "5"},
    ],
)
def test_connections_that_do_not_add_up_are_refused(given: dict[str, str]) -> None:
    message = refusal(given)
    assert all(name in message for name in given)


# ── encryption on the way ───────────────────────────────────────────────────────────────────────────────────────


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


# ── production ──────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── secrets ─────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── description ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_setting_is_described_with_its_default() -> None:
    for row in describe():
        assert row.description.endswith("."), row.name
        assert row.default, row.name


def test_a_default_is_written_as_the_environment_would_have_it() -> None:
    defaults = {row.name: row.default for row in describe()}
    written = {name: defaults[name] for name in ("DATABASE_ECHO", "DATABASE_POOL_TIMEOUT", "BANKING_MIN_TRANSFER")}
    assert written == {"DATABASE_ECHO": "false", "DATABASE_POOL_TIMEOUT": "30", "BANKING_MIN_TRANSFER": "1.00"}
    assert read(**written) == read()

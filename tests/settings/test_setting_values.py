"""Values of settings: an impossible one is refused with its name and its rule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pydantic import ValidationError

from strongroom.kernel.errors import ConfigurationError
from strongroom.settings import Settings
from tests.settings.asking import PRODUCTION, URL, read, refusal


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

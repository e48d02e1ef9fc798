"""Claims about decimals in JSON: no digit is lost on the way in or out."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from strongroom.systems.banking.schemas.amounts import MoneyIn, MoneyOut, NumberIn, NumberOut


class _In(BaseModel):
    money: MoneyIn = Decimal(0)
    number: NumberIn = Decimal(0)


class _Out(BaseModel):
    money: MoneyOut
    number: NumberOut


def answered(value: Decimal) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(_Out(money=value, number=value).model_dump_json())
    return document


@pytest.mark.parametrize("text", ["12.50", "0.1", "-3", "100", "0.00000001"])
@pytest.mark.parametrize("field", ["money", "number"])
def test_a_decimal_string_comes_in_digit_for_digit(field: str, text: str) -> None:
    assert getattr(_In.model_validate_json(json.dumps({field: text})), field) == Decimal(text)


def test_a_whole_number_comes_in() -> None:
    assert _In.model_validate_json('{"money": 12}').money == 12


@pytest.mark.parametrize(
    "sent", ["12.5", "1e2", "true", "null", '"NaN"', '"Infinity"', '"1,000"', '" 1 "', '"1_0"', "[]"]
)
@pytest.mark.parametrize("field", ["money", "number"])
def test_what_is_no_exact_decimal_is_refused(field: str, sent: str) -> None:
    with pytest.raises(ValidationError):
        _In.model_validate_json(f'{{"{field}": {sent}}}')


def test_a_number_with_a_point_is_told_what_to_send_instead() -> None:
    with pytest.raises(ValidationError, match="must be a string"):
        _In.model_validate_json('{"money": 12.5}')


@pytest.mark.parametrize(
    ("value", "money", "number"),
    [
        ("100.0000", "100.00", "100"),
        ("12.5", "12.50", "12.5"),
        ("1.2340", "1.234", "1.234"),
        ("0.0000", "0.00", "0"),
        ("1E+3", "1000.00", "1000"),
        ("-0.5000", "-0.50", "-0.5"),
    ],
)
def test_zeros_that_say_nothing_are_left_out_but_money_has_two_decimals(value: str, money: str, number: str) -> None:
    assert answered(Decimal(value)) == {"money": money, "number": number}


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=8))
def test_what_goes_out_is_what_was_there(value: Decimal) -> None:
    assert {Decimal(text) for text in answered(value).values()} == {value}

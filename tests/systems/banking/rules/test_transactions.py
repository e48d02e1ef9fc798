"""Claims about one movement on an account."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules import (
    FIXED_DIRECTION,
    TransactionDirectionEnum,
    TransactionTypeEnum,
    check_direction,
    check_refund,
    direction_of,
    opposite_direction,
    signed_amount,
)

IN, OUT = TransactionDirectionEnum.INBOUND, TransactionDirectionEnum.OUTBOUND


def test_only_investment_and_other_may_go_either_way() -> None:
    free = set(TransactionTypeEnum) - set(FIXED_DIRECTION)
    assert free == {TransactionTypeEnum.INVESTMENT, TransactionTypeEnum.OTHER}
    for kind in free:
        check_direction(kind, IN)
        check_direction(kind, OUT)


@pytest.mark.parametrize("kind", list(FIXED_DIRECTION))
def test_a_type_goes_its_way_and_only_its_reversal_the_other(kind: TransactionTypeEnum) -> None:
    own = FIXED_DIRECTION[kind]
    check_direction(kind, own)
    check_direction(kind, opposite_direction(own), is_reversal=True)
    with pytest.raises(InvalidValue, match=f"{kind.value} is always {own.value}"):
        check_direction(kind, opposite_direction(own))


@pytest.mark.parametrize("kind", ["deposit", "transfer_in", "refund", "interest", "dividend", "sale", "salary"])
def test_what_comes_in_is_inbound(kind: str) -> None:
    assert FIXED_DIRECTION[TransactionTypeEnum(kind)] is IN


@given(st.sampled_from(TransactionDirectionEnum), st.decimals(min_value="0.01", max_value="1000000", places=2))
def test_a_movement_and_its_reversal_cancel_out(direction: TransactionDirectionEnum, amount: Decimal) -> None:
    assert signed_amount(direction, amount) + signed_amount(opposite_direction(direction), amount) == 0
    assert signed_amount(IN, amount) > 0 > signed_amount(OUT, amount)


def test_refunds_never_exceed_what_was_paid() -> None:
    check_refund(Decimal(100), Decimal("60.00"), Decimal("40.00"))
    with pytest.raises(BusinessRuleViolation, match=r"at most 40\.00"):
        check_refund(Decimal(100), Decimal("60.00"), Decimal("40.01"))


@pytest.mark.parametrize("kind", TransactionTypeEnum)
def test_a_direction_is_known_from_the_type_or_must_be_given(kind: TransactionTypeEnum) -> None:
    if kind in FIXED_DIRECTION:
        assert direction_of(kind) is FIXED_DIRECTION[kind]
    else:
        with pytest.raises(InvalidValue, match=f"must be given for a movement of type {kind.value}"):
            direction_of(kind)

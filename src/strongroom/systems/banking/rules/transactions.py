"""What one movement on a customer's account must be: its direction, its sign, how much of it can be given back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.rules.enums import TransactionDirectionEnum as Direction
from strongroom.systems.banking.rules.enums import TransactionTypeEnum as Type

_INBOUND = (
    Type.DEPOSIT,
    Type.TRANSFER_IN,
    Type.REFUND,
    Type.INTEREST,
    Type.DIVIDEND,
    Type.SALE,
    Type.SALARY,
)
_OUTBOUND = (
    Type.WITHDRAWAL,
    Type.TRANSFER_OUT,
    Type.PAYMENT,
    Type.FEE,
    Type.PURCHASE,
    Type.ATM_WITHDRAWAL,
    Type.CARD_PAYMENT,
    Type.MOBILE_PAYMENT,
    Type.BILL_PAYMENT,
    Type.LOAN_PAYMENT,
)

#: The direction a type always has; a type that is not in here, investment or other, may go either way.
FIXED_DIRECTION: Mapping[Type, Direction] = MappingProxyType(
    dict.fromkeys(_INBOUND, Direction.INBOUND) | dict.fromkeys(_OUTBOUND, Direction.OUTBOUND)
)


def direction_of(transaction_type: Type) -> Direction:
    """The one direction of this type. Raises InvalidValue for a type that has none of its own."""
    fixed = FIXED_DIRECTION.get(transaction_type)
    if fixed is None:
        raise InvalidValue(field="direction", reason=f"must be given for a movement of type {transaction_type.value}")
    return fixed


def check_direction(transaction_type: Type, direction: Direction, *, is_reversal: bool = False) -> None:
    """Refuse a direction its type cannot have; a reversal goes against its type. Raises InvalidValue."""
    fixed = FIXED_DIRECTION.get(transaction_type)
    if fixed is not None and direction is not fixed and not is_reversal:
        raise InvalidValue(
            field="direction", reason=f"{transaction_type.value} is always {fixed.value}, not {direction.value}"
        )


def opposite_direction(direction: Direction) -> Direction:
    """The direction of a reversal."""
    return Direction.OUTBOUND if direction is Direction.INBOUND else Direction.INBOUND


def signed_amount(direction: Direction, amount: Decimal) -> Decimal:
    """What a movement does to the balance: plus what comes in, minus what goes out."""
    return amount if direction is Direction.INBOUND else WIDE.minus(amount)


def check_refund(original: Decimal, refunded: Decimal, amount: Decimal) -> None:
    """Refuse to give back more than was paid, all earlier refunds counted. Raises BusinessRuleViolation."""
    left = WIDE.subtract(original, refunded)
    if amount > left:
        raise BusinessRuleViolation(rule="refund_maximum", reason=f"at most {left} can still be refunded")

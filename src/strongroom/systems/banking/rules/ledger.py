"""Double entry: every movement of money is lines whose debits equal their credits, currency by currency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import WIDE, NotExact, exact_decimal, is_currency, is_rounded
from strongroom.systems.banking.errors import InvalidCurrency, Unbalanced
from strongroom.systems.banking.rules.enums import AccountTypeEnum, LedgerClassEnum, Side

ZERO = Decimal(0)

#: The side on which an account of each class grows. Source: double-entry bookkeeping.
NORMAL_SIDE: Mapping[LedgerClassEnum, Side] = MappingProxyType(
    {
        LedgerClassEnum.ASSET: Side.DEBIT,
        LedgerClassEnum.EXPENSE: Side.DEBIT,
        LedgerClassEnum.LIABILITY: Side.CREDIT,
        LedgerClassEnum.EQUITY: Side.CREDIT,
        LedgerClassEnum.REVENUE: Side.CREDIT,
    }
)


@dataclass(frozen=True, slots=True)
class Leg:
    """One line of an entry. account: a customer's account, or ledger: the code of one of the bank's own.

    amount: positive; the side gives the sign.
    """

    side: Side
    amount: Decimal
    currency: str
    account: UUID | None = None
    ledger: str | None = None


def check_balanced(lines: Sequence[Leg]) -> None:
    """Refuse lines that are not one journal entry.

    At least two lines; amounts above zero with no more decimals than their currency has; in each currency the
    debits equal the credits. Raises Unbalanced, InvalidValue or InvalidCurrency.
    """
    if len(lines) < 2:
        raise Unbalanced(f"a posting needs at least two lines, this one has {len(lines)}", lines=len(lines))
    for line in lines:
        check_amount(line.amount, line.currency)
    for currency in sorted({line.currency for line in lines}):
        debits = _total(lines, Side.DEBIT, currency)
        credits = _total(lines, Side.CREDIT, currency)
        if debits != credits:
            raise Unbalanced(currency=currency, debits=debits, credits=credits)


def check_amount(amount: Decimal, currency: str, field: str = "amount") -> None:
    """Refuse an amount no account can be moved by: not a decimal, not above zero, or finer than its currency.

    Raises InvalidValue or InvalidCurrency.
    """
    if not is_currency(currency):
        raise InvalidCurrency(currency=currency)
    try:
        number = exact_decimal(amount, field)
    except NotExact as error:
        raise InvalidValue(field=field, reason=error.reason) from None
    if number <= 0:
        raise InvalidValue(field=field, reason="must be greater than zero")
    if not is_rounded(number, currency):
        raise InvalidValue(field=field, reason=f"has more decimals than {currency} has")


def signed(side: Side, amount: Decimal) -> Decimal:
    """What a line does to the balance a customer sees: a credit adds, a debit takes.

    It is so for every kind of customer account. A deposit is the bank's debt and grows by credits; what is owed
    on a credit account is shown as a negative balance, so a repayment, a credit, also adds.
    """
    return amount if side is Side.CREDIT else WIDE.minus(amount)


def opposite(side: Side) -> Side:
    """The other side."""
    return Side.DEBIT if side is Side.CREDIT else Side.CREDIT


def ledger_class_of(account_type: AccountTypeEnum) -> LedgerClassEnum:
    """Where a customer's account stands in the bank's books: its debt, or its claim when the account is credit."""
    return LedgerClassEnum.ASSET if account_type is AccountTypeEnum.CREDIT else LedgerClassEnum.LIABILITY


def _total(lines: Iterable[Leg], side: Side, currency: str) -> Decimal:
    total = ZERO
    for line in lines:
        if line.side is side and line.currency == currency:
            total = WIDE.add(total, line.amount)
    return total

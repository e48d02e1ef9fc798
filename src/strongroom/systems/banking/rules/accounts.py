"""What an account lets happen to it: how far it can be spent, who may pay from it, when it may close."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.banking.errors import AccountNotActive, BusinessRuleViolation, InsufficientFunds
from strongroom.systems.banking.rules.enums import AccountStatusEnum, AccountTypeEnum

ZERO = Decimal(0)
OVERDRAFT_DEFAULT = Decimal("1000.00")
MAY_BE_CREDITED = frozenset({AccountStatusEnum.ACTIVE, AccountStatusEnum.INACTIVE})


@dataclass(frozen=True, slots=True)
class NetWorth:
    """What a customer has and owes in one currency."""

    currency: str
    assets: Decimal
    liabilities: Decimal

    @property
    def net(self) -> Decimal:
        """Assets less liabilities."""
        return WIDE.subtract(self.assets, self.liabilities)


def floor(*, overdraft_limit: Decimal, is_overdraft_enabled: bool, minimum_balance: Decimal) -> Decimal:
    """The lowest available balance the customer may spend down to; with an overdraft the minimum does not count."""
    return WIDE.minus(overdraft_limit) if is_overdraft_enabled else minimum_balance


def spendable(
    current_balance: Decimal,
    reserved_balance: Decimal,
    *,
    overdraft_limit: Decimal,
    is_overdraft_enabled: bool,
    minimum_balance: Decimal,
) -> Decimal:
    """How much can leave the account now; negative when it is below its floor already.

    current_balance: booked. reserved_balance: active holds. Money still to come in is not part of either.
    """
    lowest = floor(
        overdraft_limit=overdraft_limit, is_overdraft_enabled=is_overdraft_enabled, minimum_balance=minimum_balance
    )
    return WIDE.subtract(WIDE.subtract(current_balance, reserved_balance), lowest)


def check_funds(spendable_amount: Decimal, requested: Decimal, currency: str) -> None:
    """Refuse to take more than can be spent. Raises InsufficientFunds."""
    available = max(spendable_amount, ZERO)
    if requested > available:
        raise InsufficientFunds(
            available=available,
            requested=requested,
            currency=currency,
            shortfall=WIDE.subtract(requested, available),
        )


def check_may_be_debited(status: AccountStatusEnum) -> None:
    """Only an active account pays. Raises AccountNotActive."""
    if status is not AccountStatusEnum.ACTIVE:
        raise AccountNotActive(status=status.value)


def check_may_be_credited(status: AccountStatusEnum) -> None:
    """An active or inactive account receives. Raises AccountNotActive."""
    if status not in MAY_BE_CREDITED:
        raise AccountNotActive(status=status.value)


def check_closable(
    current_balance: Decimal, reserved_balance: Decimal, pending_balance: Decimal, has_pending_items: bool = False
) -> None:
    """Only an empty account closes: no balance, no holds, nothing on its way. Raises BusinessRuleViolation.

    has_pending_items: transfers or payments under way, or holdings not sold.
    """
    if current_balance != 0:
        raise BusinessRuleViolation(rule="close_empty", reason="an account must have a zero balance to be closed")
    if reserved_balance != 0 or pending_balance != 0 or has_pending_items:
        raise BusinessRuleViolation(rule="close_settled", reason="an account with open items cannot be closed")


def check_overdraft_can_end(current_balance: Decimal) -> None:
    """An overdraft in use cannot be switched off. Raises BusinessRuleViolation."""
    if current_balance < 0:
        raise BusinessRuleViolation(
            rule="overdraft_in_use", reason="the overdraft is in use; bring the balance to zero first"
        )


def check_minimum_balance(minimum_balance: Decimal, current_balance: Decimal) -> None:
    """A minimum balance is not negative and not above what is there. Raises BusinessRuleViolation."""
    if not ZERO <= minimum_balance <= max(current_balance, ZERO):
        raise BusinessRuleViolation(
            rule="minimum_balance", reason="the minimum balance must lie between zero and the current balance"
        )


def net_worth(accounts: Iterable[tuple[AccountTypeEnum, str, Decimal]]) -> tuple[NetWorth, ...]:
    """What accounts add up to, a line a currency in order of its code; currencies are never added together.

    accounts: type, currency and booked balance of each. What is owed on a credit account is a liability; what
    was paid into it in excess is an asset.
    """
    assets: dict[str, Decimal] = {}
    liabilities: dict[str, Decimal] = {}
    for account_type, currency, balance in accounts:
        if account_type is AccountTypeEnum.CREDIT and balance < 0:
            liabilities[currency] = WIDE.subtract(liabilities.get(currency, ZERO), balance)
        else:
            assets[currency] = WIDE.add(assets.get(currency, ZERO), balance)
    return tuple(
        NetWorth(currency, assets.get(currency, ZERO), liabilities.get(currency, ZERO))
        for currency in sorted(assets.keys() | liabilities.keys())
    )

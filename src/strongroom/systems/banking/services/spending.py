"""Where a customer's money went, and how much more may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, not_, select
from sqlalchemy.orm import Session, aliased

from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import day_of, month_of, year_of
from strongroom.systems.banking.models import Account, Transaction
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    TransferLimits,
    outgoing_limits,
    remaining,
)
from strongroom.systems.banking.services.access import get_own
from strongroom.systems.banking.services.statements import ZERO, period_of

_COUNTED = (TransactionStatusEnum.PENDING, TransactionStatusEnum.PROCESSING, TransactionStatusEnum.COMPLETED)


@dataclass(frozen=True, slots=True)
class Spending:
    """What went out in one currency and category, fees included, and what of such payments came back."""

    currency: str
    category: MerchantCategoryEnum
    spent: Decimal
    refunded: Decimal
    count: int

    @property
    def net(self) -> Decimal:
        """Spent less refunded; negative when more came back in this time than went out."""
        return self.spent - self.refunded


@dataclass(frozen=True, slots=True)
class LimitsUsage:
    """What may leave in one currency: the limits, what is used of each, what is left. None is no limit."""

    currency: str
    limits: TransferLimits
    used: TransferLimits
    left: TransferLimits


def spending_by_category(session: Session, user_id: UUID | str, start: datetime, end: datetime) -> list[Spending]:
    """Completed payments from start on, before end, by currency and then category.

    Moves between the customer's own accounts and into securities are no spending. A refund counts when it came, in
    the category of what it gives back. Raises UserNotFound, InvalidValue.
    """
    user = get_own(UserRepository(session), user_id)
    period = period_of(start, end)

    def in_period(transaction: type[Transaction]) -> ColumnElement[bool]:
        return and_(
            transaction.user_id == user.id,
            transaction.status == TransactionStatusEnum.COMPLETED,
            transaction.transaction_date >= period.start,
            transaction.transaction_date < period.end,
        )

    none_is_other = literal(MerchantCategoryEnum.OTHER, Transaction.merchant_category.type)
    category = func.coalesce(Transaction.merchant_category, none_is_other).label("category")
    paid = (
        select(
            Transaction.currency,
            category,
            func.sum(Transaction.amount),
            func.sum(Transaction.fee_amount),
            func.count(),
        )
        .where(in_period(Transaction), _is_spending())
        .group_by(Transaction.currency, "category")
    )
    refund = aliased(Transaction)
    returned = (
        select(Transaction.currency, category, func.sum(refund.amount))
        .join(refund, refund.refund_of == Transaction.id)
        .where(in_period(refund))
        .group_by(Transaction.currency, "category")
    )
    spent = {(currency, kind): (amount + fees, count) for currency, kind, amount, fees, count in session.execute(paid)}
    refunded = {(currency, kind): amount for currency, kind, amount in session.execute(returned)}
    return [
        Spending(currency, kind, *_spent_first(spent.get((currency, kind)), refunded.get((currency, kind))))
        for currency, kind in sorted(spent.keys() | refunded.keys(), key=lambda found: (found[0], found[1].value))
    ]


def limits_usage(session: Session, user_id: UUID | str, *, options: BankingOptions = DEFAULTS) -> list[LimitsUsage]:
    """What a customer may still send today, this month and this year, UTC, a line a currency of their accounts.

    Raises UserNotFound.
    """
    user = get_own(UserRepository(session), user_id)
    now = now_of(session)
    limits = outgoing_limits(user.kyc_level, options.limits)
    since = [day_of(now).start, month_of(now).start, year_of(now).start]
    sums = (
        select(
            Transaction.currency,
            *(func.sum(Transaction.amount).filter(Transaction.transaction_date >= moment) for moment in since),
        )
        .where(
            Transaction.user_id == user.id,
            Transaction.is_outgoing,
            Transaction.status.in_(_COUNTED),
            Transaction.transaction_date >= since[-1],
        )
        .group_by(Transaction.currency)
    )
    used = {currency: [amount or ZERO for amount in amounts] for currency, *amounts in session.execute(sums)}
    currencies = session.scalars(
        select(Account.currency).where(Account.user_id == user.id).distinct().order_by(Account.currency)
    )
    return [_usage(currency, limits, *used.get(currency, [ZERO, ZERO, ZERO])) for currency in currencies]


def _is_spending() -> ColumnElement[bool]:
    is_between_own = and_(
        Transaction.transaction_type == TransactionTypeEnum.TRANSFER_OUT, not_(Transaction.is_outgoing)
    )
    return and_(
        Transaction.direction == TransactionDirectionEnum.OUTBOUND,
        Transaction.reversal_of.is_(None),
        Transaction.transaction_type != TransactionTypeEnum.INVESTMENT,
        not_(is_between_own),
    )


def _spent_first(spent: tuple[Decimal, int] | None, refunded: Decimal | None) -> tuple[Decimal, Decimal, int]:
    amount, count = spent or (ZERO, 0)
    return amount, refunded or ZERO, count


def _usage(currency: str, limits: TransferLimits, today: Decimal, month: Decimal, year: Decimal) -> LimitsUsage:
    used = TransferLimits(daily=today, monthly=month, yearly=year)
    return LimitsUsage(currency, limits, used, remaining(limits, today, month, year))

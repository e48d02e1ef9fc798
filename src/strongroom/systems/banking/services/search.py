"""Finds transactions by anything a customer remembers of them, page by page."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, cast, func, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.systems.banking.models import Transaction
from strongroom.systems.banking.repositories import TransactionRepository, UserRepository, transactions_of_user
from strongroom.systems.banking.rules import (
    MerchantCategoryEnum,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
)
from strongroom.systems.banking.services.access import get_own, own_account


class SortEnum(Enum):
    """The orders a list of transactions comes in."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"


ORDERS: dict[SortEnum, list[Any]] = {
    SortEnum.NEWEST: [Transaction.transaction_date.desc(), Transaction.id.desc()],
    SortEnum.OLDEST: [Transaction.transaction_date, Transaction.id],
    SortEnum.LARGEST: [Transaction.amount.desc(), Transaction.id.desc()],
    SortEnum.SMALLEST: [Transaction.amount, Transaction.id],
}


@dataclass(frozen=True, slots=True)
class TransactionFilter:
    """What must all be true of a transaction; None is no condition.

    start: from then on; end: before then. text: part of description, merchant, notes or reference, in any case.
    tags: all of them.
    """

    account_id: UUID | None = None
    card_id: UUID | None = None
    transaction_type: TransactionTypeEnum | None = None
    status: TransactionStatusEnum | None = None
    direction: TransactionDirectionEnum | None = None
    merchant_category: MerchantCategoryEnum | None = None
    payment_method: PaymentMethodEnum | None = None
    currency: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    amount_min: Decimal | None = None
    amount_max: Decimal | None = None
    text: str | None = None
    tags: tuple[str, ...] = ()


def search_transactions(
    session: Session,
    user_id: UUID | str,
    wanted: TransactionFilter,
    part: Part,
    *,
    sort: SortEnum = SortEnum.NEWEST,
) -> Page[Transaction]:
    """A page of a user's transactions. Raises UserNotFound, AccountNotFound for an account that is not the caller's."""
    user = get_own(UserRepository(session), user_id)
    if wanted.account_id is not None:
        own_account(session, wanted.account_id)
    query = transactions_of_user(user.id).where(*_conditions(session, wanted))
    scope = ("transactions", user.id, sort, *astuple(wanted))
    return page_of(TransactionRepository(session), query, ORDERS[sort], part, *scope)


#: conditions that compare one column with one value
_EQUAL = (
    "account_id",
    "card_id",
    "transaction_type",
    "status",
    "direction",
    "merchant_category",
    "payment_method",
    "currency",
)
_SEARCHED = (
    Transaction.description,
    Transaction.merchant_name,
    Transaction.notes,
    Transaction.reference_number,
)


def _conditions(session: Session, wanted: TransactionFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        getattr(Transaction, name) == value for name in _EQUAL if (value := getattr(wanted, name)) is not None
    ]
    if wanted.start is not None:
        conditions.append(Transaction.transaction_date >= wanted.start)
    if wanted.end is not None:
        conditions.append(Transaction.transaction_date < wanted.end)
    if wanted.amount_min is not None:
        conditions.append(Transaction.amount >= wanted.amount_min)
    if wanted.amount_max is not None:
        conditions.append(Transaction.amount <= wanted.amount_max)
    if wanted.text:
        conditions.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in _SEARCHED)))
    conditions += [_has_tag(session, tag) for tag in wanted.tags]
    return conditions


def _has_tag(session: Session, tag: str) -> ColumnElement[bool]:
    if session.get_bind().dialect.name == "sqlite":
        entry = func.json_each(Transaction.tags).table_valued("value")
        return select(entry.c.value).where(entry.c.value == tag).exists()
    return Transaction.tags.bool_op("@>")(func.jsonb_build_array(cast(tag, String)))

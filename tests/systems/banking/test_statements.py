"""Claims about what a customer looks up: it adds up, it closes, and it never mixes currencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, InvalidCursor, InvalidValue
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.banking.errors import AccountNotFound, ExchangeRateUnavailable, UserNotFound
from strongroom.systems.banking.models import Account, Transaction, User
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    AccountTypeEnum,
    KycLevelEnum,
    MerchantCategoryEnum,
    NetWorth,
    PaymentMethodEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
)
from strongroom.systems.banking.services import (
    cash,
    corrections,
    exchange,
    holds,
    investments,
    spending,
    statements,
    transfers,
)
from strongroom.systems.banking.services.remarks import annotate
from strongroom.systems.banking.services.search import SortEnum, TransactionFilter, search_transactions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CURSORS = Cursors(b"sixteen bytes or more")
OpenAccount = Callable[..., Account]
D = Decimal


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def bank(any_database: Database, clock: FixedClock) -> Database:
    any_database.clock = clock
    return any_database


@pytest.fixture
def account(bank: Database, open_account: OpenAccount) -> Account:
    return bank.write(open_account, "100.00")


@pytest.fixture
def month(bank: Database, account: Account, clock: FixedClock, open_account: OpenAccount) -> Account:
    """The account after a month: on day 0 +50, on day 1 -20, on day 2 -30 and a fee of 0.53 to somebody else."""
    bank.write(cash.deposit, account.id, "50.00", description="Salary, May_be")
    clock.advance(DAY)
    bank.write(cash.withdraw, account.id, "20.00", payment_method=PaymentMethodEnum.CASH)
    clock.advance(DAY)
    bank.write(transfers.transfer, account.id, bank.write(open_account).id, "30.00", description="Rent 100%")
    return account


def stranger(bank: Database) -> Database:
    return bank.acting_as(Actor(new_id(), "Mallory", frozenset({"user"})))


# ── balances and statements


def test_balances_tell_what_could_leave(bank: Database, open_account: OpenAccount) -> None:
    account = bank.write(open_account, "100.00", is_overdraft_enabled=True, overdraft_limit="50")
    bank.write(holds.place_hold, account.id, "30.00")
    found = bank.read(statements.balances, account.id)
    assert (found.current, found.available, found.reserved, found.spendable) == (D(100), D(70), D(30), D(120))
    with pytest.raises(AccountNotFound):
        stranger(bank).read(statements.balances, account.id)


def test_a_statement_closes_and_the_next_opens_with_its_closing(bank: Database, month: Account) -> None:
    edges = [NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY]
    periods = pairwise(edges)
    found = [bank.read(statements.statement, month.id, start, end) for start, end in periods]
    assert [(s.opening, s.credits, s.debits, s.closing) for s in found] == [
        (D(100), D(0), D(0), D(100)),
        (D(100), D(50), D(0), D(150)),
        (D(150), D(0), D(20), D(130)),
        (D(130), D(0), D("30.53"), D("99.47")),
    ]
    whole = bank.read(statements.statement, month.id, edges[0], edges[-1])
    assert whole.opening + whole.credits - whole.debits == whole.closing == found[-1].closing
    assert whole.closing == bank.read(statements.balances, month.id).current


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(bank: Database, month: Account) -> None:
    assert bank.read(statements.statement, month.id, NOW, NOW + DAY).credits == 50
    assert bank.read(statements.statement, month.id, NOW - DAY, NOW).credits == 0
    with pytest.raises(InvalidValue):
        bank.read(statements.statement, month.id, NOW, NOW)


def test_a_reversed_movement_stands_twice_in_the_statement(bank: Database, account: Account) -> None:
    bank.write(corrections.reverse, bank.write(cash.deposit, account.id, "5").id)
    found = bank.read(statements.statement, account.id, NOW, NOW + DAY)
    assert (found.credits, found.debits, found.closing) == (D(5), D(5), D(100))


def test_worth_is_told_currency_by_currency_and_debt_is_no_asset(
    bank: Database, account: Account, open_account: OpenAccount
) -> None:
    owner: dict[str, Any] = {"owner_id": account.user_id}
    credit: dict[str, Any] = {"is_overdraft_enabled": True, "overdraft_limit": "500"}
    bank.write(open_account, "-40", account_type=AccountTypeEnum.CREDIT, **credit, **owner)
    bank.write(open_account, "7", currency="EUR", **owner)
    closed_at = {"closed_at": NOW, "status": AccountStatusEnum.CLOSED}
    bank.write(open_account, "0", currency="GBP", **closed_at, **owner)
    assert bank.read(statements.overview, account.user_id) == (
        NetWorth("EUR", Decimal(7), Decimal(0)),
        NetWorth("USD", Decimal(100), Decimal(40)),
    )
    with pytest.raises(UserNotFound):
        stranger(bank).read(statements.overview, account.user_id)


# ── search


def find(bank: Database, account: Account, **conditions: Any) -> list[Decimal]:
    """The amounts of the account owner's transactions that meet the conditions, newest first."""
    wanted = TransactionFilter(**conditions)
    return [t.amount for t in bank.read(search_transactions, account.user_id, wanted, Part(CURSORS)).items]


@pytest.mark.parametrize(
    ("conditions", "amounts"),
    [
        ({}, [30, 20, 50]),
        ({"transaction_type": TransactionTypeEnum.WITHDRAWAL}, [20]),
        ({"direction": TransactionDirectionEnum.OUTBOUND}, [30, 20]),
        ({"status": TransactionStatusEnum.FAILED}, []),
        ({"payment_method": PaymentMethodEnum.CASH}, [20, 50]),
        ({"merchant_category": MerchantCategoryEnum.OTHER}, [30, 20, 50]),
        ({"currency": "EUR"}, []),
        ({"start": NOW + DAY}, [30, 20]),
        ({"end": NOW + DAY}, [50]),
        ({"amount_min": Decimal(30)}, [30, 50]),
        ({"amount_max": Decimal("29.99")}, [20]),
        ({"text": "sAlArY"}, [50]),
        ({"text": "100%"}, [30]),
        ({"text": "May_be"}, [50]),
        ({"text": "Maybe"}, []),
        ({"text": "%"}, [30]),
        ({"card_id": new_id()}, []),
    ],
)
def test_transactions_are_found_by_what_is_known_of_them(
    bank: Database, month: Account, conditions: dict[str, Any], amounts: list[int]
) -> None:
    assert find(bank, month, **conditions) == amounts


def test_transactions_are_found_by_all_of_their_tags(bank: Database, account: Account) -> None:
    for amount, tags in (("1", ["home", "rent"]), ("2", ["home"]), ("3", None)):
        bank.write(annotate, bank.write(cash.deposit, account.id, amount).id, {"tags": tags})
    assert find(bank, account, tags=("home",)) == [2, 1]
    assert find(bank, account, tags=("rent", "home")) == [1]
    assert find(bank, account, tags=("ren",)) == []


@pytest.mark.parametrize(
    ("sort", "amounts"),
    [
        (SortEnum.NEWEST, [30, 20, 50]),
        (SortEnum.OLDEST, [50, 20, 30]),
        (SortEnum.LARGEST, [50, 30, 20]),
        (SortEnum.SMALLEST, [20, 30, 50]),
    ],
)
def test_every_order_comes_page_by_page(bank: Database, month: Account, sort: SortEnum, amounts: list[int]) -> None:
    found: list[Decimal] = []
    cursor = None
    for _ in amounts:
        part = Part(CURSORS, limit=1, cursor=cursor, count="exact")
        page = bank.read(search_transactions, month.user_id, TransactionFilter(), part, sort=sort)
        assert page.count == 3
        found += [transaction.amount for transaction in page.items]
        cursor = page.next_cursor
    assert found == amounts
    assert cursor is None


def test_a_cursor_is_good_for_the_search_that_made_it_only(bank: Database, month: Account) -> None:
    page = bank.read(search_transactions, month.user_id, TransactionFilter(), Part(CURSORS, limit=1))
    part = Part(CURSORS, limit=1, cursor=page.next_cursor)
    with pytest.raises(InvalidCursor):
        bank.read(search_transactions, month.user_id, TransactionFilter(text="Rent"), part)
    with pytest.raises(InvalidCursor):
        bank.read(search_transactions, month.user_id, TransactionFilter(), part, sort=SortEnum.OLDEST)


def test_nobody_searches_other_peoples_transactions(bank: Database, month: Account, open_account: OpenAccount) -> None:
    with pytest.raises(UserNotFound):
        find(stranger(bank), month)
    other = bank.write(open_account)
    own = bank.acting_as(Actor(other.user_id, "Ben", frozenset({"user"})))
    with pytest.raises(AccountNotFound):
        find(own, other, account_id=month.id)


# ── spending and limits


def test_spending_counts_payments_with_their_fees_and_takes_refunds_back(
    bank: Database, month: Account, clock: FixedClock
) -> None:
    shopping = bank.write(cash.withdraw, month.id, "12.00")
    bank.write(annotate, shopping.id, {"merchant_category": MerchantCategoryEnum.GROCERIES})
    clock.advance(DAY)
    bank.write(corrections.refund, shopping.id, "5.00")
    found = bank.read(spending.spending_by_category, month.user_id, NOW, NOW + 10 * DAY)
    assert [(line.category.value, line.spent, line.refunded, line.net, line.count) for line in found] == [
        ("groceries", D(12), D(5), D(7), 1),
        ("other", D("50.53"), D(0), D("50.53"), 2),
    ]
    [later] = bank.read(spending.spending_by_category, month.user_id, clock.now(), clock.now() + DAY)
    assert (later.category, later.spent, later.net) == (MerchantCategoryEnum.GROCERIES, D(0), D(-5))


def test_moving_ones_own_money_is_no_spending(bank: Database, account: Account, open_account: OpenAccount) -> None:
    savings = bank.write(open_account, owner_id=account.user_id, account_type=AccountTypeEnum.INVESTMENT)
    bank.write(transfers.transfer, account.id, savings.id, "50")
    security: dict[str, Any] = {"symbol": "ACME", "name": "Acme Inc.", "investment_type": "stock"}
    bank.write(investments.buy, savings.id, quantity="1", price="10", **security)
    bank.write(corrections.reverse, bank.write(cash.withdraw, account.id, "3").id)
    bank.write(cash.deposit, account.id, "3")
    assert bank.read(spending.spending_by_category, account.user_id, NOW, NOW + DAY) == []


def test_usage_of_limits_is_counted_by_utc_day_month_and_year(
    bank: Database, month: Account, clock: FixedClock, open_account: OpenAccount
) -> None:
    def restrict(session: Session) -> None:
        session.get_one(User, month.user_id).kyc_level = KycLevelEnum.BASIC

    bank.write(restrict)
    bank.write(open_account, currency="EUR", owner_id=month.user_id)
    euros, dollars = bank.read(spending.limits_usage, month.user_id)
    assert (dollars.limits.daily, dollars.limits.monthly, dollars.limits.yearly) == (D(100), D(1000), D(300_000))
    assert (dollars.used.daily, dollars.used.monthly, dollars.used.yearly) == (D(30), D(50), D(50))
    assert (dollars.left.daily, dollars.left.monthly, dollars.left.single) == (D(70), D(950), D(70))
    assert (euros.currency, euros.used.daily, euros.left.daily) == ("EUR", D(0), D(100))
    clock.advance(31 * DAY)
    _, dollars = bank.read(spending.limits_usage, month.user_id)
    assert (dollars.used.daily, dollars.used.monthly, dollars.used.yearly) == (D(0), D(0), D(50))


def test_sums_are_those_of_every_row(bank: Database, account: Account) -> None:
    def many(session: Session) -> None:
        for _ in range(120):
            cash.deposit(session, account.id, "0.01")

    bank.write(many)
    assert bank.read(statements.statement, account.id, NOW, NOW + DAY).credits == Decimal("1.20")


# ── exchange rates


def test_the_newest_rate_that_is_valid_counts_in_its_own_direction(bank: Database, clock: FixedClock) -> None:
    bank.write(exchange.set_rate, "USD", "EUR", "0.9", valid_until=NOW + 10 * DAY)
    clock.advance(timedelta(hours=1))
    bank.write(exchange.set_rate, "USD", "EUR", "0.8", valid_until=NOW + DAY)
    assert bank.read(exchange.get_rate, "USD", "EUR").rate == Decimal("0.8")
    with pytest.raises(ExchangeRateUnavailable):
        bank.read(exchange.get_rate, "EUR", "USD")
    clock.advance(DAY)
    assert bank.read(exchange.get_rate, "USD", "EUR").rate == Decimal("0.9")
    clock.advance(10 * DAY)
    with pytest.raises(ExchangeRateUnavailable):
        bank.read(exchange.get_rate, "USD", "EUR")


@pytest.mark.parametrize(
    "rate",
    [
        {"base": "USD", "quote": "USD", "rate": "1"},
        {"base": "USD", "quote": "EUR", "rate": "0"},
        {"base": "USD", "quote": "EUR", "rate": "-1"},
        {"base": "USD", "quote": "EUR", "rate": 0.9},
        {"base": "USD", "quote": "EUR", "rate": "0.9", "valid_until": NOW - DAY},
        {"base": "dollar", "quote": "EUR", "rate": "0.9"},
    ],
)
def test_a_rate_that_is_none_is_refused(bank: Database, rate: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        bank.write(exchange.set_rate, **rate)


def test_rates_are_the_banks_to_set(bank: Database) -> None:
    with pytest.raises(AccessDenied):
        stranger(bank).write(exchange.set_rate, "USD", "EUR", "0.9")


def test_a_transfer_across_currencies_uses_the_rate_that_was_set(
    bank: Database, account: Account, open_account: OpenAccount
) -> None:
    euros = bank.write(open_account, currency="EUR", owner_id=account.user_id)
    bank.write(exchange.set_rate, "USD", "EUR", "0.9")
    bank.write(transfers.transfer, account.id, euros.id, "10.00")
    arrived = bank.read(lambda session: session.get_one(Account, euros.id)).current_balance
    assert arrived == Decimal("9.00")
    assert bank.read(lambda session: session.query(Transaction).count()) == 2

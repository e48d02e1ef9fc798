"""Claims about securities: what they cost, which lot is sold, and that no price is not a price of nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, IdempotencyConflict, InvalidValue
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.repositories import Cursors, Part
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.system import System
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.banking.errors import (
    AccountNotFound,
    BusinessRuleViolation,
    InsufficientFunds,
    InvestmentNotFound,
    UserNotActive,
)
from strongroom.systems.banking.models import Account, Investment, JournalLine, LedgerAccount, Transaction, User
from strongroom.systems.banking.rules import AccountTypeEnum, HoldingStatusEnum, Side
from strongroom.systems.banking.services import cash, corrections, investments, portfolios

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OPEN, CLOSED = HoldingStatusEnum.OPEN, HoldingStatusEnum.CLOSED
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
    return bank.write(open_account, "1000.00", account_type=AccountTypeEnum.INVESTMENT)


def buy(bank: Database, account: Account, quantity: str = "10", price: str = "20", **values: Any) -> Investment:
    given = {"symbol": "ACME", "name": "Acme Inc.", "investment_type": "stock", **values}
    return bank.write(investments.buy, account.id, quantity=quantity, price=price, **given)


def sell(bank: Database, account: Account, quantity: str, price: str = "30", **values: Any) -> Transaction:
    return bank.write(investments.sell, account.id, quantity=quantity, price=price, **{"symbol": "ACME", **values})


def lots(bank: Database) -> list[tuple[HoldingStatusEnum, Decimal, Decimal]]:
    """Status, quantity and purchase price of every lot, oldest first, closed before open."""
    order = (Investment.purchase_date, Investment.status)
    found = bank.read(lambda session: session.scalars(select(Investment).order_by(*order)).all())
    return [(lot.status, lot.quantity, lot.purchase_price) for lot in found]


def balance(bank: Database, account: Account) -> Decimal:
    return bank.read(lambda session: session.get_one(Account, account.id)).current_balance


def test_buying_takes_price_and_fee_and_leaves_a_lot(bank: Database, account: Account, systems: tuple[System]) -> None:
    lot = buy(bank, account)
    assert (lot.quantity, lot.cost_basis, lot.market_value) == (D(10), D(200), D(200))
    assert balance(bank, account) == Decimal("798.50")  # 200.00 and three quarters of a per cent

    def securities(session: Session) -> list[tuple[Side, Decimal]]:
        query = select(JournalLine).join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        return [(line.side, line.amount) for line in session.scalars(query.where(LedgerAccount.code == "securities"))]

    assert bank.read(securities) == [(Side.CREDIT, Decimal(200))]
    assert [finding for finding in bank.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_an_amount_is_rounded_to_the_currency_once(bank: Database, account: Account) -> None:
    buy(bank, account, "0.5", "66.67")
    assert balance(bank, account) == Decimal("965.66")  # 33.335 becomes 33.34, and the least fee is 1.00


def test_securities_lie_in_investment_accounts_only(bank: Database, open_account: OpenAccount) -> None:
    with pytest.raises(BusinessRuleViolation, match="investment accounts"):
        buy(bank, bank.write(open_account, "1000"))


@pytest.mark.parametrize(
    "order",
    [
        {"quantity": "0"},
        {"quantity": "-1"},
        {"price": "0"},
        {"quantity": "0.00000000001"},
        {"quantity": "0.0001", "price": "0.01"},
        {"symbol": "acme"},
        {"investment_type": "lottery"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(bank: Database, account: Account, order: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        buy(bank, account, **order)
    assert balance(bank, account) == 1000


def test_what_cannot_be_paid_is_not_bought(bank: Database, account: Account) -> None:
    with pytest.raises(InsufficientFunds):
        buy(bank, account, "50", "20")  # 1,000.00 is there, the fee is not
    assert lots(bank) == []

    def suspend(session: Session) -> None:
        session.get_one(User, account.user_id).is_active = False

    bank.write(suspend)
    with pytest.raises(UserNotActive):
        buy(bank, account)


def test_an_order_sent_again_with_its_key_is_one_order(bank: Database, account: Account) -> None:
    assert buy(bank, account, key="k").id == buy(bank, account, key="k").id
    assert sell(bank, account, "10", key="s").id == sell(bank, account, "10", key="s").id
    assert lots(bank) == [(CLOSED, Decimal(10), Decimal(20))]
    with pytest.raises(IdempotencyConflict):
        sell(bank, account, "9", key="s")


def test_a_refused_order_stays_refused_under_its_key(bank: Database, account: Account) -> None:
    with pytest.raises(InsufficientFunds):
        buy(bank, account, "100", key="k")
    bank.write(cash.deposit, account.id, "5000")
    with pytest.raises(InsufficientFunds):
        buy(bank, account, "100", key="k")
    assert lots(bank) == []


def test_the_oldest_lot_is_sold_first_and_split_where_it_is_too_large(
    bank: Database, clock: FixedClock, account: Account, systems: tuple[System]
) -> None:
    buy(bank, account, "10", "20")
    clock.advance(timedelta(days=1))
    buy(bank, account, "10", "25")
    sale = sell(bank, account, "14", "30")
    assert (sale.amount, sale.fee_amount, sale.balance_after) == (D(420), D("3.15"), balance(bank, account))
    assert lots(bank) == [
        (CLOSED, Decimal(10), Decimal(20)),
        (CLOSED, Decimal(4), Decimal(25)),
        (OPEN, Decimal(6), Decimal(25)),
    ]

    def realised(session: Session) -> Decimal:
        closed = session.scalars(select(Investment).where(Investment.status == CLOSED))
        return sum((lot.unrealised_gain or Decimal(0) for lot in closed), Decimal(0))

    assert bank.read(realised) == 14 * 30 - 10 * 20 - 4 * 25
    assert [finding for finding in bank.read(run_checks, systems[0].checks) if not finding.holds] == []


def test_no_more_is_sold_than_is_held_and_nothing_moves(bank: Database, account: Account) -> None:
    buy(bank, account)
    before = balance(bank, account)
    with pytest.raises(BusinessRuleViolation, match=r"10 ACME are held, 10\.5 were to be sold"):
        sell(bank, account, "10.5")
    assert (balance(bank, account), lots(bank)) == (before, [(OPEN, Decimal(10), Decimal(20))])


def test_sales_made_at_once_sell_every_unit_once(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account, "1000", account_type=AccountTypeEnum.INVESTMENT)
    buy(database, account)

    def attempt(_: int) -> str:
        try:
            sell(database, account, "3")
        except BusinessRuleViolation:
            return "refused"
        return "sold"

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(6)))
    assert (outcomes.count("sold"), outcomes.count("refused")) == (3, 3)
    held = database.read(lambda s: s.scalar(select(func.sum(Investment.quantity)).where(Investment.status == OPEN)))
    assert held == 1


def test_a_trade_is_not_reversed_but_traded_back(bank: Database, account: Account) -> None:
    buy(bank, account)
    [trade] = bank.read(lambda session: session.scalars(select(Transaction)).all())
    with pytest.raises(BusinessRuleViolation, match="opposite trade"):
        bank.write(corrections.reverse, trade.id)


def test_a_portfolio_is_worth_nothing_known_until_every_price_is(bank: Database, account: Account) -> None:
    buy(bank, account, "1", "100")
    buy(bank, account, "3", "120")
    buy(bank, account, "2", "50", symbol="BOND", name="A bond", investment_type="bond")

    def forget(session: Session) -> None:
        [bond] = session.scalars(select(Investment).where(Investment.symbol == "BOND"))
        bond.current_price = bond.price_as_of = None

    bank.write(forget)
    assert bank.write(portfolios.revalue, "ACME", "USD", "130") == 2
    [portfolio] = bank.read(portfolios.portfolio_summary, account.user_id)
    acme, bond = portfolio.holdings
    assert (acme.position.average_price, acme.position.unrealised_gain) == (D(115), D(60))
    assert acme.position.gain_percent == Decimal("13.04")
    assert (bond.position.cost_basis, bond.position.market_value) == (D(100), None)
    assert (portfolio.cost_basis, portfolio.market_value, portfolio.gain_percent) == (D(560), None, None)
    bank.write(portfolios.revalue, "BOND", "USD", "0")
    [portfolio] = bank.read(portfolios.portfolio_summary, account.user_id)
    assert (portfolio.market_value, portfolio.unrealised_gain) == (D(520), D(-40))


def test_portfolios_of_different_currencies_are_not_added_together(
    bank: Database, account: Account, open_account: OpenAccount
) -> None:
    euros = bank.write(
        open_account, "1000", owner_id=account.user_id, currency="EUR", account_type=AccountTypeEnum.INVESTMENT
    )
    buy(bank, account)
    buy(bank, euros, "5", "20")
    found = bank.read(portfolios.portfolio_summary, account.user_id)
    assert [(portfolio.currency, portfolio.cost_basis) for portfolio in found] == [("EUR", D(100)), ("USD", D(200))]
    assert bank.write(portfolios.revalue, "ACME", "EUR", "40") == 1
    assert [p.market_value for p in bank.read(portfolios.portfolio_summary, account.user_id)] == [200, 200]


def test_sold_lots_are_no_part_of_a_portfolio_and_keep_their_price(bank: Database, account: Account) -> None:
    buy(bank, account)
    sell(bank, account, "10", "30")
    assert bank.read(portfolios.portfolio_summary, account.user_id) == []
    assert bank.write(portfolios.revalue, "ACME", "USD", "99") == 0
    [lot] = bank.read(portfolios.list_investments, Part(Cursors(b"-" * 16)), account.user_id, status=CLOSED).items
    assert (lot.current_price, lot.closed_at) == (D(30), NOW)


def test_prices_are_the_banks_to_set_and_lots_their_owners_to_see(bank: Database, account: Account) -> None:
    lot = buy(bank, account)
    own = bank.acting_as(Actor(account.user_id, "Ada", frozenset({"user"})))
    assert own.read(portfolios.get_investment, lot.id).id == lot.id
    with pytest.raises(AccessDenied):
        own.write(portfolios.revalue, "ACME", "USD", "1000")
    stranger = bank.acting_as(Actor(new_id(), "Mallory", frozenset({"user"})))
    with pytest.raises(InvestmentNotFound):
        stranger.read(portfolios.get_investment, lot.id)
    with pytest.raises(AccountNotFound):
        sell(stranger, account, "1")

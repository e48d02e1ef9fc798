"""Claims about money under many hands at once, on PostgreSQL; each race has a control that loses it."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import IdempotencyConflict, Refused
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import AsyncDatabase, Attempts, Database
from strongroom.kernel.system import System
from strongroom.systems.banking.errors import InsufficientFunds
from strongroom.systems.banking.models import Account, JournalEntry, Transaction
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.rules import TransferLimits
from strongroom.systems.banking.services import cash, transfers

AT_ONCE = 40
WORKERS = 16
TRANSFERS_EACH = 12
UNLIMITED = BankingOptions(limits=TransferLimits())

OpenAccount = Callable[..., Account]
Outcome = Transaction | Refused


@pytest.fixture
def account(database: Database, open_account: OpenAccount) -> Account:
    return database.write(open_account, "100.00")


def race(count: int, action: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads got that begin together; a refusal is an answer, another error is raised."""
    together = threading.Barrier(count)

    def run(number: int) -> Any:
        together.wait()
        try:
            return action(number)
        except Refused as refusal:
            return refusal

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


async def answer(database: AsyncDatabase, account: Account, amount: str, key: str) -> Outcome:
    try:
        return await database.write(cash.withdraw, account.id, amount, key=key)
    except Refused as refusal:
        return refusal


def balance_of(database: Database, account: Account) -> Decimal:
    return database.read(lambda session: session.get_one(Account, account.id).current_balance)


def check_three_of(outcomes: list[Any], database: Database, account: Account) -> None:
    assert Counter(type(outcome) for outcome in outcomes) == {Transaction: 3, InsufficientFunds: len(outcomes) - 3}
    assert balance_of(database, account) == 10


def test_of_forty_threads_that_take_thirty_from_a_hundred_three_get_it(database: Database, account: Account) -> None:
    outcomes = race(AT_ONCE, lambda number: database.write(cash.withdraw, account.id, "30.00", key=str(number)))
    check_three_of(outcomes, database, account)


async def test_of_forty_tasks_that_take_thirty_from_a_hundred_three_get_it(
    database: Database, async_database: AsyncDatabase, account: Account
) -> None:
    outcomes = await asyncio.gather(
        *(answer(async_database, account, "30.00", key=str(number)) for number in range(AT_ONCE))
    )
    check_three_of(outcomes, database, account)


def test_the_same_race_is_lost_by_reading_first_and_writing_after(database: Database) -> None:
    together = threading.Barrier(AT_ONCE)

    def prepare(session: Session) -> None:
        session.execute(text("CREATE TABLE naive (balance numeric NOT NULL CHECK (balance >= 0))"))
        session.execute(text("INSERT INTO naive VALUES (100)"))

    def withdraw(session: Session) -> bool:
        balance = session.scalar(text("SELECT balance FROM naive"))
        together.wait()
        if balance < 30:
            return False
        session.execute(text("UPDATE naive SET balance = :balance"), {"balance": balance - 30})
        return True

    database.write(prepare)
    assert sum(race(AT_ONCE, lambda _: database.write(withdraw))) > 3


def test_one_request_sent_forty_times_at_once_is_posted_once(database: Database, account: Account) -> None:
    outcomes = race(AT_ONCE, lambda _: database.write(cash.withdraw, account.id, "30.00", key="one"))
    assert {(row.id, row.amount, row.balance_after, row.reference_number) for row in outcomes} == {
        (outcomes[0].id, Decimal(30), Decimal(70), outcomes[0].reference_number)
    }
    assert database.read(lambda session: session.scalar(select(func.count()).select_from(JournalEntry))) == 1
    assert balance_of(database, account) == 70


async def test_one_request_of_forty_tasks_at_once_is_posted_once(
    database: Database, async_database: AsyncDatabase, account: Account
) -> None:
    outcomes = await asyncio.gather(*(answer(async_database, account, "30.00", key="one") for _ in range(AT_ONCE)))
    assert len({row.id for row in outcomes if isinstance(row, Transaction)}) == 1
    assert balance_of(database, account) == 70


def test_one_refused_request_sent_forty_times_at_once_is_refused_forty_times(
    database: Database, account: Account
) -> None:
    outcomes = race(AT_ONCE, lambda _: database.write(cash.withdraw, account.id, "130.00", key="one"))
    assert Counter(map(str, outcomes)) == {str(outcomes[0]): AT_ONCE}
    assert isinstance(outcomes[0], InsufficientFunds)


def test_a_refused_request_is_still_refused_when_the_funds_have_come(database: Database, account: Account) -> None:
    def ask() -> None:
        database.write(cash.withdraw, account.id, "130.00", key="one")

    with pytest.raises(InsufficientFunds) as first:
        ask()
    database.write(cash.deposit, account.id, "500.00")
    with pytest.raises(InsufficientFunds) as again:
        ask()
    assert str(again.value) == str(first.value)
    assert balance_of(database, account) == 600


def test_one_key_for_two_requests_at_once_serves_one_and_refuses_the_other(
    database: Database, account: Account
) -> None:
    def ask(number: int) -> str:
        try:
            return str(database.write(cash.withdraw, account.id, ("30.00", "31.00")[number], key="one").amount)
        except IdempotencyConflict:
            return "conflict"

    served, refused = sorted(race(2, ask))
    assert refused == "conflict"
    assert balance_of(database, account) == 100 - Decimal(served)


def test_random_transfers_of_many_workers_lose_nothing_and_never_deadlock(
    database: Database, open_account: OpenAccount, systems: tuple[System, ...]
) -> None:
    database.attempts = Attempts(count=1)  # no second run: a deadlock would reach the worker
    accounts = [database.write(open_account, "500.00").id for _ in range(4)]

    def work(number: int) -> Counter[str]:
        chance = random.Random(number)
        outcomes: Counter[str] = Counter()
        for turn in range(TRANSFERS_EACH):
            source, destination = chance.sample(accounts, 2)
            amount = f"{chance.randint(100, 20_000) / 100:.2f}"
            try:
                database.write(
                    transfers.transfer, source, destination, amount, key=f"{number}-{turn}", options=UNLIMITED
                )
                outcomes["done"] += 1
            except Refused:
                outcomes["refused"] += 1
        return outcomes

    outcomes: Counter[str] = sum(race(WORKERS, work), Counter())
    assert outcomes.total() == WORKERS * TRANSFERS_EACH
    assert outcomes["done"] > 0
    assert outcomes["refused"] > 0
    assert database.read(total_of, accounts) == 2000
    broken = [finding for finding in database.read(run_checks, systems[0].checks) if not finding.holds]
    assert broken == []


def total_of(session: Session, account_ids: list[UUID]) -> Decimal:
    """What the customers hold and what the bank took in fees, which together stays what it was."""
    held = session.scalar(select(func.sum(Account.current_balance)).where(Account.id.in_(account_ids)))
    fees = session.scalar(select(func.sum(Transaction.fee_amount)))
    return Decimal(held or 0) + Decimal(fees or 0)

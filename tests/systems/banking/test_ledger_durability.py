"""Claims about money when the server is killed: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import CommitIndeterminate, DatabaseRefused, StrongroomError
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.systems.banking.models import Account, Transaction, Transfer
from strongroom.systems.banking.options import BankingOptions
from strongroom.systems.banking.rules import TransferLimits
from strongroom.systems.banking.services import cash, transfers
from strongroom.testing.databases import ThrowAwayServer, opened

WRITERS = 6
KILLS = 3
ACKNOWLEDGED_BEFORE_KILL = 25
UNLIMITED = BankingOptions(limits=TransferLimits())

OpenAccount = Callable[..., Account]


@dataclass(frozen=True, slots=True)
class Request:
    """One transfer as a client asks for it; its key makes it this request."""

    key: str
    source: UUID
    destination: UUID


@dataclass(slots=True)
class Memory:
    """What the clients were told. acknowledged: transfer ids by key; open: requests nobody answered."""

    acknowledged: dict[str, UUID] = field(default_factory=dict)
    open: list[Request] = field(default_factory=list)


@pytest.fixture
def durable_database(durable_server: ThrowAwayServer, systems: tuple[System, ...]) -> Iterator[Database]:
    with opened(durable_server.create_database(systems), systems) as database:
        yield database


def ask(database: Database, request: Request) -> UUID:
    return database.write(
        transfers.transfer, request.source, request.destination, "1.00", key=request.key, options=UNLIMITED
    ).id


def test_what_was_acknowledged_survives_a_killed_server_and_nothing_is_there_twice(
    durable_server: ThrowAwayServer,
    durable_database: Database,
    open_account: OpenAccount,
    systems: tuple[System, ...],
) -> None:
    accounts = [durable_database.write(open_account, "5000.00").id for _ in range(WRITERS)]
    memory = Memory()
    for life in range(KILLS):
        transfer_until_killed(durable_server, durable_database, accounts, memory, life)
        durable_server.start()
        for request in memory.open:  # a repetition with the same key tells what became of it, or does it now
            memory.acknowledged[request.key] = ask(durable_database, request)
        memory.open.clear()

    assert durable_database.read(transfers_by_key) == {key: [id] for key, id in memory.acknowledged.items()}
    assert durable_database.read(total_of) == 5000 * WRITERS
    broken = [finding for finding in durable_database.read(run_checks, systems[0].checks) if not finding.holds]
    assert broken == []


def transfer_until_killed(
    server: ThrowAwayServer, database: Database, accounts: list[UUID], memory: Memory, life: int
) -> None:
    """Let every writer send until the server is gone, which it is soon after enough was acknowledged."""
    enough = threading.Semaphore(0)

    def write(number: int) -> None:
        source, destination = accounts[number], accounts[(number + 1) % WRITERS]
        for turn in range(10_000):
            request = Request(f"{life}-{number}-{turn}", source, destination)
            try:
                memory.acknowledged[request.key] = ask(database, request)
                enough.release()
            except StrongroomError:
                memory.open.append(request)
                return

    with ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(write, number) for number in range(WRITERS)]
        for _ in range(ACKNOWLEDGED_BEFORE_KILL):
            assert enough.acquire(timeout=60)
        server.kill()
    for writer in writers:
        writer.result()
    assert memory.open, "the server was killed while nobody was writing"


def transfers_by_key(session: Session) -> dict[str | None, list[UUID]]:
    found: dict[str | None, list[UUID]] = {}
    for key, transfer_id in session.execute(select(Transfer.idempotency_key, Transfer.id)):
        found.setdefault(key, []).append(transfer_id)
    return found


def total_of(session: Session) -> Decimal:
    held = session.scalar(select(func.sum(Account.current_balance)))
    fees = session.scalar(select(func.sum(Transaction.fee_amount)))
    return Decimal(held or 0) + Decimal(fees or 0)


def test_a_connection_lost_during_commit_is_told_apart_from_a_refused_one(
    durable_server: ThrowAwayServer, durable_database: Database, open_account: OpenAccount
) -> None:
    account = durable_database.write(open_account, "100.00")

    def withdraw_and_lose_the_server(session: Session) -> UUID:
        row = cash.withdraw(session, account.id, "30.00", key="one")
        durable_server.kill()
        return row.id

    with pytest.raises(CommitIndeterminate):
        durable_database.write(withdraw_and_lose_the_server)
    durable_server.start()
    assert durable_database.write(cash.withdraw, account.id, "30.00", key="one").balance_after == 70


def test_money_is_not_moved_without_waiting_for_the_disk(database: Database, open_account: OpenAccount) -> None:
    account = database.write(open_account, "100.00")

    def hurry(session: Session) -> None:
        session.execute(text("SET LOCAL synchronous_commit = off"))
        cash.withdraw(session, account.id, "30.00")

    with pytest.raises(DatabaseRefused):
        database.write(hurry)
    assert database.read(lambda session: session.get_one(Account, account.id).current_balance) == 100


def test_without_waiting_for_the_disk_a_killed_server_forgets_what_it_acknowledged(
    postgresql_version: int | None,
) -> None:
    slow_to_write = {"wal_writer_delay": "10s", "synchronous_commit": "off"}
    with (
        ThrowAwayServer(postgresql_version, durable=True, settings=slow_to_write) as server,
        opened(server.create_database(), ()) as database,
    ):
        database.write(lambda session: session.execute(text("CREATE TABLE told (number int)")))
        database.write(lambda session: session.execute(text("CHECKPOINT")))
        database.write(lambda session: session.execute(text("INSERT INTO told VALUES (1)")))
        server.kill()
        server.start()
        assert database.read(lambda session: session.scalar(text("SELECT count(*) FROM told"))) == 0

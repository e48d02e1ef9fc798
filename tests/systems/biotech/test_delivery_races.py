"""Claims about deliveries when workers run side by side and die: nothing is lost and nothing overtakes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.commands import deliver_due
from strongroom.systems.biotech.models import WebhookDelivery
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.services.deliveries import CLAIM_MARGIN
from tests.systems.biotech.outbox import OPTIONS, add_company, add_webhook, find_deliveries, publish_numbers
from tests.systems.biotech.receiver import OK, Receiver, Reply, receiving

COMPANIES = 3
EVENTS_EACH = 12
WORKERS = 6
KILLS = 3


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def publish_interleaved(database: Database) -> None:
    """Events 0, 1, 2 … of each company, published by turns."""
    companies = [database.write(add_company, f"CO{number}").id for number in range(COMPANIES)]
    for number in range(EVENTS_EACH):
        for company_id in companies:
            database.write(publish_numbers, company_id, number)


def numbers_by_ticker(receiver: Receiver) -> dict[str, list[int]]:
    """What was accepted of each company, in the order of arrival, repetitions included."""
    arrived: dict[str, list[int]] = defaultdict(list)
    for one in receiver.accepted:
        arrived[one.event["payload"]["ticker"]].append(one.event["payload"]["number"])
    return arrived


def first_arrivals(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


def check_all_arrived_in_order(receiver: Receiver) -> None:
    arrived = numbers_by_ticker(receiver)
    assert len(arrived) == COMPANIES
    for numbers in arrived.values():
        assert first_arrivals(numbers) == list(range(EVENTS_EACH))


def is_everything_delivered(session: Session) -> bool:
    return {one.status for one in find_deliveries(session)} == {DeliveryStatus.DELIVERED}


def deliver_until_done(database: Database) -> None:
    for _ in range(200):
        deliver_due(database, OPTIONS, WORKERS)
        if database.read(is_everything_delivered):
            return
        threading.Event().wait(0.1)
    pytest.fail("something never arrived")


def test_workers_side_by_side_keep_the_order_though_a_receiver_fails_and_dawdles(
    database: Database, receiver: Receiver
) -> None:
    database.write(add_webhook, receiver.url, retry_policy={"max_retries": 9, "retry_delay_seconds": 1})
    publish_interleaved(database)
    under_way: dict[str, int] = defaultdict(int)
    overlaps: list[str] = []
    guard = threading.Lock()

    def answer(number: int, headers: Mapping[str, str], body: bytes) -> Reply:
        ticker = json.loads(body)["payload"]["ticker"]
        with guard:
            under_way[ticker] += 1
            if under_way[ticker] > 1:
                overlaps.append(ticker)
        threading.Event().wait(0.01)
        with guard:
            under_way[ticker] -= 1
        return Reply(500) if number % 9 == 4 else OK

    receiver.script = answer
    deliver_until_done(database)
    check_all_arrived_in_order(receiver)
    assert overlaps == []
    assert len(receiver.accepted) == COMPANIES * EVENTS_EACH, "nobody died, so nothing had to come twice"


def test_without_waiting_for_earlier_events_the_same_race_is_lost(database: Database, receiver: Receiver) -> None:
    """The control: the same workers on events that stand in no order."""
    database.write(add_webhook, receiver.url, retry_policy={"max_retries": 9, "retry_delay_seconds": 1})
    database.write(publish_numbers, None, *range(EVENTS_EACH))
    receiver.script = lambda number, headers, body: Reply(500) if number % 4 == 0 else OK
    deliver_until_done(database)
    arrived = [one.event["payload"]["number"] for one in receiver.accepted]
    assert sorted(arrived) == list(range(EVENTS_EACH))
    assert arrived != sorted(arrived)


def test_workers_that_are_killed_in_the_middle_lose_nothing_and_order_holds(
    database: Database, receiver: Receiver, postgresql_options: DatabaseOptions
) -> None:
    database.write(add_webhook, receiver.url)
    publish_interleaved(database)
    for _ in range(KILLS):
        kill_while_delivering(database, receiver, postgresql_options)
        database.write(let_claims_run_out)
    receiver.script = lambda number, headers, body: OK
    deliver_until_done(database)
    check_all_arrived_in_order(receiver)
    repeated = len(receiver.accepted) - COMPANIES * EVENTS_EACH
    assert repeated > 0, "what a dead worker had sent and not recorded comes twice"


def test_a_worker_leaves_alone_what_another_has_claimed(database: Database, receiver: Receiver) -> None:
    database.write(add_webhook, receiver.url)
    company = database.write(add_company)
    database.write(publish_numbers, company.id, 1)
    begun, may_end = threading.Event(), threading.Event()

    def answer(number: int, headers: Mapping[str, str], body: bytes) -> Reply:
        begun.set()
        assert may_end.wait(timeout=30)
        return OK

    receiver.script = answer
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(deliver_due, database, OPTIONS, 1)
        assert begun.wait(timeout=30)
        assert deliver_due(database, OPTIONS, 2).total() == 0
        (delivery,) = database.read(in_flight)
        assert delivery.locked_until is not None
        assert delivery.locked_until - delivery.next_attempt_at > CLAIM_MARGIN
        may_end.set()
        assert first.result().total() == 1
    assert len(receiver.received) == 1


def kill_while_delivering(database: Database, receiver: Receiver, options: DatabaseOptions) -> None:
    """Let a worker deliver a few events, and kill it while others are on their way."""
    under_way = threading.Event()
    enough = len(receiver.received) + 5

    def answer_slowly(number: int, headers: Mapping[str, str], body: bytes) -> Reply:
        if number >= enough:
            under_way.set()
            threading.Event().wait(1)  # whoever waits for this answer is dead before it comes
        return OK

    receiver.script = answer_slowly
    with start_worker(options) as worker:
        try:
            assert under_way.wait(timeout=60)
        finally:
            worker.kill()
    assert database.read(in_flight), "the worker was killed between two attempts"


def in_flight(session: Session) -> list[WebhookDelivery]:
    return list(session.scalars(select(WebhookDelivery).where(WebhookDelivery.status == DeliveryStatus.IN_FLIGHT)))


def let_claims_run_out(session: Session) -> None:
    """As if half a minute had passed, and the timeout with it."""
    session.execute(text("UPDATE biotech.webhook_deliveries SET locked_until = now() WHERE status = 'in_flight'"))


def start_worker(options: DatabaseOptions) -> subprocess.Popen[bytes]:
    """A process of its own that delivers from this database until it is killed."""
    script = Path(__file__).with_name("deliver_process.py")
    return subprocess.Popen([sys.executable, str(script), json.dumps({"url": options.url, "workers": 3})])

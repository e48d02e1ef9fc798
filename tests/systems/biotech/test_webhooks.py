"""Claims about webhooks: whose secret is kept how, who is told of what, and in which order events are numbered."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import ConfigurationError, InvalidValue, SealBroken
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.errors import UnsafeUrl, WebhookNotFound
from strongroom.systems.biotech.models import Client, Company, Webhook
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.rules.enums import WebhookEvent
from strongroom.systems.biotech.services import webhooks
from strongroom.systems.biotech.services.outbox import Event, publish
from strongroom.systems.biotech.services.webhook_secrets import place_of, secrets_of
from tests.systems.biotech.outbox import (
    KEY,
    OPTIONS,
    add_company,
    add_webhook,
    find_deliveries,
    get_webhook,
    publish_numbers,
)

URL = "https://hooks.example.com/a"
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEYRING = Keyring(KEY)


@pytest.fixture
def clock(any_database: Database) -> FixedClock:
    clock = FixedClock(NOW)
    any_database.clock = clock
    return clock


def test_a_secret_is_told_once_and_stored_sealed_in_its_row(any_database: Database) -> None:
    made = any_database.write(add_webhook, URL)
    other = any_database.write(add_webhook, URL)
    assert made.secret.startswith("whsec_")
    assert made.secret not in repr(made)
    stored = any_database.read(get_webhook, made.webhook.id)
    assert stored.secret_sealed is not None
    assert made.secret.encode() not in stored.secret_sealed
    assert stored.secret_key_id == KEYRING.key_id
    assert KEYRING.open(stored.secret_sealed, *place_of(stored.id)) == made.secret
    with pytest.raises(SealBroken):
        KEYRING.open(stored.secret_sealed, *place_of(other.webhook.id))


def test_without_a_key_no_webhook_is_made(any_database: Database) -> None:
    with pytest.raises(ConfigurationError):
        any_database.write(add_webhook, URL, options=BiotechOptions())


def test_during_the_overlap_both_secrets_sign_and_afterwards_the_new_one_alone(
    any_database: Database, clock: FixedClock
) -> None:
    first = any_database.write(add_webhook, URL)
    second = any_database.write(webhooks.rotate_secret, first.webhook.id, options=OPTIONS)
    stored = any_database.read(get_webhook, first.webhook.id)
    assert secrets_of(stored, KEYRING, clock.now()) == (second.secret, first.secret)
    assert secrets_of(stored, KEYRING, clock.advance(OPTIONS.secret_overlap)) == (second.secret,)


def test_a_new_key_takes_over_what_the_old_one_sealed(any_database: Database) -> None:
    first = any_database.write(add_webhook, URL)
    second = any_database.write(webhooks.rotate_secret, first.webhook.id, options=OPTIONS)
    renewed = Keyring(b"another key for tests, not for us", KEY)
    assert any_database.write(webhooks.reseal_secrets, renewed) == 1
    assert any_database.write(webhooks.reseal_secrets, renewed) == 0
    alone = Keyring(b"another key for tests, not for us")
    stored = any_database.read(get_webhook, first.webhook.id)
    assert secrets_of(stored, alone, datetime.now(UTC)) == (second.secret, first.secret)


@pytest.mark.parametrize("url", ["http://hooks.example.com/", "https://127.0.0.1/", "https://localhost/", "nonsense"])
def test_an_address_that_is_not_public_is_refused_when_it_is_given_and_when_it_is_changed(
    any_database: Database, url: str
) -> None:
    careful = BiotechOptions(keyring=KEYRING)
    made = any_database.write(add_webhook, URL, options=careful)
    with pytest.raises(UnsafeUrl):
        any_database.write(add_webhook, url, options=careful)
    with pytest.raises(UnsafeUrl):
        any_database.write(webhooks.update_webhook, made.webhook.id, options=careful, url=url)


@pytest.mark.parametrize(
    "values",
    [
        {"event_types": []}, {"event_types": ["nothing"]}, {"timeout_seconds": 0}, {"timeout_seconds": 121},
        {"retry_policy": {"max_retries": 99}}, {"secret_sealed": b"mine"}, {"success_count": 7}, {"id": UUID(int=1)},
    ],
)  # fmt: skip
def test_what_makes_no_sense_or_is_not_the_callers_to_set_is_refused(
    any_database: Database, values: dict[str, Any]
) -> None:
    with pytest.raises(InvalidValue):
        any_database.write(add_webhook, URL, **values)


def test_a_webhook_that_is_not_there_cannot_be_changed(any_database: Database) -> None:
    with pytest.raises(WebhookNotFound):
        any_database.write(webhooks.rotate_secret, UUID(int=1), options=OPTIONS)
    assert any_database.write(webhooks.delete_webhook, UUID(int=1)) is False


@pytest.mark.parametrize(
    ("values", "is_told"),
    [
        ({}, True),
        ({"event_types": ["signal.detected"]}, True),
        ({"event_types": ["score_update"]}, False),
        ({"company_tickers": ["abcd", "WXYZ"]}, True),
        ({"company_tickers": ["WXYZ"]}, False),
        ({"company_tickers": []}, False),
        ({"min_score": 80}, True),
        ({"min_score": 80.5}, False),
    ],
)
def test_a_webhook_is_told_of_what_it_asked_for(any_database: Database, values: dict[str, Any], is_told: bool) -> None:
    any_database.write(add_webhook, URL, **values)
    company = any_database.write(add_company)

    def tell(session: Session) -> int:
        return publish(session, [Event(WebhookEvent.NEW_SIGNAL, {}, company, score=80)])

    assert any_database.write(tell) == int(is_told)
    assert len(any_database.read(find_deliveries)) == int(is_told)


def test_a_webhook_with_a_least_score_is_told_nothing_of_a_company_without_one(any_database: Database) -> None:
    any_database.write(add_webhook, URL, min_score=0)
    company = any_database.write(add_company)
    any_database.write(publish_numbers, company.id, 1)
    assert any_database.read(find_deliveries) == []


def test_a_webhook_that_is_off_or_deleted_or_has_no_secret_is_told_nothing(any_database: Database) -> None:
    company = any_database.write(add_company)
    off = any_database.write(add_webhook, URL)
    any_database.write(webhooks.disable_webhook, off.webhook.id)
    deleted = any_database.write(add_webhook, URL)
    assert any_database.write(webhooks.delete_webhook, deleted.webhook.id)
    any_database.write(lambda session: session.add(Webhook(name="bare", url=URL, event_types=["new_signal"])))
    any_database.write(publish_numbers, company.id, 1)
    assert any_database.read(find_deliveries) == []


def test_what_belongs_to_one_client_is_told_to_no_other(any_database: Database) -> None:
    def add_clients(session: Session) -> list[UUID]:
        clients = [Client(client_name=name) for name in ("one", "other")]
        session.add_all(clients)
        session.flush()
        return [client.id for client in clients]

    one, other = any_database.write(add_clients)
    told = {any_database.write(add_webhook, URL, client_id=client).webhook.id for client in (one, None)}
    any_database.write(add_webhook, URL, client_id=other)
    any_database.write(publish, [Event(WebhookEvent.NEW_SIGNAL, {}, client_id=one)])
    assert {delivery.webhook_id for delivery in any_database.read(find_deliveries)} == told


def test_an_event_is_one_for_all_webhooks_and_numbered_for_each(any_database: Database) -> None:
    first = any_database.write(add_webhook, URL).webhook
    company = any_database.write(add_company)
    any_database.write(publish_numbers, company.id, 1)
    second = any_database.write(add_webhook, URL).webhook
    any_database.write(publish_numbers, company.id, 2)
    deliveries = any_database.read(find_deliveries)
    assert [(one.webhook_id, one.position) for one in deliveries] == sorted(
        [(first.id, 1), (first.id, 2), (second.id, 1)]
    )
    of_second = [one for one in deliveries if json.loads(one.body)["payload"]["number"] == 2]
    assert len({(one.event_id, one.body) for one in of_second}) == 1
    assert json.loads(of_second[0].body)["event_id"] == str(of_second[0].event_id)


def test_an_event_of_a_transaction_that_fails_was_never_written(any_database: Database) -> None:
    any_database.write(add_webhook, URL)
    company = any_database.write(add_company)

    def fail(session: Session) -> None:
        publish_numbers(session, company.id, 1)
        raise InvalidValue(field="other", reason="goes wrong afterwards")

    with pytest.raises(InvalidValue):
        any_database.write(fail)
    assert any_database.read(find_deliveries) == []


def test_events_of_one_company_are_numbered_in_the_order_of_their_commits(database: Database) -> None:
    webhook = database.write(add_webhook, URL).webhook
    company = database.write(add_company)
    written, may_commit = threading.Event(), threading.Event()

    def publish_slowly(session: Session) -> None:
        publish_numbers(session, company.id, 1)
        written.set()
        assert may_commit.wait(timeout=30)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(database.write, publish_slowly)
        assert written.wait(timeout=30)
        quick = threads.submit(database.write, publish_numbers, company.id, 2)
        wait_for_a_waiting_lock(database)
        assert not quick.done()
        may_commit.set()
        slow.result()
        quick.result()
    numbers = [(one.position, json.loads(one.body)["payload"]["number"]) for one in database.read(find_deliveries)]
    assert numbers == [(1, 1), (2, 2)]
    assert database.read(get_webhook, webhook.id).is_active


def wait_for_a_waiting_lock(database: Database) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(3000):
        if database.read(lambda session: session.scalar(waiting)):
            return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def test_many_who_publish_at_once_leave_no_number_out_and_use_none_twice(database: Database) -> None:
    database.write(add_webhook, URL)
    company = database.write(add_company)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: database.write(publish_numbers, company.id, number), range(40)))
    assert [one.position for one in database.read(find_deliveries)] == list(range(1, 41))


def test_deleting_a_webhook_gives_up_what_was_on_its_way(any_database: Database) -> None:
    webhook = any_database.write(add_webhook, "https://hooks.invalid/").webhook
    company = any_database.write(add_company)
    any_database.write(webhooks.disable_webhook, webhook.id)
    any_database.write(webhooks.enable_webhook, webhook.id)

    def publish_and_delete(session: Session) -> None:
        publish_numbers(session, company.id, 1)
        webhooks.delete_webhook(session, webhook.id)

    any_database.write(publish_and_delete)
    (delivery,) = any_database.read(find_deliveries)
    assert (delivery.status, delivery.error) == ("dead", "the webhook was deleted")
    assert any_database.read(lambda session: session.scalars(select(Webhook)).all()) == []


def test_who_publishes_does_not_hold_up_changes_to_other_companies(database: Database) -> None:
    database.write(add_webhook, URL)
    one, other = database.write(add_company, "ONE"), database.write(add_company, "OTHER")

    def publish_inside(session: Session) -> None:
        publish_numbers(session, one.id, 1)
        database.write(publish_numbers, other.id, 1)

    database.write(publish_inside)
    assert len(database.read(find_deliveries)) == 2
    assert database.read(lambda session: session.get_one(Company, other.id)).ticker == "OTHER"

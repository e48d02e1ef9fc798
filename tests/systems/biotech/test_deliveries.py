"""Claims about deliveries: every event arrives at least once, in order within a company, and says that it is ours."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import ConfigurationError
from strongroom.kernel.sessions import Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.errors import StepRefused
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.rules.retry import Verdict
from strongroom.systems.biotech.services import deliveries, webhooks
from strongroom.systems.biotech.services.attempts import Outcome
from strongroom.systems.biotech.services.deliveries import DELIVER, deliver_next
from strongroom.systems.biotech.services.webhook_secrets import keyring_of
from strongroom.testing.jobs import run_jobs
from tests.systems.biotech.outbox import (
    KEY,
    OPTIONS,
    add_company,
    add_webhook,
    find_deliveries,
    get_webhook,
    publish_numbers,
)
from tests.systems.biotech.receiver import OK, Receiver, Reply, receiving

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BROKEN = Reply(500)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def outbox(any_database: Database, clock: FixedClock) -> Database:
    """A database whose clock stands still."""
    any_database.clock = clock
    return any_database


def deliver_due(database: Database, options: BiotechOptions = OPTIONS) -> int:
    """One pass, as the command makes it; how many attempts that were."""
    attempts = 0
    while deliver_next(database, options) is not None:
        attempts += 1
    return attempts


def number_of(headers: Mapping[str, str], body: bytes) -> int:
    number: int = json.loads(body)["payload"]["number"]
    return number


def accepted_numbers(receiver: Receiver) -> list[int]:
    return [one.event["payload"]["number"] for one in receiver.accepted]


def statuses(database: Database) -> list[str]:
    return [one.status.value for one in database.read(find_deliveries)]


def is_signed_by(secret: str, signature: str, body: bytes, now_s: float) -> bool:
    """As a receiver would check it that knows only what is published: t=seconds,v1=hex of HMAC-SHA-256(t.body)."""
    fields = [field.split("=", 1) for field in signature.split(",")]
    moments = [value for name, value in fields if name == "t"]
    codes = [value for name, value in fields if name == "v1"]
    if len(moments) != 1 or abs(now_s - int(moments[0])) > 300:
        return False
    expected = hmac.new(secret.encode("utf-8"), moments[0].encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(code, expected) for code in codes)


def test_an_event_arrives_as_it_was_written_and_signed(outbox: Database, receiver: Receiver, clock: FixedClock) -> None:
    made = outbox.write(add_webhook, receiver.url)
    company = outbox.write(add_company)
    outbox.write(publish_numbers, company.id, 7)
    assert deliver_due(outbox) == 1
    (received,) = receiver.received
    (delivery,) = outbox.read(find_deliveries)
    assert received.body.decode() == delivery.body
    assert received.event["payload"] == {"ticker": "ABCD", "number": 7}
    assert received.headers["content-type"] == "application/json"
    assert received.headers["x-webhook-event"] == "new_signal"
    assert received.headers["x-webhook-event-id"] == str(delivery.event_id) == received.event["event_id"]
    assert received.headers["x-webhook-position"] == "1"
    signature = received.headers["x-webhook-signature"]
    assert is_signed_by(made.secret, signature, received.body, NOW.timestamp())
    assert not is_signed_by("whsec_other", signature, received.body, NOW.timestamp())
    assert not is_signed_by(made.secret, signature, received.body + b" ", NOW.timestamp())
    assert (delivery.status, delivery.response_status, delivery.delivered_at) == ("delivered", 200, NOW)
    webhook = outbox.read(get_webhook, made.webhook.id)
    assert (webhook.success_count, webhook.failure_count, webhook.last_triggered) == (1, 0, NOW)


def test_during_a_change_of_secret_a_receiver_may_know_either(outbox: Database, receiver: Receiver) -> None:
    first = outbox.write(add_webhook, receiver.url)
    second = outbox.write(webhooks.rotate_secret, first.webhook.id, options=OPTIONS)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    deliver_due(outbox)
    (received,) = receiver.received
    for secret in (first.secret, second.secret):
        assert is_signed_by(secret, received.headers["x-webhook-signature"], received.body, NOW.timestamp())


def test_no_secret_travels_or_is_stored_in_clear(outbox: Database, receiver: Receiver) -> None:
    made = outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    deliver_due(outbox)
    (received,) = receiver.received
    assert made.secret not in str(received)
    for table in ("webhooks", "webhook_deliveries"):
        rows = outbox.read(lambda session, name: session.execute(text(f"SELECT * FROM biotech.{name}")).all(), table)
        assert made.secret not in str(rows)
        assert made.secret.encode() not in str(rows).encode()


def test_a_failed_event_is_tried_again_after_a_pause_and_is_the_same_event(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 2, "retry_delay_seconds": 60})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    receiver.script = lambda number, headers, body: BROKEN if number < 2 else OK
    assert deliver_due(outbox) == 1
    (delivery,) = outbox.read(find_deliveries)
    assert (delivery.status, delivery.error) == ("retrying", "the receiver answered 500")
    assert timedelta(seconds=60) <= delivery.next_attempt_at - NOW <= timedelta(seconds=75)
    clock.advance(timedelta(seconds=59))
    assert deliver_due(outbox) == 0
    clock.advance(timedelta(seconds=16))
    assert deliver_due(outbox) == 1
    (delivery,) = outbox.read(find_deliveries)
    assert timedelta(seconds=120) <= delivery.next_attempt_at - clock.now() <= timedelta(seconds=150)
    clock.advance(timedelta(seconds=150))
    assert deliver_due(outbox) == 1
    assert statuses(outbox) == ["delivered"]
    assert len({one.body for one in receiver.received}) == 1
    assert [one.headers["x-webhook-attempt"] for one in receiver.received] == ["1", "2", "3"]


def test_a_later_event_of_the_company_waits_for_an_earlier_one_and_other_companies_do_not(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    outbox.write(add_webhook, receiver.url)
    one, other = outbox.write(add_company, "ONE"), outbox.write(add_company, "OTHER")
    outbox.write(publish_numbers, one.id, 1, 2, 3)
    outbox.write(publish_numbers, other.id, 11, 12)
    receiver.script = lambda number, headers, body: BROKEN if number_of(headers, body) == 1 and number < 4 else OK
    deliver_due(outbox)
    assert accepted_numbers(receiver) == [11, 12]
    for _ in range(3):
        clock.advance(DAY)
        deliver_due(outbox)
    assert [number for number in accepted_numbers(receiver) if number < 10] == [1, 2, 3]


def test_events_about_no_company_wait_for_none_of_their_kind(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, None, 1, 2)
    receiver.script = lambda number, headers, body: BROKEN if number_of(headers, body) == 1 else OK
    deliver_due(outbox)
    assert accepted_numbers(receiver) == [2]


def test_after_its_last_attempt_an_event_is_a_dead_letter_and_the_next_goes_on(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    made = outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 1, "retry_delay_seconds": 1})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1, 2)
    receiver.script = lambda number, headers, body: BROKEN if number_of(headers, body) == 1 else OK
    deliver_due(outbox)
    assert statuses(outbox) == ["retrying", "pending"]
    clock.advance(DAY)
    assert deliver_due(outbox) == 2
    assert statuses(outbox) == ["dead", "delivered"]
    assert [one.headers["x-webhook-attempt"] for one in receiver.received] == ["1", "2", "1"]
    webhook = outbox.read(get_webhook, made.webhook.id)
    assert (webhook.failure_count, webhook.success_count, webhook.consecutive_failures) == (2, 1, 0)
    assert webhook.last_error == "the receiver answered 500"


def test_a_dead_letter_can_be_sent_again_and_only_a_dead_one(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 0})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    receiver.script = lambda number, headers, body: OK if number else BROKEN
    deliver_due(outbox)
    assert statuses(outbox) == ["dead"]
    (dead,) = outbox.read(find_deliveries)
    outbox.write(deliveries.replay, dead.id)
    deliver_due(outbox)
    assert statuses(outbox) == ["delivered"]
    assert accepted_numbers(receiver) == [1]
    with pytest.raises(StepRefused):
        outbox.write(deliveries.replay, dead.id)


def test_a_redirect_is_a_failure(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 0})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    receiver.script = lambda number, headers, body: Reply(302, {"Location": receiver.url})
    deliver_due(outbox)
    (delivery,) = outbox.read(find_deliveries)
    assert (delivery.status, delivery.response_status) == ("dead", 302)
    assert len(receiver.received) == 1


def test_a_receiver_that_is_gone_is_left_alone(outbox: Database, receiver: Receiver, clock: FixedClock) -> None:
    made = outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1, 2)
    receiver.script = lambda number, headers, body: Reply(410)
    assert deliver_due(outbox) == 1
    clock.advance(DAY)
    assert deliver_due(outbox) == 0
    webhook = outbox.read(get_webhook, made.webhook.id)
    assert (webhook.is_active, webhook.disabled_at) == (False, NOW)
    assert statuses(outbox) == ["dead", "pending"]


def test_what_waited_while_a_webhook_was_off_is_sent_when_it_is_on_again(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    made = outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    outbox.write(webhooks.disable_webhook, made.webhook.id)
    assert deliver_due(outbox) == 0
    outbox.write(webhooks.enable_webhook, made.webhook.id)
    assert deliver_due(outbox) == 1
    assert accepted_numbers(receiver) == [1]


def test_a_receiver_that_asks_for_time_gets_it(outbox: Database, receiver: Receiver, clock: FixedClock) -> None:
    outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    receiver.script = lambda number, headers, body: OK if number else Reply(429, {"Retry-After": "600"})
    deliver_due(outbox)
    (delivery,) = outbox.read(find_deliveries)
    assert delivery.next_attempt_at == NOW + timedelta(seconds=600)
    clock.advance(timedelta(seconds=600))
    deliver_due(outbox)
    assert statuses(outbox) == ["delivered"]


def test_ten_dead_letters_in_a_row_switch_a_webhook_off(outbox: Database, receiver: Receiver) -> None:
    made = outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 0})
    company = outbox.write(add_company)
    receiver.script = lambda number, headers, body: OK if number == 9 else BROKEN
    outbox.write(publish_numbers, company.id, *range(10))  # nine failures and a success
    deliver_due(outbox)
    assert outbox.read(get_webhook, made.webhook.id).is_active
    outbox.write(publish_numbers, company.id, *range(11))
    assert deliver_due(outbox) == 10
    assert not outbox.read(get_webhook, made.webhook.id).is_active


def test_where_private_targets_are_not_allowed_nothing_is_sent_to_them(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 0})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    deliver_due(outbox, BiotechOptions(keyring=OPTIONS.keyring, allow_http_targets=True))
    (delivery,) = outbox.read(find_deliveries)
    assert delivery.status is DeliveryStatus.DEAD
    assert delivery.error is not None
    assert "not public" in delivery.error
    assert receiver.received == []


def test_what_no_key_can_sign_waits_and_uses_nothing_up_while_others_go_on(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    other_key = b"another key for tests, not for us"
    lost = outbox.write(add_webhook, receiver.url).webhook
    other = BiotechOptions(Keyring(other_key), allow_private_targets=True, allow_http_targets=True)
    outbox.write(add_webhook, receiver.url, options=other)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    assert deliver_due(outbox, other) == 1
    waiting = next(one for one in outbox.read(find_deliveries) if one.webhook_id == lost.id)
    assert (waiting.status, waiting.attempts) == ("retrying", 0)
    clock.advance(waiting.next_attempt_at - NOW)
    both = replace(other, keyring=Keyring(other_key, KEY))
    assert deliver_due(outbox, both) == 1
    assert statuses(outbox) == ["delivered", "delivered"]


def test_without_any_key_nothing_is_attempted(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    with pytest.raises(ConfigurationError):
        deliver_due(outbox, BiotechOptions())
    assert statuses(outbox) == ["pending"]


def test_a_claim_that_ran_out_is_taken_over_and_its_owner_says_nothing_more(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    outbox.write(add_webhook, receiver.url)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1, 2)
    keyring = keyring_of(OPTIONS)
    lost = outbox.write(deliveries.claim_next, keyring)
    assert lost is not None
    assert deliver_due(outbox) == 0, "a claim holds, and holds up what comes after it"
    clock.advance(lost.until - NOW)
    assert deliver_due(outbox) == 2
    assert accepted_numbers(receiver) == [1, 2]
    late = Outcome(Verdict.FAILED, 500, "the receiver answered 500")
    assert outbox.write(deliveries.record_outcome, lost, late, 0.0) is None
    assert statuses(outbox) == ["delivered", "delivered"]


def test_nothing_is_held_open_while_an_attempt_lasts(database: Database, receiver: Receiver) -> None:
    database.write(add_webhook, receiver.url)
    database.write(publish_numbers, database.write(add_company).id, 1)
    seen: list[int] = []

    def look(number: int, headers: Mapping[str, str], body: bytes) -> Reply:
        busy = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE state LIKE 'idle in transaction%' AND datname = current_database()"
        )
        seen.append(database.read(lambda session: session.scalar(busy)) or 0)
        return OK

    receiver.script = look
    assert deliver_due(database) == 1
    assert seen == [0]


def test_jobs_carry_events_without_anybody_asking(outbox: Database, receiver: Receiver, clock: FixedClock) -> None:
    outbox.write(add_webhook, receiver.url)
    company = outbox.write(add_company)
    receiver.script = lambda number, headers, body: OK if number else BROKEN
    outbox.write(publish_numbers, company.id, 1, 2, 3)
    run_jobs(outbox, (DELIVER,), options=(OPTIONS,), now=True)
    assert [one.answered for one in receiver.received] == [500]
    clock.advance(DAY)
    run_jobs(outbox, (DELIVER,), options=(OPTIONS,), now=True)
    assert accepted_numbers(receiver) == [1, 2, 3]
    assert statuses(outbox) == ["delivered"] * 3


def test_what_was_delivered_long_ago_is_forgotten_and_counting_goes_on(
    outbox: Database, receiver: Receiver, clock: FixedClock
) -> None:
    outbox.write(add_webhook, receiver.url)
    company = outbox.write(add_company)
    outbox.write(publish_numbers, company.id, 1, 2, 3)
    deliver_due(outbox)
    assert outbox.write(deliveries.forget_delivered, options=OPTIONS) == 0
    clock.advance(OPTIONS.delivery_history + DAY)
    assert outbox.write(deliveries.forget_delivered, options=OPTIONS) == 2
    outbox.write(publish_numbers, company.id, 4)
    assert [one.position for one in outbox.read(find_deliveries)] == [3, 4]


def test_a_replayed_letter_does_not_run_beside_a_later_one(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url, retry_policy={"max_retries": 0})
    outbox.write(publish_numbers, outbox.write(add_company).id, 1, 2)
    receiver.script = lambda number, headers, body: OK if number else BROKEN
    deliver_next(outbox, OPTIONS)
    keyring = keyring_of(OPTIONS)
    second = outbox.write(deliveries.claim_next, keyring)
    assert second is not None
    assert second.position == 2
    outbox.write(deliveries.replay, dead_of(outbox))
    assert outbox.write(deliveries.claim_next, keyring) is None


def dead_of(database: Database) -> UUID:
    def find(session: Session) -> UUID:
        return next(one.id for one in find_deliveries(session) if one.status is DeliveryStatus.DEAD)

    return database.read(find)


def test_a_hanging_receiver_costs_no_more_than_its_timeout(outbox: Database, receiver: Receiver) -> None:
    outbox.write(add_webhook, receiver.url, timeout_seconds=1)
    outbox.write(publish_numbers, outbox.write(add_company).id, 1)
    receiver.script = lambda number, headers, body: Reply(delay_s=3)
    started = time.monotonic()
    deliver_due(outbox)
    assert time.monotonic() - started < 2.5
    (delivery,) = outbox.read(find_deliveries)
    assert (delivery.status, delivery.error, delivery.response_status) == ("retrying", "no answer within 1 s", None)

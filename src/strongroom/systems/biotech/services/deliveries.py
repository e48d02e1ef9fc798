"""Carries events to webhooks: at least once, and in order within a stream.

An attempt is three steps, and nothing is held open in the second: claim a delivery for a time (COMMIT), send it, record
what came of it (COMMIT). Whoever dies in between leaves a claim that runs out, and the event is sent again; so a
receiver may see it twice and knows it by its event_id.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import InvalidValue, SealBroken
from strongroom.kernel.jobs import Backoff, Deferral, Job, JobContext, RetryLater, defer_many
from strongroom.kernel.sessions import Database, now_of
from strongroom.systems.biotech.errors import StepRefused
from strongroom.systems.biotech.models import Webhook, WebhookDelivery
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.repositories import WebhookRepository
from strongroom.systems.biotech.repositories.deliveries import DeliveryRepository, Stream
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.rules.retry import (
    DEAD_IN_A_ROW_MAX,
    RetryPolicy,
    Verdict,
    asked_pause_s,
    parse_policy,
)
from strongroom.systems.biotech.services.attempts import Claim, Outcome, attempt
from strongroom.systems.biotech.services.sending import Sender
from strongroom.systems.biotech.services.webhook_secrets import keyring_of, secrets_of

log = logging.getLogger("strongroom.biotech")

#: how much longer than its timeout an attempt may be claimed for: clocks differ, and its outcome has to be stored
CLAIM_MARGIN = timedelta(seconds=30)
#: until a delivery that cannot be signed is looked at again
UNSIGNED_PAUSE = timedelta(minutes=5)


@cache
def sender_for(*, allow_private: bool, allow_http: bool) -> Sender:
    """The sender with these permissions; one for all, since its trusted authorities take long to load."""
    return Sender(allow_private=allow_private, allow_http=allow_http)


def deliver_next(
    database: Database, options: BiotechOptions, stream: Stream | None = None, sender: Sender | None = None
) -> Outcome | None:
    """Attempt one delivery that is due, of one stream or of all. None when nothing is due."""
    keyring = keyring_of(options)
    sender = sender or sender_for(allow_private=options.allow_private_targets, allow_http=options.allow_http_targets)
    claim = database.write(claim_next, keyring, stream)
    if claim is None:
        return None
    outcome = attempt(sender, claim, database.clock.now())
    database.write(record_outcome, claim, outcome, random.random())  # noqa: S311 - spreads retries, keeps no secret
    return outcome


def claim_next(session: Session, keyring: Keyring, stream: Stream | None = None) -> Claim | None:
    """Take the next delivery for as long as an attempt may last.

    One that nobody could sign, since no key opens its secret, is put off, uses up no attempt and holds up no other
    webhook.
    """
    now = now_of(session)
    deliveries, webhooks = DeliveryRepository(session), WebhookRepository(session)
    while (delivery := deliveries.claim(now, stream)) is not None:
        webhook = webhooks.get(delivery.webhook_id)
        try:
            secrets = secrets_of(webhook, keyring, now)
        except SealBroken as error:
            log.error("webhook %s cannot be signed for: %s", webhook.id, error)
            delivery.status, delivery.locked_until = DeliveryStatus.RETRYING, None
            delivery.next_attempt_at, delivery.error = now + UNSIGNED_PAUSE, str(error)
            session.flush()
        else:
            return _claim(session, delivery, webhook, secrets, now)
    return None


def record_outcome(session: Session, claim: Claim, outcome: Outcome, chance: float) -> DeliveryStatus | None:
    """Store what came of an attempt; None when the claim ran out meanwhile and is not ours to speak for any more.

    chance: 0 to 1, spreads retries in time.
    """
    webhook = WebhookRepository(session).lock([claim.webhook_id])[claim.webhook_id]
    delivery = session.scalar(
        select(WebhookDelivery)
        .where(
            WebhookDelivery.id == claim.delivery_id,
            WebhookDelivery.status == DeliveryStatus.IN_FLIGHT,
            WebhookDelivery.attempts == claim.attempt,
            WebhookDelivery.locked_until == claim.until,
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if delivery is None:
        return None
    now = now_of(session)
    webhook.last_triggered = now
    delivery.locked_until = None
    delivery.response_status, delivery.error = outcome.status, outcome.reason
    if outcome.verdict is Verdict.DELIVERED:
        delivery.status, delivery.delivered_at = DeliveryStatus.DELIVERED, now
        webhook.success_count += 1
        webhook.consecutive_failures = 0
    else:
        webhook.failure_count += 1
        webhook.last_error = outcome.reason
        _retry_or_give_up(webhook, delivery, outcome, chance, now)
    session.flush()
    return delivery.status


def defer_deliveries(session: Session, streams: Sequence[Stream], *, at_once: bool = False) -> None:
    """Have the streams' events delivered once this action is committed; one waiting job does for all of a stream.

    at_once: with a job of its own, even while another waits for a receiver to recover.
    """
    defer_many(session, DELIVER, [_deferral(stream, at_once) for stream in streams])


def replay(session: Session, delivery_id: UUID | str) -> WebhookDelivery:
    """Attempt a dead letter anew, as often as the first time. Raises DeliveryNotFound, StepRefused when it is none."""
    deliveries = DeliveryRepository(session)
    found = deliveries.get(delivery_id)
    delivery = deliveries.lock([found.id])[found.id]
    if delivery.status is not DeliveryStatus.DEAD:
        raise StepRefused(what="delivery", before=delivery.status.value, after=DeliveryStatus.PENDING.value)
    delivery.status = DeliveryStatus.PENDING
    delivery.attempts = 0
    delivery.next_attempt_at = now_of(session)
    session.flush()
    defer_deliveries(session, [Stream(delivery.webhook_id, delivery.company_id)], at_once=True)
    return delivery


def dead_letters(session: Session, webhook_id: UUID) -> list[UUID]:
    """The dead letters of a webhook, to be sent again in this order."""
    return DeliveryRepository(session).dead_letters(webhook_id)


def forget_delivered(session: Session, *, options: BiotechOptions) -> int:
    """Remove a portion of what was delivered long ago. Returns how many; nothing more to do at 0."""
    return DeliveryRepository(session).forget(now_of(session) - options.delivery_history)


def deliver_stream(context: JobContext, *, webhook_id: str, company_id: str | None) -> dict[str, Any]:
    """Deliver what is due of one stream, and come back when its first delivery may be attempted again."""
    stream = Stream(UUID(webhook_id), None if company_id is None else UUID(company_id))
    attempts = 0
    while deliver_next(context.database, context.option(BiotechOptions), stream) is not None:
        attempts += 1
        context.check_cancelled()
    wait_s = context.database.read(_wait_s, stream)
    if wait_s is not None:
        raise RetryLater("waits for the receiver", after_s=wait_s, counts=False)
    return {"attempts": attempts}


#: sees to it that events are on their way at once; what it leaves undone, `strongroom biotech deliver` finds
DELIVER = Job(
    name="biotech.deliver",
    run=deliver_stream,
    attempts=20,
    backoff=Backoff(first_s=5, factor=2, longest_s=3600),
)


def _deferral(stream: Stream, at_once: bool) -> Deferral:
    alone = at_once or stream.company_id is None
    name = None if alone else f"webhook {stream.webhook_id} {stream.company_id}"
    return Deferral({"webhook_id": stream.webhook_id, "company_id": stream.company_id}, lock=name, key=name)


def _claim(
    session: Session, delivery: WebhookDelivery, webhook: Webhook, secrets: tuple[str, ...], now: datetime
) -> Claim:
    delivery.status = DeliveryStatus.IN_FLIGHT
    delivery.attempts += 1
    delivery.locked_until = until = now + timedelta(seconds=webhook.timeout_seconds) + CLAIM_MARGIN
    session.flush()
    return Claim(
        delivery_id=delivery.id,
        webhook_id=webhook.id,
        event_id=delivery.event_id,
        event_type=delivery.event_type.value,
        position=delivery.position,
        attempt=delivery.attempts,
        until=until,
        url=webhook.url,
        timeout_s=webhook.timeout_seconds,
        body=delivery.body.encode(),
        secrets=secrets,
    )


def _wait_s(session: Session, stream: Stream) -> float | None:
    due = DeliveryRepository(session).next_due(stream)
    # a second at least: where clocks differ, it would come back at once and find nothing, many times
    return None if due is None else max((due - now_of(session)).total_seconds(), 1.0)


def _retry_or_give_up(
    webhook: Webhook, delivery: WebhookDelivery, outcome: Outcome, chance: float, now: datetime
) -> None:
    policy = _policy_of(webhook)
    if outcome.verdict is Verdict.FAILED and delivery.attempts < policy.attempts_max:
        asked = asked_pause_s(outcome.status or 0, outcome.retry_after, now)
        delivery.status = DeliveryStatus.RETRYING
        delivery.next_attempt_at = now + timedelta(seconds=max(policy.pause_s(delivery.attempts, chance), asked))
        return
    delivery.status = DeliveryStatus.DEAD
    webhook.consecutive_failures += 1
    if outcome.verdict is Verdict.GONE or webhook.consecutive_failures >= DEAD_IN_A_ROW_MAX:
        webhook.is_active = False
        webhook.disabled_at = now


def _policy_of(webhook: Webhook) -> RetryPolicy:
    try:
        return parse_policy(webhook.retry_policy)
    except InvalidValue:
        return RetryPolicy()  # written past our checks; what came of an attempt has to be stored all the same

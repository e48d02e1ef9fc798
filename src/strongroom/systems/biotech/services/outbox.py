"""Writes events into the outbox of every webhook that wants them, in the transaction that made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models import Company, Webhook, WebhookDelivery
from strongroom.systems.biotech.repositories.batches import portions
from strongroom.systems.biotech.repositories.deliveries import DeliveryRepository, Stream, subscribers
from strongroom.systems.biotech.rules.audiences import Subscription, audiences
from strongroom.systems.biotech.rules.enums import DeliveryStatus, WebhookEvent
from strongroom.systems.biotech.rules.envelopes import Envelope
from strongroom.systems.biotech.services.deliveries import defer_deliveries


@dataclass(frozen=True, slots=True)
class Event:
    """Something that webhooks may want to be told.

    score: the company's latest total; client_id: whose event it is; for both see `Subscription`. correlation_id: of
    what led to it, None when nothing did.
    """

    type: WebhookEvent
    payload: Mapping[str, Any]
    company: Company | None = None
    score: float | None = None
    client_id: UUID | None = None
    correlation_id: UUID | None = None

    @property
    def ticker(self) -> str | None:
        """Of the company it is about, None when it is about none."""
        return self.company.ticker if self.company else None


def publish(session: Session, events: Sequence[Event]) -> int:
    """Write the events into the outbox of every webhook that wants them. Returns how many deliveries that makes.

    Call it behind the locks of the events' companies: those of one company are numbered in the order given, and the
    order of their numbers is the order of their commits.
    """
    letters = _letters(session, events)
    if not letters:
        return 0
    now = now_of(session)
    positions = Counter(DeliveryRepository(session).last_positions({stream for stream, _, _ in letters}))
    for stream, envelope, body in letters:
        positions[stream] += 1
        session.add(
            WebhookDelivery(
                webhook_id=stream.webhook_id,
                company_id=stream.company_id,
                event_id=envelope.event_id,
                event_type=envelope.event_type,
                position=positions[stream],
                body=body,
                status=DeliveryStatus.PENDING,
                next_attempt_at=now,
            )
        )
    session.flush()
    defer_deliveries(session, [stream for stream, _, _ in letters])
    return len(letters)


def lock_companies(session: Session, company_ids: Collection[UUID]) -> dict[UUID, Company]:
    """Make whoever else has news of these companies wait until ours is committed. Those that were deleted are left out.

    In key order, so that two batches about the same companies do not wait for each other.
    """
    # the columns of a row that is being changed here stay as they are: only the lock is wanted
    for portion in portions(sorted(company_ids)):
        locked = select(Company.id).where(Company.id.in_(portion)).order_by(Company.id)
        session.execute(locked.with_for_update(key_share=True)).all()
    return {
        company.id: company
        for portion in portions(company_ids)
        for company in session.scalars(select(Company).where(Company.id.in_(portion)))
    }


def _letters(session: Session, events: Sequence[Event]) -> list[tuple[Stream, Envelope, str]]:
    """What goes to whom, in the order of the events."""
    listeners = _listeners(session, events)
    now = now_of(session)
    letters = []
    for event in events:
        wanting = [
            webhook_id
            for webhook_id, subscription in listeners[event.ticker]
            if subscription.wants(event.type, event.score, event.client_id)
        ]
        if not wanting:
            continue
        event_id = new_id()
        envelope = Envelope(event_id, event.type, now, event.correlation_id or event_id, event.payload)
        body = envelope.to_body()
        company_id = event.company.id if event.company else None
        letters += [(Stream(webhook_id, company_id), envelope, body) for webhook_id in wanting]
    return letters


def _listeners(session: Session, events: Sequence[Event]) -> dict[str | None, list[tuple[UUID, Subscription]]]:
    tickers = {event.ticker for event in events}
    named = None if None in tickers else {ticker for ticker in tickers if ticker is not None}
    found = session.scalars(subscribers({event.type for event in events}, named)) if events else ()
    return audiences((((webhook.id, _subscription(webhook)), webhook.company_tickers) for webhook in found), tickers)


def _subscription(webhook: Webhook) -> Subscription:
    return Subscription(frozenset(webhook.event_types), webhook.min_score, webhook.client_id)

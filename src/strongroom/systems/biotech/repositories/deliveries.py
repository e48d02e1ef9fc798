"""The outbox: which webhooks want an event, and which delivery may be attempted next without overtaking another.

Deliveries of one webhook about one company are a stream: numbered in the order their events were committed, attempted
in that order, one at a time. A delivery that is retried holds up those behind it; one that is given up does not.
Events about no company stand in no order.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Select,
    Uuid,
    and_,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from strongroom.kernel.repositories import Repository, SessionT, operation, query
from strongroom.kernel.tables import has_any
from strongroom.systems.biotech.errors import DeliveryNotFound
from strongroom.systems.biotech.models import Webhook, WebhookDelivery
from strongroom.systems.biotech.repositories.batches import given_rows, portions
from strongroom.systems.biotech.rules.enums import DeliveryStatus, WebhookEvent

OPEN = (DeliveryStatus.PENDING, DeliveryStatus.IN_FLIGHT, DeliveryStatus.RETRYING)
_STREAM = {"webhook_id": Uuid(), "company_id": Uuid()}


@dataclass(frozen=True, slots=True)
class Stream:
    """The events about one company on their way to one webhook."""

    webhook_id: UUID
    company_id: UUID | None


class DeliveryRepository(Repository[SessionT, WebhookDelivery]):
    """Events on their way to webhooks."""

    row = WebhookDelivery
    not_found = DeliveryNotFound

    @operation
    def last_positions(self: DeliveryRepository[Session], streams: Collection[Stream]) -> dict[Stream, int]:
        """The number of each stream's last event, 0 when it has none. Only under the company's lock does it last."""
        last: dict[Stream, int] = {}
        # apart from one another: an index answers each, but not the one condition that would hold for both
        for is_of_none in (False, True):
            for portion in portions(stream for stream in streams if (stream.company_id is None) is is_of_none):
                asked = given_rows("asked", _STREAM, [(stream.webhook_id, stream.company_id) for stream in portion])
                company_id = WebhookDelivery.company_id
                position = select(func.max(WebhookDelivery.position)).where(
                    WebhookDelivery.webhook_id == asked.c.webhook_id,
                    company_id.is_(None) if is_of_none else company_id == asked.c.company_id,
                )
                query = select(asked.c.webhook_id, asked.c.company_id, position.correlate(asked).scalar_subquery())
                last |= {Stream(*ids): number or 0 for *ids, number in self.session.execute(query)}
        return last

    @operation
    def claim(self: DeliveryRepository[Session], now: datetime, stream: Stream | None = None) -> WebhookDelivery | None:
        """The delivery that waits longest, locked, of one stream or of all; None when nothing may be attempted now.

        A row that another worker has locked at this moment is passed over.
        """
        due = attemptable(stream).where(
            or_(
                and_(WebhookDelivery.status != DeliveryStatus.IN_FLIGHT, WebhookDelivery.next_attempt_at <= now),
                and_(WebhookDelivery.status == DeliveryStatus.IN_FLIGHT, WebhookDelivery.locked_until <= now),
            ),
            ~_is_attempted_in_stream(now),
        )
        locked = due.with_for_update(of=WebhookDelivery, skip_locked=True, key_share=True)
        return self.session.scalar(
            locked.order_by(WebhookDelivery.next_attempt_at, WebhookDelivery.id)
            .limit(1)
            .execution_options(populate_existing=True)
        )

    @operation
    def next_due(self: DeliveryRepository[Session], stream: Stream) -> datetime | None:
        """When the stream goes on: the pause of its first delivery ends, or the claim on it; None when it is done."""
        moment = case(
            (WebhookDelivery.status == DeliveryStatus.IN_FLIGHT, WebhookDelivery.locked_until),
            else_=WebhookDelivery.next_attempt_at,
        )
        return self.session.scalar(attemptable(stream).with_only_columns(moment).order_by(moment).limit(1))

    @operation
    def open_streams(self: DeliveryRepository[Session], webhook_id: UUID) -> list[Stream]:
        """The streams of a webhook that are not done."""
        companies = select(WebhookDelivery.company_id).where(
            WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status.in_(OPEN)
        )
        return [Stream(webhook_id, company_id) for company_id in self.session.scalars(companies.distinct())]

    @operation
    def count_by_status(self: DeliveryRepository[Session], webhook_id: UUID | None = None) -> list[tuple[str, int]]:
        """How many deliveries there are of each status, of one webhook or of all."""
        counts = select(WebhookDelivery.status, func.count()).group_by(WebhookDelivery.status)
        if webhook_id is not None:
            counts = counts.where(WebhookDelivery.webhook_id == webhook_id)
        return sorted((status.value, count) for status, count in self.session.execute(counts))

    @operation
    def dead_letters(self: DeliveryRepository[Session], webhook_id: UUID) -> list[UUID]:
        """The dead letters of a webhook, in the order in which they were to arrive."""
        dead = select(WebhookDelivery.id).where(
            WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status == DeliveryStatus.DEAD
        )
        return list(self.session.scalars(dead.order_by(WebhookDelivery.company_id, WebhookDelivery.position)))

    @operation
    def give_up(self: DeliveryRepository[Session], webhook_id: UUID, reason: str) -> int:
        """Make every open delivery of a webhook a dead letter. Returns how many."""
        giving_up = update(WebhookDelivery).where(
            WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.status.in_(OPEN)
        )
        dead = giving_up.values(status=DeliveryStatus.DEAD, locked_until=None, error=reason)
        return cast("CursorResult[Any]", self.session.execute(dead)).rowcount

    @operation
    def forget(self: DeliveryRepository[Session], before: datetime, portion: int = 1000) -> int:
        """Remove what was delivered before a moment, but for the last of each stream, from which it counts on."""
        later = aliased(WebhookDelivery)
        has_later = exists().where(
            later.webhook_id == WebhookDelivery.webhook_id,
            later.company_id.is_not_distinct_from(WebhookDelivery.company_id),
            later.position > WebhookDelivery.position,
        )
        old = (
            select(WebhookDelivery.id)
            .where(WebhookDelivery.status == DeliveryStatus.DELIVERED, WebhookDelivery.delivered_at < before, has_later)
            .limit(portion)
        )
        removal = delete(WebhookDelivery).where(WebhookDelivery.id.in_(old))
        removed = self.session.execute(removal.execution_options(synchronize_session=False))
        return cast("CursorResult[Any]", removed).rowcount


@query
def subscribers(events: Collection[WebhookEvent], tickers: Collection[str] | None = None) -> Select[Webhook]:
    """Webhooks that may want one of these events, about one of these companies or any, in order of their ids.

    What each of them wants is for its `Subscription` to say. A webhook without a secret gets nothing: nobody could tell
    that it comes from us.
    """
    wants = [
        Webhook.is_active,
        Webhook.secret_sealed.is_not(None),
        has_any(Webhook.event_types, sorted(event.value for event in events)),
    ]
    if tickers is not None:
        wants.append(or_(Webhook.company_tickers.is_(None), has_any(Webhook.company_tickers, sorted(tickers))))
    return select(Webhook).where(*wants).order_by(Webhook.id)


@query
def deliveries_matching(
    status: DeliveryStatus | None = None, webhook_id: UUID | None = None
) -> Select[WebhookDelivery]:
    """Deliveries of one status and one webhook, or of all. In no order."""
    wants = ((WebhookDelivery.status, status), (WebhookDelivery.webhook_id, webhook_id))
    return select(WebhookDelivery).where(*(column == wanted for column, wanted in wants if wanted is not None))


@query
def attemptable(stream: Stream | None = None) -> Select[WebhookDelivery]:
    """Open deliveries of active webhooks that no earlier event of their stream holds up."""
    earlier = aliased(WebhookDelivery)
    held_up = exists().where(
        earlier.webhook_id == WebhookDelivery.webhook_id,
        earlier.company_id == WebhookDelivery.company_id,
        earlier.status.in_(OPEN),
        earlier.position < WebhookDelivery.position,
    )
    found = (
        select(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(Webhook.is_active, WebhookDelivery.status.in_(OPEN), ~held_up)
    )
    return found if stream is None else found.where(_is_of(stream))


def _is_attempted_in_stream(now: datetime) -> ColumnElement[bool]:
    """Another delivery of the stream is being attempted, though it comes later: this one was replayed."""
    other = aliased(WebhookDelivery)
    return exists().where(
        other.webhook_id == WebhookDelivery.webhook_id,
        other.company_id == WebhookDelivery.company_id,
        other.position > WebhookDelivery.position,
        other.status == DeliveryStatus.IN_FLIGHT,
        other.locked_until > now,
    )


def _is_of(stream: Stream) -> ColumnElement[bool]:
    of_company = (
        WebhookDelivery.company_id.is_(None)
        if stream.company_id is None
        else WebhookDelivery.company_id == stream.company_id
    )
    return and_(WebhookDelivery.webhook_id == stream.webhook_id, of_company)

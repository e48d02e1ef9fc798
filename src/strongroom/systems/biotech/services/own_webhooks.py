"""Webhooks as their owners keep them, and the deliveries on their way to each.

client_id: whose they are; None for people, who see and change those of all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part
from strongroom.systems.biotech.errors import DeliveryNotFound, WebhookNotFound
from strongroom.systems.biotech.models import Webhook, WebhookDelivery
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.repositories import WebhookRepository
from strongroom.systems.biotech.repositories.deliveries import DeliveryRepository
from strongroom.systems.biotech.rules.enums import DeliveryStatus
from strongroom.systems.biotech.rules.retry import parse_policy
from strongroom.systems.biotech.services import deliveries, pages, webhooks
from strongroom.systems.biotech.services.once import entering, find_entered, id_for
from strongroom.systems.biotech.services.ownership import get_owned
from strongroom.systems.biotech.services.webhooks import NewSecret


@dataclass(frozen=True, slots=True)
class Registered:
    """A webhook and its secret; None when an earlier request with the same key was told it."""

    webhook: Webhook
    secret: str | None = field(repr=False)


def create_webhook(
    session: Session, client_id: UUID | None, key: str | None = None, /, *, options: BiotechOptions, **values: Any
) -> Registered:
    """Register an address. key: of the request, entered once.

    Raises as `webhooks.create_webhook`, and IdempotencyConflict.
    """
    row_id = id_for(session, key, "webhook")
    entered = find_entered(session, Webhook, row_id, _as_stored({"client_id": client_id, **values}))
    if entered is not None:
        return Registered(entered, None)
    with entering():
        made = webhooks.create_webhook(session, options=options, client_id=client_id, webhook_id=row_id, **values)
    return Registered(made.webhook, made.secret)


def get_webhook(session: Session, client_id: UUID | None, webhook_id: UUID) -> Webhook:
    """Raises WebhookNotFound."""
    return get_owned(WebhookRepository(session), webhook_id, client_id)


def update_webhook(
    session: Session, client_id: UUID | None, webhook_id: UUID, /, *, options: BiotechOptions, **values: Any
) -> Webhook:
    """Raises WebhookNotFound, UnsafeUrl, InvalidValue."""
    webhook = get_webhook(session, client_id, webhook_id)
    return webhooks.update_webhook(session, webhook.id, options=options, **values)


def delete_webhook(session: Session, client_id: UUID | None, webhook_id: UUID) -> None:
    """Raises WebhookNotFound."""
    webhooks.delete_webhook(session, get_webhook(session, client_id, webhook_id).id)


def rotate_secret(session: Session, client_id: UUID | None, webhook_id: UUID, *, options: BiotechOptions) -> NewSecret:
    """Raises WebhookNotFound."""
    return webhooks.rotate_secret(session, get_webhook(session, client_id, webhook_id).id, options=options)


def enable_webhook(session: Session, client_id: UUID | None, webhook_id: UUID) -> Webhook:
    """Raises WebhookNotFound."""
    return webhooks.enable_webhook(session, get_webhook(session, client_id, webhook_id).id)


def disable_webhook(session: Session, client_id: UUID | None, webhook_id: UUID) -> Webhook:
    """Raises WebhookNotFound."""
    return webhooks.disable_webhook(session, get_webhook(session, client_id, webhook_id).id)


def page_deliveries(
    session: Session, client_id: UUID | None, webhook_id: UUID, part: Part, status: DeliveryStatus | None = None
) -> Page[WebhookDelivery]:
    """Events for a webhook, newest first. Raises WebhookNotFound."""
    webhook = get_webhook(session, client_id, webhook_id)
    return pages.page_deliveries(session, part, webhook.id, status=status)


def count_deliveries(session: Session, client_id: UUID | None, webhook_id: UUID) -> dict[str, int]:
    """How many of its deliveries are of each status. Raises WebhookNotFound."""
    webhook = get_webhook(session, client_id, webhook_id)
    return dict(DeliveryRepository(session).count_by_status(webhook.id))


def get_delivery(session: Session, client_id: UUID | None, delivery_id: UUID) -> WebhookDelivery:
    """Raises DeliveryNotFound, also when its webhook was deleted."""
    delivery = DeliveryRepository(session).find(delivery_id)
    if delivery is None:
        raise DeliveryNotFound
    try:
        get_webhook(session, client_id, delivery.webhook_id)
    except WebhookNotFound:
        raise DeliveryNotFound from None
    return delivery


def replay(session: Session, client_id: UUID | None, delivery_id: UUID) -> WebhookDelivery:
    """Attempt a dead letter anew. Raises DeliveryNotFound, StepRefused."""
    return deliveries.replay(session, get_delivery(session, client_id, delivery_id).id)


def replay_all(session: Session, client_id: UUID | None, webhook_id: UUID) -> int:
    """Attempt every dead letter of a webhook anew, in order. Returns how many. Raises WebhookNotFound."""
    dead = deliveries.dead_letters(session, get_webhook(session, client_id, webhook_id).id)
    for delivery_id in dead:
        deliveries.replay(session, delivery_id)
    return len(dead)


def _as_stored(values: dict[str, Any]) -> dict[str, Any]:
    stored = {"extra" if name == "metadata" else name: value for name, value in values.items()}
    if "retry_policy" in stored:
        stored["retry_policy"] = parse_policy(stored["retry_policy"]).to_document()
    return stored

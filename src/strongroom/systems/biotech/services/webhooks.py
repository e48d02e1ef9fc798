"""Webhooks: registered with a secret that is shown once, changed, turned off and on, and taken away."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.models import Webhook
from strongroom.systems.biotech.options import BiotechOptions
from strongroom.systems.biotech.repositories import WebhookRepository
from strongroom.systems.biotech.repositories.deliveries import DeliveryRepository
from strongroom.systems.biotech.rules.retry import check_timeout, parse_policy
from strongroom.systems.biotech.rules.targets import check_target
from strongroom.systems.biotech.services.deliveries import defer_deliveries
from strongroom.systems.biotech.services.webhook_secrets import keyring_of, place_of

SECRET_BYTES = 32
_GIVEN = frozenset(
    {"name", "url", "event_types", "company_tickers", "min_score", "retry_policy", "timeout_seconds", "metadata"}
)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A webhook with the secret it was just given. secret: shown now and never again."""

    webhook: Webhook
    secret: str = field(repr=False)


def create_webhook(
    session: Session,
    /,
    *,
    name: str,
    url: str,
    event_types: Sequence[str],
    options: BiotechOptions,
    client_id: UUID | None = None,
    webhook_id: UUID | None = None,
    **values: Any,
) -> NewSecret:
    """Register an address. values: company_tickers, min_score, retry_policy, timeout_seconds, metadata.

    Raises UnsafeUrl for an address that is not public, InvalidValue, ConfigurationError without a key to seal with.
    """
    keyring = keyring_of(options)
    secret = _new_secret()
    webhook = Webhook(
        id=webhook_id or new_id(),
        client_id=client_id,
        **_checked({"name": name, "url": url, "event_types": event_types, **values}, options),
    )
    webhook.secret_sealed = keyring.seal(secret, *place_of(webhook.id))
    webhook.secret_key_id = keyring.key_id
    WebhookRepository(session).add(webhook)
    return NewSecret(webhook, secret)


def update_webhook(session: Session, webhook_id: UUID | str, /, *, options: BiotechOptions, **values: Any) -> Webhook:
    """Change an address or what it is told. What is on its way goes to the new address. Raises as `create_webhook`."""
    webhook = WebhookRepository(session).get(webhook_id)
    for name, value in _checked(values, options).items():
        setattr(webhook, name, value)
    session.flush()
    return webhook


def rotate_secret(session: Session, webhook_id: UUID | str, *, options: BiotechOptions) -> NewSecret:
    """Give a webhook a new secret; the one before signs beside it for `secret_overlap`, so that none is refused."""
    keyring = keyring_of(options)
    webhook = _lock(session, webhook_id)
    secret = _new_secret()
    if webhook.secret_sealed is not None:
        webhook.previous_secret_sealed = webhook.secret_sealed
        webhook.previous_secret_until = now_of(session) + options.secret_overlap
    webhook.secret_sealed = keyring.seal(secret, *place_of(webhook.id))
    webhook.secret_key_id = keyring.key_id
    session.flush()
    return NewSecret(webhook, secret)


def disable_webhook(session: Session, webhook_id: UUID | str) -> Webhook:
    """Send nothing more for now. What is on its way waits, and further events are not taken up."""
    webhook = _lock(session, webhook_id)
    webhook.is_active = False
    webhook.disabled_at = webhook.disabled_at or now_of(session)
    session.flush()
    return webhook


def enable_webhook(session: Session, webhook_id: UUID | str) -> Webhook:
    """Send again, beginning with what waited."""
    webhook = _lock(session, webhook_id)
    webhook.is_active = True
    webhook.disabled_at = None
    webhook.consecutive_failures = 0
    session.flush()
    defer_deliveries(session, DeliveryRepository(session).open_streams(webhook.id))
    return webhook


def delete_webhook(session: Session, webhook_id: UUID | str) -> bool:
    """Take a webhook away; what was on its way becomes a dead letter. False when there is none."""
    webhook = WebhookRepository(session).find(webhook_id)
    if webhook is None or not WebhookRepository(session).soft_delete(webhook.id):
        return False
    DeliveryRepository(session).give_up(webhook.id, "the webhook was deleted")
    return True


def reseal_secrets(session: Session, keyring: Keyring, portion: int = 100) -> int:
    """Seal anew what an earlier key sealed. Returns how many; at 0 that key has nothing left to open."""
    older = select(Webhook).where(Webhook.secret_key_id != keyring.key_id).limit(portion)
    locked = older.with_for_update(key_share=True, skip_locked=True).execution_options(include_deleted=True)
    webhooks = session.scalars(locked).all()
    for webhook in webhooks:
        webhook.secret_sealed = _sealed_anew(webhook.secret_sealed, webhook, keyring)
        webhook.previous_secret_sealed = _sealed_anew(webhook.previous_secret_sealed, webhook, keyring)
        webhook.secret_key_id = keyring.key_id
    session.flush()
    return len(webhooks)


def _sealed_anew(sealed: bytes | None, webhook: Webhook, keyring: Keyring) -> bytes | None:
    place = place_of(webhook.id)
    return None if sealed is None else keyring.seal(keyring.open(sealed, *place), *place)


def _lock(session: Session, webhook_id: UUID | str) -> Webhook:
    webhooks = WebhookRepository(session)
    found = webhooks.get(webhook_id)
    return webhooks.lock([found.id])[found.id]


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(SECRET_BYTES)}"


def _checked(values: dict[str, Any], options: BiotechOptions) -> dict[str, Any]:
    for name in values:
        if name not in _GIVEN:
            raise InvalidValue(field=name, reason="is not set by hand")
    checked = dict(values)
    if "url" in checked:
        check_target(checked["url"], allow_private=options.allow_private_targets, allow_http=options.allow_http_targets)
    if "retry_policy" in checked:
        checked["retry_policy"] = parse_policy(checked["retry_policy"]).to_document()
    if "timeout_seconds" in checked:
        check_timeout(checked["timeout_seconds"])
    if "metadata" in checked:
        checked["extra"] = checked.pop("metadata")
    return checked

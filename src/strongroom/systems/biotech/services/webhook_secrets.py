"""The secrets that webhooks are signed with, as they are stored: sealed, each in the place of its row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from strongroom.kernel.encryption import Keyring
from strongroom.kernel.errors import ConfigurationError
from strongroom.systems.biotech.models import Webhook
from strongroom.systems.biotech.options import BiotechOptions


def keyring_of(options: BiotechOptions) -> Keyring:
    """The keys that webhooks' secrets are sealed with. Raises ConfigurationError when there is none."""
    if options.keyring is None:
        raise ConfigurationError(setting="webhook key", reason="is not set; webhooks need it to keep their secrets")
    return options.keyring


def secrets_of(webhook: Webhook, keyring: Keyring, now: datetime) -> tuple[str, ...]:
    """The secrets that sign at this moment, newest first. Raises SealBroken."""
    until = webhook.previous_secret_until
    previous = webhook.previous_secret_sealed if until is not None and now < until else None
    sealed = (webhook.secret_sealed, previous)
    return tuple(keyring.open(secret, *place_of(webhook.id)) for secret in sealed if secret is not None)


def place_of(webhook_id: UUID) -> tuple[object, ...]:
    """What a secret is bound to: its table and row. The two columns share it, since a secret moves between them."""
    return "biotech.webhooks.secret", webhook_id

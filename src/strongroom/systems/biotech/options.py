"""What biotech is told from outside: how secrets are sealed, where webhooks may go, how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from strongroom.kernel.encryption import Keyring


@dataclass(frozen=True, slots=True)
class BiotechOptions:
    """keyring: the keys that webhook secrets are sealed with; None: no webhook can be given a secret.

    allow_private_targets, allow_http_targets: for development, webhooks to hosts of one's own network or without TLS.
    secret_overlap: how long the secret before the current one signs too. delivery_history: how long deliveries stay.
    """

    keyring: Keyring | None = None
    allow_private_targets: bool = False
    allow_http_targets: bool = False
    secret_overlap: timedelta = timedelta(hours=24)
    delivery_history: timedelta = timedelta(days=30)


DEFAULTS = BiotechOptions()

"""The keys the systems sign, hash and seal with: the configured ones, or ones made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from pydantic import SecretStr

from strongroom.kernel.encryption import Keyring
from strongroom.settings import Settings


def secret_key(settings: Settings) -> str:
    """The key that signs tokens and cursors: the configured one, or one made once and kept in the data folder."""
    return _key(settings.secret_key, settings.data_dir / "secret_key")


def card_key(settings: Settings) -> str:
    """The key that card numbers and PINs are hashed under, likewise; apart from the other, which may be rotated."""
    return _key(settings.banking_card_key, settings.data_dir / "card_key")


def webhook_keyring(settings: Settings) -> Keyring:
    """The keys that webhook secrets are sealed with: the first seals, all open."""
    current = _key(settings.biotech_webhook_key, settings.data_dir / "webhook_key")
    previous = (key.get_secret_value() for key in settings.biotech_webhook_keys_previous)
    return Keyring(current.encode(), *(key.encode() for key in previous))


def _key(configured: SecretStr | None, file: Path) -> str:
    return configured.get_secret_value() if configured is not None else _kept_secret(file)


def _kept_secret(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=file.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="ascii") as made:
            made.write(secrets.token_urlsafe(48))
        try:
            # a link appears whole or not at all; of two processes that start at once the second keeps the first's
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_text(encoding="ascii")

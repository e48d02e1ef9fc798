"""Numbers people read out: references of movements and numbers of accounts, unguessable and made here."""

from __future__ import annotations

import secrets
from datetime import datetime

from strongroom.kernel.values import as_utc

ACCOUNT_NUMBER_DIGITS = 10
REFERENCE_SYMBOLS = 12
_SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to misread


def new_account_number() -> str:
    """ACC and ten random digits. Unique only by the database: on a collision, make another."""
    return "ACC" + "".join(secrets.choice("0123456789") for _ in range(ACCOUNT_NUMBER_DIGITS))


def new_reference(prefix: str, moment: datetime) -> str:
    """The prefix, the UTC day and 60 random bits, such as TRF-20260131-7Q2M0XK4T9BD. prefix: TRF, TXN, P2P …"""
    random = "".join(secrets.choice(_SYMBOLS) for _ in range(REFERENCE_SYMBOLS))
    return f"{prefix}-{as_utc(moment):%Y%m%d}-{random}"

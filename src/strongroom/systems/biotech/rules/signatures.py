"""How a receiver knows that an event is ours and fresh: an HMAC over the moment and the exact bytes sent.

    X-Webhook-Signature: t=1767225600,v1=5257a8…

`t` is the moment of sending in Unix seconds; each `v1` is the hexadecimal HMAC-SHA-256, under one secret of the
webhook, of `t`, a full stop and the raw body. While a secret is being changed there are two, so a receiver accepts
the event when any of them is right.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

SIGNATURE_HEADER = "X-Webhook-Signature"
TOLERANCE = timedelta(minutes=5)

_SHAPE = re.compile(r"t=([0-9]{1,12})((?:,v1=[0-9a-f]{64}){1,4})")


def sign(body: bytes, secrets: Sequence[str], moment: datetime) -> str:
    """The header's value for this body. secrets: one or two, newest first."""
    seconds = int(moment.timestamp())
    return ",".join([f"t={seconds}", *(f"v1={_code(secret, seconds, body)}" for secret in secrets)])


def is_signed(
    body: bytes, header: str, secrets: Sequence[str], now: datetime, tolerance: timedelta = TOLERANCE
) -> bool:
    """Whether one of the secrets signed exactly this body, within the tolerance of now. Takes constant time."""
    shape = _SHAPE.fullmatch(header)
    if shape is None or abs(now.timestamp() - int(shape[1])) > tolerance.total_seconds():
        return False
    given = shape[2].replace("v1=", "").strip(",").split(",")
    expected = [_code(secret, int(shape[1]), body) for secret in secrets]
    # a list, so that every pair is compared whichever is right
    return any([hmac.compare_digest(one, other) for one in given for other in expected])


def _code(secret: str, seconds: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()

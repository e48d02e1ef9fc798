"""The Idempotency-Key header: one request, however often it has to be sent."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Header, Request

from strongroom.kernel.errors import InvalidValue

HEADER = "Idempotency-Key"

_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")


async def idempotency_key(
    request: Request,
    key: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="Any text of your own, 1 to 255 visible ASCII characters, for example a UUID. "
            "Sent again with the same body it returns the first outcome and does nothing a second time.",
        ),
    ] = None,
) -> str | None:
    """The key of the request, None without one. Raises InvalidValue."""
    keys = request.headers.getlist(HEADER)
    if len(keys) > 1:
        raise InvalidValue(field=HEADER, reason="must be sent once only")
    if key is not None and not _VISIBLE_ASCII.fullmatch(key):
        raise InvalidValue(field=HEADER, reason="must be 1 to 255 visible ASCII characters")
    return key


IdempotencyKey = Annotated[str | None, Depends(idempotency_key)]

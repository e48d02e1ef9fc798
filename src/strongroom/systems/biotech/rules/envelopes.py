"""What a webhook receives: one event in one envelope, written once and never changed, however often it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.enums import WebhookEvent

VERSION = "1.0"
SOURCE = "strongroom.biotech"
BODY_BYTES_MAX = 262_144


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event. event_id: by which a receiver knows an event it has seen; correlation_id: of what led to it."""

    event_id: UUID
    event_type: WebhookEvent
    timestamp: datetime
    correlation_id: UUID
    payload: Mapping[str, Any]

    def to_body(self) -> str:
        """The JSON that is signed and sent. Raises InvalidValue beyond 256 KiB."""
        body = json.dumps(
            {
                "event_id": str(self.event_id),
                "event_type": self.event_type.value,
                "version": VERSION,
                "source": SOURCE,
                "timestamp": self.timestamp.isoformat(),
                "correlation_id": str(self.correlation_id),
                "payload": self.payload,
            },
            ensure_ascii=False,
            allow_nan=False,
        )
        if len(body.encode()) > BODY_BYTES_MAX:
            raise InvalidValue(field="payload", reason=f"must have at most {BODY_BYTES_MAX} bytes as JSON")
        return body

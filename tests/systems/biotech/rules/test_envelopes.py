"""Claims about envelopes: what every event says of itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.biotech.rules.enums import WebhookEvent
from strongroom.systems.biotech.rules.envelopes import BODY_BYTES_MAX, Envelope

ONE, TWO = UUID(int=1), UUID(int=2)


def envelope(payload: dict[str, Any]) -> Envelope:
    return Envelope(ONE, WebhookEvent.NEW_SIGNAL, datetime(2026, 1, 1, tzinfo=UTC), TWO, payload)


def test_an_event_says_what_it_is_and_when_and_what_led_to_it() -> None:
    assert json.loads(envelope({"ticker": "ABCD"}).to_body()) == {
        "event_id": str(ONE),
        "event_type": "new_signal",
        "version": "1.0",
        "source": "strongroom.biotech",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "correlation_id": str(TWO),
        "payload": {"ticker": "ABCD"},
    }


def test_an_event_that_is_too_large_or_no_json_is_refused() -> None:
    with pytest.raises(InvalidValue):
        envelope({"text": "é" * (BODY_BYTES_MAX // 2)}).to_body()
    with pytest.raises(ValueError, match="JSON"):
        envelope({"score": float("nan")}).to_body()

"""Webhooks as they are registered, changed and shown; a secret is shown once, when it is made."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from strongroom.kernel.web import ChangeBody, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import WEBHOOK_EVENT_ALIASES, DeliveryStatus, WebhookEvent
from strongroom.systems.biotech.rules.retry import RETRIES_MAX, RETRY_DELAY_MAX_S, TIMEOUT_MAX_S
from strongroom.systems.biotech.schemas.bodies import Document, MetadataOut, Name, Score, Tickers


def _event(value: Any) -> Any:
    return WEBHOOK_EVENT_ALIASES.get(value, value) if isinstance(value, str) else value


#: also under its dotted name, such as score.changed
EventIn = Annotated[WebhookEvent, BeforeValidator(_event)]
Events = Annotated[list[EventIn], Field(min_length=1, max_length=10)]
Url = Annotated[str, StringConstraints(min_length=1, max_length=2048, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
TimeoutSeconds = Annotated[int, Field(ge=1, le=TIMEOUT_MAX_S)]


class RetryPolicy(RequestBody):
    """How often and when a delivery that failed is attempted again; each pause is twice the one before."""

    max_retries: int = Field(default=3, ge=0, le=RETRIES_MAX)
    retry_delay_seconds: int = Field(default=60, ge=1, le=RETRY_DELAY_MAX_S)


class WebhookIn(RequestBody):
    """An address that is to be told."""

    name: Name
    url: Url = Field(examples=["https://hooks.example.com/biotech"], description="HTTPS, and not of a private network.")
    event_types: Events
    company_tickers: Tickers | None = Field(default=None, description="Null: all companies.")
    min_score: Score | None = Field(default=None, description="Tell nothing of companies whose score is lower.")
    retry_policy: RetryPolicy = Field(default_factory=RetryPolicy)
    timeout_seconds: TimeoutSeconds = 30
    metadata: Document = Field(default_factory=dict)

    def values(self) -> dict[str, Any]:
        """The same for the services."""
        return {**dict(self), "retry_policy": self.retry_policy.model_dump()}


class WebhookChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset({"company_tickers", "min_score"})

    name: Name | None = None
    url: Url | None = None
    event_types: Events | None = None
    company_tickers: Tickers | None = None
    min_score: Score | None = None
    retry_policy: RetryPolicy | None = None
    timeout_seconds: TimeoutSeconds | None = None
    metadata: Document | None = None

    def changes(self) -> dict[str, Any]:
        """As for every change."""
        changes = super().changes()
        if self.retry_policy is not None:
            changes["retry_policy"] = self.retry_policy.model_dump()
        return changes


class WebhookOut(ResponseBody):
    """An address, and how it went so far."""

    id: UUID
    client_id: UUID | None
    name: str
    url: str
    event_types: list[WebhookEvent]
    company_tickers: list[str] | None
    min_score: float | None
    is_active: bool
    last_triggered: datetime | None
    success_count: int
    failure_count: int
    last_error: str | None
    consecutive_failures: int = Field(description="Deliveries given up in a row; 10 switch it off.")
    disabled_at: datetime | None
    previous_secret_until: datetime | None = Field(description="Until then the secret before signs, too.")
    retry_policy: dict[str, Any]
    timeout_seconds: int
    metadata: MetadataOut
    created_at: datetime
    updated_at: datetime


class NewSecretOut(ResponseBody):
    """A webhook and the secret that it was just given."""

    webhook: WebhookOut
    secret: str | None = Field(
        description="Shown now and never again. Null when this request repeats one that was told it: rotate it if lost."
    )


class DeliveryOut(ResponseBody):
    """One event on its way to one webhook."""

    id: UUID
    webhook_id: UUID
    event_id: UUID
    event_type: WebhookEvent
    company_id: UUID | None
    position: int = Field(description="1, 2, 3 … among the events of this webhook and company.")
    status: DeliveryStatus
    attempts: int
    next_attempt_at: datetime
    response_status: int | None
    error: str | None
    delivered_at: datetime | None
    created_at: datetime


def _read_body(body: Any) -> Any:
    return json.loads(body) if isinstance(body, str) else body


class DeliveryWithBodyOut(DeliveryOut):
    """The same with the envelope that is sent."""

    body: Annotated[dict[str, Any], BeforeValidator(_read_body)]


class ReplayedOut(ResponseBody):
    """How many dead letters are on their way again."""

    replayed: int

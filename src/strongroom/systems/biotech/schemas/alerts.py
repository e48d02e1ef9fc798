"""Alerts as they are entered, changed and shown, and the times they went off."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from strongroom.kernel.web import ChangeBody, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import AlertLevel, AlertType, Channel, TriggerStatus
from strongroom.systems.biotech.schemas.bodies import Document, Lines, MetadataOut, Name, SignalTypeName, Tickers

Threshold = Annotated[NumberIn, Field(ge=0, le=100, max_digits=12, decimal_places=4)]
SignalTypes = Annotated[list[SignalTypeName], Field(max_length=100)]
Channels = Annotated[list[Channel], Field(max_length=len(Channel))]


class AlertIn(RequestBody):
    """A standing order to tell somebody."""

    name: Name
    alert_type: AlertType
    condition: Document = Field(examples=[{"threshold": 80, "operator": ">="}, {"change": 10, "period": "30d"}])
    threshold_value: Threshold | None = Field(default=None, description="In place of the condition's threshold.")
    company_tickers: Tickers | None = Field(default=None, description="Null: all companies.")
    signal_types: SignalTypes | None = Field(default=None, description="Null: all types.")
    is_active: bool = True
    notification_channels: Channels = Field(default_factory=list)
    recipients: Lines = Field(default_factory=list)
    metadata: Document = Field(default_factory=dict)


class AlertChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset({"threshold_value", "company_tickers", "signal_types"})

    name: Name | None = None
    alert_type: AlertType | None = None
    condition: Document | None = None
    threshold_value: Threshold | None = None
    company_tickers: Tickers | None = None
    signal_types: SignalTypes | None = None
    is_active: bool | None = None
    notification_channels: Channels | None = None
    recipients: Lines | None = None
    metadata: Document | None = None


class AlertOut(ResponseBody):
    """A standing order, and how often it came to that."""

    id: UUID
    client_id: UUID | None
    name: str
    alert_type: AlertType
    condition: dict[str, Any]
    threshold_value: NumberOut | None
    company_tickers: list[str] | None
    signal_types: list[str] | None
    is_active: bool
    last_triggered: datetime | None
    trigger_count: int
    notification_channels: list[str]
    recipients: list[str]
    metadata: MetadataOut
    created_at: datetime
    updated_at: datetime


class TriggerOut(ResponseBody):
    """One time an alert went off. company_id: null when it is about a report."""

    id: UUID
    alert_id: UUID
    company_id: UUID | None
    signal_id: UUID | None
    score_id: UUID | None
    triggered_at: datetime
    reason: str
    details: dict[str, Any]
    severity: AlertLevel
    status: TriggerStatus
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    resolved_by: str | None
    channels: list[str]

"""Signals as they come in and are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from strongroom.kernel.web import MomentIn, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import Severity
from strongroom.systems.biotech.schemas.bodies import (
    Document,
    HttpUrl,
    Name,
    Share,
    SignalTypeName,
    Text,
    Ticker,
    Title,
)

BATCH_MAX = 1000

Source = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]


class SignalIn(RequestBody):
    """One event of a company. source and external_id together make it one of a kind: sent again, it adds nothing."""

    company_id: UUID | None = None
    ticker: Ticker | None = Field(default=None, validate_default=True, description="In place of company_id.")
    signal_type: SignalTypeName = Field(
        examples=["sec_filing"], description="Any snake_case word; of the known ones, signal_data is checked."
    )
    event_date: MomentIn
    title: Title
    severity: Severity = Severity.MEDIUM
    confidence: Share = 0.5
    description: Text | None = None
    source_url: HttpUrl | None = None
    signal_data: Document = Field(default_factory=dict)
    ma_impact_score: float = Field(default=0.0, ge=-10, le=10, allow_inf_nan=False)
    source: Source | None = None
    external_id: Name | None = None

    @field_validator("ticker")
    @classmethod
    def _names_one_company(cls, ticker: str | None, info: ValidationInfo) -> str | None:
        if (ticker is None) == (info.data.get("company_id") is None):
            raise ValueError("either ticker or company_id must be given")
        return ticker

    @field_validator("external_id")
    @classmethod
    def _has_source(cls, external_id: str | None, info: ValidationInfo) -> str | None:
        if external_id is not None and info.data.get("source") is None:
            raise ValueError("means nothing without a source")
        return external_id

    def values(self) -> dict[str, Any]:
        """The same for the services, which take one of company_id and ticker."""
        unnamed = {"company_id"} if self.company_id is None else {"ticker"}
        return {name: value for name, value in self if name not in unnamed}


class SignalsIn(RequestBody):
    """Signals to take in, all or none."""

    signals: list[SignalIn] = Field(min_length=1, max_length=BATCH_MAX)


class SignalsTakenOut(ResponseBody):
    """What became of them."""

    added: int
    repeated: int = Field(description="Had come in before, or twice in this request.")


class SignalOut(ResponseBody):
    """One event."""

    id: UUID
    company_id: UUID
    signal_type: str
    event_date: datetime
    severity: Severity
    confidence: float
    title: str
    description: str | None
    source_url: str | None
    signal_data: dict[str, Any]
    ma_impact_score: float
    source: str | None
    external_id: str | None
    processed_at: datetime | None
    created_at: datetime

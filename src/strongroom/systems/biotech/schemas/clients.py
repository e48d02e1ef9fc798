"""API clients as they are entered, changed and shown; a key is shown once, when it is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from strongroom.kernel.web import ChangeBody, MomentIn, RequestBody, ResponseBody
from strongroom.systems.biotech.rules.enums import ClientType
from strongroom.systems.biotech.schemas.bodies import CompanyBriefOut, Document, Email, MetadataOut, Name

OVERLAP_MAX = timedelta(days=7)

Endpoint = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^/[a-z_{}-]+(/[a-z_{}-]+)*$")
]
Endpoints = Annotated[
    list[Endpoint],
    Field(
        max_length=100,
        examples=[["/scores", "/companies/{company_id}/scores"]],
        description="Paths below /api/biotech as this document writes them; each opens all below it. Null: all.",
    ),
]
HourlyLimit = Annotated[int, Field(ge=1, le=1_000_000, description="Requests in each hour.")]


class ClientIn(RequestBody):
    """A program that may call."""

    client_name: Name
    client_type: ClientType = ClientType.STANDARD
    is_active: bool = True
    allowed_endpoints: Endpoints | None = None
    rate_limit_per_hour: HourlyLimit = 1000
    notification_preferences: Document = Field(default_factory=dict)
    custom_thresholds: Document = Field(default_factory=dict)
    contact_email: Email | None = None
    expires_at: MomentIn | None = Field(default=None, description="With it every key ends.")
    metadata: Document = Field(default_factory=dict)


class ClientChangeIn(ChangeBody):
    """Fields to change; left out stays as it is."""

    may_be_empty = frozenset({"allowed_endpoints", "contact_email", "expires_at"})

    client_name: Name | None = None
    client_type: ClientType | None = None
    is_active: bool | None = None
    allowed_endpoints: Endpoints | None = None
    rate_limit_per_hour: HourlyLimit | None = None
    notification_preferences: Document | None = None
    custom_thresholds: Document | None = None
    contact_email: Email | None = None
    expires_at: MomentIn | None = None
    metadata: Document | None = None


class RotationIn(RequestBody):
    """How long the keys before stay good."""

    overlap_s: int = Field(default=0, ge=0, le=int(OVERLAP_MAX.total_seconds()), description="Seconds, 7 days at most.")


class ClientOut(ResponseBody):
    """A program that may call."""

    id: UUID
    client_name: str
    client_type: ClientType
    is_active: bool
    allowed_endpoints: list[str] | None
    rate_limit_per_hour: int
    watchlist_tickers: list[str]
    notification_preferences: dict[str, Any]
    custom_thresholds: dict[str, Any]
    last_access: datetime | None
    request_count: int
    contact_email: str | None
    key_last_rotated: datetime | None
    expires_at: datetime | None
    metadata: MetadataOut
    created_at: datetime
    updated_at: datetime


class NewKeyOut(ResponseBody):
    """A client and the API key that it was just given."""

    client: ClientOut
    key: str | None = Field(
        description="Shown now and never again. Null when this request repeats one that was told it: rotate it if lost."
    )


class RevokedOut(ResponseBody):
    """How many keys were still good."""

    revoked: int


class AllowanceOut(ResponseBody):
    """What is left of this hour."""

    limit: int
    used: int
    remaining: int
    reset_at: datetime


class KeyOut(ResponseBody):
    """An API key: how it begins, and when it ended or will."""

    key_prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class UsageOut(ResponseBody):
    """What a client has asked for, and the keys it was given, newest first."""

    client: ClientOut
    allowance: AllowanceOut
    keys: list[KeyOut]


class WatchlistOut(ResponseBody):
    """The companies a client watches."""

    tickers: list[str]


class _StayOut(ResponseBody):
    tier: int
    added_at: datetime
    added_score: float
    peak_score: float
    current_score: float


class WatchedOut(_StayOut):
    """A company on the watchlist of all. tier: 1 is watched most closely, to 4."""

    company: CompanyBriefOut

    @classmethod
    def of(cls, company: object, entry: object) -> WatchedOut:
        """A company, and its stay on the watchlist."""
        stay = _StayOut.model_validate(entry)
        return cls(company=CompanyBriefOut.model_validate(company), **dict(stay))

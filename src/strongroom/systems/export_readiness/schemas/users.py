"""Businesses on the wire: how they come in, what they are, what they have achieved. Nothing secret goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from strongroom.kernel.web import ChangeBody, NumberIn, NumberOut, RequestBody, ResponseBody
from strongroom.systems.export_readiness.models import UserMetrics
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CompanySizeEnum
from strongroom.systems.export_readiness.schemas.bodies import Line255
from strongroom.systems.export_readiness.services.metrics import success_rate

Email = Annotated[str, Field(max_length=255, examples=["asha@example.com"])]
KnownPassword = Annotated[SecretStr, Field(max_length=1024)]
ChosenPassword = Annotated[
    SecretStr,
    Field(min_length=8, max_length=1024, description="With a capital, a small letter and a digit."),
]
_VOLUME = "Units a month, greater than 0."


class RegisterIn(RequestBody):
    """A business that wants to come in."""

    email: Email
    password: ChosenPassword
    business_type: BusinessTypeEnum
    company_size: CompanySizeEnum
    company_name: Line255 = Field(examples=["Asha Foods"])
    monthly_volume: NumberIn | None = Field(default=None, description=_VOLUME, examples=["1000"])


class SignInIn(RequestBody):
    """What a business signs in with."""

    email: Email
    password: KnownPassword


class RefreshIn(RequestBody):
    """What a business stays in with."""

    refresh_token: Annotated[SecretStr, Field(max_length=4096)]


class PasswordChangeIn(RequestBody):
    """The old password and the new one."""

    current_password: KnownPassword
    password: ChosenPassword


class TokensOut(BaseModel):
    """What a business that signed in carries."""

    access_token: str
    refresh_token: str = Field(description="Fetches new tokens until the password is changed.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int = Field(description="Seconds the access token is good for.")


class ProfileIn(ChangeBody):
    """What to change of a business; null takes the volume away."""

    may_be_empty = frozenset({"monthly_volume"})

    business_type: BusinessTypeEnum | None = None
    company_size: CompanySizeEnum | None = None
    company_name: Line255 | None = None
    monthly_volume: NumberIn | None = Field(default=None, description=_VOLUME)


class UserOut(ResponseBody):
    """A business as it and administrators see it."""

    id: UUID
    email: str
    business_type: BusinessTypeEnum
    company_size: CompanySizeEnum
    company_name: str | None
    monthly_volume: NumberOut | None
    created_at: datetime
    updated_at: datetime
    last_login: datetime | None


class ExportIn(RequestBody):
    """A shipment that arrived."""

    exported_at: datetime | None = Field(default=None, description="Now when left out; UTC when it names no zone.")


class SavingIn(RequestBody):
    """What did not have to be paid, such as a consultant; subsidies are counted by themselves."""

    amount: NumberIn = Field(gt=0, max_digits=14, decimal_places=2, description="INR.")


class MetricsOut(ResponseBody):
    """What a business has achieved."""

    user_id: UUID
    reports_generated: int
    certifications_completed: int
    documents_generated: int
    exports_completed: int
    cost_savings: NumberOut = Field(description="INR.")
    timeline_reduction_days: int
    last_export_date: datetime | None
    success_rate: NumberOut | None = Field(description="Exports for a hundred reports; null without a report.")

    @classmethod
    def of(cls, metrics: UserMetrics) -> MetricsOut:
        """The figures, and what follows from them."""
        names = cls.model_fields.keys() - {"success_rate"}
        values = {name: getattr(metrics, name) for name in names}
        return cls(**values, success_rate=success_rate(metrics))

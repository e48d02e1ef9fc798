"""Users on the wire. What they may be is said by the rules; here stand only names, kinds and bounds.

Nothing secret goes out: no password, no code, no id number.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr

from strongroom.systems.banking.rules import (
    KycDocumentEnum,
    KycLevelEnum,
    KycStatusEnum,
    UserRoleEnum,
    UserStatusEnum,
)

Email = Annotated[str, Field(max_length=254, examples=["ada@example.com"])]
Name = Annotated[str, Field(min_length=1, max_length=50)]
PhoneNumber = Annotated[str, Field(max_length=40, examples=["+44 20 7946 0958"])]
Country = Annotated[str, Field(min_length=2, max_length=2, description="ISO 3166-1 alpha-2.", examples=["GB"])]
KnownPassword = Annotated[SecretStr, Field(max_length=1024)]
ChosenPassword = Annotated[
    SecretStr,
    Field(min_length=8, max_length=1024, description="With a capital, a small letter and a digit."),
]
Reason = Annotated[str, Field(min_length=1, max_length=500, description="Why; it goes on record.")]


class Message(BaseModel):
    """What is sent to us: no field more than is known."""

    model_config = ConfigDict(extra="forbid")


class RegisterIn(Message):
    email: Email
    password: ChosenPassword
    first_name: Name
    last_name: Name
    phone_number: PhoneNumber | None = None
    date_of_birth: date | None = None
    country: Country | None = None


class SignInIn(Message):
    email: Email
    password: KnownPassword


class RefreshIn(Message):
    refresh_token: Annotated[SecretStr, Field(max_length=4096)]


class CodeIn(Message):
    code: Annotated[SecretStr, Field(max_length=64, description="The code that was sent to the user's address.")]


class PasswordResetIn(Message):
    email: Email


class NewPasswordIn(Message):
    token: Annotated[SecretStr, Field(max_length=200, description="The token that was sent to the user's address.")]
    password: ChosenPassword


class PasswordChangeIn(Message):
    current_password: KnownPassword
    password: ChosenPassword


class TokensOut(BaseModel):
    """What a signed-in user carries."""

    access_token: str
    refresh_token: str = Field(description="Fetches new tokens until the user signs out everywhere.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int = Field(description="Seconds the access token is good for.")


class UserOut(BaseModel):
    """A user as they and administrators see them."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    email: str
    first_name: str
    last_name: str
    full_name: str
    phone_number: str | None
    date_of_birth: date | None
    country: str | None
    bio: str | None
    profile_picture_url: str | None
    is_active: bool
    is_verified: bool = Field(description="Whether an identity check was passed.")
    email_verified: bool
    status: UserStatusEnum
    role: UserRoleEnum
    kyc_status: KycStatusEnum
    kyc_level: KycLevelEnum
    last_login_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ProfileIn(Message):
    """What to change; a field left out stays as it is, null clears it."""

    first_name: Name | None = None
    last_name: Name | None = None
    phone_number: PhoneNumber | None = None
    date_of_birth: date | None = None
    country: Country | None = None
    id_number: Annotated[str, Field(min_length=1, max_length=64, description="Never shown again.")] | None = None
    bio: Annotated[str, Field(max_length=2000)] | None = None
    profile_picture_url: HttpUrl | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent."""
        sent = self.model_dump(exclude_unset=True)
        if sent.get("profile_picture_url") is not None:
            sent["profile_picture_url"] = str(sent["profile_picture_url"])
        return sent


class RoleIn(Message):
    role: UserRoleEnum


class StatusIn(Message):
    status: UserStatusEnum
    reason: Reason


class KycSubmissionIn(Message):
    level: KycLevelEnum
    documents: Annotated[set[KycDocumentEnum], Field(description="The kinds of document handed in.")] = set()


class KycDecisionIn(Message):
    status: KycStatusEnum
    level: Annotated[KycLevelEnum | None, Field(description="For an approval, the level it grants.")] = None
    documents: Annotated[set[KycDocumentEnum], Field(description="The kinds of document that were looked at.")] = set()
    reason: Reason


class KycEventOut(BaseModel):
    """A submission or a decision, as it stands on record."""

    model_config = ConfigDict(from_attributes=True)

    event_type: str
    actor_id: UUID | None
    actor_name: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    at: datetime

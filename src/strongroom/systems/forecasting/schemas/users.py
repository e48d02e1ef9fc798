"""Users on the wire. What they may be is said by the rules; no password, hash or epoch goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, SecretStr

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.web import RequestBody, ResponseBody
from strongroom.systems.forecasting.rules import RoleEnum

Username = Annotated[str, Field(max_length=100, description="3 to 50 letters, digits or underscores.")]
Email = Annotated[str, Field(max_length=254, examples=["ada@example.com"])]
FullName = Annotated[str, Field(min_length=1, max_length=100)]
KnownPassword = Annotated[SecretStr, Field(max_length=1024)]
ChosenPassword = Annotated[SecretStr, Field(min_length=8, max_length=1024, description="With a capital and a digit.")]


class SignInIn(RequestBody):
    login: Annotated[str, Field(max_length=254, description="Name or email address, in any case of letters.")]
    password: KnownPassword


class RefreshIn(RequestBody):
    refresh_token: Annotated[SecretStr, Field(max_length=4096)]


class PasswordChangeIn(RequestBody):
    current_password: KnownPassword
    password: ChosenPassword


class PasswordIn(RequestBody):
    password: ChosenPassword


class UserIn(RequestBody):
    username: Username
    email: Email
    password: ChosenPassword
    full_name: FullName | None = None
    role: RoleEnum = RoleEnum.VIEWER


class UserChangeIn(RequestBody):
    """What to change; a field left out stays as it is, a null clears the full name."""

    email: Email | None = None
    full_name: FullName | None = None

    def changes(self) -> dict[str, Any]:
        """The fields that were sent. Raises InvalidValue for a null where there must be a value."""
        sent = self.model_dump(exclude_unset=True)
        if sent.get("email", "") is None:
            raise InvalidValue(field="email", reason="must have a value; leave it out to keep what it is")
        return sent


class RoleIn(RequestBody):
    role: RoleEnum


class StandingIn(RequestBody):
    is_active: bool


class TokensOut(ResponseBody):
    """What a signed-in user carries."""

    access_token: str
    refresh_token: str = Field(description="Fetches new tokens until the password changes or every session is ended.")
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int = Field(description="Seconds the access token is good for.")


class UserOut(ResponseBody):
    """A user as they and administrators see them."""

    id: UUID
    username: str
    email: str
    full_name: str | None
    role: RoleEnum
    is_active: bool
    created_at: datetime
    updated_at: datetime

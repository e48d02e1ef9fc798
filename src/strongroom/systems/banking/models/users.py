"""Who banks here: the person, how they sign in, what they may do."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, Id, UpdatedAt, matching
from strongroom.systems.banking.models.row import Base
from strongroom.systems.banking.rules import (
    KycLevelEnum,
    KycStatusEnum,
    UserRoleEnum,
    UserStatusEnum,
    normalise_country,
    normalise_email,
    normalise_name,
    normalise_phone_number,
)

if TYPE_CHECKING:
    from strongroom.systems.banking.models.accounts import Account


class User(Base):
    """A person with a sign-in. `version` counts changes; a stale copy cannot be saved."""

    __tablename__ = "users"
    __capabilities__ = Capabilities(owned_by="id", audited=True, encrypted=frozenset({"id_number"}))

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254))
    first_name: Mapped[str] = mapped_column(String(50))
    last_name: Mapped[str] = mapped_column(String(50))
    phone_number: Mapped[str | None] = mapped_column(String(16), index=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1", index=True)
    is_verified: Mapped[bool] = mapped_column(default=False, server_default="0")
    password_hash: Mapped[str]
    email_verification_hash: Mapped[str | None] = mapped_column(unique=True)
    email_verification_expires: Mapped[datetime | None]
    email_verification_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    email_verified: Mapped[bool] = mapped_column(default=False, server_default="0")
    password_reset_hash: Mapped[str | None] = mapped_column(unique=True)
    password_reset_expires: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    date_of_birth: Mapped[date | None]
    country: Mapped[str | None] = mapped_column(String(2))
    id_number: Mapped[str | None]
    bio: Mapped[str | None]
    profile_picture_url: Mapped[str | None]
    status: Mapped[UserStatusEnum] = mapped_column(
        EnumText(UserStatusEnum), default=UserStatusEnum.PENDING, server_default="pending", index=True
    )
    role: Mapped[UserRoleEnum] = mapped_column(
        EnumText(UserRoleEnum), default=UserRoleEnum.USER, server_default="user", index=True
    )
    kyc_status: Mapped[KycStatusEnum] = mapped_column(
        EnumText(KycStatusEnum), default=KycStatusEnum.NOT_STARTED, server_default="not_started"
    )
    kyc_level: Mapped[KycLevelEnum] = mapped_column(
        EnumText(KycLevelEnum), default=KycLevelEnum.BASIC, server_default="basic"
    )
    failed_login_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    accounts: Mapped[list[Account]] = relationship(back_populates="user", lazy="raise", passive_deletes="all")

    __mapper_args__ = {"version_id_col": version, "eager_defaults": True}
    __table_args__ = (
        Index("uq_users_email", func.lower(email), unique=True),
        CheckConstraint("email LIKE '%@%'", name="email"),
        CheckConstraint("length(trim(first_name)) > 0 AND length(trim(last_name)) > 0", name="names"),
        CheckConstraint("status NOT IN ('suspended', 'deactivated') OR NOT is_active", name="active"),
        CheckConstraint(
            "(email_verification_hash IS NULL) = (email_verification_expires IS NULL)",
            name="verification_expires",
        ),
        CheckConstraint("(password_reset_hash IS NULL) = (password_reset_expires IS NULL)", name="reset_expires"),
        CheckConstraint("failed_login_attempts >= 0 AND email_verification_attempts >= 0", name="attempts"),
        matching("country", "^[A-Z]{2}$"),
        matching("phone_number", r"^\+?[0-9]{7,15}$"),
    )

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @validates("email", "first_name", "last_name", "phone_number", "country")
    def _normalise(self, field: str, value: Any) -> Any:
        if value is None:
            return None
        if field in ("first_name", "last_name"):
            return normalise_name(value, field)
        return _NORMALISE[field](value)


_NORMALISE = {"email": normalise_email, "phone_number": normalise_phone_number, "country": normalise_country}

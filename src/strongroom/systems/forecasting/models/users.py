"""Who uploads, trains and reads: people with one role each."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from strongroom.kernel.tables import Capabilities, CreatedAt, EnumText, Id, UpdatedAt, matching
from strongroom.systems.forecasting.models.row import Base
from strongroom.systems.forecasting.rules import (
    RoleEnum,
    normalise_email,
    normalise_full_name,
    normalise_username,
)

if TYPE_CHECKING:
    from strongroom.systems.forecasting.models.trained import TrainedModel
    from strongroom.systems.forecasting.models.uploads import DataUpload


class User(Base):
    """A person with a sign-in. Names and addresses are unique whatever their letter case."""

    __tablename__ = "users"
    __capabilities__ = Capabilities(owned_by="id", audited=True)

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(50))
    email: Mapped[str] = mapped_column(String(254))
    hashed_password: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[RoleEnum] = mapped_column(EnumText(RoleEnum), default=RoleEnum.VIEWER, server_default="viewer")
    is_active: Mapped[bool] = mapped_column(default=True, server_default="1")
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]

    # read on first use: a user has few of either, and those who start from a user mean to see them
    data_uploads: Mapped[list[DataUpload]] = relationship(
        back_populates="user", passive_deletes="all", order_by="DataUpload.created_at.desc()"
    )
    trained_models: Mapped[list[TrainedModel]] = relationship(
        back_populates="user", passive_deletes="all", order_by="TrainedModel.created_at.desc()"
    )

    __table_args__ = (
        Index("uq_users_username", func.lower(username), unique=True),
        Index("uq_users_email_of_forecasting", func.lower(email), unique=True),  # errors go by name, over all rooms
        CheckConstraint("length(username) BETWEEN 3 AND 50", name="username"),
        CheckConstraint("email LIKE '%_@_%'", name="email"),
        CheckConstraint("length(trim(hashed_password)) > 0", name="hashed_password"),
        CheckConstraint("length(trim(full_name)) > 0", name="full_name"),
        matching("username", "^[A-Za-z0-9_]+$"),
    )

    @validates("username", "email", "full_name")
    def _normalise(self, field: str, value: Any) -> Any:
        return value if value is None else _NORMALISE[field](value)


_NORMALISE = {"username": normalise_username, "email": normalise_email, "full_name": normalise_full_name}


class SignIn(Base):
    """How one user comes in; made at the first attempt.

    epoch: tokens carry it, and end when it is raised. failed_attempts: wrong passwords since the last right one.
    """

    __tablename__ = "sign_ins"
    __capabilities__ = Capabilities(owned_by="user_id")

    user_id: Mapped[UUID] = mapped_column(ForeignKey("forecasting.users.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(default=0, server_default="0")
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("epoch >= 0 AND failed_attempts >= 0", name="not_negative"),)

"""Businesses: they register, keep their profile, take their data with them, and leave."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.systems.export_readiness.models import User, UserMetrics
from strongroom.systems.export_readiness.repositories import UserRepository, all_users
from strongroom.systems.export_readiness.rules import BusinessTypeEnum, CompanySizeEnum, normalise_text
from strongroom.systems.export_readiness.rules.identity import COMPANY_NAME_MAX
from strongroom.systems.export_readiness.services.access import check_is_administrator, get_own_user, lock_own_user

#: what a business may change of itself; address and password have proofs of their own
UPDATABLE = frozenset({"business_type", "company_size", "company_name", "monthly_volume"})
_REQUIRED = UPDATABLE - {"monthly_volume"}


def register(
    session: Session,
    *,
    email: str,
    password: NewPassword,
    business_type: BusinessTypeEnum | str,
    company_size: CompanySizeEnum | str,
    company_name: str,
    monthly_volume: Decimal | int | str | None = None,
) -> User:
    """Add a business, and figures of nothing achieved yet. monthly_volume: units.

    Raises InvalidValue, ExporterAlreadyExists.
    """
    user = User(
        email=email,
        password_hash=password.hash,
        business_type=business_type,
        company_size=company_size,
        company_name=normalise_text(company_name, "company_name", COMPANY_NAME_MAX),
        monthly_volume=monthly_volume,
    )
    _check_volume(user.monthly_volume)
    UserRepository(session).add(user)
    session.add(UserMetrics(user_id=user.id))
    session.flush()
    return user


def get_user(session: Session, user_id: UUID | str) -> User:
    """The business, if it is whoever acts or they may reach all. Raises ExporterNotFound."""
    return get_own_user(session, user_id)


def list_users(
    session: Session,
    part: Part,
    *,
    business_type: BusinessTypeEnum | None = None,
    company_size: CompanySizeEnum | None = None,
) -> Page[User]:
    """Businesses, newest first, with all of the given properties. Administrators only. Raises AccessDenied."""
    check_is_administrator(session)
    wanted = {"business_type": business_type, "company_size": company_size}
    query = all_users().filter_by(**{name: value for name, value in wanted.items() if value is not None})
    return page_of(UserRepository(session), query, [User.id.desc()], part, "exporters", business_type, company_size)


def update_profile(session: Session, user_id: UUID | str, changes: Mapping[str, Any]) -> User:
    """Change what a business may change of itself. Reports keep what it was when they were made.

    Raises InvalidValue, ExporterNotFound, TypeError for other columns.
    """
    if refused := changes.keys() - UPDATABLE:
        raise TypeError(f"update_profile does not change {', '.join(sorted(refused))}")
    for name in sorted(_REQUIRED & changes.keys()):
        if changes[name] is None:
            raise InvalidValue(field=name, reason="must have a value")
    user = lock_own_user(session, user_id)
    for name, value in changes.items():
        setattr(user, name, normalise_text(value, name, COMPANY_NAME_MAX) if name == "company_name" else value)
    _check_volume(user.monthly_volume)
    session.flush()
    return user


def delete_user(session: Session, user_id: UUID | str) -> None:
    """Remove a business with its reports and everything that follows from them. Raises ExporterNotFound."""
    session.delete(lock_own_user(session, user_id))
    session.flush()


def _check_volume(volume: Decimal | None) -> None:
    if volume is not None and volume <= 0:
        raise InvalidValue(field="monthly_volume", reason="must be greater than 0, or left out")

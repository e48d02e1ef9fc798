"""Users: taken in by administrators, who decide what they may do; a user's rows go with the user."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword
from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.errors import UsernameTaken
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.repositories import Listing, SignInRepository, UserRepository
from strongroom.systems.forecasting.rules import RoleEnum
from strongroom.systems.forecasting.services.access import (
    check_is_administrator,
    check_may_read,
    lock_for_administrator,
    lock_own_user,
)

#: what a user may change of themselves
UPDATABLE = frozenset({"email", "full_name"})


def create_user(
    session: Session,
    *,
    username: str,
    email: str,
    password: NewPassword,
    full_name: str | None = None,
    role: RoleEnum = RoleEnum.VIEWER,
) -> User:
    """Take a user in. Raises AccessDenied, InvalidValue, UsernameTaken, EmailTaken."""
    check_is_administrator(session)
    user = User(username=username, email=email, hashed_password=password.hash, full_name=full_name, role=role)
    return UserRepository(session).add(user)


def create_administrator(session: Session, *, username: str, email: str, password: NewPassword) -> User:
    """An administrator of this name; one who is there already stays as they are, password included.

    Raises AccessDenied, InvalidValue, EmailTaken, and UsernameTaken when the name is that of a mere user.
    """
    found = find_administrator(session, username)
    if found is not None:
        return found
    return create_user(session, username=username, email=email, password=password, role=RoleEnum.ADMIN)


def find_administrator(session: Session, username: str) -> User | None:
    """The administrator of this name, or None. Raises UsernameTaken when the name is that of a mere user."""
    found = UserRepository(session).get_user_by_username(username)
    if found is not None and found.role is not RoleEnum.ADMIN:
        raise UsernameTaken
    return found


def get_user(session: Session, user_id: UUID | str) -> User:
    """Raises UserNotFound."""
    check_may_read(session)
    return UserRepository(session).get(user_id)


def list_users(
    session: Session,
    *,
    role: RoleEnum | None = None,
    is_active: bool | None = None,
    skip: int = 0,
    limit: int = 100,
) -> Listing[User]:
    """By name. Raises AccessDenied, InvalidValue."""
    check_is_administrator(session)
    return UserRepository(session).list_users(role=role, is_active=is_active, skip=skip, limit=limit)


def update_user(session: Session, user_id: UUID | str, /, **changes: Any) -> User:
    """Change email or full_name. Raises UserNotFound, AccessDenied, InvalidValue, EmailTaken."""
    if refused := sorted(changes.keys() - UPDATABLE):
        raise InvalidValue(field=refused[0], reason="cannot be changed")
    user = lock_own_user(session, user_id)
    for name, value in changes.items():
        setattr(user, name, value)
    session.flush()
    return user


def set_role(session: Session, user_id: UUID | str, role: RoleEnum) -> User:
    """Another role for somebody else; their sessions end, since tokens carry the role.

    Raises AccessDenied, UserNotFound, OwnStanding.
    """
    user = lock_for_administrator(session, user_id)
    if user.role is not role:
        _end_sessions(session, user)
    user.role = role
    session.flush()
    return user


def set_active(session: Session, user_id: UUID | str, is_active: bool) -> User:
    """Switch somebody else on or off; who is off cannot come in, and their sessions end.

    Raises AccessDenied, UserNotFound, OwnStanding.
    """
    user = lock_for_administrator(session, user_id)
    if user.is_active and not is_active:
        _end_sessions(session, user)
    user.is_active = is_active
    session.flush()
    return user


def delete_user(session: Session, user_id: UUID | str) -> None:
    """Remove somebody else with their uploads and models. Raises AccessDenied, UserNotFound, OwnStanding."""
    session.delete(lock_for_administrator(session, user_id))
    session.flush()


def _end_sessions(session: Session, user: User) -> None:
    SignInRepository(session).of_user(user.id).epoch += 1

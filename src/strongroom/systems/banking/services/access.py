"""Whose row is this: users reach their own, administrators and the program all; what is not yours is not there."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, NotFound
from strongroom.kernel.repositories import Repository
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.tables import capabilities_of
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import Account, User
from strongroom.systems.banking.repositories import AccountRepository, UserRepository

RowT = TypeVar("RowT")
ADMIN = "admin"
SYSTEM = "system"


def sees_all(session: Session) -> bool:
    """Whether whoever acts may read every customer's rows."""
    return actor_of(session).has_role(ADMIN, SYSTEM)


def check_is_administrator(session: Session) -> None:
    """Raises AccessDenied for everybody but administrators and the program itself."""
    if not sees_all(session):
        raise AccessDenied


def is_own(session: Session, *owner_ids: UUID | None) -> bool:
    """Whether whoever acts is one of these, or may reach all rows."""
    return sees_all(session) or actor_of(session).id in owner_ids


def get_own(repository: Repository[Session, RowT], key: UUID | str) -> RowT:
    """The row, if it belongs to whoever acts. Raises the repository's not_found for anybody else's as well."""
    row = repository.get(key)
    owner = capabilities_of(type(row)).owned_by
    assert owner is not None, f"{type(row).__name__} declares no owner"
    check_own(repository, getattr(row, owner))
    return row


def check_own(repository: Repository[Session, Any], *owner_ids: UUID | None) -> None:
    """Raises the repository's not_found unless whoever acts is one of these."""
    if not is_own(repository.session, *owner_ids):
        not_found: type[NotFound] = repository.not_found
        raise not_found(what=repository.row.__name__.lower())


def own_account(session: Session, account_id: UUID | str) -> Account:
    """The account, if whoever acts may use it. Raises AccountNotFound."""
    return get_own(AccountRepository(session), account_id)


def lock_own_user(session: Session, user_id: UUID | str) -> User:
    """The user, locked for a change, if it is whoever acts or they may reach all. Raises UserNotFound."""
    users = UserRepository(session)
    key = get_own(users, user_id).id
    return users.lock([key])[key]


def lock_for_administrator(session: Session, user_id: UUID | str) -> User:
    """Somebody else's row, locked for an administrator's decision. Raises AccessDenied, UserNotFound.

    Raises BusinessRuleViolation for one's own, so that the last administrator cannot step down by mistake.
    """
    check_is_administrator(session)
    user = lock_own_user(session, user_id)
    if actor_of(session).id == user.id:
        raise BusinessRuleViolation(rule="own_standing", reason="nobody decides on their own role, status or identity")
    return user

"""People who bank here: they register, keep their profile, and leave; administrators decide what they may be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import NewPassword
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import User
from strongroom.systems.banking.repositories import UserRepository, all_users, user_by_email
from strongroom.systems.banking.rules import KycStatusEnum, UserRoleEnum, UserStatusEnum, check_transition
from strongroom.systems.banking.services.access import (
    check_is_administrator,
    get_own,
    lock_for_administrator,
    lock_own_user,
    sees_all,
)
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.email_proofs import Proof, issue_code

#: what the bank compared with documents, so that a customer cannot change it behind the bank's back
IDENTITY = frozenset({"first_name", "last_name", "date_of_birth", "country", "id_number"})
_IDENTITY_IN_USE = frozenset({KycStatusEnum.PENDING_REVIEW, KycStatusEnum.APPROVED})
_SHUT_OUT = frozenset({UserStatusEnum.SUSPENDED, UserStatusEnum.DEACTIVATED})


def register(
    session: Session,
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: NewPassword,
    phone_number: str | None = None,
    date_of_birth: date | None = None,
    country: str | None = None,
) -> Proof:
    """Add a pending user, who becomes active by `verify_email`. Raises InvalidValue, EmailAlreadyExists."""
    now = now_of(session)
    _check_birth(date_of_birth, now.date())
    user = User(
        email=email,
        first_name=first_name,
        last_name=last_name,
        password_hash=password.hash,
        phone_number=phone_number,
        date_of_birth=date_of_birth,
        country=country,
    )
    code = issue_code(user, now)
    UserRepository(session).add(user)
    record(session, "user.registered", user)
    return Proof(user, code)


def get_user(session: Session, user_id: UUID | str) -> User:
    """The user, if it is whoever acts or they may read all. Raises UserNotFound."""
    return get_own(UserRepository(session), user_id)


def list_users(
    session: Session,
    part: Part,
    *,
    email: str | None = None,
    status: UserStatusEnum | None = None,
    role: UserRoleEnum | None = None,
    kyc_status: KycStatusEnum | None = None,
) -> Page[User]:
    """Users, newest first, with all of the given properties. Administrators only. Raises AccessDenied."""
    check_is_administrator(session)
    users = UserRepository(session)
    wanted = {"status": status, "role": role, "kyc_status": kyc_status}
    query = (all_users() if email is None else user_by_email(email)).filter_by(
        **{name: value for name, value in wanted.items() if value is not None}
    )
    return page_of(users, query, [User.id.desc()], part, "users", email, status, role, kyc_status)


def update_profile(session: Session, user_id: UUID | str, changes: Mapping[str, Any]) -> User:
    """Change what a person may change of themselves. Raises InvalidValue, UserNotFound, TypeError for other columns.

    Once the identity check is under way the bank alone changes names, birth, country and id number
    (BusinessRuleViolation).
    """
    user = lock_own_user(session, user_id)
    if not sees_all(session):
        _check_identity_free(user, changes)
    _check_birth(changes.get("date_of_birth"), now_of(session).date())
    UserRepository(session).update_user(user.id, **changes)
    if actor_of(session).id != user.id:
        record(session, "user.profile_changed", user, after={"fields": ", ".join(sorted(changes))})
    return user


def set_status(session: Session, user_id: UUID | str, status: UserStatusEnum, *, reason: str) -> User:
    """Activate, suspend or deactivate somebody else. Administrators only.

    Whoever is suspended or deactivated is shut out: no refresh token is good any more, no money moves.
    Raises BusinessRuleViolation when the one does not follow the other, AccessDenied.
    """
    user = lock_for_administrator(session, user_id)
    return _change_status(session, user, status, reason)


def deactivate(session: Session, user_id: UUID | str, *, reason: str = "asked for by the user") -> User:
    """Close one's own access; the history stays, and an administrator may activate it again."""
    return _change_status(session, lock_own_user(session, user_id), UserStatusEnum.DEACTIVATED, reason)


def set_role(session: Session, user_id: UUID | str, role: UserRoleEnum) -> User:
    """Make somebody else a user, a premium user or an administrator. Administrators only.

    Access tokens keep the old role until they expire.
    """
    user = lock_for_administrator(session, user_id)
    before = user.role
    user.role = role
    record(session, "user.role_changed", user, before={"role": before}, after={"role": role})
    session.flush()
    return user


def delete_user(session: Session, user_id: UUID | str) -> None:
    """Remove a user whose money never moved, accounts included.

    Raises UserNotFound, and StillReferenced when there is history: deactivate such a user instead.
    """
    user = lock_own_user(session, user_id)
    record(session, "user.deleted", user)
    UserRepository(session).delete_user(user.id)


def _change_status(session: Session, user: User, status: UserStatusEnum, reason: str) -> User:
    before = user.status
    check_transition("user", before, status)
    user.status = status
    user.is_active = status not in _SHUT_OUT
    if not user.is_active:
        user.session_epoch += 1
        user.password_reset_hash = None
        user.password_reset_expires = None
    record(session, "user.status_changed", user, before={"status": before}, after={"status": status, "reason": reason})
    session.flush()
    return user


def _check_identity_free(user: User, changes: Mapping[str, Any]) -> None:
    fixed = sorted(name for name in IDENTITY & changes.keys() if changes[name] != getattr(user, name))
    if fixed and user.kyc_status in _IDENTITY_IN_USE:
        reason = f"ask the bank to change {', '.join(fixed)}: the identity check rests on it"
        raise BusinessRuleViolation(rule="kyc_identity", reason=reason)


def _check_birth(date_of_birth: date | None, today: date) -> None:
    if date_of_birth is not None and date_of_birth >= today:
        raise InvalidValue(field="date_of_birth", reason="must be in the past")

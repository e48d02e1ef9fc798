"""Passwords of users: found and counted here, hashed and compared before a transaction begins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import ComparedPassword, NewPassword, StoredPassword, check_not_locked_out
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.errors import UserNotFound, WrongCredentials
from strongroom.systems.banking.models import User
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.services.access import get_own
from strongroom.systems.banking.services.audit import record


def find_password(session: Session, email: str) -> StoredPassword:
    """What to compare a sign-in with. Raises RateLimitExceeded while this user is locked, to spare the work."""
    user = UserRepository(session).get_user_by_email(email)
    if user is None:
        return StoredPassword(None)
    check_not_locked_out(user.locked_until, now_of(session))
    return StoredPassword(user.id, user.session_epoch, user.password_hash)


def get_own_password(session: Session, user_id: UUID | str) -> StoredPassword:
    """What to compare with before a change. Raises UserNotFound, RateLimitExceeded."""
    user = get_own(UserRepository(session), user_id)
    check_not_locked_out(user.locked_until, now_of(session))
    return StoredPassword(user.id, user.session_epoch, user.password_hash)


def lock_proven_user(session: Session, compared: ComparedPassword, *, options: BankingOptions = DEFAULTS) -> User:
    """The user whose password was right, locked for a change; a wrong one is counted.

    Guesses made at once learn their outcome one after the other, behind the row lock: once the last allowed one was
    wrong, the others are refused, even a right one. Raises RateLimitExceeded, and WrongCredentials, which the
    calling action has to keep (`@keeps_refusals`), or the count is lost.
    """
    if compared.user_id is None:
        raise WrongCredentials
    try:
        user = UserRepository(session).lock([compared.user_id])[compared.user_id]
    except UserNotFound:  # removed meanwhile
        raise WrongCredentials from None
    now = now_of(session)
    check_not_locked_out(user.locked_until, now)
    if not compared.is_right or compared.epoch != user.session_epoch:
        _count_failure(session, user, now, options)
        raise WrongCredentials
    forgive(user)
    return user


@keeps_refusals
def change_password(
    session: Session, compared: ComparedPassword, password: NewPassword, *, options: BankingOptions = DEFAULTS
) -> User:
    """Set another password, knowing the old one, and end every session. Raises WrongCredentials, RateLimitExceeded."""
    user = lock_proven_user(session, compared, options=options)
    set_password(user, password)
    record(session, "user.password_changed", user)
    session.flush()
    return user


def set_password(user: User, password: NewPassword) -> None:
    """Store the password; every refresh token and every reset under way ends."""
    user.password_hash = password.hash
    user.session_epoch += 1
    user.password_reset_hash = None
    user.password_reset_expires = None


def forgive(user: User) -> None:
    """Forget failed sign-ins."""
    user.failed_login_attempts = 0
    user.locked_until = None


def _count_failure(session: Session, user: User, now: datetime, options: BankingOptions) -> None:
    if user.locked_until is not None:
        forgive(user)  # the lock has run out: count anew
    user.failed_login_attempts += 1
    if user.failed_login_attempts >= options.sign_in_attempts:
        user.locked_until = now + options.lockout
        record(session, "user.locked", user, after={"locked_until": user.locked_until})
    session.flush()

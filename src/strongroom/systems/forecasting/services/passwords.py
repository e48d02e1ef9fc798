"""Passwords of users: found and counted here, hashed and compared before a transaction begins."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel import encryption
from strongroom.kernel.encryption import (
    CAPITAL,
    DIGIT,
    ComparedPassword,
    NewPassword,
    StoredPassword,
    check_not_locked_out,
)
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.forecasting.errors import SignInRefused, UserNotFound
from strongroom.systems.forecasting.models import SignIn, User
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.repositories import SignInRepository, UserRepository
from strongroom.systems.forecasting.services.access import lock_own_user


def new_password(plain: str) -> NewPassword:
    """Hash a password for storing; no small letter is asked for here. Raises InvalidValue when it is too simple."""
    return encryption.new_password(plain, kinds=(CAPITAL, DIGIT))


def find_password(session: Session, login: str) -> StoredPassword:
    """What to compare a sign-in by name or address with. Raises RateLimitExceeded while this user is locked out."""
    user = UserRepository(session).find_by_login(login)
    return StoredPassword(None) if user is None else _stored(session, user)


def get_own_password(session: Session, user_id: UUID | str) -> StoredPassword:
    """What to compare with before a change. Raises UserNotFound, RateLimitExceeded."""
    return _stored(session, UserRepository(session).get(user_id))


def lock_proven_user(
    session: Session, compared: ComparedPassword, *, options: ForecastingOptions = DEFAULTS
) -> tuple[User, SignIn]:
    """The user whose password was right, locked, and how they come in; a wrong password is counted.

    Guesses made at once learn their outcome one after the other, behind the row lock: once the last allowed one was
    wrong, the others are refused, even a right one. Raises RateLimitExceeded, and SignInRefused, which the calling
    action has to keep (`@keeps_refusals`), or the count is lost.
    """
    if compared.user_id is None:
        raise SignInRefused
    try:
        user = UserRepository(session).lock([compared.user_id])[compared.user_id]
    except UserNotFound:  # removed meanwhile
        raise SignInRefused from None
    sign_in = SignInRepository(session).of_user(user.id)
    now = now_of(session)
    check_not_locked_out(sign_in.locked_until, now)
    if not compared.is_right or compared.epoch != sign_in.epoch:
        _count_failure(session, sign_in, now, options)
        raise SignInRefused
    sign_in.failed_attempts, sign_in.locked_until = 0, None
    return user, sign_in


@keeps_refusals
def change_password(
    session: Session, compared: ComparedPassword, password: NewPassword, *, options: ForecastingOptions = DEFAULTS
) -> User:
    """Set another password, knowing the old one, and end every session. Raises SignInRefused, RateLimitExceeded."""
    user, sign_in = lock_proven_user(session, compared, options=options)
    user.hashed_password = password.hash
    sign_in.epoch += 1
    session.flush()
    return user


def set_password(session: Session, user_id: UUID | str, password: NewPassword) -> User:
    """An administrator gives a user a new password; every session ends, and a lock-out too.

    Raises AccessDenied, UserNotFound.
    """
    user = lock_own_user(session, user_id)
    sign_in = SignInRepository(session).of_user(user.id)
    user.hashed_password = password.hash
    sign_in.epoch += 1
    sign_in.failed_attempts, sign_in.locked_until = 0, None
    session.flush()
    return user


def _stored(session: Session, user: User) -> StoredPassword:
    sign_in = SignInRepository(session).find(user.id)
    if sign_in is None:
        return StoredPassword(user.id, 0, user.hashed_password)
    check_not_locked_out(sign_in.locked_until, now_of(session))
    return StoredPassword(user.id, sign_in.epoch, user.hashed_password)


def _count_failure(session: Session, sign_in: SignIn, now: datetime, options: ForecastingOptions) -> None:
    if sign_in.locked_until is not None:
        sign_in.failed_attempts, sign_in.locked_until = 0, None  # the lock has run out: count anew
    sign_in.failed_attempts += 1
    if sign_in.failed_attempts >= options.sign_in_attempts:
        sign_in.locked_until = now + options.lockout
    session.flush()

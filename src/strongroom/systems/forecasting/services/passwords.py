"""Passwords: hashed and compared before a transaction begins, judged and counted inside it.

Hashing takes tens of milliseconds, which no row lock should wait for: what happens outside (`new_password`, `compare`)
is handed to actions as a value, and asynchronous callers run it in a thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import hash_password, needs_rehash, verify_password
from strongroom.kernel.errors import RateLimitExceeded
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.forecasting.errors import SignInRefused
from strongroom.systems.forecasting.models import SignIn, User
from strongroom.systems.forecasting.options import DEFAULTS, ForecastingOptions
from strongroom.systems.forecasting.repositories import SignInRepository, UserRepository
from strongroom.systems.forecasting.rules import check_password
from strongroom.systems.forecasting.services.access import lock_own_user

#: bcrypt reads no further, so two long passwords could be one
_BCRYPT_BYTES_MAX = 72


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password good enough to be set, in the form in which it is stored."""

    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """What a password is compared with; user_id and hash are None when there is no such user."""

    user_id: UUID | None
    hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ComparedPassword:
    """What came of a comparison with `hash`. rehashed: the right password as it is hashed today, if it was not."""

    user_id: UUID | None
    is_right: bool
    hash: str | None = field(default=None, repr=False)
    rehashed: NewPassword | None = None


def new_password(plain: str) -> NewPassword:
    """Hash a password for storing. Raises InvalidValue when it is too simple."""
    check_password(plain)
    return NewPassword(hash_password(plain))


def find_password(session: Session, login: str) -> StoredPassword:
    """What to compare a sign-in by name or address with. Raises RateLimitExceeded while this user is locked out."""
    user = UserRepository(session).find_by_login(login)
    return StoredPassword(None) if user is None else _stored(session, user)


def get_own_password(session: Session, user_id: UUID | str) -> StoredPassword:
    """What to compare with before a change. Raises UserNotFound, RateLimitExceeded."""
    return _stored(session, UserRepository(session).get(user_id))


def compare(plain: str, stored: StoredPassword) -> ComparedPassword:
    """Compare a password. Takes as long when there is no such user: time tells nobody who works here."""
    is_right = _is_right(plain, stored.hash)
    rehashed = None
    if is_right and stored.hash is not None and needs_rehash(stored.hash):
        rehashed = NewPassword(hash_password(plain))
    return ComparedPassword(stored.user_id, is_right, stored.hash, rehashed)


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
    user = UserRepository(session).lock([compared.user_id])[compared.user_id]
    sign_in = SignInRepository(session).of_user(user.id)
    now = now_of(session)
    _check_not_locked(sign_in, now)
    if not compared.is_right or compared.hash != user.hashed_password:  # changed since it was compared
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


def _is_right(plain: str, stored: str | None) -> bool:
    """A hash by bcrypt, from another system, is good for one more sign-in: then it is replaced."""
    if stored is None or not stored.startswith("$2"):
        return verify_password(plain, stored)
    import bcrypt

    secret = plain.encode("utf-8", "surrogatepass")
    try:
        return len(secret) <= _BCRYPT_BYTES_MAX and bcrypt.checkpw(secret, stored.encode())
    except ValueError:  # it only begins like a hash, or the password has a zero byte
        return False


def _stored(session: Session, user: User) -> StoredPassword:
    sign_in = SignInRepository(session).find(user.id)
    if sign_in is not None:
        _check_not_locked(sign_in, now_of(session))
    return StoredPassword(user.id, user.hashed_password)


def _check_not_locked(sign_in: SignIn, now: datetime) -> None:
    if sign_in.locked_until is not None and sign_in.locked_until > now:
        raise RateLimitExceeded(retry_after_s=math.ceil((sign_in.locked_until - now).total_seconds()))


def _count_failure(session: Session, sign_in: SignIn, now: datetime, options: ForecastingOptions) -> None:
    if sign_in.locked_until is not None:
        sign_in.failed_attempts, sign_in.locked_until = 0, None  # the lock has run out: count anew
    sign_in.failed_attempts += 1
    if sign_in.failed_attempts >= options.sign_in_attempts:
        sign_in.locked_until = now + options.lockout
    session.flush()

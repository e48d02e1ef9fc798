"""Passwords: hashed and compared before a transaction begins, judged and counted inside it.

Hashing takes 42 ms. Under a row lock, or on a connection that others wait for, a crowd at the door would stop
everybody. So what happens outside (`new_password`, `compare`) is handed to actions as a value, and asynchronous
callers run it in a thread.
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
from strongroom.systems.export_readiness.errors import ExporterCredentialsWrong
from strongroom.systems.export_readiness.models import SignIn, User
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import SignInRepository, UserRepository
from strongroom.systems.export_readiness.rules import check_password
from strongroom.systems.export_readiness.services.access import get_own_user


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password good enough to be set, in the form in which it is stored."""

    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredPassword:
    """What a business' password is compared with; user_id and hash are None when there is no such business."""

    user_id: UUID | None
    epoch: int = 0
    hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ComparedPassword:
    """What came of a comparison. rehashed: the right password under today's parameters, if it was under others."""

    user_id: UUID | None
    epoch: int
    is_right: bool
    rehashed: NewPassword | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A business whose password was right, locked, and how it comes in."""

    user: User
    sign_in: SignIn


def new_password(plain: str) -> NewPassword:
    """Hash a password for storing. Takes 42 ms. Raises InvalidValue when it is too simple."""
    check_password(plain)
    return NewPassword(hash_password(plain))


def find_password(session: Session, email: str) -> StoredPassword:
    """What to compare a sign-in with. Raises RateLimitExceeded while this business is locked out, to spare the work."""
    user = UserRepository(session).get_user_by_email(email)
    return StoredPassword(None) if user is None else _stored(session, user)


def get_own_password(session: Session, user_id: UUID | str) -> StoredPassword:
    """What to compare with before a change. Raises ExporterNotFound, RateLimitExceeded."""
    return _stored(session, get_own_user(session, user_id))


def compare(plain: str, stored: StoredPassword) -> ComparedPassword:
    """Compare a password. Takes 42 ms, also when there is no such business: time tells nobody who is here."""
    is_right = verify_password(plain, stored.hash)
    rehashed = None
    if is_right and stored.hash is not None and needs_rehash(stored.hash):
        rehashed = NewPassword(hash_password(plain))
    return ComparedPassword(stored.user_id, stored.epoch, is_right, rehashed)


def lock_proven_user(
    session: Session, compared: ComparedPassword, *, options: ExportReadinessOptions = DEFAULTS
) -> Proven:
    """The business whose password was right, locked for a change; a wrong one is counted.

    Guesses made at once learn their outcome one after the other, behind the row lock: once the last allowed one was
    wrong, the others are refused, even a right one. Raises RateLimitExceeded, and ExporterCredentialsWrong, which the
    calling action has to keep (`@keeps_refusals`), or the count is lost.
    """
    if compared.user_id is None:
        raise ExporterCredentialsWrong
    users = UserRepository(session)
    if users.find(compared.user_id) is None:  # it left meanwhile
        raise ExporterCredentialsWrong
    user = users.lock([compared.user_id])[compared.user_id]
    sign_in = SignInRepository(session).of_user(user.id)
    now = now_of(session)
    _check_not_locked(sign_in.locked_until, now)
    if not compared.is_right or compared.epoch != sign_in.epoch:
        _count_failure(session, sign_in, now, options)
        raise ExporterCredentialsWrong
    _forgive(sign_in)
    return Proven(user, sign_in)


@keeps_refusals
def change_password(
    session: Session,
    compared: ComparedPassword,
    password: NewPassword,
    *,
    options: ExportReadinessOptions = DEFAULTS,
) -> Proven:
    """Set another password, knowing the old one, and end every session.

    Raises ExporterCredentialsWrong, RateLimitExceeded.
    """
    proven = lock_proven_user(session, compared, options=options)
    proven.user.password_hash = password.hash
    proven.sign_in.epoch += 1
    session.flush()
    return proven


def _stored(session: Session, user: User) -> StoredPassword:
    sign_in = SignInRepository(session).find(user.id)
    if sign_in is None:
        return StoredPassword(user.id, 0, user.password_hash)
    _check_not_locked(sign_in.locked_until, now_of(session))
    return StoredPassword(user.id, sign_in.epoch, user.password_hash)


def _check_not_locked(locked_until: datetime | None, now: datetime) -> None:
    if locked_until is not None and locked_until > now:
        raise RateLimitExceeded(retry_after_s=math.ceil((locked_until - now).total_seconds()))


def _count_failure(session: Session, sign_in: SignIn, now: datetime, options: ExportReadinessOptions) -> None:
    if sign_in.locked_until is not None:
        _forgive(sign_in)  # the lock has run out: count anew
    sign_in.failed_attempts += 1
    if sign_in.failed_attempts >= options.sign_in_attempts:
        sign_in.locked_until = now + options.lockout
    session.flush()


def _forgive(sign_in: SignIn) -> None:
    sign_in.failed_attempts = 0
    sign_in.locked_until = None

"""Passwords of businesses: found and counted here, hashed and compared before a transaction begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import ComparedPassword, NewPassword, StoredPassword, check_not_locked_out
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.export_readiness.errors import ExporterCredentialsWrong, ExporterNotFound
from strongroom.systems.export_readiness.models import SignIn, User
from strongroom.systems.export_readiness.options import DEFAULTS, ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import SignInRepository, UserRepository
from strongroom.systems.export_readiness.services.access import get_own_user


@dataclass(frozen=True, slots=True)
class Proven:
    """A business whose password was right, locked, and how it comes in."""

    user: User
    sign_in: SignIn


def find_password(session: Session, email: str) -> StoredPassword:
    """What to compare a sign-in with. Raises RateLimitExceeded while this business is locked out, to spare the work."""
    user = UserRepository(session).get_user_by_email(email)
    return StoredPassword(None) if user is None else _stored(session, user)


def get_own_password(session: Session, user_id: UUID | str) -> StoredPassword:
    """What to compare with before a change. Raises ExporterNotFound, RateLimitExceeded."""
    return _stored(session, get_own_user(session, user_id))


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
    try:
        user = UserRepository(session).lock([compared.user_id])[compared.user_id]
    except ExporterNotFound:  # it left meanwhile
        raise ExporterCredentialsWrong from None
    sign_in = SignInRepository(session).of_user(user.id)
    now = now_of(session)
    check_not_locked_out(sign_in.locked_until, now)
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
    check_not_locked_out(sign_in.locked_until, now_of(session))
    return StoredPassword(user.id, sign_in.epoch, user.password_hash)


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

"""Sessions of people: how they begin, go on and end. Tokens carry the user's session_epoch; raising it ends them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import ComparedPassword
from strongroom.kernel.errors import NotAuthenticated
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.errors import UserNotActive
from strongroom.systems.banking.models import User
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import UserRepository
from strongroom.systems.banking.services.access import lock_own_user
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.passwords import lock_proven_user


@keeps_refusals
def sign_in(session: Session, compared: ComparedPassword, *, options: BankingOptions = DEFAULTS) -> User:
    """Let a user in whose password was compared (`find_password`, `compare`) just before.

    Raises WrongCredentials, RateLimitExceeded after too many of them, UserNotActive for a suspended or deactivated
    user who knows the password.
    """
    user = lock_proven_user(session, compared, options=options)
    if not user.is_active:
        raise UserNotActive(f"a {user.status.value} user cannot sign in", status=user.status.value)
    user.last_login_at = now_of(session)
    if compared.rehashed is not None:
        user.password_hash = compared.rehashed.hash
    session.flush()
    return user


def continue_session(session: Session, user_id: UUID, epoch: int) -> User:
    """The user a refresh token belongs to, if they may still come in. Raises NotAuthenticated."""
    user = UserRepository(session).find(user_id)
    if user is None or not user.is_active or user.session_epoch != epoch:
        raise NotAuthenticated
    return user


def sign_out_everywhere(session: Session, user_id: UUID | str) -> User:
    """End every session of a user: no refresh token is good any more. Raises UserNotFound."""
    user = lock_own_user(session, user_id)
    user.session_epoch += 1
    record(session, "user.signed_out_everywhere", user)
    session.flush()
    return user
